// What pg_catalog holds, as far as writing expressions down needs it: operators, functions,
// implicit casts, and the operator classes that indexes take by themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace limbeck::postgres::memory {

// The rows of the catalogs as text; read once (see candidates_named).
extern const std::string_view built_in_operators;
extern const std::string_view built_in_functions;

// An operator or function that a call could mean. Types are keys as Type::key() gives them.
struct Candidate {
  std::vector<std::string> arguments = {};  // "-" to the left of a prefix operator
  std::string result = {};
  bool aggregate = false;
  bool returns_set = false;
  bool variadic = false;
  int defaults = 0;
};

const std::vector<Candidate>& operators_named(std::string_view name);
const std::vector<Candidate>& functions_named(std::string_view name);

// Whether the server casts one to the other where no cast is written.
bool has_implicit_cast(std::string_view from, std::string_view to);

}  // namespace limbeck::postgres::memory
