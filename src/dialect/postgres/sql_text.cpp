#include "dialect/postgres/sql_text.h"

#include <algorithm>
#include <array>

#include "dialect/quoting.h"

namespace limbeck::postgres {
namespace {

// Every keyword that is not unreserved, in PostgreSQL 15 and those that came later.
constexpr std::array keywords = std::to_array<std::string_view>({
    // clang-format off
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric",
    "authorization", "between", "bigint", "binary", "bit", "boolean", "both", "case", "cast",
    "char", "character", "check", "coalesce", "collate", "collation", "column", "concurrently",
    "constraint", "create", "cross", "current_catalog", "current_date", "current_role",
    "current_schema", "current_time", "current_timestamp", "current_user", "dec", "decimal",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists",
    "extract", "false", "fetch", "float", "for", "foreign", "freeze", "from", "full", "grant",
    "greatest", "group", "grouping", "having", "ilike", "in", "initially", "inner", "inout",
    "int", "integer", "intersect", "interval", "into", "is", "isnull", "join", "json",
    "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query",
    "json_scalar", "json_serialize", "json_table", "json_value", "lateral", "leading", "least",
    "left", "like", "limit", "localtime", "localtimestamp", "merge_action", "national", "natural",
    "nchar", "none", "normalize", "not", "notnull", "null", "nullif", "numeric", "offset", "on",
    "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing", "position",
    "precision", "primary", "real", "references", "returning", "right", "row", "select",
    "session_user", "setof", "similar", "smallint", "some", "substring", "symmetric",
    "system_user", "table", "tablesample", "then", "time", "timestamp", "to", "trailing", "treat",
    "trim", "true", "union", "unique", "user", "using", "values", "varchar", "variadic",
    "verbose", "when", "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement",
    "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize",
    "xmltable",
    // clang-format on
});
static_assert(std::is_sorted(keywords.begin(), keywords.end()));

bool is_plain(std::string_view name) {
  const auto starts = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto goes_on = [&](char c) { return starts(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && starts(name.front()) && std::all_of(name.begin(), name.end(), goes_on) &&
         !std::binary_search(keywords.begin(), keywords.end(), name);
}

const Option* find(const std::vector<Option>& options, const std::string& name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

std::string parameter_name(const std::string& name) {
  constexpr std::string_view toast = "toast.";
  if (name.rfind(toast, 0) != 0) return name_sql(name);
  return std::string(toast) + name_sql(name.substr(toast.size()));
}

// A word or a number stands without quotes.
std::string parameter_value(const std::string& value) {
  const auto word = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  if (!value.empty() && (std::all_of(value.begin(), value.end(), word) ||
                         (value.front() != '.' && std::all_of(value.begin(), value.end(), digit))))
    return value;
  return literal_sql(value);
}

}  // namespace

std::string name_sql(const std::string& name) {
  return is_plain(name) ? name : quoted_identifier({name});
}

std::string qualified_sql(const std::string& schema, const std::string& name) {
  return schema.empty() ? name_sql(name) : name_sql(schema) + '.' + name_sql(name);
}

std::string qualified_sql(const RelationName& relation) {
  return qualified_sql(relation.schema, relation.name);
}

std::string role_sql(const std::string& role) {
  if (role.empty()) return "CURRENT_USER";
  return role == "PUBLIC" ? role : name_sql(role);
}

std::string literal_sql(std::string_view text) {
  const std::string literal = in_quotes(text, '\'');
  // A backslash means itself in E'' only when doubled, whatever the server is set to.
  if (text.find('\\') == std::string_view::npos) return literal;
  std::string escaped = "E";
  for (const char c : literal) escaped.append(c == '\\' ? 2 : 1, c);
  return escaped;
}

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += separator;
    text += item;
  }
  return text;
}

std::string names_sql(const std::vector<std::string>& names) {
  std::vector<std::string> items;
  items.reserve(names.size());
  for (const std::string& name : names) items.push_back(name_sql(name));
  return joined(items);
}

std::string parameters_sql(const std::vector<Option>& options) {
  std::vector<std::string> items;
  items.reserve(options.size());
  for (const Option& option : options)
    items.push_back(parameter_name(option.name) + "=" + parameter_value(option.value));
  return joined(items);
}

std::string foreign_options_sql(const std::vector<Option>& options) {
  std::vector<std::string> items;
  items.reserve(options.size());
  for (const Option& option : options)
    items.push_back(name_sql(option.name) + " " + literal_sql(option.value));
  return joined(items);
}

std::string foreign_options_change_sql(const std::vector<Option>& from,
                                       const std::vector<Option>& to) {
  std::vector<std::string> items;
  for (const Option& option : from)
    if (find(to, option.name) == nullptr) items.push_back("DROP " + name_sql(option.name));
  for (const Option& option : to) {
    const Option* old = find(from, option.name);
    if (old != nullptr && old->value == option.value) continue;
    items.push_back((old == nullptr ? "ADD " : "SET ") + foreign_options_sql({option}));
  }
  return joined(items);
}

std::vector<std::string> parameter_actions(const std::vector<Option>& from,
                                           const std::vector<Option>& to) {
  std::vector<std::string> removed;
  std::vector<Option> set;
  for (const Option& option : from)
    if (find(to, option.name) == nullptr) removed.push_back(parameter_name(option.name));
  for (const Option& option : to) {
    const Option* old = find(from, option.name);
    if (old == nullptr || old->value != option.value) set.push_back(option);
  }
  // What is set comes last: where that is not the order which is wanted, all are set again.
  std::vector<Option> after;
  for (const Option& option : from)
    if (find(to, option.name) != nullptr && find(set, option.name) == nullptr)
      after.push_back(option);
  after.insert(after.end(), set.begin(), set.end());
  if (!set.empty() && after != to) set = to;
  std::vector<std::string> actions;
  if (!removed.empty()) actions.push_back("RESET (" + joined(removed) + ")");
  if (!set.empty()) actions.push_back("SET (" + parameters_sql(set) + ")");
  return actions;
}

}  // namespace limbeck::postgres
