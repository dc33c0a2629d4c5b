// Which columns use which named types, as the scripts of a run say: when a table or a column goes,
// its type stays, and the log says so.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace limbeck {

// In words: {"used", schema, table, column, type}, {"gone", schema, table} or
// {"gone", schema, table, column}, {"type_gone", type}.
using TypeEvent = std::vector<std::string>;

class TypeUses {
 public:
  // What one script did, in its order. The notes: which types stay for nothing.
  std::vector<std::string> take(const std::vector<TypeEvent>& events);

 private:
  using Table = std::pair<std::string, std::string>;
  std::map<Table, std::map<std::string, std::string>> types_of_columns_;
};

}  // namespace limbeck
