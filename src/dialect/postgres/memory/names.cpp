#include "dialect/postgres/memory/names.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "dialect/postgres/memory/keywords.h"
#include "dialect/quoting.h"

namespace limbeck::postgres::memory {
namespace {

constexpr std::size_t name_limit = 63;  // NAMEDATALEN - 1

// Cut to at most `size` bytes, between characters.
std::string clipped(std::string text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && is_utf8_continuation(text[size])) --size;
  text.resize(size);
  return text;
}

}  // namespace

std::string identifier(const std::string& name) {
  bool plain = !name.empty() && (name[0] == '_' || (name[0] >= 'a' && name[0] <= 'z'));
  for (const char c : name)
    plain = plain && (c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  if (plain && !is_reserved_word(name)) return name;
  return in_quotes(name, '"');
}

std::string literal(std::string_view text) {
  std::string sql = in_quotes(text, '\'');
  if (text.find('\\') == std::string_view::npos) return sql;
  std::string escaped = "E";
  for (const char c : sql) escaped.append(c == '\\' ? 2 : 1, c);
  return escaped;
}

std::string qualified(const std::string& schema, const std::string& name) {
  if (schema.empty() || schema == "pg_catalog") return identifier(name);
  return identifier(schema) + "." + identifier(name);
}

std::string qualified(const ObjectId& id) {
  return qualified(id.schema, id.name);
}

Name name_of(const PgQuery__RangeVar& relation) {
  return {text(relation.schemaname), text(relation.relname)};
}

Name name_of(Nodes names) {
  Name name;
  if (names.size() >= 1) name.name = text(names[names.size() - 1]);
  if (names.size() >= 2) name.schema = text(names[names.size() - 2]);
  return name;
}

Name name_of(const Node* list) {
  if (list == nullptr) return {};
  if (list->node_case == PG_QUERY__NODE__NODE_STRING) return {"", text(list)};
  if (list->node_case == PG_QUERY__NODE__NODE_RANGE_VAR) return name_of(*list->range_var);
  if (list->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
    return name_of(Nodes{list->type_name->names, list->type_name->n_names});
  return name_of(items(list));
}

std::string role_of(const PgQuery__RoleSpec& role) {
  switch (role.roletype) {
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC:
      return "PUBLIC";
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE:
      return "CURRENT_ROLE";
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER:
      return "CURRENT_USER";
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER:
      return "SESSION_USER";
    default:
      return text(role.rolename);
  }
}

std::string object_name(std::string name1, std::string name2, std::string_view label) {
  std::size_t overhead = label.empty() ? 0 : label.size() + 1;
  if (!name2.empty()) ++overhead;
  const std::size_t available = name_limit - overhead;
  std::size_t size1 = name1.size();
  std::size_t size2 = name2.size();
  while (size1 + size2 > available) {
    if (size1 > size2)
      --size1;
    else
      --size2;
  }
  std::string name = clipped(std::move(name1), size1);
  if (!name2.empty()) name += "_" + clipped(std::move(name2), size2);
  if (!label.empty()) name += fmt::format("_{}", label);
  return name;
}

std::string free_relation_name(const Catalog& catalog, const std::string& schema,
                               const std::string& name1, const std::string& name2,
                               const std::string& label) {
  for (int pass = 0;; ++pass) {
    std::string name = object_name(name1, name2, pass == 0 ? label : label + std::to_string(pass));
    if (!catalog.has_relation(schema, name)) return name;
  }
}

std::string free_constraint_name(const Catalog& catalog, const std::string& schema,
                                 const std::string& name1, const std::string& name2,
                                 const std::string& label) {
  for (int pass = 0;; ++pass) {
    std::string name = object_name(name1, name2, pass == 0 ? label : label + std::to_string(pass));
    if (!catalog.has_constraint(schema, name)) return name;
  }
}

std::string joined_columns(const std::vector<std::string>& columns) {
  std::string joined;
  for (const std::string& column : columns) {
    if (!joined.empty()) joined += '_';
    joined += column;
    if (joined.size() >= name_limit + 1) break;
  }
  return joined;
}

}  // namespace limbeck::postgres::memory
