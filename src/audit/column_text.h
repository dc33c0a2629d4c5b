// The columns that a statement writes out, read from its text alone: their names, types and places.
//
// It knows nothing of the schema, and passes over what it does not understand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/object_id.h"
#include "sql/splitter.h"
#include "sql/statement.h"

namespace limbeck {

struct ColumnText {
  RelationName table = {};  // its schema is empty when none is written
  std::string column = {};
  std::string type = {};  // its first word in lower case: "integer", "character"
  Place place = {};
};

// Those of CREATE TABLE, ALTER TABLE ... ADD and ALTER TABLE ... ALTER ... TYPE.
// fold: whether unquoted names mean their lower-case form.
std::vector<ColumnText> column_texts(const sql::Statement& statement,
                                     const sql::LexicalRules& rules, bool fold);

// What kinds of values a type holds, in one word ("integer", "uuid", "text"), so that "INT" and
// "bigint" are the same; empty for a type of another name.
std::string_view type_family(std::string_view type);

}  // namespace limbeck
