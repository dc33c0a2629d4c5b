#include "alembic/env_value.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fmt/format.h>

#include "base/letter_case.h"

namespace limbeck::alembic {

EnvValue* EnvValue::find(std::string_view key) const {
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? nullptr : items[static_cast<std::size_t>(found - keys.begin())];
}

void EnvValue::set(std::string_view key, EnvValue* value) {
  const auto found = std::find(keys.begin(), keys.end(), key);
  if (found != keys.end()) {
    items[static_cast<std::size_t>(found - keys.begin())] = value;
    return;
  }
  keys.emplace_back(key);
  items.push_back(value);
}

void EnvValue::remove(std::string_view key) {
  const auto found = std::find(keys.begin(), keys.end(), key);
  if (found == keys.end()) return;
  items.erase(items.begin() + (found - keys.begin()));
  keys.erase(found);
}

std::optional<long long> whole_number(std::string_view text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> characters_of(std::string_view text) {
  std::vector<std::string> result;
  for (const char c : text) {
    const bool goes_on = (static_cast<unsigned char>(c) & 0xC0) == 0x80 && !result.empty();
    if (!goes_on) result.emplace_back();
    result.back() += c;
  }
  return result;
}

long long length_of(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

std::optional<std::string> number_text(std::string_view written) {
  std::string digits;
  for (const char c : written)
    if (c != '_') digits += c;
  int base = 10;
  std::string_view rest = digits;
  if (rest.size() > 2 && rest[0] == '0') {
    const char kind = rest[1];
    base = kind == 'x' || kind == 'X' ? 16 : kind == 'o' || kind == 'O' ? 8 : kind == 'b' ? 2 : 10;
    if (base != 10) rest.remove_prefix(2);
  }
  long long whole = 0;
  const char* end = rest.data() + rest.size();
  const auto read = std::from_chars(rest.data(), end, whole, base);
  if (read.ec == std::errc() && read.ptr == end) return std::to_string(whole);
  double value = 0;
  const auto broken = std::from_chars(rest.data(), end, value);
  if (broken.ec != std::errc() || broken.ptr != end || value > 1e9) return std::nullopt;
  std::string text = fmt::format("{}", value);
  if (text.find('e') != std::string::npos) return std::nullopt;
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string url_variable(std::string_view name) {
  std::string variable = upper_case(name);
  const bool is_name =
      variable.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
  const bool says_url =
      variable.ends_with("_URL") || variable.ends_with("_URI") || variable.ends_with("_DSN");
  return is_name && says_url ? variable : std::string();
}

std::string quoted_for_url(std::string_view text, std::string_view plain) {
  constexpr std::string_view always =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (always.find(c) != std::string_view::npos || plain.find(c) != std::string_view::npos) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += digits[byte >> 4];
    result += digits[byte & 15];
  }
  return result;
}

}  // namespace limbeck::alembic
