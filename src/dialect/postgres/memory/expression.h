// Expressions as the server writes them back with an empty search_path: the operators, functions
// and casts that the author's text means, each with its types.
//
// What it does not understand is kept in the parser's spelling, with the reason why it is in doubt.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dialect/postgres/memory/types.h"

namespace limbeck::postgres::memory {

struct ScopeColumn {
  std::string qualifier = {};  // the table's name or alias; "old", "new" in a trigger
  std::string name = {};
  Type type = {};
  ObjectId id = {};
};

// What the names in an expression can mean.
struct Scope {
  std::vector<ScopeColumn> columns = {};
  std::optional<Type> value = {};  // of VALUE, in a domain's check
  bool qualify = false;            // columns are written with their qualifier
};

struct Expression {
  std::string text = {};
  Type type = {};
  std::set<ObjectId> uses = {};
  std::vector<std::string> columns = {};  // that it names, in the order of their first place
  std::string doubt = {};                 // why only a server knows the text; empty: certain
  bool is_null = false;                   // NULL that is no value of a domain
  bool is_call = false;                   // a function call: stands in an index without parentheses
};

Scope scope_of(const Catalog& catalog, const ObjectId& table);

// target: what the value is for, a column or an argument; texts without a type become of it.
Expression write_expression(Catalog& catalog, const Node* node, const Scope& scope,
                            const std::optional<Type>& target = {});

}  // namespace limbeck::postgres::memory
