#include "verify/type_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fmt/format.h>
#include <utility>

#include "base/letter_case.h"

namespace limbeck {
namespace {

using Values = std::vector<std::string>;

constexpr int longest_value = 200;
constexpr std::size_t widest_text = 2'000;
// SQLite takes any number for a length, also one below 0. No value is made longer than this.
constexpr int most_length = 100'000;
constexpr int most_scale = 1'000;

struct Type {
  std::string name = {};  // in lower case, without what stands in parentheses
  int length = 0;         // varchar(20), numeric(10,2)
  int scale = 0;          // below 0: numeric(3,-2) holds hundreds
  bool has_length = false;
};

Type parse(std::string_view text) {
  Type type;
  const std::string all = lower_case(text);
  const std::size_t open = all.find('(');
  const std::size_t close = all.find(')', open == std::string::npos ? 0 : open);
  type.name = all.substr(0, open);
  if (open != std::string::npos && close != std::string::npos) {
    type.has_length = true;
    const char* at = all.data() + open + 1;
    const auto [end, error] = std::from_chars(at, all.data() + close, type.length);
    if (error == std::errc{} && *end == ',')
      std::from_chars(end + 1 + (end[1] == ' ' ? 1 : 0), all.data() + close, type.scale);
    type.length = std::clamp(type.length, 0, most_length);
    type.scale = std::clamp(type.scale, -most_scale, most_scale);
    type.name += all.substr(close + 1);  // timestamp(3) with time zone
  }
  while (!type.name.empty() && type.name.back() == ' ') type.name.pop_back();
  return type;
}

struct Request {
  const Type& type;
  const SampleOf& of;

