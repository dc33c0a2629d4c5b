// What bench/rows measures: many rows in and out of one table, by the library.
#include <cstdlib>
#include <iostream>
#include <limbeck/rows.h>
#include <string_view>
#include <vector>

struct Reading {
  std::int64_t id = 0;
  std::string sensor = {};
  std::int32_t place = 0;
  double value = 0;
  bool valid = false;
  limbeck::Timestamp taken_at = {};
};

template <>
inline constexpr auto limbeck::mapping<Reading> = limbeck::model::table<Reading>(
    "readings", limbeck::model::column<&Reading::id>(limbeck::model::primary_key),
    limbeck::model::column<&Reading::sensor>(), limbeck::model::column<&Reading::place>(),
    limbeck::model::column<&Reading::value>(), limbeck::model::column<&Reading::valid>(),
    limbeck::model::column<&Reading::taken_at>());

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: bench_rows insert|stream URL ROWS\n";
    return 2;
  }
  limbeck::Database database(argv[2]);
  const std::int64_t rows = std::atoll(argv[3]);
  if (std::string_view(argv[1]) == "insert") {
    const limbeck::Timestamp begin = limbeck::parse_timestamp("2024-01-01 00:00:00");
    std::vector<Reading> readings;
    for (std::int64_t i = 0; i < rows; ++i) {
      readings.push_back({i, "sensor " + std::to_string(i % 100), static_cast<std::int32_t>(i % 7),
                          static_cast<double>(i) * 0.1, i % 2 == 0,
                          begin + std::chrono::seconds(i)});
    }
    return limbeck::insert_all(database, readings) == rows ? 0 : 1;
  }
  std::int64_t seen = 0;
  limbeck::for_each<Reading>(database, {},
                             [&](const Reading& reading) { seen += reading.place >= 0; });
  return seen == rows ? 0 : 1;
}
