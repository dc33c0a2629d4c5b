// What a statement takes for granted: tables, columns, types that no statement has made, because
// they were there before the first one. They are put into the catalog as far as the statement
// speaks of them.
//
// What was there and is gone is never taken for granted.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/postgres/memory/catalog.h"
#include "dialect/postgres/memory/tree.h"

namespace limbeck::postgres::memory {

class Assumptions {
 public:
  // Before the statement is looked at: the tables that it changes, with the columns that it names.
  void assume(Catalog& catalog, const Node* statement);
  // After it has failed for want of the object; false: there is nothing to assume.
  bool assume(Catalog& catalog, const MissingObject& missing);

  bool holds(const RelationName& table) const { return tables_.count(table) != 0; }
  // Whether the statement that was given last is about such a table: nothing that fails there is
  // known to fail.
  bool concerned() const { return concerned_; }
  void renamed(const RelationName& from, const RelationName& to);
  // "table orders", "type mood": what was assumed since it was asked last.
  std::vector<std::string> take_told() { return std::exchange(told_, {}); }
  void tell(const std::string& what, const std::string& name);

 private:
  std::set<RelationName> tables_;
  std::set<std::string> known_;  // what was told once
  std::vector<std::string> told_;
  bool concerned_ = false;
};

}  // namespace limbeck::postgres::memory
