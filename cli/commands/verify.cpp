#include "verify/verify.h"

#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

#include "cli/commands.h"
#include "cli/sources.h"
#include "dialect/schema_dialect.h"
#include "dialect/scratch.h"
#include "report/agreement.h"
#include "report/verification.h"
#include "revision/selector.h"
#include "run/checks.h"

namespace limbeck::cli {
namespace {

constexpr OptionSpec from_production_option{
    .name = "--from-production",
    .help =
        "begin with the schema of the database, which is only read, and verify what is pending "
        "there, on rows in the likeness of its own; estimate how long it takes there"};

constexpr OptionSpec rows_option{
    .name = "--rows",
    .value = "N",
    .help = "with --from-production, how many rows all tables together get (20000)"};

constexpr std::size_t most_rows = 10'000'000;

std::size_t row_count(const std::string& text) {
  std::size_t rows = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, rows);
  if (error == std::errc{} && rest == end && rows > 0 && rows <= most_rows) return rows;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("--rows takes a number of rows from 1 to {}, not \"{}\"",
                                      most_rows, printable(text)),
               .hint = "it is how many rows all tables together get: --rows 100000"});
}

void choose(const std::string& text, VerifyOptions& options) {
  if (text.empty()) return;
  const auto range = split_range(text);
  options.first = range ? range->from : text;
  options.last = range ? (range->to.empty() ? "heads" : range->to) : text;
  if (options.first == "base") options.first.clear();
}

// What the database has, read and no more.
void take_production(Session& session, const DatabaseState& state, VerifyOptions& options) {
  TargetDatabase& database = session.database(Access::read);
  IntrospectionOptions without;
  for (const QualifiedName& table : {database.version_table, database.journal_table})
    without.without.push_back({table.schema.name, table.object.name});
  const std::string_view name = database.dialect->name();
  options.schema = schema_dialect_named(name).introspect(*database.connection, without);
  options.current = state.current;
  options.statistics = scratch_dialect_named(name).statistics(*database.connection);
}

// The revisions have to build what is declared.
void compare_with_declared(Session& session, const Arguments& arguments, const Chain& chain,
                           Verification& verification) {
  const std::string dialect(session.url().dialect());
  const Sources declared = declared_sources(session, arguments, dialect);
  if (declared.empty()) return;
  CompareOptions options = compare_options(session, arguments);
  options.dialect = dialect;
  LoadContext context = project_load_context(session, arguments);
  context.chain = [&chain]() -> const Chain& { return chain; };
  LoadedSides loaded =
      load_sides({{RevisionsSource{"heads"}}, declared}, options, std::move(context));
  AgreementSides sides;
  sides.here = NamedSchema{"revisions", std::move(loaded.schemas.at(0))};
  sides.declared = NamedSchema{"declared schema", std::move(loaded.schemas.at(1))};
  for (const Disagreement& pair : agreement_of(sides, dialect).pairs) {
    for (const Operation& operation : pair.operations) {
      Finding finding{.rule = "differs-from-declared",
                      .severity = Severity::error,
                      .certainty = Certainty::proved,
                      .message = fmt::format("the revisions do not build what is declared: {}",
                                             describe(operation)),
                      .rewrite = "\"limbeck revision --autogenerate\" writes what is missing"};
      finding.fingerprint = fingerprint_of(finding);
      verification.findings.push_back(std::move(finding));
    }
  }
}

ExitCode run_verify(Session& session, const Arguments& arguments) {
  VerifyOptions options;
  choose(arguments.value("REVISIONS"), options);
  const bool from_production = arguments.has("--from-production");
  const DatabaseUrl url = session.url();
  const DatabaseState state =
      from_production ? read_state(session.database(Access::read)) : DatabaseState{};
  const Chain& chain = from_production ? session.chain_at(state) : session.chain();
  if (arguments.has("--rows")) {
    if (!from_production)
      throw Error({.code = ExitCode::usage,
                   .message = "--rows is for --from-production",
                   .hint = "add --from-production, or leave out --rows"});
    options.most_rows = row_count(arguments.value("--rows"));
  }
  if (from_production) {
    check_known(chain, state);
    take_production(session, state, options);
  }
  options.server = url;
  options.connect = session.connect_options(Access::write);
  options.progress = [&](const Revision& revision, std::size_t number, std::size_t total) {
    if (!session.quiet()) {
      session.log().transient(
          fmt::format("verifying {} ({} of {})", printable(revision.id), number, total));
    }
  };
  Verification verification = verify(chain, dialect_named(url.dialect()), options);
  if (options.last == "heads") compare_with_declared(session, arguments, chain, verification);
  const std::span<const TableStatistics> there = options.statistics;
  Session::print(session.json()
                     ? verification_json(verification, there)
                     : verification_text(verification, there, session.verbose(), session.paint()));
  return verification.clean() ? ExitCode::ok : ExitCode::findings;
}

}  // namespace

CommandSpec verify_command() {
  return {
      .name = "verify",
      .summary = "Prove the revisions in a scratch database, with rows, there and back",
      .description =
          "Runs every revision up, down and up again in a scratch database (another database on "
          "the server, a server of its own, a temporary file for SQLite; never the database "
          "itself), whose "
          "tables hold generated rows that satisfy their constraints. Compares the schema each "
          "time, and every value: what is lost or changed without a statement that says so is a "
          "finding. Then all of them from the last one to the beginning and up again, and the "
          "result with the declared schema. Says how long each takes, and which locks it holds.\n\n"
          "Exits with 4 when anything is wrong. A revision without a way back is said, and is not "
          "wrong.",
      .positionals = {{.name = "REVISIONS",
                       .help = "FIRST:LAST, or one of them (default: all)",
                       .least = 0,
                       .completion = Completion::revision}},
      .options = {from_production_option, rows_option, declared_option, program_timeout_option,
                  no_cache_option},
      .examples = {{"limbeck verify", "all revisions, before they are merged"},
                   {"limbeck verify 8c21", "one revision"},
                   {"limbeck verify --from-production --url postgresql://replica/app",
                    "what is pending there"}},
      .run = run_verify,
  };
}

}  // namespace limbeck::cli
