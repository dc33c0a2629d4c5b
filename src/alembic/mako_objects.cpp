#include "alembic/mako_objects.h"

#include <algorithm>
#include <fmt/format.h>

namespace limbeck::alembic {
namespace {

using ObjectKind = PythonConstant::Kind;

bool is_text(const PythonConstant& value) {
  return value.kind == ObjectKind::text;
}

PythonConstant text_of_object(std::string text) {
  PythonConstant value;
  value.kind = ObjectKind::text;
  value.text = std::move(text);
  return value;
}

// As re.split() does: what is empty stays.
PythonConstant split_at_commas(std::string_view text) {
  PythonConstant pieces;
  pieces.kind = ObjectKind::collection;
  for (;;) {
    const std::size_t comma = text.find(',');
    pieces.items.push_back(text_of_object(std::string(text.substr(0, comma))));
    if (comma == std::string_view::npos) return pieces;
    text.remove_prefix(comma + 1);
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n\r\f\v"), text.size()));
  }
}

// The second argument, or None.
PythonConstant otherwise(const std::vector<PythonConstant>& arguments) {
  return arguments.size() > 1 ? arguments[1] : PythonConstant();
}

MakoResult unknown_object(std::string_view object, std::string_view method) {
  return {std::nullopt,
          fmt::format("\"{}.{}\" is not known in a template of scripts", object, method)};
}

}  // namespace

bool is_mako_object(std::string_view name) {
  return name == "config" || name == "context" || name == "re";
}

MakoResult call_mako_object(std::string_view object, std::string_view method,
                            const std::vector<PythonConstant>& arguments,
                            const MakoValues& values) {
  const std::size_t count = arguments.size();
  if (count == 0 || count > 2 || !is_text(arguments[0])) return unknown_object(object, method);
  const std::string& first = arguments[0].text;
  if (object == "config" && method == "get_main_option") {
    const auto found = values.options.find(first);
    return {found == values.options.end() ? otherwise(arguments) : text_of_object(found->second),
            {}};
  }
  if (object == "context" && method == "get") {
    const auto found = values.names.find(first);
    return {found == values.names.end() ? otherwise(arguments) : found->second, {}};
  }
  if (object == "re" && method == "split" && first == R"(,\s*)" && count == 2 &&
      is_text(arguments[1]))
    return {split_at_commas(arguments[1].text), {}};
  return unknown_object(object, method);
}

MakoResult format_with_percent(const PythonConstant& format, const PythonConstant& value) {
  std::vector<PythonConstant> given = {value};
  if (value.kind == ObjectKind::collection) given = value.items;
  std::string text;
  std::size_t used = 0;
  for (std::size_t at = 0; is_text(format) && at < format.text.size(); ++at) {
    if (format.text[at] != '%') {
      text += format.text[at];
    } else if (format.text.substr(at, 2) == "%s" && used < given.size()) {
      text += python_str(given[used++]);
      ++at;
    } else if (format.text.substr(at, 2) == "%%") {
      text += '%';
      ++at;
    } else {
      used = given.size() + 1;
      break;
    }
  }
  if (!is_text(format) || used != given.size())
    return {std::nullopt, "this use of % is not known in a template of scripts"};
  return {text_of_object(std::move(text)), {}};
}

}  // namespace limbeck::alembic
