#include "dialect/postgres/schema_dialect.h"

#include <algorithm>

#include "dialect/postgres/change.h"
#include "dialect/postgres/introspection.h"
#include "dialect/postgres/rendering.h"

namespace limbeck::postgres {
namespace {

bool makes_routine(const Operation& operation) {
  if (const auto* create = std::get_if<Create>(&operation))
    return create->object.id.kind == Kind::routine;
  const auto* change = std::get_if<Alter>(&operation);
  return change && change->to.id.kind == Kind::routine &&
         change->from.definition != change->to.definition;
}

class PostgresSchemaDialect final : public SchemaDialect {
 public:
  Schema introspect(Connection& connection, const IntrospectionOptions& options) const override {
    return postgres::introspect(connection, options);
  }
  Schema new_database() const override {
    Schema schema;
    Object object;
    object.id = ObjectId{Kind::schema, "", "public", ""};
    object.definition = Namespace{};
    object.owner = "pg_database_owner";
    object.privileges = {{{"", "CREATE"}, {"", "USAGE"}, {"PUBLIC", "USAGE"}}};
    schema.put(std::move(object));
    return schema;
  }
  Change change(const Object& from, const Object& to) const override {
    return postgres::change(from, to);
  }
  bool must_rebuild(const Object& dependent, const Alter& change) const override {
    return postgres::must_rebuild(dependent, change);
  }
  bool can_rename(Kind kind) const override {
    // The rest has no name of its own, or is kept as statements.
    return kind != Kind::extension && kind != Kind::column_default && kind != Kind::user_mapping &&
           kind != Kind::default_privileges && kind != Kind::opaque;
  }
  std::vector<std::string> occupied_names(const Object& object) const override {
    return postgres::occupied_names(object);
  }
  bool evaluates(const Operation& operation) const override {
    return postgres::evaluates(operation);
  }
  PlanFrame frame(const std::vector<Operation>& operations, const Schema& /*from*/,
                  const Schema& /*to*/) const override {
    // A body may call what is made after it: no catalog knows.
    if (std::none_of(operations.begin(), operations.end(), makes_routine)) return {};
    return {.before = {{.sql = "SET check_function_bodies = off"}},
            .after = {{.sql = "RESET check_function_bodies"}}};
  }
  std::vector<SqlStatement> render(const Operation& operation, const Schema& from,
                                   const Schema& to) const override {
    return postgres::render(operation, from, to);
  }
};

}  // namespace

const SchemaDialect& schema_dialect() {
  static const PostgresSchemaDialect dialect;
  return dialect;
}

}  // namespace limbeck::postgres
