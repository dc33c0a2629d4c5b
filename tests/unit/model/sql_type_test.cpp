#include "limbeck/sql_type.h"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>

#include "limbeck/error.h"

namespace limbeck::test {

enum class Shade { light, dark };

struct Money {
  std::int64_t cents = 0;
  bool operator==(const Money&) const = default;
};

}  // namespace limbeck::test

template <>
struct limbeck::model::EnumLabels<limbeck::test::Shade> {
  static constexpr std::string_view name = "shade";
  static constexpr std::array<std::string_view, 2> labels{"light", "dark"};
};

template <>
struct limbeck::model::SqlType<limbeck::test::Money> {
  static constexpr auto natural = SqlType<std::int64_t>::natural;
  static Value encode(const test::Money& money, Wire wire) {
    return SqlType<std::int64_t>::encode(money.cents, wire);
  }
  static test::Money decode(const Value& value, Wire wire) {
    return {SqlType<std::int64_t>::decode(value, wire)};
  }
};

namespace limbeck::model {
namespace {

using test::Money;
using test::Shade;

constexpr std::array<Wire, 2> wires{Wire::postgresql, Wire::sqlite};

template <class T>
T there_and_back(const T& value, Wire wire) {
  return SqlType<T>::decode(SqlType<T>::encode(value, wire), wire);
}

template <class T>
std::string fault_of(const Value& value, Wire wire) {
  try {
    SqlType<T>::decode(value, wire);
  } catch (const Error& error) {
    return error.what();
  }
  return "no fault";
}

struct Unknown {};
enum class Unlabelled { one };
static_assert(!Storable<Unknown> && !Storable<Unlabelled> && !Storable<std::byte>);
static_assert(Storable<Money> && Storable<Shade> && Storable<std::vector<Shade>>);
static_assert(SqlType<std::vector<std::optional<Shade>>>::natural.array);
static_assert(SqlType<Shade>::natural.labels.size() == 2);

}  // namespace

TEST_CASE("arrays come back as they were, with every character that means something") {
  const std::vector<std::optional<std::string>> texts{"",
                                                      std::nullopt,
                                                      "NULL",
                                                      "null",
                                                      "a,b",
                                                      "{}",
                                                      "\"",
                                                      "\\",
                                                      "\\\"",
                                                      " blank ",
                                                      "line\nline\ttab",
                                                      "\xc3\xa9\xe2\x82\xac",
                                                      "'"};
  const std::vector<double> reals{0.1,
                                  -0.0,
                                  1e308,
                                  5e-324,
                                  std::numeric_limits<double>::infinity(),
                                  -std::numeric_limits<double>::infinity()};
  const std::vector<std::int64_t> integers{INT64_MIN, -1, 0, INT64_MAX};
  for (const Wire wire : wires) {
    CHECK(there_and_back(texts, wire) == texts);
    CHECK(there_and_back(reals, wire) == reals);
    CHECK(std::signbit(there_and_back(reals, wire)[1]));
    CHECK(there_and_back(integers, wire) == integers);
    CHECK(there_and_back(std::vector<bool>{true, false}, wire) == std::vector<bool>{true, false});
    CHECK(there_and_back(std::vector<std::string>{}, wire).empty());
    CHECK(there_and_back(std::vector<std::string>{""}, wire).size() == 1);
    CHECK(there_and_back(std::vector{Shade::dark, Shade::light}, wire)[0] == Shade::dark);
    CHECK(there_and_back(std::vector{Bytes{}, bytes_of("\x01\x02")}, wire)[1].size() == 2);
    CHECK(there_and_back(std::vector{Uuid(), random_uuid()}, wire).size() == 2);
    CHECK(there_and_back(std::vector{Decimal("0.10")}, wire)[0] == Decimal("0.1"));
    CHECK(there_and_back(std::vector{Money{5}}, wire)[0] == Money{5});
  }
  CHECK(SqlType<std::vector<bool>>::encode({true}, Wire::sqlite) == Value("[true]"));
}

TEST_CASE("arrays that the program cannot take are refused") {
  for (const char* array :
       {"", "{", "{1", "{1,2", "{1}x", "[0:1]={1,2}", "{{1,2},{3,4}}", "{\"a}", "{a\\"}) {
    CHECK(fault_of<std::vector<std::string>>(array, Wire::postgresql).find("is no array") !=
          std::string::npos);
  }
  for (const char* array : {"", "{}", "[1", "[[1]]", "[{}]", "7"}) {
    CHECK(fault_of<std::vector<std::string>>(array, Wire::sqlite).find("is no array") !=
          std::string::npos);
  }
  CHECK(
      fault_of<std::vector<std::int64_t>>("[18446744073709551615]", Wire::sqlite).find("64 bits") !=
      std::string::npos);
  CHECK(fault_of<std::vector<std::int32_t>>("{1,NULL}", Wire::postgresql) ==
        "found NULL in an array whose elements cannot be NULL in the program");
}

TEST_CASE("what is no value of the type is refused with what was found") {
  CHECK(fault_of<std::int16_t>(std::int64_t{32'768}, Wire::sqlite) ==
        "found 32768, which is outside the range of an integer of 16 bits");
  CHECK(fault_of<std::int32_t>(INT64_MIN, Wire::sqlite).find("outside the range") !=
        std::string::npos);
  CHECK(fault_of<std::int64_t>("12x", Wire::sqlite) ==
        "found a text in the place of an integer of 64 bits: '12x'");
  CHECK(fault_of<std::int64_t>(1.5, Wire::sqlite) ==
        "found a real number in the place of an integer of 64 bits: '1.5'");
  CHECK(fault_of<bool>(std::int64_t{2}, Wire::sqlite) ==
        "found an integer in the place of a boolean: '2'");
  CHECK(fault_of<std::string>(Blob{"x"}, Wire::sqlite) == "found bytes in the place of a text");
  CHECK(fault_of<Bytes>("\\x0", Wire::postgresql) == "found a text in the place of bytes: '\\x0'");
  CHECK(fault_of<Shade>("grey", Wire::sqlite) ==
        "found the label 'grey', which the enum shade of the program does not know");
  CHECK(fault_of<Decimal>(1.5, Wire::sqlite).find("a decimal number") != std::string::npos);
  CHECK(fault_of<double>("1.5x", Wire::postgresql).find("a real number") != std::string::npos);
}

TEST_CASE("what a database would change silently is refused") {
  CHECK_THROWS_AS(SqlType<double>::encode(std::nan(""), Wire::sqlite), Error);
  CHECK(std::isnan(there_and_back(std::nan(""), Wire::postgresql)));
  CHECK_THROWS_AS(SqlType<std::string>::encode(std::string("a\0b", 3), Wire::postgresql), Error);
  CHECK_THROWS_AS(SqlType<std::string>::encode("\xff", Wire::sqlite), Error);
  CHECK_THROWS_AS(SqlType<Json>::encode({"{"}, Wire::sqlite), Error);
  CHECK_THROWS_AS(SqlType<Shade>::encode(static_cast<Shade>(2), Wire::sqlite), Error);
  CHECK_THROWS_AS(SqlType<Shade>::encode(static_cast<Shade>(-1), Wire::sqlite), Error);
}

}  // namespace limbeck::model
