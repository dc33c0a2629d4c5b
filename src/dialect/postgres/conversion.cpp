// Which types become which others, by themselves or by a cast.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "dialect/postgres/render_parts.h"

namespace limbeck::postgres {
namespace {

enum class Family { text, number, time, day, bits, json, network, truth, bytes, uuid, other };

struct TypeFamily {
  std::string_view name;
  Family family;
};

// Inside a family, one type becomes another by an assignment.
constexpr auto families = std::to_array<TypeFamily>({
    {"text", Family::text},
    {"character varying", Family::text},
    {"character", Family::text},
    {"name", Family::text},
    {"\"char\"", Family::text},
    {"smallint", Family::number},
    {"integer", Family::number},
    {"bigint", Family::number},
    {"numeric", Family::number},
    {"real", Family::number},
    {"double precision", Family::number},
    {"timestamp without time zone", Family::day},
    {"timestamp with time zone", Family::day},
    {"date", Family::day},
    {"time without time zone", Family::time},
    {"time with time zone", Family::time},
    {"interval", Family::time},
    {"bit", Family::bits},
    {"bit varying", Family::bits},
    {"json", Family::json},
    {"jsonb", Family::json},
    {"inet", Family::network},
    {"cidr", Family::network},
    {"boolean", Family::truth},
    {"bytea", Family::bytes},
    {"uuid", Family::uuid},
});

constexpr std::string_view array_mark = "[]";

bool is_array(std::string_view type) {
  return type.size() > array_mark.size() && type.substr(type.size() - array_mark.size()) == "[]";
}

// The type without its modifier and without the mark of an array: "character varying".
std::string base_of(std::string_view type) {
  while (is_array(type)) type.remove_suffix(array_mark.size());
  const std::size_t open = type.find('(');
  if (open == std::string_view::npos || type.front() == '"') return std::string(type);
  const std::size_t close = type.find(')', open);
  std::string base(type.substr(0, open));
  if (close != std::string_view::npos) base += type.substr(close + 1);
  return base;
}

Family family_of(std::string_view type) {
  const std::string base = base_of(type);
  const auto* found = std::find_if(families.begin(), families.end(),
                                   [&](const TypeFamily& facts) { return facts.name == base; });
  return found == families.end() ? Family::other : found->family;
}

bool is_explicit_cast(std::string_view from, std::string_view to) {
  const std::string old_base = base_of(from);
  const std::string new_base = base_of(to);
  return (old_base == "integer" && new_base == "boolean") ||
         (old_base == "boolean" && new_base == "integer");
}

bool same_family(const std::string& from, const std::string& to) {
  const Family family = family_of(from);
  if (base_of(from) == base_of(to)) return true;
  return family != Family::other && family == family_of(to);
}

}  // namespace

std::string conversion(const std::string& column, const std::string& from, const std::string& to) {
  if (is_array(from) == is_array(to)) {
    if (same_family(from, to)) return "";
    if (!is_array(to) && family_of(to) == Family::text) return "";
    if (is_array(to) && family_of(to) == Family::text) return "";
    if (family_of(from) == Family::text || is_explicit_cast(from, to)) return column + "::" + to;
    if (base_of(from) == "timestamp without time zone" ||
        base_of(from) == "timestamp with time zone")
      if (base_of(to).rfind("time ", 0) == 0) return "";
  } else if (!is_array(to) && family_of(to) == Family::text) {
    return "";
  } else if (is_array(to) && same_family(from, to)) {
    return "CASE WHEN " + column + " IS NOT NULL THEN ARRAY[" + column + "]::" + to + " END";
  } else if (!is_array(from) && family_of(from) == Family::text) {
    return column + "::" + to;
  }
  return column + "::text" + (is_array(from) && is_array(to) ? "[]::" : "::") + to;
}

bool similar_types(const std::string& from, const std::string& to) {
  return is_array(from) == is_array(to) && same_family(from, to);
}

}  // namespace limbeck::postgres
