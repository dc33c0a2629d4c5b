// The templates of new scripts (script.py.mako), rendered without Python.
//
// What such templates use is known: ${expressions} of the names below with filters, "% if" and
// "% for", comments, <%doc>. Python in <% %> and whatever else Mako can do is refused with its
// line.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "alembic/python_constant.h"
#include "base/zone_time.h"

namespace limbeck::alembic {

struct MakoValues {
  PythonConstants names = {};  // "message", "up_revision", ...
  ZoneTime created = {};       // what create_date stands for
  int microseconds = 0;
  bool show_offset = false;  // create_date says its time zone
};

// file: of the template, for places. Throws Error (ExitCode::invalid_project) with
// file:line:column: what is not known here.
std::string render_mako(std::string_view text, const std::string& file, const MakoValues& values);

// As Python's repr() writes it; collections are tuples.
std::string python_repr(const PythonConstant& value);
std::string python_repr(std::string_view text);

// 2024-05-01 10:11:12.123456
std::string python_time(const MakoValues& values, char separator);

// A template for projects that have none.
extern const std::string_view standard_mako_template;

}  // namespace limbeck::alembic
