#include "limbeck/sql_type.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "base/utf8.h"
#include "model/array_text.h"
#include "model/value_fault.h"

namespace limbeck::model {
namespace {

std::string_view kind_of(const Value& value) {
  static constexpr std::array<std::string_view, 5> names{"NULL", "an integer", "a real number",
                                                         "a text", "bytes"};
  return names[value.index()];
}

[[noreturn]] void refuse_found(const Value& value, std::string_view type) {
  constexpr std::size_t shown = 60;
  refuse_value(is_null(value) || std::holds_alternative<Blob>(value)
                   ? fmt::format("found {} in the place of {}", kind_of(value), type)
                   : fmt::format("found {} in the place of {}: '{}'", kind_of(value), type,
                                 text_of(value).substr(0, shown)));
}

// The text, or nothing where the value is none.
const std::string* text_in(const Value& value) {
  return std::get_if<std::string>(&value);
}

const std::string& text_of_type(const Value& value, std::string_view type) {
  const std::string* text = text_in(value);
  if (text == nullptr) refuse_found(value, type);
  return *text;
}

template <class Number>
bool read_number(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc() && at == end;
}

// From an element of an array the database gives a text.
template <class Integer>
Integer decode_integer(const Value& value, std::string_view type) {
  std::int64_t number = 0;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    number = *integer;
  } else if (const std::string* text = text_in(value);
             text == nullptr || !read_number(*text, number)) {
    refuse_found(value, type);
  }
  if (number < std::numeric_limits<Integer>::min() ||
      number > std::numeric_limits<Integer>::max()) {
    refuse_value(fmt::format("found {}, which is outside the range of {}", number, type));
  }
  return static_cast<Integer>(number);
}

// PostgreSQL says "NaN" and "Infinity", which from_chars takes as they are.
template <class Real>
Real decode_real(const Value& value, std::string_view type) {
  if (const auto* real = std::get_if<double>(&value)) return static_cast<Real>(*real);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<Real>(*integer);
  Real number = 0;
  const std::string* text = text_in(value);
  if (text == nullptr || !read_number(*text, number)) refuse_found(value, type);
  return number;
}

Value encode_real(double value, Wire wire) {
  if (wire == Wire::sqlite && std::isnan(value)) {
    refuse_value("SQLite cannot store NaN: it would make NULL of it");
  }
  return value;
}

std::optional<std::string> bytes_of_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    const char* end = text.data() + i + 2;
    const auto [at, fault] = std::from_chars(text.data() + i, end, byte, 16);
    if (fault != std::errc() || at != end) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

Value encode_text(std::string_view text, Wire wire) {
  if (text.find('\0') != std::string_view::npos) {
    refuse_value("a text holds a NUL byte, which no text in a database can");
  }
  // PostgreSQL says so itself.
  if (wire == Wire::sqlite && find_invalid_utf8(text) != std::string_view::npos) {
    refuse_value("a text is not valid UTF-8: keep bytes in limbeck::Bytes");
  }
  return std::string(text);
}

}  // namespace

namespace detail {

Value encode_label(std::int64_t number, std::span<const std::string_view> labels,
                   std::string_view type) {
  if (number < 0 || static_cast<std::uint64_t>(number) >= labels.size()) {
    refuse_value(fmt::format("{} is no value of the enum {}: it has {} labels", number, type,
                             labels.size()));
  }
  return std::string(labels[static_cast<std::size_t>(number)]);
}

std::size_t decode_label(const Value& value, std::span<const std::string_view> labels,
                         std::string_view type) {
  const std::string& label = text_of_type(value, fmt::format("a label of the enum {}", type));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == label) return i;
  }
  refuse_value(fmt::format("found the label '{}', which the enum {} of the program does not know",
                           label, type));
}

Value encode_array(std::vector<Value> elements, Kind kind, Wire wire) {
  return wire == Wire::postgresql ? postgres_array(elements) : json_array(elements, kind);
}

std::vector<Value> decode_array(const Value& value, Wire wire) {
  const std::string& text = text_of_type(value, "an array");
  return wire == Wire::postgresql ? read_postgres_array(text) : read_json_array(text);
}

void refuse_null_element() {
  refuse_value("found NULL in an array whose elements cannot be NULL in the program");
}

}  // namespace detail

Value SqlType<bool>::encode(const bool& value, Wire /*wire*/) {
  return std::int64_t{value ? 1 : 0};
}
bool SqlType<bool>::decode(const Value& value, Wire /*wire*/) {
  const auto* number = std::get_if<std::int64_t>(&value);
  const std::string* element = text_in(value);  // of PostgreSQL's array
  if (number != nullptr && (*number == 0 || *number == 1)) return *number == 1;
  if (element != nullptr && (*element == "t" || *element == "1")) return true;
  if (element != nullptr && (*element == "f" || *element == "0")) return false;
  refuse_found(value, "a boolean");
}