  // What another column holds in this row is what this one holds in another: then two columns that
  // are taken for each other show.
  std::size_t index() const { return of.row + of.variant; }
  long long number() const { return static_cast<long long>(index()) + 1; }
  // The rows take turns between the plain and the edge.
  bool at_the_edge() const { return !of.is_key && of.width == 0 && of.row % 3 == 1; }
};

Values integers(const Request& it, long long edge) {
  const long long k = it.number();
  Values values{std::to_string(k), std::to_string(edge - k), std::to_string(1'000 + k),
                std::to_string(-k), "0"};
  if (it.at_the_edge()) std::swap(values[0], values[1]);
  return values;
}

Values small_integers(const Request& it) {
  return integers(it, 32'760);
}
Values plain_integers(const Request& it) {
  return integers(it, 2'147'483'600);
}
Values big_integers(const Request& it) {
  return integers(it, 9'007'199'254'740'000);
}

// Digits and zeros: what stands behind the digits is rounded away.
Values rounded_numbers(const Request& it) {
  const std::string zeros(static_cast<std::size_t>(-it.type.scale), '0');
  const std::string nines(static_cast<std::size_t>(std::max(it.type.length - 1, 0)), '9');
  Values values{std::to_string(it.number()) + zeros,
                fmt::format("{}{}{}", nines, it.index() % 10, zeros), "0"};
  if (it.at_the_edge()) std::swap(values[0], values[1]);
  return values;
}

Values numbers(const Request& it) {
  const auto k = static_cast<double>(it.number());
  if (!it.type.has_length)
    return {fmt::format("{}.5", it.number()), fmt::format("{}.123456", 12'345 + it.number()),
            std::to_string(it.number()), "0"};
  if (it.type.scale < 0) return rounded_numbers(it);
  const int digits = std::max(it.type.length - it.type.scale, 0);
  std::string most(static_cast<std::size_t>(std::max(digits - 1, 0)), '9');
  most = digits > 0 ? most + std::to_string(it.index() % 10) : "0";
  if (it.type.scale > 0)
    most += "." + std::string(static_cast<std::size_t>(it.type.scale) - 1, '8') + "7";
  Values values{fmt::format("{:.{}f}", digits > 1 ? k : k / 10, it.type.scale), most, "0"};
  if (it.at_the_edge()) std::swap(values[0], values[1]);
  return values;
}

Values reals(const Request& it) {
  return {fmt::format("{}.5", it.number()), fmt::format("{}.25", 1'000 + it.number()),
          std::to_string(it.number()), "0"};
}

Values booleans(const Request& it) {
  // Also what SQLite calls so. Eight columns differ in three rows, four in two.
  const std::size_t turned = it.of.variant >> (it.of.row % 3);
  return (it.of.row + turned) % 2 == 0 ? Values{"1", "0"} : Values{"0", "1"};
}

std::string cut(std::string text, const Type& type) {
  if (type.has_length && static_cast<int>(text.size()) > type.length)
    text.erase(0, text.size() - static_cast<std::size_t>(type.length));  // the end is what differs
  return text;
}

// As wide as asked for; the end is what differs.
std::string widened(std::string text, const Request& it) {
  const std::size_t wide = std::min(it.of.width, widest_text);
  if (text.size() < wide) text.insert(0, std::string(wide - text.size(), 'x'));
  return text;
}

Values texts(const Request& it) {
  const std::string k = std::to_string(it.number());
  std::string longest(
      static_cast<std::size_t>(it.type.has_length ? std::max(it.type.length, 1) : longest_value),
      'x');
  if (longest.size() > 1'000) longest.resize(1'000);
  if (k.size() <= longest.size()) longest.replace(longest.size() - k.size(), k.size(), k);
  Values values{cut(widened("text " + k, it), it.type),
                longest,
                cut("Zo\xC3\xAB " + k, {}),  // one character, two bytes
                cut("a" + k + "@example.com", it.type),
                cut("slug-" + k, it.type),
                cut("ABC" + k, it.type),
                cut("10" + k, it.type),
                cut("https://example.com/" + k, it.type),
                cut("abc", it.type),
                k};
  if (it.at_the_edge()) std::swap(values[0], values[1]);
  const bool plain = it.of.is_key || it.of.width > 0 || it.type.has_length;
  if (!plain && it.of.row % 3 == 2) std::swap(values[0], values[2]);
  return values;
}

// So many days after another one.
std::string day_after(std::chrono::year_month_day day, std::size_t days) {
  constexpr std::size_t most = 36'500;  // a hundred years
  const auto whole = std::chrono::days(static_cast<int>(days % most));
  const std::chrono::year_month_day it = std::chrono::sys_days(day) + whole;
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(it.year()),
                     static_cast<unsigned>(it.month()), static_cast<unsigned>(it.day()));
}

Values dates(const Request& it) {
  using namespace std::chrono;
  return {day_after(2001y / February / 1, it.index()), day_after(1970y / January / 1, it.index()),
          day_after(2050y / December / 1, it.index())};
}
Values timestamps(const Request& it) {
  const int fraction = it.type.has_length ? it.type.length : 6;
  const std::string part =
      fraction == 0 ? ""
                    : "." + std::string("789012").substr(0, static_cast<std::size_t>(fraction));
  Values values = dates(it);
  for (std::string& value : values) value += fmt::format(" 04:05:{:02}{}", it.index() % 60, part);
  return values;
}
Values zoned_timestamps(const Request& it) {
  Values values = timestamps(it);
  for (std::string& value : values) value += "+00";
  return values;
}
Values times(const Request& it) {
  return {fmt::format("04:05:{:02}.789", it.index() % 60),
          fmt::format("23:59:{:02}", it.index() % 60)};
}
Values intervals(const Request& it) {
  return {fmt::format("{} days 02:03:04.5", it.number()), fmt::format("{} mons", it.number())};
}
Values uuids(const Request& it) {
  return {fmt::format("6a0f3b1c-0000-4000-8000-{:012x}", it.number())};
}
Values documents(const Request& it) {
  return {fmt::format(R"({{"k": {}, "t": "{}"}})", it.number(), widened("x y", it)),
          fmt::format("[{}]", it.number()), "{}", "[]"};
}
Values bytes(const Request& it) {
  return {fmt::format("\\x00ff{:04x}", it.number())};
}
Values addresses(const Request& it) {
  return {fmt::format("192.0.2.{}", it.index() % 250 + 1)};
}
Values networks(const Request& it) {
  return {fmt::format("10.{}.0.0/16", it.index() % 250)};
}
Values mac_addresses(const Request& it) {
  return {fmt::format("08:00:2b:01:02:{:02x}", it.index() % 250)};
}
Values bits(const Request& it) {
  std::string value(static_cast<std::size_t>(it.type.has_length ? it.type.length : 1), '0');
  for (std::size_t i = 0; i < value.size(); ++i) {
    if ((it.index() + 1) >> i & 1U) value[value.size() - 1 - i] = '1';
    if (i == 31) break;
  }
  return {value};
}
Values money(const Request& it) {
  return {fmt::format("{}.34", it.number())};
}
Values markup(const Request& it) {
  return {fmt::format("<a>{}</a>", it.number())};
}
Values points(const Request& it) {
  return {fmt::format("({},2)", it.number())};
}
Values lexemes(const Request& it) {
  return {fmt::format("'a{}':1", it.number())};
}
Values queries(const Request& it) {
  return {fmt::format("'a{}'", it.number())};
}
Values pairs(const Request& it) {
  return {fmt::format("a=>{}", it.number())};
}
Values paths(const Request& it) {
  return {fmt::format("a.b{}", it.number())};
}
Values integer_ranges(const Request& it) {
  return {fmt::format("[{},{})", it.index() * 10, it.index() * 10 + 5)};
}
Values date_ranges(const Request& it) {
  return {fmt::format("[20{:02}-01-01,20{:02}-06-01)", it.index() % 90, it.index() % 90)};
}

Values multiranges(Values ranges) {
  for (std::string& range : ranges) range = fmt::format("{{{}}}", range);
  return ranges;
}
Values integer_multiranges(const Request& it) {
  return multiranges(integer_ranges(it));
}
Values date_multiranges(const Request& it) {
  return multiranges(date_ranges(it));
}
Values boxes(const Request& it) {
  return {fmt::format("({},2),(0,0)", it.number())};
}
Values paths_of_points(const Request& it) {
  return {fmt::format("((1,2),({},4))", it.number())};
}
Values lines(const Request& it) {
  return {fmt::format("{{1,-1,{}}}", it.number())};
}
Values circles(const Request& it) {
  return {fmt::format("<(1,2),{}>", it.number())};
}
Values long_mac_addresses(const Request& it) {
  return {fmt::format("08:00:2b:ff:fe:01:02:{:02x}", it.index() % 250)};
}
Values log_positions(const Request& it) {
  return {fmt::format("0/{:X}", it.number())};
}
Values vectors(const Request& it) {
  std::string text;
  for (int i = 0; i < std::max(it.type.length, 1); ++i)
    text += fmt::format("{}{}", text.empty() ? "[" : ",", it.number() + i % 7);
  return {text + "]"};
}

struct TypeRule {
  std::string_view name;
  Values (*values)(const Request&);
};

// As PostgreSQL writes them, and as SQLite's users do.
constexpr std::array type_rules{
    TypeRule{"smallint", small_integers},
    TypeRule{"int2", small_integers},
    TypeRule{"integer", plain_integers},
    TypeRule{"int", plain_integers},
    TypeRule{"bigint", big_integers},
    TypeRule{"oid", plain_integers},
    TypeRule{"numeric", numbers},
    TypeRule{"decimal", numbers},
    TypeRule{"real", reals},
    TypeRule{"double precision", reals},
    TypeRule{"double", reals},
    TypeRule{"float", reals},
    TypeRule{"boolean", booleans},
    TypeRule{"bool", booleans},
    TypeRule{"text", texts},
    TypeRule{"character varying", texts},
    TypeRule{"varchar", texts},
    TypeRule{"nvarchar", texts},
    TypeRule{"character", texts},
    TypeRule{"char", texts},
    TypeRule{"bpchar", texts},
    TypeRule{"string", texts},
    TypeRule{"clob", texts},
    TypeRule{"citext", texts},
    TypeRule{"name", texts},
    TypeRule{"date", dates},
    TypeRule{"timestamp", timestamps},
    TypeRule{"datetime", timestamps},
    TypeRule{"timestamp without time zone", timestamps},
    TypeRule{"timestamp with time zone", zoned_timestamps},
    TypeRule{"time", times},
    TypeRule{"time without time zone", times},
    TypeRule{"time with time zone", times},
    TypeRule{"interval", intervals},
    TypeRule{"uuid", uuids},
    TypeRule{"json", documents},
    TypeRule{"jsonb", documents},
    TypeRule{"bytea", bytes},
    TypeRule{"blob", texts},
    TypeRule{"inet", addresses},
    TypeRule{"cidr", networks},
    TypeRule{"macaddr", mac_addresses},
    TypeRule{"bit", bits},
    TypeRule{"bit varying", bits},
    TypeRule{"money", money},
    TypeRule{"xml", markup},
    TypeRule{"point", points},
    TypeRule{"tsvector", lexemes},
    TypeRule{"tsquery", queries},
    TypeRule{"hstore", pairs},
    TypeRule{"ltree", paths},
    TypeRule{"int4range", integer_ranges},
    TypeRule{"int8range", integer_ranges},
    TypeRule{"numrange", integer_ranges},
    TypeRule{"daterange", date_ranges},
    TypeRule{"tsrange", date_ranges},
    TypeRule{"tstzrange", date_ranges},
    TypeRule{"int4multirange", integer_multiranges},
    TypeRule{"int8multirange", integer_multiranges},
    TypeRule{"nummultirange", integer_multiranges},
    TypeRule{"datemultirange", date_multiranges},
    TypeRule{"tsmultirange", date_multiranges},
    TypeRule{"tstzmultirange", date_multiranges},
    TypeRule{"box", boxes},
    TypeRule{"lseg", boxes},
    TypeRule{"path", paths_of_points},
    TypeRule{"polygon", paths_of_points},
    TypeRule{"line", lines},
    TypeRule{"circle", circles},
    TypeRule{"macaddr8", long_mac_addresses},
    TypeRule{"pg_lsn", log_positions},
    TypeRule{"vector", vectors},
};

// What a name says that is none of a type: SQLite takes any, TIMESTAMP_TZ or UNSIGNED BIG INT.
constexpr std::array hints{
    TypeRule{"timestamp", timestamps}, TypeRule{"datetime", timestamps},
    TypeRule{"date", dates},           TypeRule{"time", times},
    TypeRule{"uuid", uuids},           TypeRule{"json", documents},
    TypeRule{"bool", booleans},        TypeRule{"int", plain_integers},
    TypeRule{"char", texts},           TypeRule{"clob", texts},
    TypeRule{"text", texts},           TypeRule{"blob", texts},
    TypeRule{"real", reals},           TypeRule{"floa", reals},
    TypeRule{"doub", reals},           TypeRule{"dec", numbers},
    TypeRule{"num", numbers},
};

}  // namespace

ValueMaker type_values(std::string_view name) {
  const Type type = parse(name);
  const auto with = [&](Values (*values)(const Request&)) {
    return [type, values](const SampleOf& of) { return values({type, of}); };
  };
  for (const TypeRule& rule : type_rules) {
    if (rule.name == type.name) return with(rule.values);
  }
  for (const TypeRule& hint : hints) {
    if (type.name.find(hint.name) != std::string::npos) return with(hint.values);
  }
  return nullptr;
}

}  // namespace limbeck
