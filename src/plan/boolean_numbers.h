// Numbers that statements give to boolean columns: SQLite takes them, PostgreSQL refuses them.
//
// Only columns whose type the same run has said are known, and only what is written out is found.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "dialect/tokens.h"
#include "sql/statement.h"

namespace limbeck {

// "the column paid of orders is boolean, and is given the number 0"
struct NumberForBoolean {
  std::string table = {};
  std::string column = {};
  std::string number = {};
};

class BooleanNumbers {
 public:
  // The statements of a run, one after the other.
  std::optional<NumberForBoolean> look_at(const sql::Statement& statement);
  // Something is done that is not seen here.
  void forget() { is_boolean_.clear(); }

 private:
  class Reading;
  // By table and column; a schema belongs to the table's name.
  std::map<std::pair<std::string, std::string>, bool> is_boolean_;
};

}  // namespace limbeck
