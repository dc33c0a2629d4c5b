// Expressions in templates of scripts. Internal to mako.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "alembic/mako.h"

namespace limbeck::alembic {

struct MakoResult {
  std::optional<PythonConstant> value = {};
  std::string fault = {};  // why there is none
};

// Names, literals, "x if y else z", or, and, not, ==, !=, in, +, attributes of create_date, repr(),
// str(), len(), the common methods of strings and what stands in mako_objects.h.
MakoResult evaluate_mako(std::span<const PythonToken> tokens, const MakoValues& values);

// repr, str, len, comma, trim: of one value.
MakoResult call_mako_function(std::string_view name, const PythonConstant& value);

bool is_true(const PythonConstant& value);
// As Python's str() writes it.
std::string python_str(const PythonConstant& value);

}  // namespace limbeck::alembic
