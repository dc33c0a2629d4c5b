// Declared renames: an object that goes under another name keeps its data instead of being dropped
// and made anew.
//
// A rename is never guessed for what holds data. It is said by the user, and refused when it means
// nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dialect/schema_dialect.h"
#include "operation/operation.h"
#include "schema/schema.h"
#include "sql/splitter.h"

namespace limbeck {

// As the user wrote it: "users=people", "shop.users.mail=email", "mood.sad=blue" (a label of an
// enum), "app=core" (a schema). A name with a dot or a blank in it stands in double quotes.
struct RenameRequest {
  std::string from = {};
  std::string to = {};
  // Stated in the declared SQL, where it stays: it means nothing where the old name is not, or the
  // new one is there already.
  bool declared = false;
};

// A name as one component of a path.
std::string in_double_quotes(std::string_view name);

// Throws Error (ExitCode::usage) when text has no "=" outside of quotes.
RenameRequest parse_rename(const std::string& text);

// Those that lead back: each undone, in the same order, a column under the old name of its table.
std::vector<RenameRequest> reversed(std::span<const RenameRequest> requests);

struct Renamed {
  std::optional<Schema> schema = {};       // the old schema under its new names; none: it has them
  std::vector<Operation> operations = {};  // Rename, in the order of the requests

  const Schema& schema_or(const Schema& from) const { return schema ? *schema : from; }
};

// Renames what `from` has under an old name and `to` under the new one. What is renamed already is
// left alone. Throws Error (ExitCode::usage) when a name fits no object or several, or when both
// names exist in one schema.
Renamed rename(const Schema& from, const Schema& to, std::span<const RenameRequest> requests,
               const sql::LexicalRules& rules);

// The renames of constraints, indexes and owned sequences that are the same but for their names,
// where only one can be meant: they hold nothing that could be taken for another's.
Renamed rename_equal_parts(const Schema& from, const Schema& to, const SchemaDialect& dialect,
                           const sql::LexicalRules& rules);

}  // namespace limbeck
