#include "dialect/quoting.h"

#include "limbeck/error.h"

namespace limbeck {

std::string in_quotes(std::string_view text, char quote) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = "a name or text holds a NUL byte, which no database can take",
                 .hint = "take it out where the name or text is written"});
  }
  std::string result(1, quote);
  for (const char c : text) result.append(c == quote ? 2 : 1, c);
  return result += quote;
}

std::string quoted_identifier(const Identifier& identifier) {
  if (identifier.name.empty()) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = "a name is empty",
                 .hint = "each schema, table and column needs a name of one character at least"});
  }
  return in_quotes(identifier.name, '"');
}

}  // namespace limbeck
