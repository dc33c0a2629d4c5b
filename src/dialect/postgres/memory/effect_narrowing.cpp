// ALTER COLUMN TYPE: whether values may lose something by it, and no error says so.
//
// What the server checks (a text that is too long, a number that is out of range) is no loss: it
// fails. An expression that computes the new values from the old ones is the author's own decision.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

// Casts between types that round, or leave a part of the value away.
constexpr std::array lossy = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"numeric", "int2"},     {"numeric", "int4"},       {"numeric", "int8"},
    {"numeric", "float4"},   {"numeric", "float8"},     {"float8", "float4"},
    {"float8", "int2"},      {"float8", "int4"},        {"float8", "int8"},
    {"float4", "int2"},      {"float4", "int4"},        {"float4", "int8"},
    {"int8", "float4"},      {"int8", "float8"},        {"int4", "float4"},
    {"timestamp", "date"},   {"timestamptz", "date"},   {"timestamp", "time"},
    {"timestamptz", "time"}, {"timestamptz", "timetz"}, {"timetz", "time"},
    {"interval", "time"},    {"text", "name"},          {"varchar", "name"},
    {"bpchar", "name"},      {"text", "char"},          {"varchar", "char"},
});

// A length after which an explicit cast cuts the value off.
constexpr std::array cut_lengths =
    std::to_array<std::string_view>({"varchar", "bpchar", "bit", "varbit"});
// A number of digits to which values are rounded.
constexpr std::array rounded =
    std::to_array<std::string_view>({"timestamp", "timestamptz", "time", "timetz", "interval"});
constexpr int most_fraction_digits = 6;

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The first and the second number of "(10,2)"; nothing where it is not said.
std::pair<std::optional<int>, std::optional<int>> stated_numbers(const std::string& modifier) {
  std::pair<std::optional<int>, std::optional<int>> numbers;
  const std::size_t open = modifier.find('(');
  if (open == std::string::npos) return numbers;
  const char* end = modifier.data() + modifier.size();
  int value = 0;
  auto read = std::from_chars(modifier.data() + open + 1, end, value);
  if (read.ec == std::errc{}) numbers.first = value;
  if (read.ptr == end || *read.ptr != ',') return numbers;
  read = std::from_chars(read.ptr + 1, end, value);
  if (read.ec == std::errc{}) numbers.second = value;
  return numbers;
}

bool loses_digits(const Type& from, const Type& to) {
  const auto [old_length, old_scale] = stated_numbers(from.modifier);
  const auto [length, scale] = stated_numbers(to.modifier);
  if (to.name == "numeric") {
    const bool fraction = from.name == "numeric" || from.name == "float4" || from.name == "float8";
    if (!fraction || !length) return false;
    return from.name != "numeric" || !old_length || old_scale.value_or(0) > scale.value_or(0);
  }
  if (!is_one_of(rounded, to.name) || !length) return false;
  const bool timed = is_one_of(rounded, from.name);
  return timed && old_length.value_or(most_fraction_digits) > *length;
}

// explicitly: the cast is written, and cuts off where an assignment would fail.
bool loses(const Type& from, const Type& to, bool explicitly) {
  if (from.unknown() || to.unknown()) return false;
  if (std::find(lossy.begin(), lossy.end(),
                std::pair<std::string_view, std::string_view>(from.name, to.name)) != lossy.end())
    return true;
  if (loses_digits(from, to)) return true;
  if (!explicitly || !is_one_of(cut_lengths, to.name)) return false;
  const auto length = stated_numbers(to.modifier).first;
  const auto before = stated_numbers(from.modifier).first;
  const bool fits = before && is_one_of(cut_lengths, from.name) && length && *before <= *length;
  const bool measured = is_one_of(cut_lengths, from.name) || from.name == "text";
  return length && measured && !fits;
}

bool mentions(const Node* expression, const std::string& column) {
  for (const PgQuery__ColumnRef* reference : references_in(expression).columns) {
    const auto fields = texts({reference->fields, reference->n_fields});
    if (!fields.empty() && fields.back() == column) return true;
  }
  return false;
}

}  // namespace

bool loses_values(Catalog& catalog, const Type& from, const Type& to, const Node* using_expression,
                  const std::string& column) {
  if (using_expression == nullptr)
    return loses(base_type(catalog, from), base_type(catalog, to), false);
  if (!mentions(using_expression, column)) return true;
  // column::type, perhaps through others on the way.
  std::vector<Type> way{to};
  const Node* at = using_expression;
  for (; at->node_case == PG_QUERY__NODE__NODE_TYPE_CAST; at = at->type_cast->arg)
    way.push_back(resolve(catalog, *at->type_cast->type_name));
  if (at->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
  way.push_back(from);
  for (std::size_t i = way.size() - 1; i > 0; --i)
    if (loses(base_type(catalog, way[i]), base_type(catalog, way[i - 1]), i > 1)) return true;
  return false;
}

}  // namespace limbeck::postgres::memory
