// Date, TimeOfDay, Timestamp, TimestampTz and Interval of limbeck/types.h.
#include <cstdlib>
#include <fmt/format.h>
#include <optional>
#include <span>

#include "limbeck/types.h"

#include "model/text_cursor.h"
#include "model/value_fault.h"

namespace limbeck {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using Microseconds = std::int64_t;

constexpr Microseconds second = 1'000'000;
constexpr Microseconds minute = 60 * second;
constexpr Microseconds hour = 60 * minute;
constexpr Microseconds day = 24 * hour;

std::optional<Date> take_date(TextCursor& cursor) {
  const std::optional<int> year = cursor.take_number(4);
  if (!year || !cursor.take('-')) return std::nullopt;
  const std::optional<int> month = cursor.take_number(2);
  if (!month || !cursor.take('-')) return std::nullopt;
  const std::optional<int> day_of_month = cursor.take_number(2);
  if (!day_of_month) return std::nullopt;
  const Date date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                  std::chrono::day(static_cast<unsigned>(*day_of_month))};
  if (!date.ok() || *year < 1) return std::nullopt;
  return date;
}

std::optional<Microseconds> take_time(TextCursor& cursor) {
  const std::optional<int> hours = cursor.take_number(2);
  if (!hours || !cursor.take(':')) return std::nullopt;
  const std::optional<int> minutes = cursor.take_number(2);
  if (!minutes) return std::nullopt;
  std::optional<int> seconds = 0;
  std::optional<Microseconds> fraction = 0;
  if (cursor.take(':')) {
    seconds = cursor.take_number(2);
    if (cursor.take('.')) fraction = cursor.take_microseconds();
  }
  if (!seconds || !fraction || *minutes > 59 || *seconds > 59) return std::nullopt;
  const Microseconds time = *hours * hour + *minutes * minute + *seconds * second + *fraction;
  if (time > day) return std::nullopt;
  return time;
}

// East of Greenwich; nothing where there is a fault.
std::optional<Microseconds> take_offset(TextCursor& cursor) {
  if (cursor.done() || cursor.take('Z')) return 0;
  const bool west = cursor.take('-');
  if (!west && !cursor.take('+')) return std::nullopt;
  std::optional<int> part = cursor.take_number(2);
  if (!part) return std::nullopt;
  Microseconds offset = *part * hour;
  for (const Microseconds unit : {minute, second}) {
    if (cursor.done()) break;
    cursor.take(':');
    part = cursor.take_number(2);
    if (!part) return std::nullopt;
    offset += *part * unit;
  }
  return west ? -offset : offset;
}

// Microseconds since 1970-01-01 00:00:00, of a text that may end after it.
std::optional<Microseconds> take_timestamp(TextCursor& cursor) {
  const std::optional<Date> date = take_date(cursor);
  if (!date || (!cursor.take(' ') && !cursor.take('T'))) return std::nullopt;
  const std::optional<Microseconds> time = take_time(cursor);
  if (!time || *time == day) return std::nullopt;
  const days since_1970 = std::chrono::sys_days(*date).time_since_epoch();
  return microseconds(since_1970).count() + *time;
}

template <class Time>
std::optional<Time> infinity_of(std::string_view text) {
  if (text == "infinity") return Time::max();
  if (text == "-infinity") return Time::min();
  return std::nullopt;
}

std::string time_text(Microseconds time) {
  return fmt::format("{:02}:{:02}:{:02}.{:06}", time / hour, time % hour / minute,
                     time % minute / second, time % second);
}

std::string timestamp_text(std::chrono::sys_time<microseconds> time, std::string_view zone) {
  if (time == time.max()) return "infinity";
  if (time == time.min()) return "-infinity";
  using std::chrono::sys_days;
  constexpr auto first = sys_days(std::chrono::year(1) / 1 / 1);
  constexpr auto beyond = sys_days(std::chrono::year(10'000) / 1 / 1);
  if (time < first || time >= beyond) {
    refuse_value("a timestamp lies outside the years 1 to 9999");
  }
  const auto midnight = std::chrono::floor<days>(time);
  return fmt::format("{} {}{}", to_string(Date(midnight)), time_text((time - midnight).count()),
                     zone);
}

}  // namespace

Date parse_date(std::string_view text) {
  TextCursor cursor(text);
  const std::optional<Date> date = take_date(cursor);
  if (!date || !cursor.done()) {
    refuse_text(text, "date", "a day of the years 1 to 9999, such as 2024-02-29");
  }
  return *date;
}

std::string to_string(const Date& date) {
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month());
  const auto day_of_month = static_cast<unsigned>(date.day());
  if (!date.ok() || year < 1 || year > 9999) {
    refuse_value(
        fmt::format("{}-{}-{} is no day of the years 1 to 9999", year, month, day_of_month));
  }
  return fmt::format("{:04}-{:02}-{:02}", year, month, day_of_month);
}

TimeOfDay parse_time_of_day(std::string_view text) {
  TextCursor cursor(text);
  const std::optional<Microseconds> time = take_time(cursor);
  if (!time || !cursor.done()) refuse_text(text, "time of a day", "a text such as 23:59:58.123456");
  return {microseconds(*time)};
}

std::string to_string(const TimeOfDay& time) {
  const Microseconds count = time.since_midnight.count();
  if (count < 0 || count > day) {
    refuse_value(fmt::format("{} microseconds since midnight are no time of a day", count));
  }
  return time_text(count);
}

