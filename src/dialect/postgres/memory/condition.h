// Conditions on a row, as checks and the bounds of partitions state them, and what the server
// concludes from one to another without reading a row.
//
// It never concludes more than the server does; where it does not know which of two values is the
// larger one, it concludes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dialect/postgres/memory/tree.h"

namespace limbeck::postgres::memory {

struct Condition {
  enum class Kind : std::uint8_t { all, any, comparison, is_null, is_not_null, other };
  Kind kind = Kind::all;
  std::vector<Condition> parts = {};  // of all and any: none is true, and false
  std::string subject = {};           // a column, or an expression as the parser spells it
  std::string comparison = {};        // "<", "<=", "=", ">=", ">", "<>"
  std::string value = {};             // a constant without its type: 10, 2024-01-01
};

Condition condition_of(const Node* node);
// Of the text of a check.
Condition condition_of_text(const std::string& expression);
Condition negated(Condition condition);

// Whether `wanted` is not false for each row for which `known` is not false.
bool implies(const Condition& known, const Condition& wanted);

// Of each list, one subject at least is not NULL in a row for which the condition is not false. A
// comparison with NULL is not false: it asks for none.
std::vector<std::vector<std::string>> given_by(const Condition& condition);

// The column's name, or the expression in the parser's spelling.
std::string subject_of(const Node* node);
// The constant's text, without its type; empty: it is none.
std::string constant_of(const Node* node);
// Whether two constants are known to be equal, and to be two.
bool is_same_value(const std::string& left, const std::string& right);

}  // namespace limbeck::postgres::memory
