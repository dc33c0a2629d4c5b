// Every type of a column, to each database and back.
#include <cmath>
#include <doctest/doctest.h>
#include <limits>

#include "limbeck/rows.h"

#include "unit/model/declared_tables.h"

namespace limbeck::test {

enum class Colour { red, green, dark_blue };
enum class Level : std::uint8_t { low, high };

struct Celsius {
  double degrees = 0;
  bool operator==(const Celsius&) const = default;
};

struct Everything {
  std::int64_t id = 0;
  bool flag = false;
  std::int16_t small = 0;
  std::int32_t medium = 0;
  std::int64_t large = 0;
  float single = 0;
  double number = 0;
  std::string text = {};
  std::string limited = {};
  std::string fixed = {};
  Bytes bytes = {};
  Uuid uuid = {};
  Date date = std::chrono::year(2000) / 1 / 1;
  TimeOfDay time = {};
  Timestamp local = {};
  TimestampTz instant = {};
  Interval interval = {};
  Decimal amount = {};
  Json json = {};
  Colour colour = Colour::red;
  std::vector<std::string> texts = {};
  std::vector<std::optional<std::int32_t>> numbers = {};
  std::vector<double> reals = {};
  std::vector<bool> flags = {};
  std::vector<Uuid> uuids = {};
  std::vector<Decimal> amounts = {};
  std::vector<Level> levels = {};
  Celsius temperature = {};

  bool operator==(const Everything&) const = default;
};

// The same types, each of which may be missing.
struct Perhaps {
  std::int64_t id = 0;
  std::optional<bool> flag = {};
  std::optional<std::int16_t> small = {};
  std::optional<std::int64_t> large = {};
  std::optional<float> single = {};
  std::optional<double> number = {};
  std::optional<std::string> text = {};
  std::optional<Bytes> bytes = {};
  std::optional<Uuid> uuid = {};
  std::optional<Date> date = {};
  std::optional<TimeOfDay> time = {};
  std::optional<Timestamp> local = {};
  std::optional<TimestampTz> instant = {};
  std::optional<Interval> interval = {};
  std::optional<Decimal> amount = {};
  std::optional<Json> json = {};
  std::optional<Colour> colour = {};
  std::optional<std::vector<std::string>> texts = {};
  std::optional<Celsius> temperature = {};

  bool operator==(const Perhaps&) const = default;
};

}  // namespace limbeck::test

template <>
struct limbeck::model::EnumLabels<limbeck::test::Colour> {
  static constexpr std::string_view name = "colour";
  static constexpr std::array<std::string_view, 3> labels{"red", "green", "it's dark \"blue\""};
};
template <>
struct limbeck::model::EnumLabels<limbeck::test::Level> {
  static constexpr std::string_view name = "level";
  static constexpr std::array<std::string_view, 2> labels{"low", "high"};
};
template <>
struct limbeck::model::SqlType<limbeck::test::Celsius> {
  static constexpr auto natural = SqlType<double>::natural;
  static Value encode(const test::Celsius& value, Wire wire) {
    return SqlType<double>::encode(value.degrees, wire);
  }
  static test::Celsius decode(const Value& value, Wire wire) {
    return {SqlType<double>::decode(value, wire)};
  }
};

