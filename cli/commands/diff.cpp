#include "diff/diff.h"

#include "cli/commands.h"
#include "cli/print_source.h"
#include "cli/sources.h"
#include "report/schema_sql.h"

namespace limbeck::cli {
namespace {

std::vector<std::string> required(const Arguments& arguments, std::string_view option) {
  if (arguments.has(option)) return arguments.values(option);
  throw Error({.code = ExitCode::usage,
               .message = std::string(option) + " is missing",
               .hint = "limbeck diff --from SOURCE --to SOURCE"});
}

ExitCode run_diff(Session& session, const Arguments& arguments) {
  const std::string format = output_format(session, arguments, {"operations", "sql", "json"});
  DiffOptions options;
  options.renames = stated_renames(arguments);  // a wrong one is found before anything is read
  const Sources from = named_sources(session, required(arguments, "--from"));
  const Sources to = named_sources(session, required(arguments, "--to"));
  Comparison sides =
      load_both(from, to, compare_options(session, arguments), load_context(session, arguments));
  say_not_compared(session, sides.not_compared);
  const SchemaDialect& dialect = schema_dialect_named(sides.dialect);
  options.rules = dialect_named(sides.dialect).lexical_rules();
  options.renames.insert(options.renames.end(), sides.renames.begin(), sides.renames.end());
  if (arguments.has("--reverse")) {
    std::swap(sides.from, sides.to);
    options.renames = reversed(options.renames);
  }
  const std::vector<Operation> operations = diff(sides.from, sides.to, dialect, options);
  if (format == "json") {
    Session::print(operations_json(operations, sides.dialect, dialect, sides.from, sides.to,
                                   sides.not_compared));
  } else if (format == "sql") {
    print_source(operations_sql(operations, dialect, sides.from, sides.to));
  } else {
    Session::print(operations_text(operations));
    if (operations.empty()) session.say("No differences.");
  }
  return !operations.empty() && arguments.has("--exit-code") ? ExitCode::pending : ExitCode::ok;
}

}  // namespace

CommandSpec diff_command() {
  return {
      .name = "diff",
      .summary = "Print what leads from one schema to another",
      .description =
          "A SOURCE is a database url (or the word database: the project's), a .sql file or a "
          "folder of them, revisions[@SELECTOR] (what "
          "the project's revisions build), a .json snapshot, or cmd:PROGRAM (what a program "
          "prints). Declared SQL is loaded into a scratch database, never into one that is "
          "named.\n\n"
          "Nothing is changed: the SQL is printed. docs/comparing.md says what is compared.",
      .options = {{.name = "--from",
                   .value = "SOURCE",
                   .help = "the schema that there is; several together declare one",
                   .repeatable = true,
                   .completion = Completion::file},
                  {.name = "--to",
                   .value = "SOURCE",
                   .help = "the schema that there is to be; several together declare one",
                   .repeatable = true,
                   .completion = Completion::file},
                  {.name = "--format",
                   .value = "FORMAT",
                   .help = "operations (the default), sql or json"},
                  {.name = "--reverse", .help = "print the way back"},
                  rename_option,
                  {.name = "--exit-code", .help = "exit with 3 when something differs"},
                  schema_option,
                  include_option,
                  exclude_option,
                  owners_option,
                  privileges_option,
                  dialect_option,
                  offline_option,
                  program_timeout_option,
                  no_cache_option},
      .examples = {{"limbeck diff --from \"$DATABASE_URL\" --to schema.sql --format sql",
                    "the SQL that makes the database what the file declares"},
                   {"limbeck diff --from revisions --to schema.sql",
                    "what the revisions do not build yet"}},
      .run = run_diff,
  };
}

}  // namespace limbeck::cli
