#include "dialect/postgres/object_name.h"

#include <array>
#include <string_view>

#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

struct Words {
  std::string_view keyword;    // in ALTER, DROP and COMMENT ON
  std::string_view privilege;  // in GRANT ... ON; empty: it has no privileges
};

// In the order of Kind.
constexpr std::array<Words, static_cast<std::size_t>(Kind::opaque) + 1> kind_words{{
    {"SCHEMA", "SCHEMA"},
    {"EXTENSION", ""},
    {"COLLATION", ""},
    {"TYPE", "TYPE"},
    {"TYPE", "TYPE"},
    {"DOMAIN", "DOMAIN"},
    {"TYPE", "TYPE"},
    {"SEQUENCE", "SEQUENCE"},
    {"TABLE", "TABLE"},
    {"COLUMN", "TABLE"},
    {"", ""},
    {"CONSTRAINT", ""},
    {"CONSTRAINT", ""},
    {"INDEX", ""},
    {"VIEW", "TABLE"},
    {"MATERIALIZED VIEW", "TABLE"},
    {"FUNCTION", "FUNCTION"},
    {"AGGREGATE", "FUNCTION"},
    {"TRIGGER", ""},
    {"EVENT TRIGGER", ""},
    {"RULE", ""},
    {"POLICY", ""},
    {"STATISTICS", ""},
    {"FOREIGN DATA WRAPPER", "FOREIGN DATA WRAPPER"},
    {"SERVER", "FOREIGN SERVER"},
    {"", ""},
    {"PUBLICATION", ""},
    {"SUBSCRIPTION", ""},
    {"", ""},
    {"", ""},
}};

std::string_view keyword_of(const Object& object) {
  if (object.id.kind == Kind::table && as<Table>(object).foreign) return "FOREIGN TABLE";
  if (object.id.kind == Kind::routine && as<Routine>(object).procedure) return "PROCEDURE";
  return kind_words[static_cast<std::size_t>(object.id.kind)].keyword;
}

std::string signature(const ObjectId& id, std::string_view without_arguments) {
  return qualified_sql(id.schema, id.name) + "(" +
         (id.part.empty() ? std::string(without_arguments) : id.part) + ")";
}

}  // namespace

std::string name_of(const Object& object) {
  const ObjectId& id = object.id;
  if (id.kind == Kind::routine) return signature(id, "");
  if (id.kind == Kind::aggregate) return signature(id, "*");
  if (is_part(id.kind)) return name_sql(id.part);
  return qualified_sql(id.schema, id.name);
}

std::string container_of(const ObjectId& part) {
  return qualified_sql(part.schema, part.name);
}

std::string address_of(const Object& object) {
  const ObjectId& id = object.id;
  // The statement that drops an opaque object is the only one that knows how to name it.
  if (id.kind == Kind::opaque) {
    constexpr std::string_view drop = "DROP ";
    const std::string& statement = as<Opaque>(object).drop;
    return statement.rfind(drop, 0) == 0 ? statement.substr(drop.size()) : statement;
  }
  const std::string start = std::string(keyword_of(object)) + " ";
  if (id.kind == Kind::column) return start + container_of(id) + "." + name_of(object);
  if (id.kind == Kind::domain_constraint)
    return start + name_of(object) + " ON DOMAIN " + container_of(id);
  if (is_part(id.kind)) return start + name_of(object) + " ON " + container_of(id);
  return start + name_of(object);
}

std::string privilege_address_of(const Object& object) {
  const std::string_view word = kind_words[static_cast<std::size_t>(object.id.kind)].privilege;
  if (word.empty()) return "";
  if (object.id.kind == Kind::column) return "TABLE " + container_of(object.id);
  if (object.id.kind == Kind::routine && as<Routine>(object).procedure)
    return "PROCEDURE " + name_of(object);
  if (object.id.kind == Kind::aggregate) return "FUNCTION " + signature(object.id, "");
  return std::string(word) + " " + name_of(object);
}

}  // namespace limbeck::postgres
