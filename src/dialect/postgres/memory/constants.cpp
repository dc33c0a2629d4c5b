#include "dialect/postgres/memory/constants.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <fmt/format.h>

#include "base/letter_case.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/quoting.h"

namespace limbeck::postgres::memory {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r\n") + 1 - start);
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::string> integer_value(const std::string& raw) {
  std::string text = trimmed(raw);
  if (!text.empty() && text[0] == '+') text.erase(0, 1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(number);
}

std::optional<std::string> numeric_value(const std::string& raw) {
  std::string text = trimmed(raw);
  std::string sign;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    if (text[0] == '-') sign = "-";
    text.erase(0, 1);
  }
  const std::size_t point = text.find('.');
  std::string whole = text.substr(0, point);
  std::string fraction = point == std::string::npos ? "" : text.substr(point + 1);
  if (whole.empty()) whole = "0";
  if (!all_digits(whole) || (!fraction.empty() && !all_digits(fraction))) return std::nullopt;
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  if (whole.find_first_not_of('0') == std::string::npos &&
      fraction.find_first_not_of('0') == std::string::npos)
    sign.clear();
  return sign + whole + (fraction.empty() ? "" : "." + fraction);
}

std::optional<std::string> float_value(const std::string& raw) {
  const std::string text = trimmed(raw);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  std::array<char, 64> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  std::string shortest(buffer.data(), written.ptr);
  if (shortest.find_first_not_of("-0123456789.") != std::string::npos) return std::nullopt;
  return shortest;
}

std::optional<std::string> boolean_value(const std::string& raw) {
  const std::string text = lower_case(trimmed(raw));
  for (const std::string_view yes : {"true", "tru", "tr", "t", "yes", "ye", "y", "on", "1"})
    if (text == yes) return "true";
  for (const std::string_view no : {"false", "fals", "fal", "fa", "f", "no", "n", "off", "of", "0"})
    if (text == no) return "false";
  return std::nullopt;
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && all_digits(text.substr(0, 4)) &&
         all_digits(text.substr(5, 2)) && all_digits(text.substr(8, 2));
}

// "12:30", "12:30:00.5": with seconds, without zeros at the end.
std::optional<std::string> time_of_day(std::string text) {
  if (text.size() < 5 || text[2] != ':' || !all_digits(text.substr(0, 2)) ||
      !all_digits(text.substr(3, 2)))
    return std::nullopt;
  if (text.size() == 5) return text + ":00";
  if (text.size() < 8 || text[5] != ':' || !all_digits(text.substr(6, 2))) return std::nullopt;
  if (text.size() == 8) return text;
  if (text[8] != '.' || !all_digits(text.substr(9)) || text.size() > 15) return std::nullopt;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::optional<std::string> timestamp_value(const std::string& raw, bool zone) {
  std::string text = trimmed(raw);
  if (text == "infinity" || text == "-infinity") return text;
  const std::string utc = zone ? "+00" : "";
  if (text == "epoch") return "1970-01-01 00:00:00" + utc;
  if (text.size() < 10 || !is_date(text.substr(0, 10))) return std::nullopt;
  const std::string date = text.substr(0, 10);
  if (text.size() == 10) return date + " 00:00:00" + utc;
  if (text[10] != ' ' && text[10] != 'T') return std::nullopt;
  std::string time = text.substr(11);
  for (const std::string_view end : {"+00:00", "+00", " UTC", "UTC", "Z", "z", "-00"}) {
    if (time.size() > end.size() && time.compare(time.size() - end.size(), end.size(), end) == 0) {
      time.resize(time.size() - end.size());
      break;
    }
  }
  const auto of_day = time_of_day(time);
  if (!of_day) return std::nullopt;
  return date + " " + *of_day + utc;
}

// "3 days", "1 year 2 mons", "01:30:00", as interval's own style writes them.
std::optional<std::string> interval_value(const std::string& raw) {
  std::string text = lower_case(trimmed(raw));
  if (const auto time = time_of_day(text)) return time;
  struct Unit {
    std::string_view name;
    int field;  // 0 months, 1 days, 2 seconds
    std::int64_t factor;
  };
  constexpr std::array units = std::to_array<Unit>({
      {"year", 0, 12}, {"years", 0, 12},  {"y", 0, 12},       {"month", 0, 1},    {"months", 0, 1},
      {"mon", 0, 1},   {"mons", 0, 1},    {"week", 1, 7},     {"weeks", 1, 7},    {"day", 1, 1},
      {"days", 1, 1},  {"d", 1, 1},       {"hour", 2, 3600},  {"hours", 2, 3600}, {"h", 2, 3600},
      {"hr", 2, 3600}, {"minute", 2, 60}, {"minutes", 2, 60}, {"min", 2, 60},     {"mins", 2, 60},
      {"m", 2, 60},    {"second", 2, 1},  {"seconds", 2, 1},  {"sec", 2, 1},      {"secs", 2, 1},
      {"s", 2, 1},
  });
  std::array<std::int64_t, 3> sums{};
  std::size_t at = 0;
  bool any = false;
  while (at < text.size()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (error != std::errc() || number < 0 || number > 1'000'000'000) return std::nullopt;
    at = text.find_first_not_of(' ', static_cast<std::size_t>(end - text.data()));
    if (at == std::string::npos) return std::nullopt;
    const std::size_t stop =
        std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at), text.size());
    const std::string word = text.substr(at, stop - at);
    const auto* unit =
        std::find_if(units.begin(), units.end(), [&](const Unit& row) { return row.name == word; });
    if (unit == units.end()) return std::nullopt;
    sums[static_cast<std::size_t>(unit->field)] += number * unit->factor;
    any = true;
    at = text.find_first_not_of(' ', stop);
  }
  if (!any) return std::nullopt;
  std::string written;
  const auto add = [&](std::int64_t number, std::string_view unit) {
    if (number == 0) return;
    written +=
        fmt::format("{}{} {}{}", written.empty() ? "" : " ", number, unit, number == 1 ? "" : "s");
  };
  add(sums[0] / 12, "year");
  add(sums[0] % 12, "mon");
  add(sums[1], "day");
  if (sums[2] != 0 || written.empty())
    written += fmt::format("{}{:02}:{:02}:{:02}", written.empty() ? "" : " ", sums[2] / 3600,
                           sums[2] / 60 % 60, sums[2] % 60);
  return written;
}

std::optional<std::string> uuid_value(const std::string& raw) {
  const std::string text = lower_case(trimmed(raw));
  if (text.size() != 36) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
      return std::nullopt;
  }
  return text;
}