Value SqlType<std::int16_t>::encode(const std::int16_t& value, Wire /*wire*/) {
  return std::int64_t{value};
}
std::int16_t SqlType<std::int16_t>::decode(const Value& value, Wire /*wire*/) {
  return decode_integer<std::int16_t>(value, "an integer of 16 bits");
}

Value SqlType<std::int32_t>::encode(const std::int32_t& value, Wire /*wire*/) {
  return std::int64_t{value};
}
std::int32_t SqlType<std::int32_t>::decode(const Value& value, Wire /*wire*/) {
  return decode_integer<std::int32_t>(value, "an integer of 32 bits");
}

Value SqlType<std::int64_t>::encode(const std::int64_t& value, Wire /*wire*/) {
  return value;
}
std::int64_t SqlType<std::int64_t>::decode(const Value& value, Wire /*wire*/) {
  return decode_integer<std::int64_t>(value, "an integer of 64 bits");
}

Value SqlType<float>::encode(const float& value, Wire wire) {
  return encode_real(static_cast<double>(value), wire);
}
float SqlType<float>::decode(const Value& value, Wire /*wire*/) {
  return decode_real<float>(value, "a real number");
}

Value SqlType<double>::encode(const double& value, Wire wire) {
  return encode_real(value, wire);
}
double SqlType<double>::decode(const Value& value, Wire /*wire*/) {
  return decode_real<double>(value, "a real number");
}

Value SqlType<std::string>::encode(const std::string& value, Wire wire) {
  return encode_text(value, wire);
}
std::string SqlType<std::string>::decode(const Value& value, Wire /*wire*/) {
  return text_of_type(value, "a text");
}

Value SqlType<Bytes>::encode(const Bytes& value, Wire /*wire*/) {
  return Blob{{reinterpret_cast<const char*>(value.data()), value.size()}};
}
Bytes SqlType<Bytes>::decode(const Value& value, Wire /*wire*/) {
  if (const auto* blob = std::get_if<Blob>(&value)) return bytes_of(blob->bytes);
  const std::string& written = text_of_type(value, "bytes");
  std::optional<std::string> read;
  if (written.substr(0, 2) == "\\x") read = bytes_of_hex(std::string_view(written).substr(2));
  if (!read) refuse_found(value, "bytes");
  return bytes_of(*read);
}

Value SqlType<Uuid>::encode(const Uuid& value, Wire /*wire*/) {
  return to_string(value);
}
Uuid SqlType<Uuid>::decode(const Value& value, Wire /*wire*/) {
  return parse_uuid(text_of_type(value, "a UUID"));
}

Value SqlType<Date>::encode(const Date& value, Wire /*wire*/) {
  return to_string(value);
}
Date SqlType<Date>::decode(const Value& value, Wire /*wire*/) {
  return parse_date(text_of_type(value, "a date"));
}

Value SqlType<TimeOfDay>::encode(const TimeOfDay& value, Wire /*wire*/) {
  return to_string(value);
}
TimeOfDay SqlType<TimeOfDay>::decode(const Value& value, Wire /*wire*/) {
  return parse_time_of_day(text_of_type(value, "a time of a day"));
}

Value SqlType<Timestamp>::encode(const Timestamp& value, Wire /*wire*/) {
  return to_string(value);
}
Timestamp SqlType<Timestamp>::decode(const Value& value, Wire /*wire*/) {
  return parse_timestamp(text_of_type(value, "a timestamp"));
}

Value SqlType<TimestampTz>::encode(const TimestampTz& value, Wire /*wire*/) {
  return to_string(value);
}
TimestampTz SqlType<TimestampTz>::decode(const Value& value, Wire /*wire*/) {
  return parse_timestamptz(text_of_type(value, "a timestamp with time zone"));
}

Value SqlType<Interval>::encode(const Interval& value, Wire /*wire*/) {
  return to_string(value);
}
Interval SqlType<Interval>::decode(const Value& value, Wire /*wire*/) {
  return parse_interval(text_of_type(value, "an interval"));
}

Value SqlType<Decimal>::encode(const Decimal& value, Wire /*wire*/) {
  return value.text();
}
Decimal SqlType<Decimal>::decode(const Value& value, Wire /*wire*/) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return Decimal(*number);
  return parse_decimal(text_of_type(value, "a decimal number"));
}

Value SqlType<Json>::encode(const Json& value, Wire wire) {
  // PostgreSQL says so itself.
  return encode_text(wire == Wire::sqlite ? parse_json(value.text).text : value.text, wire);
}
Json SqlType<Json>::decode(const Value& value, Wire /*wire*/) {
  return {text_of_type(value, "JSON")};
}

}  // namespace limbeck::model
