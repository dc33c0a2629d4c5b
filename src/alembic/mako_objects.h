// What templates for several databases ask: config.get_main_option("databases"),
// re.split(r",\s*", ...), context.get("engine1_upgrades", "pass"), "%s_upgrades" % name. Internal
// to mako_expression.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "alembic/mako_expression.h"

namespace limbeck::alembic {

// Whether the name is one of these objects; none of them is a value.
bool is_mako_object(std::string_view name);

MakoResult call_mako_object(std::string_view object, std::string_view method,
                            const std::vector<PythonConstant>& arguments, const MakoValues& values);

// format % value; value: one, or a tuple.
MakoResult format_with_percent(const PythonConstant& format, const PythonConstant& value);

}  // namespace limbeck::alembic