// The elements must need no quotes, and be what the element's type writes.
std::optional<std::string> array_value(const Catalog& catalog, const Type& type,
                                       const std::string& raw) {
  const std::string text = trimmed(raw);
  if (text == "{}") return text;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  if (text.find_first_of("\"\\{} \t\n", 1) != text.size() - 1) return std::nullopt;
  Type element = type;
  element.array = false;
  std::string written = "{";
  std::size_t at = 1;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(',', at), text.size() - 1);
    const std::string each = text.substr(at, end - at);
    if (each.empty() || lower_case(each) == "null") return std::nullopt;
    const auto value = canonical_value(catalog, element, each);
    if (!value || value->find(' ') != std::string::npos) return std::nullopt;
    written +=
        (written.size() > 1 ? "," : "") + (element.is("bool") ? value->substr(0, 1) : *value);
    at = end + 1;
  }
  return written + "}";
}

std::optional<std::string> relation_value(const Catalog& catalog, const std::string& raw) {
  // Written with its schema, or found on the path.
  Name name;
  std::string part;
  bool quote = false;
  for (const char c : raw) {
    if (c == '"') {
      quote = !quote;
    } else if (c == '.' && !quote) {
      name.schema = std::move(part);
      part.clear();
    } else {
      part += quote ? c : lower_case(c);
    }
  }
  name.name = std::move(part);
  if (!name.schema.empty()) return qualified(name.schema, name.name);
  auto& searched = const_cast<Catalog&>(catalog);
  for (const std::string& schema : searched.search_path())
    if (catalog.has_relation(schema, name.name)) return qualified(schema, name.name);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> canonical_value(const Catalog& catalog, const Type& given,
                                           const std::string& text) {
  const Type type = base_type(catalog, given);
  if (type.array) return array_value(catalog, type, text);
  if (type.object)
    return type.object->kind == Kind::enumeration ? std::optional(text) : std::nullopt;
  const std::string& name = type.name;
  for (const std::string_view as_is :
       {"text", "varchar", "bpchar", "name", "json", "unknown", "xml", "regconfig", "jsonpath"})
    if (name == as_is) return text;
  if (name == "int2" || name == "int4" || name == "int8" || name == "oid")
    return integer_value(text);
  if (name == "numeric") return numeric_value(text);
  if (name == "float4" || name == "float8") return float_value(text);
  if (name == "bool") return boolean_value(text);
  if (name == "date") {
    const std::string date = trimmed(text);
    if (is_date(date) || date == "infinity" || date == "-infinity") return date;
    return std::nullopt;
  }
  if (name == "timestamp") return timestamp_value(text, false);
  if (name == "timestamptz") return timestamp_value(text, true);
  if (name == "time") return time_of_day(trimmed(text));
  if (name == "interval") return interval_value(text);
  if (name == "uuid") return uuid_value(text);
  if (name == "jsonb") return canonical_jsonb(text);
  if (name == "regclass") return relation_value(catalog, text);
  if (name == "bytea" && text.compare(0, 2, "\\x") == 0) return lower_case(text);
  if (name == "bytea" && text.empty()) return "\\x";
  if (name == "tsvector" && text.empty()) return text;
  if (name == "inet" || name == "macaddr") return trimmed(text);
  return std::nullopt;
}

std::string constant_text(const Type& type, const std::string& value) {
  if (type.is("bool") || type.is("unknown"))
    return type.is("bool") ? value : in_quotes(value, '\'');
  // A whole numeric would be read back as an integer.
  const bool number =
      type.is("int4") || (type.is("numeric") && value.find('.') != std::string::npos);
  if (number && !value.empty() && value[0] != '-') return value;
  return in_quotes(value, '\'') + "::" + label(type);
}

}  // namespace limbeck::postgres::memory