namespace limbeck {

using test::Everything;
using test::Perhaps;

template <>
inline constexpr auto mapping<Everything> = model::table<Everything>(
    "everything", model::column<&Everything::id>(model::primary_key),
    model::column<&Everything::flag>(), model::column<&Everything::small>(),
    model::column<&Everything::medium>(), model::column<&Everything::large>(),
    model::column<&Everything::single>(), model::column<&Everything::number>(),
    model::column<&Everything::text>(), model::column<&Everything::limited>(model::varchar(20)),
    model::column<&Everything::fixed>(model::character(3)), model::column<&Everything::bytes>(),
    model::column<&Everything::uuid>(), model::column<&Everything::date>(),
    model::column<&Everything::time>(), model::column<&Everything::local>(),
    model::column<&Everything::instant>(), model::column<&Everything::interval>(),
    model::column<&Everything::amount>(model::numeric(80, 30)),
    model::column<&Everything::json>(model::json), model::column<&Everything::colour>(),
    model::column<&Everything::texts>(), model::column<&Everything::numbers>(),
    model::column<&Everything::reals>(), model::column<&Everything::flags>(),
    model::column<&Everything::uuids>(), model::column<&Everything::amounts>(),
    model::column<&Everything::levels>(), model::column<&Everything::temperature>());

template <>
inline constexpr auto mapping<Perhaps> =
    model::table<Perhaps>("perhaps", model::column<&Perhaps::id>(model::primary_key),
                          model::column<&Perhaps::flag>(), model::column<&Perhaps::small>(),
                          model::column<&Perhaps::large>(), model::column<&Perhaps::single>(),
                          model::column<&Perhaps::number>(), model::column<&Perhaps::text>(),
                          model::column<&Perhaps::bytes>(), model::column<&Perhaps::uuid>(),
                          model::column<&Perhaps::date>(), model::column<&Perhaps::time>(),
                          model::column<&Perhaps::local>(), model::column<&Perhaps::instant>(),
                          model::column<&Perhaps::interval>(), model::column<&Perhaps::amount>(),
                          model::column<&Perhaps::json>(), model::column<&Perhaps::colour>(),
                          model::column<&Perhaps::texts>(), model::column<&Perhaps::temperature>());

}  // namespace limbeck

namespace limbeck::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

// With the largest and the smallest value of each type.
std::vector<Everything> extremes(bool sqlite) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Everything nothing{.id = 1, .fixed = "abc"};
  nothing.date = parse_date("0001-01-01");
  nothing.local = parse_timestamp("0001-01-01 00:00:00");
  nothing.instant = parse_timestamptz("0001-01-01 00:00:00Z");
  Everything most{.id = 2,
                  .flag = true,
                  .small = INT16_MAX,
                  .medium = INT32_MAX,
                  .large = INT64_MAX,
                  .single = std::numeric_limits<float>::max(),
                  .number = std::numeric_limits<double>::max(),
                  .text = "\xc3\xa9\xf0\x9f\x98\x80'\"\\\t\n\r\\N\x01 $1 %s {}",
                  .limited = "twenty characters ..",
                  .fixed = "\xc3\xa9\xc3\xa9\xc3\xa9"};
  for (int i = 0; i < 256; ++i) most.bytes.push_back(static_cast<std::byte>(i));
  most.uuid = parse_uuid("ffffffff-ffff-ffff-ffff-ffffffffffff");
  most.date = parse_date("9999-12-31");
  most.time = parse_time_of_day("24:00:00");
  most.local = parse_timestamp("9999-12-31 23:59:59.999999");
  most.instant = parse_timestamptz("9999-12-31 23:59:59.999999Z");
  most.interval = {11, 400, 30h + 59min + 59s + microseconds(999'999)};
  most.amount = Decimal(
      "12345678901234567890123456789012345678901234567890"
      ".123456789012345678901234567891");
  most.json = {R"({"a": ["\u00e9", null, 1e300]})"};
  most.colour = Colour::dark_blue;
  most.texts = {"", "NULL", "a,b", "{}", "\"", "\\", "line\nline", "\xc3\xa9"};
  most.numbers = {INT32_MIN, std::nullopt, INT32_MAX};
  most.reals = {0.1, infinity, -infinity, 5e-324};
  most.flags = {true, false};
  most.uuids = {Uuid(), most.uuid};
  most.amounts = {Decimal("-0.000000000000000000001"), Decimal(0)};
  most.levels = {Level::high, Level::low};
  most.temperature = {-273.15};
  Everything least = most;
  least.id = 3;
  least.small = INT16_MIN;
  least.medium = INT32_MIN;
  least.large = INT64_MIN;
  least.single = -std::numeric_limits<float>::denorm_min();
  least.number = std::numeric_limits<double>::denorm_min();
  least.date = parse_date("2024-02-29");
  least.local = Timestamp::max();
  least.instant = TimestampTz::min();
  least.interval = {-13, -1, -(1h + microseconds(1))};
  least.amount = Decimal("-0.1");
  Everything odd = least;
  odd.id = 4;
  odd.single = -std::numeric_limits<float>::infinity();
  odd.number = infinity;
  odd.local = Timestamp::min();
  odd.instant = TimestampTz::max();
  // One has no number for the sign of zero, the other no NaN.
  if (!sqlite) odd.temperature.degrees = -0.0;
  return {nothing, most, least, odd};
}

}  // namespace

