// Constraints of tables and of domains.
#include <string>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/render_parts.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

// EXCLUDE's WHERE stands after everything that is said of its index.
std::size_t predicate_start(const std::string& exclusion) {
  int depth = 0;
  bool quoted = false;
  constexpr std::string_view where = " WHERE (";
  for (std::size_t at = 0; at < exclusion.size(); ++at) {
    const char c = exclusion[at];
    if (c == '"' || c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (depth == 0 && exclusion.compare(at, where.size(), where) == 0) return at;
    depth += c == '(' ? 1 : (c == ')' ? -1 : 0);
  }
  return exclusion.size();
}

std::string index_sql(const Constraint& constraint) {
  std::string sql;
  if (!constraint.include.empty()) sql += " INCLUDE (" + names_sql(constraint.include) + ")";
  if (!constraint.options.empty()) sql += " WITH (" + parameters_sql(constraint.options) + ")";
  if (!constraint.tablespace.empty())
    sql += " USING INDEX TABLESPACE " + name_sql(constraint.tablespace);
  return sql;
}

std::string foreign_key_sql(const Constraint& constraint) {
  const ForeignKey& key = *constraint.foreign_key;
  std::string sql = "FOREIGN KEY (" + names_sql(constraint.columns) + ") REFERENCES " +
                    qualified_sql(key.table) + " (" + names_sql(key.columns) + ")";
  if (key.match != "SIMPLE") sql += " MATCH " + key.match;
  if (key.on_update != "NO ACTION") sql += " ON UPDATE " + key.on_update;
  if (key.on_delete != "NO ACTION") sql += " ON DELETE " + key.on_delete;
  if (!key.on_delete_columns.empty()) sql += " (" + names_sql(key.on_delete_columns) + ")";
  return sql;
}

std::string rule_sql(const Constraint& constraint) {
  switch (constraint.type) {
    case ConstraintType::primary_key:
      return "PRIMARY KEY (" + names_sql(constraint.columns) + ")" + index_sql(constraint);
    case ConstraintType::unique:
      return std::string("UNIQUE ") + (constraint.nulls_not_distinct ? "NULLS NOT DISTINCT " : "") +
             "(" + names_sql(constraint.columns) + ")" + index_sql(constraint);
    case ConstraintType::foreign_key:
      return foreign_key_sql(constraint);
    case ConstraintType::check:
      return "CHECK (" + constraint.expression + ")" + (constraint.no_inherit ? " NO INHERIT" : "");
    case ConstraintType::exclusion: {
      const std::size_t where = predicate_start(constraint.exclusion);
      return "EXCLUDE " + constraint.exclusion.substr(0, where) + index_sql(constraint) +
             constraint.exclusion.substr(where);
    }
  }
  return "";
}

std::string deferral_sql(const Constraint& constraint) {
  if (!constraint.deferrable) return "";
  return constraint.initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

bool has_index(const Constraint& constraint) {
  return constraint.type == ConstraintType::primary_key ||
         constraint.type == ConstraintType::unique || constraint.type == ConstraintType::exclusion;
}

std::string index_name(const ObjectId& constraint) {
  // A partition's key may belong to an index of the partitioned table that is no constraint's.
  const bool index = constraint.kind == Kind::index;
  return qualified_sql(constraint.schema, index ? constraint.name : constraint.part);
}

// The keys of partitions have names of their own, and are attached to this one.
void create_key(Script& script, const Object& object) {
  const Object* table = script.to.find({Kind::table, object.id.schema, object.id.name, ""});
  const bool only = table != nullptr && !as<Table>(*table).partition_key.empty();
  script.add(std::string(only ? "ALTER TABLE ONLY " : "ALTER TABLE ") + container_of(object.id) +
             " ADD " + constraint_sql(object));
  if (table != nullptr) give_index_roles(script, *table, as<Table>(*table), object.id.part);
}

void attach(Script& script, const Object& object, const ObjectId& parent) {
  script.add("ALTER INDEX " + index_name(parent) + " ATTACH PARTITION " + index_name(object.id));
}

}  // namespace

bool comes_with_parent(const Object& part) {
  if (part.id.kind == Kind::column) return as<Column>(part).inherited && !as<Column>(part).local;
  if (part.id.kind == Kind::constraint)
    return as<Constraint>(part).inherited && !as<Constraint>(part).local;
  return false;
}

std::string constraint_sql(const Object& object) {
  const auto& constraint = as<Constraint>(object);
  return "CONSTRAINT " + name_of(object) + " " + rule_sql(constraint) + deferral_sql(constraint);
}

void create_definition(Script& script, const Object& object, const Constraint& constraint) {
  if (has_index(constraint)) {
    create_key(script, object);
    return;
  }
  // The parent's constraint makes it.
  if (comes_with_parent(object)) return;
  script.add("ALTER TABLE " + container_of(object.id) + " ADD " + constraint_sql(object) +
             (constraint.validated ? "" : " NOT VALID"));
}

void drop_definition(Script& script, const Object& object, const Constraint& /*constraint*/) {
  script.add("ALTER TABLE " + container_of(object.id) + " DROP CONSTRAINT " + name_of(object));
}

void alter_definition(Script& script, const Object& object, const Constraint& from,
                      const Constraint& to) {
  const std::string start = "ALTER TABLE " + container_of(object.id) + " ";
  const std::string index = "ALTER INDEX " + index_name(object.id) + " ";
  if (from.deferrable != to.deferrable || from.initially_deferred != to.initially_deferred) {
    if (!comes_with_parent(object))
      script.add(start + "ALTER CONSTRAINT " + name_of(object) +
                 (to.deferrable ? deferral_sql(to) : " NOT DEFERRABLE"));
  }
  if (to.validated && !from.validated && !comes_with_parent(object))
    script.add(start + "VALIDATE CONSTRAINT " + name_of(object));
  for (const std::string& action : parameter_actions(from.options, to.options))
    script.add(index + action);
  if (from.tablespace != to.tablespace)
    script.add(index + "SET TABLESPACE " +
               name_sql(to.tablespace.empty() ? "pg_default" : to.tablespace));
  if (to.parent && to.parent != from.parent && has_index(to)) attach(script, object, *to.parent);
}

void create_definition(Script& script, const Object& object, const DomainConstraint& constraint) {
  script.add("ALTER DOMAIN " + container_of(object.id) + " ADD CONSTRAINT " + name_of(object) +
             " CHECK (" + constraint.expression + ")" + (constraint.validated ? "" : " NOT VALID"));
}

void drop_definition(Script& script, const Object& object, const DomainConstraint& /*constraint*/) {
  script.add("ALTER DOMAIN " + container_of(object.id) + " DROP CONSTRAINT " + name_of(object));
}

void alter_definition(Script& script, const Object& object, const DomainConstraint& /*from*/,
                      const DomainConstraint& to) {
  if (to.validated)
    script.add("ALTER DOMAIN " + container_of(object.id) + " VALIDATE CONSTRAINT " +
               name_of(object));
}

}  // namespace limbeck::postgres
