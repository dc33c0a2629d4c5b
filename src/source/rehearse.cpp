#include "source/rehearse.h"

#include "diff/diff.h"
#include "source/replay.h"

namespace limbeck {

void build_schema(Scratch& scratch, const SchemaDialect& dialect, const Schema& schema,
                  const sql::LexicalRules& rules) {
  const Schema empty = dialect.introspect(scratch.connection(), {});
  DiffOptions options;
  options.rules = rules;
  const std::vector<Operation> operations = diff(empty, schema, dialect, options);
  const PlanFrame frame = dialect.frame(operations, empty, schema);
  const auto run = [&](const std::vector<SqlStatement>& statements) {
    for (const SqlStatement& statement : statements) scratch.connection().run_alone(statement.sql);
  };
  run(frame.before);
  for (const Operation& operation : operations) run(dialect.render(operation, empty, schema));
}

void rehearse(TargetDatabase& database, const Chain& chain, std::span<const RevisionStep> steps,
              const ConnectOptions& connect) {
  const std::string_view name = database.dialect->name();
  const SchemaDialect& dialect = schema_dialect_named(name);
  const ScratchDialect& scratch_dialect = scratch_dialect_named(name);
  IntrospectionOptions options;
  for (const QualifiedName& table : {database.version_table, database.journal_table})
    options.without.push_back({table.schema.name, table.object.name});
  const Schema schema = dialect.introspect(*database.connection, options);
  const auto scratch = scratch_dialect.create(database.url, connect);
  try {
    build_schema(*scratch, dialect, schema, database.dialect->lexical_rules());
    replay(*scratch, scratch_dialect, *database.dialect, chain, steps);
  } catch (Error& error) {
    error.report().context.emplace_back(
        "in a rehearsal, in a scratch database that has the schema of this one");
    error.report().state = "nothing was changed";
    throw;
  }
}

}  // namespace limbeck
