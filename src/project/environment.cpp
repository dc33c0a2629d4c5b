#include "project/environment.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <optional>

#include "base/percent.h"

namespace limbeck {
namespace {

[[noreturn]] void fail(std::string message, std::string hint, const Place& place) {
  throw Error({.code = ExitCode::invalid_project,
               .message = std::move(message),
               .place = place,
               .hint = std::move(hint)});
}

bool is_name(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

// As a part of user name and password. A colon may separate the two inside of one variable, so it
// stays.
constexpr std::string_view plain_in_login = "-._~:";

// Up to where variables are user name and password: the last "@" of a url's authority; 0 when there
// is none.
std::size_t end_of_login(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return 0;
  const std::size_t at = text.rfind('@');
  return at == std::string_view::npos || at < scheme ? 0 : at;
}

// What stands between "${" and "}".
struct Variable {
  std::string name;
  std::optional<std::string> otherwise = {};
};

Variable parse_variable(std::string_view inside, const Place& place) {
  const std::size_t separator = inside.find(":-");
  Variable variable{std::string(inside.substr(0, separator))};
  if (!is_name(variable.name)) {
    fail("a variable is written ${NAME} or ${NAME:-default}", "write $${ for a literal ${", place);
  }
  if (separator != std::string_view::npos) variable.otherwise = inside.substr(separator + 2);
  return variable;
}

std::string value_of(const Variable& variable, const Place& place) {
  const char* value = std::getenv(variable.name.c_str());
  if (value != nullptr && (*value != '\0' || !variable.otherwise)) return value;
  if (variable.otherwise) return *variable.otherwise;
  fail(fmt::format("the environment variable {} is not set", variable.name),
       fmt::format("set {0}, or give a default: ${{{0}:-...}}", variable.name), place);
}

// The text with the value of each variable in its place.
template <class ValueOf>
std::string expand(std::string_view text, const Place& place, const ValueOf& value_of) {
  const std::size_t login = end_of_login(text);
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find("${", at);
    if (open == std::string_view::npos) break;
    if (open > at && text[open - 1] == '$') {
      result += text.substr(at, open - 1 - at);
      result += "${";
      at = open + 2;
      continue;
    }
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos)
      fail("a \"${\" is not closed", "write $${ for a literal ${", place);
    result += text.substr(at, open - at);
    const std::string value =
        value_of(parse_variable(text.substr(open + 2, close - open - 2), place));
    result += open < login ? percent_encoded(value, plain_in_login) : value;
    at = close + 1;
  }
  result += text.substr(at);
  return result;
}

}  // namespace

std::string expand_environment(std::string_view text, const Place& place) {
  return expand(text, place, [&](const Variable& variable) { return value_of(variable, place); });
}

void check_environment(std::string_view text, const Place& place) {
  expand(text, place, [](const Variable&) { return std::string(); });
}

}  // namespace limbeck