Timestamp parse_timestamp(std::string_view text) {
  if (const auto infinity = infinity_of<Timestamp>(text)) return *infinity;
  TextCursor cursor(text);
  const std::optional<Microseconds> time = take_timestamp(cursor);
  if (!time || !cursor.done()) {
    refuse_text(text, "timestamp", "one of the years 1 to 9999, such as 2024-02-29 23:59:58.5");
  }
  return Timestamp(microseconds(*time));
}

TimestampTz parse_timestamptz(std::string_view text) {
  if (const auto infinity = infinity_of<TimestampTz>(text)) return *infinity;
  TextCursor cursor(text);
  const std::optional<Microseconds> time = take_timestamp(cursor);
  const std::optional<Microseconds> offset = time ? take_offset(cursor) : std::nullopt;
  if (!offset || !cursor.done()) {
    refuse_text(text, "timestamp with time zone",
                "one of the years 1 to 9999, such as 2024-02-29 23:59:58.5+02:00");
  }
  return TimestampTz(microseconds(*time - *offset));
}

std::string to_string(const Timestamp& timestamp) {
  return timestamp_text(TimestampTz(timestamp.time_since_epoch()), "");
}

std::string to_string(const TimestampTz& timestamp) {
  const bool infinite = timestamp == TimestampTz::max() || timestamp == TimestampTz::min();
  return timestamp_text(timestamp, infinite ? "" : "+00:00");
}

TimestampTz now() {
  return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

namespace {

// A designator of ISO 8601 and what it stands for.
struct Unit {
  char letter;
  std::int32_t Interval::*field;  // null: a part of the time
  Microseconds factor;
};
constexpr std::array<Unit, 4> date_units{{{'Y', &Interval::months, 12},
                                          {'M', &Interval::months, 1},
                                          {'W', &Interval::days, 7},
                                          {'D', &Interval::days, 1}}};
constexpr std::array<Unit, 3> time_units{
    {{'H', nullptr, hour}, {'M', nullptr, minute}, {'S', nullptr, second}}};

// A number with its fraction in millionths.
struct Amount {
  Microseconds whole = 0;
  Microseconds millionths = 0;
};

std::optional<Amount> take_amount(TextCursor& cursor) {
  const bool negative = cursor.take('-');
  if (!negative) cursor.take('+');
  const std::string_view digits = cursor.take_digits();
  constexpr std::size_t most_digits = 18;
  if (digits.empty() || digits.size() > most_digits) return std::nullopt;
  Amount amount;
  for (const char c : digits) amount.whole = amount.whole * 10 + (c - '0');
  if (cursor.take('.')) {
    const std::optional<Microseconds> fraction = cursor.take_microseconds();
    if (!fraction) return std::nullopt;
    amount.millionths = *fraction;
  }
  if (negative) amount = {-amount.whole, -amount.millionths};
  return amount;
}

bool add(Interval& interval, const Unit& unit, const Amount& amount) {
  Microseconds product = 0;
  if (__builtin_mul_overflow(amount.whole, unit.factor, &product)) return false;
  if (unit.field == nullptr) {
    if (amount.millionths != 0 && unit.factor != second) return false;
    Microseconds sum = 0;
    if (__builtin_add_overflow(interval.time.count(), product, &sum) ||
        __builtin_add_overflow(sum, amount.millionths, &sum)) {
      return false;
    }
    interval.time = microseconds(sum);
    return true;
  }
  std::int32_t& field = interval.*unit.field;
  return amount.millionths == 0 && !__builtin_add_overflow(field, product, &field);
}

bool take_parts(TextCursor& cursor, std::span<const Unit> units, Interval& interval) {
  bool any = false;
  while (!cursor.done() && cursor.peek() != 'T') {
    const std::optional<Amount> amount = take_amount(cursor);
    if (!amount) return false;
    bool taken = false;
    while (!taken && !units.empty()) {
      taken = cursor.take(units.front().letter);
      if (taken && !add(interval, units.front(), *amount)) return false;
      units = units.subspan(1);
    }
    if (!taken) return false;
    any = true;
  }
  return any;
}

bool read_interval(TextCursor& cursor, Interval& interval) {
  if (!cursor.take('P')) return false;
  const bool only_time = cursor.peek() == 'T';
  if (!only_time && !take_parts(cursor, date_units, interval)) return false;
  if (cursor.done()) return true;
  return cursor.take('T') && take_parts(cursor, time_units, interval) && cursor.done();
}

}  // namespace

Interval parse_interval(std::string_view text) {
  Interval interval;
  TextCursor cursor(text);
  if (!read_interval(cursor, interval)) {
    refuse_text(text, "interval", "one as ISO 8601 writes it, such as P1Y2M3DT4H5M6.5S");
  }
  return interval;
}

std::string to_string(const Interval& interval) {
  const auto part = [](auto number, char letter) {
    return number == 0 ? std::string() : fmt::format("{}{}", number, letter);
  };
  const std::string date =
      part(interval.months / 12, 'Y') + part(interval.months % 12, 'M') + part(interval.days, 'D');
  const Microseconds count = interval.time.count();
  std::string time = part(count / hour, 'H') + part(count % hour / minute, 'M');
  const Microseconds seconds = count % minute;
  if (seconds % second == 0) {
    time += part(seconds / second, 'S');
  } else {
    std::string fraction = fmt::format("{:06}", std::abs(seconds % second));
    fraction.erase(fraction.find_last_not_of('0') + 1);
    time += fmt::format("{}{}.{}S", seconds < 0 ? "-" : "", std::abs(seconds / second), fraction);
  }
  if (date.empty() && time.empty()) return "PT0S";
  return "P" + date + (time.empty() ? "" : "T" + time);
}

}  // namespace limbeck
