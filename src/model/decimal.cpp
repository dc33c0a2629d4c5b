// Decimal of limbeck/types.h.
#include <charconv>
#include <string>

#include "limbeck/types.h"

#include "model/text_cursor.h"
#include "model/value_fault.h"

namespace limbeck {
namespace {

// More zeros than any database keeps in one number are a mistake, and would cost memory.
constexpr int widest_exponent = 131'072;

// The parts of a canonical text.
struct Parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
};

Parts parts_of(std::string_view text) {
  Parts parts;
  if (!text.empty() && text.front() == '-') {
    parts.negative = true;
    text.remove_prefix(1);
  }
  const std::size_t point = text.find('.');
  parts.whole = text.substr(0, point);
  if (point != std::string_view::npos) parts.fraction = text.substr(point + 1);
  return parts;
}

// The digits with a point before the last `after` of them, without zeros that do not count.
std::string canonical(bool negative, std::string digits, std::int64_t after) {
  if (digits.find_first_not_of('0') == std::string::npos) return "0";
  if (after < 0) {
    digits.append(static_cast<std::size_t>(-after), '0');
    after = 0;
  }
  const auto places = static_cast<std::size_t>(after);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  std::string whole = digits.substr(0, digits.size() - places);
  std::string fraction = digits.substr(digits.size() - places);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return (negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

[[noreturn]] void refuse(std::string_view text) {
  refuse_text(text, "decimal number", "digits such as -12.50 (NaN and infinity are none)");
}

int exponent_of(TextCursor& cursor, std::string_view text) {
  const bool negative = cursor.take('-');
  if (!negative) cursor.take('+');
  const std::string_view digits = cursor.take_digits();
  int number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc() || number > widest_exponent) refuse(text);
  return negative ? -number : number;
}

}  // namespace

Decimal::Decimal(std::int64_t number) : text_(std::to_string(number)) {}

Decimal::Decimal(std::string_view text) {
  TextCursor cursor(text);
  const bool negative = cursor.take('-');
  if (!negative) cursor.take('+');
  std::string digits(cursor.take_digits());
  std::string_view fraction;
  if (cursor.take('.')) fraction = cursor.take_digits();
  digits += fraction;
  if (digits.empty()) refuse(text);
  int exponent = 0;
  if (cursor.take('e') || cursor.take('E')) exponent = exponent_of(cursor, text);
  if (!cursor.done()) refuse(text);
  text_ =
      canonical(negative, std::move(digits), static_cast<std::int64_t>(fraction.size()) - exponent);
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  const Parts a = parts_of(text_);
  const Parts b = parts_of(other.text_);
  if (a.negative != b.negative) return b.negative <=> a.negative;
  std::strong_ordering size = a.whole.size() <=> b.whole.size();
  if (size == 0) size = a.whole.compare(b.whole) <=> 0;
  if (size == 0) size = a.fraction.compare(b.fraction) <=> 0;
  return a.negative ? 0 <=> size : size;
}

Decimal parse_decimal(std::string_view text) {
  return Decimal(text);
}

std::string to_string(const Decimal& decimal) {
  return decimal.text();
}

std::string to_string(const Decimal& decimal, std::size_t digits) {
  const std::size_t there = parts_of(decimal.text()).fraction.size();
  std::string text = decimal.text();
  if (there == 0 && digits > 0) text += '.';
  if (digits > there) text.append(digits - there, '0');
  return text;
}

}  // namespace limbeck
