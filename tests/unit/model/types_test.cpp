#include "limbeck/types.h"

#include <doctest/doctest.h>
#include <string>
#include <unordered_set>

#include "limbeck/error.h"

namespace limbeck {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

template <class Parse>
std::string message_of(Parse parse, std::string_view text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// The canonical text of each text.
template <class Parse>
std::string canonical(Parse parse, std::string_view text) {
  return to_string(parse(text));
}

}  // namespace

TEST_CASE("a UUID is read in every usual spelling and written in one") {
  constexpr std::string_view text = "123e4567-e89b-12d3-a456-426614174000";
  CHECK(canonical(parse_uuid, text) == text);
  CHECK(canonical(parse_uuid, "{123E4567-E89B-12D3-A456-426614174000}") == text);
  CHECK(canonical(parse_uuid, "123e4567e89b12d3a456426614174000") == text);
  for (const char* wrong :
       {"", "-", "123e4567-e89b-12d3-a456-42661417400", "{", "{}",
        "123e4567-e89b-12d3-a456-4266141740000", "123e4567-e89b-12d3-a456-42661417400g",
        "1-23e4567e89b12d3a456426614174000"}) {
    CHECK(message_of(parse_uuid, wrong).find("is no UUID") != std::string::npos);
  }
  CHECK(parse_uuid("00000000-0000-0000-0000-000000000001") > Uuid());
}

TEST_CASE("random UUIDs are of version 4 and differ") {
  std::unordered_set<Uuid> seen;
  for (int i = 0; i < 1'000; ++i) {
    const Uuid uuid = random_uuid();
    CHECK(to_string(uuid)[14] == '4');
    CHECK(std::string("89ab").find(to_string(uuid)[19]) != std::string::npos);
    seen.insert(uuid);
  }
  CHECK(seen.size() == 1'000);
}

TEST_CASE("dates are days that exist, of the years 1 to 9999") {
  for (const char* right : {"2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29"}) {
    CHECK(canonical(parse_date, right) == right);
  }
  for (const char* wrong :
       {"", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-32", "0000-01-01",
        "10000-01-01", "2024-1-1", "2024-01-01 ", "infinity", "44-03-15 BC"}) {
    CHECK(message_of(parse_date, wrong).find("is no date") != std::string::npos);
  }
  CHECK_THROWS_AS(to_string(Date(2023y / 2 / 29)), Error);
  CHECK_THROWS_AS(to_string(Date(std::chrono::year(0) / 1 / 1)), Error);
  CHECK_THROWS_AS(to_string(Date(std::chrono::year(10'000) / 1 / 1)), Error);
}

TEST_CASE("times of a day go from midnight to midnight, to the microsecond") {
  CHECK(canonical(parse_time_of_day, "00:00") == "00:00:00.000000");
  CHECK(canonical(parse_time_of_day, "23:59:59.999999") == "23:59:59.999999");
  CHECK(canonical(parse_time_of_day, "24:00:00") == "24:00:00.000000");
  CHECK(canonical(parse_time_of_day, "01:02:03.5") == "01:02:03.500000");
  CHECK(canonical(parse_time_of_day, "01:02:03.1234560") == "01:02:03.123456");
  for (const char* wrong : {"", "24:00:01", "12", "12:60", "12:00:60", "1:00", "12:00:00.",
                            "12:00:00.1234567", "12:00:00+01", "-1:00"}) {
    CHECK(message_of(parse_time_of_day, wrong).find("is no time of a day") != std::string::npos);
  }
  CHECK_THROWS_AS(to_string(TimeOfDay{microseconds(-1)}), Error);
  CHECK_THROWS_AS(to_string(TimeOfDay{24h + microseconds(1)}), Error);
}

TEST_CASE("timestamps with and without a zone, before 1970 too") {
  CHECK(canonical(parse_timestamp, "2024-02-29T23:59:58.5") == "2024-02-29 23:59:58.500000");
  CHECK(canonical(parse_timestamp, "0001-01-01 00:00") == "0001-01-01 00:00:00.000000");
  CHECK(canonical(parse_timestamp, "1969-12-31 23:59:59.999999") == "1969-12-31 23:59:59.999999");
  CHECK(parse_timestamp("1969-12-31 23:59:59.999999").time_since_epoch() == microseconds(-1));
  CHECK(canonical(parse_timestamp, "infinity") == "infinity");
  CHECK(canonical(parse_timestamptz, "-infinity") == "-infinity");
  CHECK(canonical(parse_timestamptz, "2024-01-01 00:30:00+02") ==
        "2023-12-31 22:30:00.000000+00:00");
  CHECK(canonical(parse_timestamptz, "2024-01-01 00:00:00-03:30") ==
        "2024-01-01 03:30:00.000000+00:00");
  CHECK(canonical(parse_timestamptz, "1890-01-01 00:00:00+00:19:32") ==
        "1889-12-31 23:40:28.000000+00:00");
  CHECK(canonical(parse_timestamptz, "2024-01-01 00:00:00Z") ==
        canonical(parse_timestamptz, "2024-01-01 00:00:00"));
  for (const char* wrong : {"", "2024-01-01", "2024-01-01 24:00:00", "2024-01-01 00:00:00+02",
                            "2024-02-30 00:00:00", "2024-01-01  00:00", "Infinity"}) {
    CHECK(message_of(parse_timestamp, wrong).find("is no timestamp") != std::string::npos);
  }
  for (const char* wrong : {"2024-01-01 00:00:00+", "2024-01-01 00:00:00+2",
                            "2024-01-01 00:00:00 UTC", "2024-01-01 00:00:00+02:00:00:00"}) {
    CHECK(message_of(parse_timestamptz, wrong).find("is no timestamp") != std::string::npos);
  }
  CHECK_THROWS_AS(to_string(Timestamp::max() - microseconds(1)), Error);
  CHECK_THROWS_AS(to_string(parse_timestamptz("9999-12-31 23:59:59-01")), Error);
  CHECK(now() > parse_timestamptz("2024-01-01 00:00:00Z"));
}

TEST_CASE("intervals keep months, days and time apart") {
  CHECK(parse_interval("P1Y2M3DT4H5M6.5S") == Interval{14, 3, 4h + 5min + 6'500ms});
  CHECK(parse_interval("P2W") == Interval{0, 14, {}});
  CHECK(parse_interval("P-1Y2MT-0.000001S") == Interval{-10, 0, microseconds(-1)});
  CHECK(canonical(parse_interval, "P1Y2M3DT4H5M6.5S") == "P1Y2M3DT4H5M6.5S");
  CHECK(canonical(parse_interval, "PT90M") == "PT1H30M");
  CHECK(canonical(parse_interval, "PT0S") == "PT0S");
  CHECK(canonical(parse_interval, "P0D") == "PT0S");
  CHECK(canonical(parse_interval, "PT-0.5S") == "PT-0.5S");
  CHECK(canonical(parse_interval, "PT-61.25S") == "PT-1M-1.25S");
  for (const Interval& extreme :
       {Interval{INT32_MAX, INT32_MAX, microseconds::max()},
        Interval{INT32_MIN, INT32_MIN, microseconds::min()}, Interval{-1, 1, microseconds(-1)}}) {
    CHECK(parse_interval(to_string(extreme)) == extreme);
  }
  for (const char* wrong : {"", "P", "PT", "P1", "1Y", "P1S", "PT1Y", "P1DT", "P1M1Y", "P1.5D",
                            "PT1.5H", "1 day", "P99999999999Y", "PT99999999999999999H"}) {
    CHECK(message_of(parse_interval, wrong).find("is no interval") != std::string::npos);
  }
}

TEST_CASE("decimals are exact at any length") {
  CHECK(canonical(parse_decimal, "12.50") == "12.5");
  CHECK(canonical(parse_decimal, "-0012.00") == "-12");
  CHECK(canonical(parse_decimal, "-0.0") == "0");
  CHECK(canonical(parse_decimal, ".5") == "0.5");
  CHECK(canonical(parse_decimal, "5.") == "5");
  CHECK(canonical(parse_decimal, "+1e3") == "1000");
  CHECK(canonical(parse_decimal, "1.25E-3") == "0.00125");
  CHECK(canonical(parse_decimal, "1.25e1") == "12.5");
  const std::string sixty = "123456789012345678901234567890.123456789012345678901234567891";
  CHECK(canonical(parse_decimal, sixty) == sixty);
  CHECK(Decimal(INT64_MIN).text() == "-9223372036854775808");
  CHECK(Decimal("1.50") == Decimal("1.5"));
  CHECK(to_string(Decimal("1.5"), 2) == "1.50");
  CHECK(to_string(Decimal(7), 2) == "7.00");
  CHECK(to_string(Decimal("1.555"), 2) == "1.555");
  for (const char* wrong :
       {"", ".", "-", "1.2.3", "NaN", "Infinity", "1e", "1e999999999", "0x10", "1,5", " 1"}) {
    CHECK(message_of(parse_decimal, wrong).find("is no decimal number") != std::string::npos);
  }
}

TEST_CASE("decimals are ordered by the number") {
  const std::vector<const char*> ascending{"-10.5", "-10",   "-9.75", "-0.01", "0",     "0.001",
                                           "0.01",  "0.011", "9",     "9.1",   "10.05", "100"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CHECK((Decimal(ascending[i]) <=> Decimal(ascending[j])) == (i <=> j));
    }
  }
}

TEST_CASE("JSON is checked when it is read, bytes are shown in hexadecimal") {
  CHECK(parse_json(R"({"a": [1, null]})").text == R"({"a": [1, null]})");
  CHECK(message_of(parse_json, "{").find("is no JSON") != std::string::npos);
  CHECK(to_string(bytes_of(std::string_view("\0\xff", 2))) == "00ff");
}

}  // namespace limbeck
