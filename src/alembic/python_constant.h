// The values that a module writes out: texts, None, and collections of them.
//
// Expressions are read as far as header variables go: literals, names of constants above, "+",
// f-strings of such names, parentheses. Whatever else stands there is not known, and no error.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alembic/python_lexer.h"

namespace limbeck::alembic {

struct PythonConstant {
  enum class Kind { none, truth, number, text, collection };
  Kind kind = Kind::none;
  std::string text = {};  // of a number or a truth: as written
  std::vector<PythonConstant> items = {};
  // Of a dictionary: the keys of its items, in their order.
  std::vector<std::string> keys = {};
  bool ordered = true;  // no set
};

using PythonConstants = std::map<std::string, PythonConstant, std::less<>>;

// The value of an expression, given as its tokens; nothing when it is not known.
std::optional<PythonConstant> evaluate_python(std::span<const PythonToken> expression,
                                              const PythonConstants& names);

}  // namespace limbeck::alembic
