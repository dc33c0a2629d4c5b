#include "dialect/sqlite/schema_dialect.h"

#include "dialect/sqlite/introspection.h"

namespace limbeck::sqlite {
namespace {

class SqliteSchemaDialect final : public SchemaDialect {
 public:
  Schema introspect(Connection& connection, const IntrospectionOptions& options) const override {
    return sqlite::introspect(connection, options);
  }
  Change change(const Object& from, const Object& to) const override {
    return sqlite::change(from, to);
  }
  // Views and triggers are text to SQLite: they are read again when they are used.
  bool must_rebuild(const Object& /*dependent*/, const Alter& /*change*/) const override {
    return false;
  }
  bool can_rename(Kind kind) const override { return kind == Kind::table || kind == Kind::column; }
  std::vector<std::string> occupied_names(const Object& object) const override {
    return sqlite::occupied_names(object);
  }
  bool evaluates(const Operation& /*operation*/) const override { return false; }
  bool case_sensitive_names() const override { return false; }
  bool alters_constraints() const override { return false; }
  bool needs_rebuild(const RebuildTable& change) const override {
    return sqlite::needs_rebuild(change);
  }
  PlanFrame frame(const std::vector<Operation>& operations, const Schema& from,
                  const Schema& to) const override {
    return sqlite::frame(operations, from, to);
  }
  std::vector<SqlStatement> change_table(const Schema& now,
                                         const TableChanges& changes) const override {
    return sqlite::change_table(now, changes);
  }
  std::vector<SqlStatement> render(const Operation& operation, const Schema& from,
                                   const Schema& to) const override {
    return sqlite::render(operation, from, to);
  }
};

}  // namespace

const SchemaDialect& schema_dialect() {
  static const SqliteSchemaDialect dialect;
  return dialect;
}

}  // namespace limbeck::sqlite