TEST_CASE("every type comes back as it was written, one row at a time and all at once") {
  on_each_database([](Database& database) {
    create_tables(database, metadata<Everything>("all types"));
    const std::vector<Everything> rows = extremes(database.dialect() == "sqlite");
    for (const Everything& row : rows) {
      CAPTURE(row.id);
      CHECK(insert(database, row) == row);
      CHECK(find<Everything>(database, row.id) == row);
      CHECK(update(database, row));
      CHECK(upsert(database, row) == row);
    }
    CHECK(erase_where<Everything>(database, "true") == 4);
    CHECK(insert_all(database, rows) == 4);
    CHECK(find_where<Everything>(database, {.order_by = "id"}) == rows);
  });
}

TEST_CASE("every type can be NULL") {
  on_each_database([](Database& database) {
    create_tables(database, metadata<Perhaps>("perhaps"));
    const Perhaps nothing{.id = 1};
    Perhaps zero{.id = 2, .flag = false, .small = 0, .large = 0, .single = 0, .number = 0};
    zero.text = "";
    zero.bytes = Bytes();
    zero.uuid = Uuid();
    zero.date = std::chrono::year(1970) / 1 / 1;
    zero.time = TimeOfDay();
    zero.local = Timestamp();
    zero.instant = TimestampTz();
    zero.interval = Interval();
    zero.amount = Decimal();
    zero.json = Json();
    zero.colour = Colour::red;
    zero.texts = std::vector<std::string>();
    zero.temperature = Celsius();
    CHECK(insert(database, nothing) == nothing);
    CHECK(insert(database, zero) == zero);
    CHECK(update(database, Perhaps{.id = 2}));
    CHECK(find<Perhaps>(database, 2) == Perhaps{.id = 2});
    CHECK(erase<Perhaps>(database, 1));
    CHECK(erase<Perhaps>(database, 2));
    CHECK(insert_all(database, std::vector{nothing, zero}) == 2);
    CHECK(find_where<Perhaps>(database, {.order_by = "id"}) == std::vector{nothing, zero});
  });
}

TEST_CASE("what one database keeps and the other cannot") {
  on_each_database([](Database& database) {
    create_tables(database, metadata<Perhaps>("perhaps"));
    Perhaps row{.id = 1, .number = std::nan("")};
    if (database.dialect() == "sqlite") {
      CHECK(std::string(thrown_by([&] { insert(database, row); }).what())
                .find("limbeck::test::Perhaps::number cannot be stored in perhaps.number: SQLite "
                      "cannot store NaN") == 0);
      row.number = -0.0;
      CHECK_FALSE(std::signbit(*insert(database, row).number));
    } else {
      CHECK(std::isnan(*insert(database, row).number));
      row = {.id = 2, .number = -0.0};
      CHECK(std::signbit(*insert(database, row).number));
    }
  });
}

TEST_CASE("values that are none are refused before anything is sent") {
  on_each_database([](Database& database) {
    create_tables(database, metadata<Perhaps>("perhaps"));
    const auto fault = [&](const Perhaps& row) {
      return std::string(thrown_by([&] { insert(database, row); }).what());
    };
    CHECK(fault({.id = 1, .text = std::string("a\0b", 3)}) ==
          "limbeck::test::Perhaps::text cannot be stored in perhaps.text: a text holds a NUL byte, "
          "which no text in a database can");
    CHECK(fault({.id = 1, .date = std::chrono::year(2023) / 2 / 29}) ==
          "limbeck::test::Perhaps::date cannot be stored in perhaps.date: 2023-2-29 is no day of "
          "the years 1 to 9999");
    CHECK(fault({.id = 1, .colour = static_cast<Colour>(3)}) ==
          "limbeck::test::Perhaps::colour cannot be stored in perhaps.colour: 3 is no value of the "
          "enum colour: it has 3 labels");
    CHECK_THROWS_AS(insert(database, Perhaps{.id = 1, .text = "\xff"}), Error);
    CHECK_THROWS_AS(insert(database, Perhaps{.id = 1, .json = Json{"{"}}), Error);
    CHECK(find_all<Perhaps>(database).empty());
  });
}

}  // namespace limbeck::test
