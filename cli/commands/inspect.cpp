#include "cli/commands.h"
#include "cli/print_source.h"
#include "cli/sources.h"
#include "diff/diff.h"
#include "report/schema_sql.h"

namespace limbeck::cli {
namespace {

Source inspected(Session& session, const Arguments& arguments) {
  const std::string text = arguments.value("SOURCE");
  return named_source(session, text.empty() ? "database" : text);
}

// What makes it of a new database.
std::string schema_sql(const LoadedSource& loaded) {
  const SchemaDialect& dialect = schema_dialect_named(loaded.dialect);
  DiffOptions options;
  options.rules = dialect_named(loaded.dialect).lexical_rules();
  const std::vector<Operation> operations = diff(loaded.empty, loaded.schema, dialect, options);
  return operations_sql(operations, dialect, loaded.empty, loaded.schema);
}

ExitCode run_inspect(Session& session, const Arguments& arguments) {
  const std::string format = output_format(session, arguments, {"sql", "json", "tree"});
  const LoadedSource loaded =
      load_one({inspected(session, arguments)}, compare_options(session, arguments),
               load_context(session, arguments));
  std::set<std::string> unmodelled;
  for (const Unmodelled& it : loaded.schema.unmodelled) unmodelled.insert(it.what);
  say_not_compared(session, unmodelled);
  if (format == "json") {
    Session::print(snapshot_json({loaded.dialect, {}, loaded.schema}));
  } else {
    print_source(format == "tree" ? schema_tree(loaded.schema) : schema_sql(loaded));
  }
  return ExitCode::ok;
}

}  // namespace

CommandSpec inspect_command() {
  return {
      .name = "inspect",
      .summary = "Print a schema: as SQL, as JSON or as a tree",
      .description =
          "Without SOURCE, that of the project's database. The SQL makes the same schema in an "
          "empty "
          "database; the JSON is a snapshot that \"limbeck diff\" takes as a source, and holds no "
          "password. Limbeck's own tables and Alembic's are left out.",
      .positionals = {{.name = "SOURCE",
                       .help = "a database url, a .sql file or folder, revisions[@SELECTOR], a "
                               ".json snapshot, or cmd:PROGRAM",
                       .least = 0,
                       .completion = Completion::file}},
      .options = {{.name = "--format",
                   .value = "FORMAT",
                   .help = "sql (the default), json or tree"},
                  schema_option,
                  include_option,
                  exclude_option,
                  owners_option,
                  privileges_option,
                  dialect_option,
                  offline_option,
                  program_timeout_option,
                  no_cache_option},
      .examples = {{"limbeck inspect", "the schema of the project's database, as SQL"},
                   {"limbeck inspect --format json > schema.json", "a snapshot"},
                   {"limbeck inspect schema.sql --dialect postgresql --format tree",
                    "what a file declares"}},
      .run = run_inspect,
  };
}

}  // namespace limbeck::cli
