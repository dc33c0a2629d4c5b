// What the comments of a revision say of types: "user_id is UUID", "user.id (INTEGER)".
//
// Only the plainest sentences are understood, and whoever uses them looks whether the file has a
// column of that name at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

#include "sql/splitter.h"

namespace limbeck {

struct TypeClaim {
  std::string table = {};   // as written; empty: none
  std::string column = {};  // in lower case
  std::string type = {};    // as written
  int line = 0;
  std::string comment = {};  // the line, trimmed
};

// Of a revision in SQL by its rules; of a script, whose comments begin with "#", or with "--"
// inside of its strings.
std::vector<TypeClaim> type_claims_of_sql(std::string_view text, const sql::LexicalRules& rules);
std::vector<TypeClaim> type_claims_of_script(std::string_view text);

}  // namespace limbeck
