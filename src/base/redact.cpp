#include "base/redact.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/letter_case.h"
#include "base/utf8.h"

namespace limbeck {
namespace {

constexpr std::string_view stars = "***";
constexpr std::string_view blanks = " \t\r\n";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Where the password of the url whose "://" ends at start begins and ends; equal when there is
// none. A url may be malformed, so that the last '@' counts, and rather too much is hidden than too
// little.
struct Range {
  std::size_t begin;
  std::size_t end;
};

Range url_password(std::string_view text, std::size_t start) {
  const std::size_t end = std::min(text.find_first_of(blanks, start), text.size());
  const std::string_view url = text.substr(start, end - start);
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos || url.substr(0, colon).find('/') != std::string_view::npos) {
    return {start, start};
  }
  const std::size_t begin = start + colon + 1;
  const std::size_t at = url.rfind('@');
  if (at != std::string_view::npos)
    return at < colon ? Range{start, start} : Range{begin, start + at};
  if (url.front() == '[') return {start, start};  // [::1]:5432
  const std::string_view rest = url.substr(colon + 1);
  const std::size_t digits =
      static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_digit) - rest.begin());
  if (digits == rest.size() || (digits > 0 && std::string_view("/?#,\"').;:").find(rest[digits]) !=
                                                  std::string_view::npos)) {
    return {start, start};  // a port
  }
  // A password with a blank in it.
  const std::size_t line_end = std::min(text.find('\n', end), text.size());
  const std::size_t later = text.substr(0, line_end).find('@', end);
  return {begin, later == std::string_view::npos ? end : later};
}

using Ranges = std::vector<Range>;

Ranges url_passwords(std::string_view text) {
  Ranges found;
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at)) {
    const Range password = url_password(text, at + 3);
    at += 3;
    if (password.begin == password.end) continue;
    found.push_back(password);
    at = password.end;
  }
  return found;
}

// One past the end of the quoted text that begins at open. Quotes in it are doubled or follow a
// backslash.
std::size_t end_of_quoted(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[open]) {
      if (i + 1 == text.size() || text[i + 1] != text[open]) return i;
      ++i;
    }
  }
  return text.size();
}

// The value after a key that ends at end: password=x, password = 'x', "password": "x", PASSWORD
// 'x'.
Range keyed_value(std::string_view text, std::size_t end, bool in_url) {
  std::size_t i = end;
  const auto skip_blanks = [&] { i = std::min(text.find_first_not_of(blanks, i), text.size()); };
  if (i < text.size() && (text[i] == '"' || text[i] == '\'')) ++i;  // of a quoted key
  skip_blanks();
  const bool assigned = i < text.size() && (text[i] == '=' || text[i] == ':');
  if (assigned) ++i;
  skip_blanks();
  if (i + 1 < text.size() && (text[i] == 'E' || text[i] == 'e') && text[i + 1] == '\'') ++i;
  if (i < text.size() && (text[i] == '\'' || (assigned && text[i] == '"'))) {
    return {i + 1, end_of_quoted(text, i)};
  }
  if (!assigned) return {end, end};
  const std::string_view stop = in_url ? "& \t\r\n" : blanks;
  return {i, std::min(text.find_first_of(stop, i), text.size())};
}

Ranges keyed_values(std::string_view text, std::string_view key) {
  const auto same = [](char a, char b) { return lower_case(a) == b; };
  Ranges found;
  for (auto at = text.begin();;) {
    at = std::search(at, text.end(), key.begin(), key.end(), same);
    if (at == text.end()) return found;
    const auto position = static_cast<std::size_t>(at - text.begin());
    const std::size_t before = text.substr(0, position).find_last_of("?& \t\r\n");
    const bool in_url =
        before != std::string_view::npos && (text[before] == '?' || text[before] == '&');
    const Range value = keyed_value(text, position + key.size(), in_url);
    at = text.begin() + static_cast<std::ptrdiff_t>(std::max(position + key.size(), value.end));
    if (value.begin < value.end) found.push_back(value);
  }
}

constexpr std::array<std::string_view, 4> keys{"password", "passwd", "pwd", "identified by"};

std::string replaced(std::string_view text, const Ranges& ranges) {
  std::string result;
  std::size_t copied = 0;
  for (const Range& range : ranges) {
    result += text.substr(copied, range.begin - copied);
    result += stars;
    copied = range.end;
  }
  return result += text.substr(copied);
}

// A star for each character.
std::string covered(std::string_view text, const Ranges& ranges) {
  std::string result;
  std::size_t copied = 0;
  for (const Range& range : ranges) {
    result += text.substr(copied, range.begin - copied);
    for (const char c : text.substr(range.begin, range.end - range.begin))
      if (!is_utf8_continuation(c)) result += '*';
    copied = range.end;
  }
  return result += text.substr(copied);
}

}  // namespace

std::string redact(std::string_view text) {
  std::string result = replaced(text, url_passwords(text));
  for (const std::string_view key : keys) result = replaced(result, keyed_values(result, key));
  return result;
}

std::string masked(std::string_view text) {
  std::string result = covered(text, url_passwords(text));
  for (const std::string_view key : keys) result = covered(result, keyed_values(result, key));
  return result;
}

}  // namespace limbeck
