// The templates of new scripts (script.py.mako), rendered without Python.
//
// What such templates use is known: ${expressions} of the names below with filters, "% if" and
// "% for", comments, <%doc>; of Python in <% %>, a name that is given such an expression, and in
// <%! %> "import re". Whatever else Mako can do is refused with its line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alembic/python_constant.h"
#include "base/zone_time.h"

namespace limbeck::alembic {

struct MakoValues {
  PythonConstants names = {};                       // "message", "up_revision", ...
  std::map<std::string, std::string> options = {};  // of config.get_main_option()
  // What a template of Flask-Migrate's asks the application for: all its databases, the main one
  // without a name. Nothing: they are not known.
  std::optional<std::vector<std::string>> flask_engines = {};
  ZoneTime created = {};  // what create_date stands for
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
// The same for several databases, whose names are db_names: a pair of functions for each.
extern const std::string_view standard_engines_template;

}  // namespace limbeck::alembic
