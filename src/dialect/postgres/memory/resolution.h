// Which operator or function a call means, by the server's rules (chapter 10 of its manual).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/postgres/memory/built_in.h"
#include "dialect/postgres/memory/types.h"

namespace limbeck::postgres::memory {

struct Resolved {
  std::vector<Type> arguments = {};  // what each argument is cast to
  Type result = {};
  bool aggregate = false;
  bool returns_set = false;
  // The first argument of those that are gathered in an array; nothing when none are.
  std::optional<std::size_t> gathered = {};
};

// nothing: none, or several that the rules do not tell apart.
std::optional<Resolved> resolve_call(const Catalog& catalog,
                                     const std::vector<Candidate>& candidates,
                                     const std::vector<Type>& arguments);
// Of an operator; one argument for a prefix operator.
std::optional<Resolved> resolve_operator(const Catalog& catalog, const std::string& name,
                                         const std::vector<Type>& arguments);

bool can_cast_implicitly(const Catalog& catalog, const Type& from, const Type& to);

// What CASE, COALESCE, IN and ARRAY make of their parts; nothing when they have nothing in common.
std::optional<Type> common_type(const Catalog& catalog, const std::vector<Type>& types);

// A type from a key or a canonical text.
Type type_of_key(const Catalog& catalog, const std::string& key);

}  // namespace limbeck::postgres::memory
