#include "run/apply.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/file.h"
#include "base/sha256.h"
#include "cli/ask_renames.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/print_source.h"
#include "cli/run_command.h"
#include "cli/sources.h"
#include "diff/diff.h"
#include "project/plan_file.h"
#include "report/generated_revision.h"
#include "report/schema_sql.h"
#include "schema/json.h"

namespace limbeck::cli {
namespace {

namespace fs = std::filesystem;

std::string fingerprint(const Schema& schema, const std::string& dialect) {
  return "sha256:" + sha256_hex(snapshot_json({dialect, {}, schema}));
}

// ---- making a plan ----

PlanFile make_plan(Session& session, const Arguments& arguments) {
  CompareOptions options = compare_options(session, arguments);
  options.dialect = std::string(session.url().dialect());
  Comparison sides = load_both({named_source(session, "database")},
                               required_declared_sources(session, arguments, options.dialect),
                               options, project_load_context(session, arguments));
  say_not_compared(session, sides.not_compared);
  PlanFile plan;
  plan.owners = sides.owners;
  plan.privileges = sides.privileges;
  SchemaChange change = stated_change(std::move(sides), arguments);
  if (!arguments.has("--yes")) ask_about_renames(change, session.interrupt());
  const std::vector<Operation> operations = operations_of(change);

  plan.dialect = change.dialect;
  plan.fingerprint = fingerprint(change.from, change.dialect);
  plan.schemas = options.filter.schemas;
  plan.include = options.filter.include;
  plan.exclude = options.filter.exclude;
  for (const Operation& operation : operations) plan.changes.push_back(describe(operation));
  plan.sql = generated_section(operations, schema_dialect_named(change.dialect), change.from,
                               change.to, "limbeck:upgrade");
  return plan;
}

// ---- running it ----

// Throws when the database is not what the plan was made for.
void verify(Session& session, const Arguments& arguments, const PlanFile& plan) {
  CompareOptions options = compare_options(session, arguments);
  options.dialect = plan.dialect;
  options.owners = plan.owners ? Include::on : Include::off;
  options.privileges = plan.privileges ? Include::on : Include::off;
  options.filter = {plan.schemas, plan.include, plan.exclude};
  LoadContext context = load_context(session, arguments);
  const LoadedSource now = load_one({named_source(session, "database")}, options, context);
  if (fingerprint(now.schema, plan.dialect) == plan.fingerprint) return;
  throw Error({.code = ExitCode::findings,
               .message = "the database has changed since the plan was made",
               .state = "nothing was changed",
               .hint = "make the plan anew, and look at it again"});
}

fs::path plan_folder(Session& session) {
  return session.project().folder / ".limbeck" / "plans";
}

// A plan that is interrupted is found here by the next run.
fs::path keep(Session& session, const PlanFile& plan) {
  const fs::path folder = plan_folder(session);
  fs::path file = folder / (plan_id(plan) + ".json");
  std::error_code error;
  const bool is_new = fs::create_directories(folder, error);
  if (error) throw file_error(folder.string(), "this folder cannot be made", error.value());
  if (is_new) write_new_file(folder / ".gitignore", "*\n");
  if (!fs::exists(file)) write_new_file(file, plan_json(plan));
  return file;
}

ApplyReport run_plan(Session& session, const Arguments& arguments, const PlanFile& plan) {
  if (plan.dialect != session.url().dialect()) {
    throw Error(
        {.code = ExitCode::usage,
         .message = fmt::format("a plan for {} cannot be run on this database", plan.dialect),
         .state = "nothing was changed",
         .hint = fmt::format("name the {} database with --url that it was made for, or make a plan "
                             "for this one (limbeck apply --out FILE)",
                             plan.dialect)});
  }
  const Chain no_revisions;
  const RunContext context = session.run_context(no_revisions);
  const fs::path file = keep(session, plan);
  const RevisionFile revision = plan_revision_file(plan, file.string());
  ApplyReport report = apply_plan(context, revision, [&] { verify(session, arguments, plan); });
  std::error_code ignored;
  fs::remove(file, ignored);
  return report;
}

// Finishes the plan that an earlier run has begun, when there is one.
void resume(Session& session, const Arguments& arguments) {
  if (is_missing_file(session.url())) return;
  const DatabaseState state = session.state_to_change();
  if (!state.open_revision || state.open_revision->kind != "apply") return;
  const std::string& id = state.open_revision->revision;
  const fs::path file = plan_folder(session) / (id + ".json");
  if (!fs::exists(file)) {
    throw Error({.code = ExitCode::failed_between_steps,
                 .message = describe_work(*state.open_revision) + " stopped in its middle",
                 .detail = fmt::format("its plan is not here: {}", file.string()),
                 .state = "nothing was changed now",
                 .hint = "run it where it was begun, or with --plan FILE; or finish or undo it by "
                         "hand and say so with \"limbeck repair --complete\" or \"limbeck repair "
                         "--abandon\""});
  }
  const ApplyReport report = run_plan(session, arguments, read_plan(file));
  session.say(fmt::format("Finished {}, which an earlier run had begun ({:.0f} ms)", id,
                          report.seconds * 1'000));
}

// ---- what is printed ----

std::string count_of_changes(const PlanFile& plan) {
  return counted(plan.changes.size(), "change");
}

std::string plan_text(const PlanFile& plan) {
  return fmt::format("-- {}\n{}", count_of_changes(plan), plan.sql);
}

void print_json(const PlanFile& plan, const ApplyReport* report) {
  JsonWriter json;
  json.begin_object()
      .member("plan", plan.changes.empty() ? std::string() : plan_id(plan))
      .member("changes", plan.changes)
      .member("sql", plan.sql)
      .member("applied", report != nullptr);
  if (report != nullptr) json.optional_member("backup_file", report->backup_file);
  json.end_object();
  Session::print(json.text() + "\n");
}

// What is in no revision will come out as drift.
void warn_about_revisions(Session& session) {
  if (is_missing_file(session.url())) return;
  const std::vector<std::string> current = read_current(session.database(Access::write));
  if (current.empty()) return;
  session.say(
      fmt::format("The database is at revision {}: these changes are in none of the "
                  "revisions.",
                  fmt::join(current, ", ")));
}

ExitCode run_and_tell(Session& session, const Arguments& arguments, const PlanFile& plan) {
  const ApplyReport report = run_plan(session, arguments, plan);
  if (session.json()) print_json(plan, &report);
  session.say(
      fmt::format("Applied {} ({:.0f} ms)", count_of_changes(plan), report.seconds * 1'000));
  return ExitCode::ok;
}

ExitCode write_plan(Session& session, const PlanFile& plan, const std::string& file) {
  write_new_file(file, plan_json(plan));
  if (session.json()) {
    print_json(plan, nullptr);
  } else {
    print_source(plan_text(plan));
  }
  session.say(fmt::format("Wrote {}; \"limbeck apply --plan {}\" runs it", printable(file),
                          printable(file)));
  return ExitCode::ok;
}

void refuse_together(const Arguments& arguments) {
  for (const std::string_view option : {"--to", "--out", "--dry-run", "--rename", "--schema",
                                        "--include", "--exclude", "--owners", "--privileges"}) {
    if (!arguments.has(option)) continue;
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("--plan and {} do not go together", option),
                 .hint = "a plan holds all that is to be done"});
  }
}

ExitCode run_apply(Session& session, const Arguments& arguments) {
  session.make_project_optional();
  if (arguments.has("--plan")) {
    refuse_together(arguments);
    return run_and_tell(session, arguments, read_plan(arguments.value("--plan")));
  }
  const bool only_look = arguments.has("--dry-run") || arguments.has("--out");
  if (!only_look) resume(session, arguments);
  const PlanFile plan = make_plan(session, arguments);
  if (plan.changes.empty()) {
    if (session.json()) print_json(plan, nullptr);
    session.say("Nothing to do: the database is what is declared");
    return ExitCode::ok;
  }
  if (arguments.has("--out")) return write_plan(session, plan, arguments.value("--out"));
  if (!session.json()) print_source(plan_text(plan));
  if (only_look) {
    if (session.json()) print_json(plan, nullptr);
    return ExitCode::ok;
  }
  warn_about_revisions(session);
  if (!arguments.has("--yes")) {
    const std::string question =
        fmt::format("Apply this to {}?", printable(session.url().redacted()));
    if (!confirmed(question, "apply changes the database", session.interrupt())) {
      throw Error(
          {.code = ExitCode::usage,
           .message = "not applied",
           .state = "nothing was changed",
           .hint = "\"limbeck apply --out FILE\" keeps the plan, to be read and applied later"});
    }
  }
  return run_and_tell(session, arguments, plan);
}

}  // namespace

CommandSpec apply_command() {
  return {
      .name = "apply",
      .summary = "Make the database what is declared, without a revision",
      .description =
          "Prints the plan, asks, and runs it as a revision is run: under the run lock, journaled, "
          "with a backup of an SQLite file, resumed by the next apply when it was killed. The "
          "version table is not touched.\n\n"
          "With --out, the plan is written to a file to be read and run later with --plan. It is "
          "refused when the database has changed since, or when the file was.",
      .options = {declared_option,
                  {.name = "--yes", .short_name = "-y", .help = "do not ask"},
                  {.name = "--dry-run", .help = "print the plan, and change nothing"},
                  {.name = "--out",
                   .value = "FILE",
                   .help = "write the plan to a new file, and change nothing",
                   .completion = Completion::file},
                  {.name = "--plan",
                   .value = "FILE",
                   .help = "run a plan that --out has written",
                   .completion = Completion::file},
                  rename_option,
                  schema_option,
                  include_option,
                  exclude_option,
                  owners_option,
                  privileges_option,
                  offline_option,
                  program_timeout_option,
                  no_cache_option,
                  backup_option,
                  no_backup_option,
                  lock_wait_option},
      .examples = {{"limbeck apply --to schema.sql", "shows the plan and asks"},
                   {"limbeck apply --to schema.sql --out plan.json", "for somebody to review"},
                   {"limbeck apply --plan plan.json", "runs what was reviewed"}},
      .run = run_apply,
  };
}

}  // namespace limbeck::cli
