#include "base/source.h"

#include <algorithm>

#include "base/redact.h"
#include "base/utf8.h"

namespace limbeck {

std::string_view trimmed(std::string_view text, std::string_view blanks) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string source_line(std::string_view text, int line) {
  std::size_t begin = 0;
  for (int number = 1; number < line; ++number) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) return "";
    begin = end + 1;
  }
  std::string_view rest = text.substr(begin);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return masked(rest);
}

std::size_t byte_of_character(std::string_view text, int character) {
  int seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_utf8_continuation(text[i]) && ++seen >= character) return i;
  }
  return text.size();
}

}  // namespace limbeck
