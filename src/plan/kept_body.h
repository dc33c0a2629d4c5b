// The sections of several revisions one after another, as the body of one.
//
// No statement is changed. What a revision has set for the session is taken back before the next.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "revision/revision_file.h"
#include "revision/template.h"

namespace limbeck {

// Whether the revisions share a transaction where they can, or each is committed before the next:
// for what the database refuses in the transaction that made it, such as a new label of an enum.
enum class KeptCommit { together, apart };

// Upgrades in the order of the files, downgrades in the opposite one, both with their markers.
// reversible: otherwise there is no downgrade. Throws what plan_revision throws.
RevisionBody kept_body(std::span<const RevisionFile> files,
                       std::span<const Dialect* const> dialects, bool reversible,
                       KeptCommit commit);

// "-- limbeck:upgrade sqlite no-transaction" as it begins a section, with its end of line.
std::string section_marker(Direction direction, const std::vector<std::string>& dialects,
                           SectionKind kind);

}  // namespace limbeck
