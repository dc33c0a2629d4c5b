#include "limbeck/value.h"

#include <charconv>
#include <fmt/format.h>

namespace limbeck {

bool is_null(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

std::string text_of(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* blob = std::get_if<Blob>(&value)) return blob->bytes;
  return {};
}

std::int64_t integer_of(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  if (const auto* real = std::get_if<double>(&value)) {
    // A double outside of this range has no integer: converting it would be undefined.
    return *real >= -0x1p63 && *real < 0x1p63 ? static_cast<std::int64_t>(*real) : 0;
  }
  std::int64_t number = 0;
  if (const auto* text = std::get_if<std::string>(&value)) {
    std::from_chars(text->data(), text->data() + text->size(), number);
  }
  return number;
}

}  // namespace limbeck
