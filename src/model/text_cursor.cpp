#include "model/text_cursor.h"

namespace limbeck {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool TextCursor::take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

std::string_view TextCursor::take_digits() {
  std::size_t size = 0;
  while (size < rest_.size() && is_digit(rest_[size])) ++size;
  const std::string_view digits = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return digits;
}

std::optional<int> TextCursor::take_number(std::size_t digits) {
  const std::string_view text = rest_.substr(0, digits);
  if (text.size() != digits) return std::nullopt;
  int number = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  rest_.remove_prefix(digits);
  return number;
}

std::optional<std::int64_t> TextCursor::take_microseconds() {
  constexpr std::size_t most = 6;
  const std::string_view digits = take_digits();
  if (digits.empty()) return std::nullopt;
  std::int64_t number = 0;
  for (std::size_t i = 0; i < digits.size() || i < most; ++i) {
    const int digit = i < digits.size() ? digits[i] - '0' : 0;
    if (i < most) number = number * 10 + digit;
    if (i >= most && digit != 0) return std::nullopt;
  }
  return number;
}

}  // namespace limbeck
