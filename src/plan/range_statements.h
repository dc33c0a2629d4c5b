// The statements of revisions, as a squash looks at them: which of them do more than change the
// schema, and what their revisions set for the session.
//
// Pure: told from the first words of each statement, as the kind of a step is.
#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "revision/direction.h"
#include "revision/revision_file.h"

namespace limbeck {

struct DataStatement {
  Place place = {};
  std::string summary = {};  // its first words
};

// Whether rows may be there before the revisions are run: then a rename or a conversion is more
// than a change of the schema.
enum class RowsBefore { none, possible };

// The statements of the upgrade for this dialect that no difference of two schemas can stand for:
// everything but DDL and settings.
std::vector<DataStatement> data_statements(const RevisionFile& file, const Dialect& dialect,
                                           RowsBefore rows);

// The statements that take back what the revision has set for the session, in this direction.
std::vector<std::string> settings_undone(const RevisionFile& file, Direction direction,
                                         const Dialect& dialect);

}  // namespace limbeck
