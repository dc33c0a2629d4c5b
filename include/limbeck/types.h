// The types of columns for which C++ has none of its own: values with an exact text.
//
// Each has a parse function, to_string() and ==; to_string() of what was parsed is the canonical
// text, and it is what SQLite stores. Parsing throws limbeck::Error (ExitCode::usage) with the text
// and what was expected. Nothing here knows a database.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

struct Uuid {
  std::array<std::uint8_t, 16> bytes = {};

  auto operator<=>(const Uuid&) const = default;
};

// Version 4: of the operating system's randomness.
Uuid random_uuid();
// 32 hexadecimal digits, with or without hyphens between the groups, and braces around them.
Uuid parse_uuid(std::string_view text);
std::string to_string(const Uuid& uuid);  // "123e4567-e89b-12d3-a456-426614174000"

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::string_view text);      // the bytes of the text itself
std::string to_string(const Bytes& bytes);  // hexadecimal: "00ff"

// A day of the calendar, of the years 1 to 9999 where it is stored. Nothing but a day that exists
// (ok()) can be stored.
using Date = std::chrono::year_month_day;

Date parse_date(std::string_view text);  // "2024-02-29"
std::string to_string(const Date& date);

// A time of a day, without a day and without a zone: from 00:00:00 to 24:00:00.
struct TimeOfDay {
  std::chrono::microseconds since_midnight = {};

  auto operator<=>(const TimeOfDay&) const = default;
};

TimeOfDay parse_time_of_day(std::string_view text);  // "23:59", "23:59:58", "23:59:58.123456"
std::string to_string(const TimeOfDay& time);        // "23:59:58.123456", always with six digits

// A day and a time as a clock on the wall shows them, of the years 1 to 9999. The largest and the
// smallest value, max() and min(), are "infinity" and "-infinity".
using Timestamp = std::chrono::local_time<std::chrono::microseconds>;
// A point in time, stored in UTC: of the years 1 to 9999, or infinity as above.
using TimestampTz = std::chrono::sys_time<std::chrono::microseconds>;

Timestamp parse_timestamp(std::string_view text);  // "2024-02-29 23:59:58.123456"; a T is a blank
// The same with "Z", "+02", "-03:30" or "+00:19:32" after it; without one it is UTC.
TimestampTz parse_timestamptz(std::string_view text);
std::string to_string(const Timestamp& timestamp);    // "2024-02-29 23:59:58.123456"
std::string to_string(const TimestampTz& timestamp);  // "2024-02-29 23:59:58.123456+00:00"
// The time of this machine's clock, to the microsecond.
TimestampTz now();

// A span of time in the parts that a calendar keeps apart: a month has no fixed number of days, and
// a day has no fixed number of hours. That is why it has no order.
struct Interval {
  std::int32_t months = 0;
  std::int32_t days = 0;
  std::chrono::microseconds time = {};

  bool operator==(const Interval&) const = default;
};

Interval parse_interval(std::string_view text);  // ISO 8601: "P1Y2M3DT4H5M6.5S", "P2W", "PT-1H"
std::string to_string(const Interval& interval);

// A decimal number of any length, exactly: 0.10 stays a tenth. It does not calculate.
class Decimal {
 public:
  Decimal() = default;
  Decimal(
      std::int64_t number);  // NOLINT(google-explicit-constructor): exact, as to another integer
  // "-12.50", "1e3". Zeros at either end do not count: 1.50 is 1.5.
  explicit Decimal(std::string_view text);

  // Without an exponent: "1.5", "-0.001", "1000".
  const std::string& text() const { return text_; }

  bool operator==(const Decimal&) const = default;
  std::strong_ordering operator<=>(const Decimal& other) const;  // by the number

 private:
  std::string text_ = "0";
};

Decimal parse_decimal(std::string_view text);
std::string to_string(const Decimal& decimal);
// With so many digits after the point, more zeros where there are fewer: "1.50". Never fewer digits
// than the number has.
std::string to_string(const Decimal& decimal, std::size_t digits);

// A JSON text. Two are equal when their texts are: PostgreSQL's jsonb writes one anew.
struct Json {
  std::string text = "null";

  bool operator==(const Json&) const = default;
};

// Throws where it is no JSON, or has a number beyond the range of a double.
Json parse_json(std::string_view text);
std::string to_string(const Json& json);

}  // namespace limbeck

template <>
struct std::hash<limbeck::Uuid> {
  std::size_t operator()(const limbeck::Uuid& uuid) const noexcept {
    return std::hash<std::string_view>()(
        {reinterpret_cast<const char*>(uuid.bytes.data()), uuid.bytes.size()});
  }
};
