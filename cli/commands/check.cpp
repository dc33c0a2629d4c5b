#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.h"
#include "cli/sources.h"
#include "report/agreement.h"
#include "run/checks.h"
#include "source/compare.h"

namespace limbeck::cli {
namespace {

// Which sides there are, and where each stands among those that are loaded.
class Sides {
 public:
  explicit Sides(LoadedSides& loaded) : loaded_(loaded) {}

  void take(std::optional<NamedSchema>& to, std::string name) {
    to = NamedSchema{std::move(name), std::move(loaded_.schemas.at(next_++))};
  }

 private:
  LoadedSides& loaded_;
  std::size_t next_ = 0;
};

std::vector<std::string> pending_revisions(const Chain& chain, const DatabaseState& state) {
  std::vector<std::string> ids;
  for (const RevisionStep& step : upgrade_steps(chain.graph(), "heads", state.current))
    ids.push_back(chain.graph().id(step.revision));
  return ids;
}

// What to type next.
void advise(Session& session, const Agreement& agreement, bool has_revisions) {
  for (const Disagreement& pair : agreement.pairs) {
    if (pair.operations.empty()) continue;
    if (pair.from.starts_with("revisions") && pair.to == "database") {
      session.say("Somebody changed the database beside the revisions.");
    } else if (pair.from.starts_with("revisions")) {
      session.say("\"limbeck revision --autogenerate\" writes what is missing in the revisions.");
    } else if (!has_revisions) {
      session.say("\"limbeck apply\" makes the database what is declared.");
    }
  }
  if (!agreement.pending.empty()) session.say("\"limbeck upgrade heads\" runs what is pending.");
}

// A project may do without revisions.
bool has_revisions_folder(const Project& project) {
  std::error_code ignored;
  return std::any_of(project.migrations.begin(), project.migrations.end(),
                     [&](const auto& folder) { return std::filesystem::exists(folder, ignored); });
}

ExitCode run_check(Session& session, const Arguments& arguments) {
  session.make_project_optional();
  const Chain no_revisions;
  const bool has_folder = has_revisions_folder(session.project());
  const DatabaseState state = read_state(session.database(Access::read));
  const Chain& chain = has_folder ? session.chain_at(state) : no_revisions;
  check_known(chain, state);
  const std::string dialect(session.url().dialect());
  const Sources declared = declared_sources(session, arguments, dialect);
  const bool has_revisions = chain.graph().size() > 0;
  if (!has_revisions && declared.empty()) required_declared_sources(session, arguments, dialect);

  Agreement agreement;
  const std::vector<std::string> pending = pending_revisions(chain, state);
  std::vector<Sources> wanted{{named_source(session, "database")}};
  const std::string here = fmt::format("{}", fmt::join(state.current, ","));
  if (has_revisions) wanted.push_back({RevisionsSource{here.empty() ? "base" : here}});
  if (!pending.empty()) wanted.push_back({RevisionsSource{"heads"}});
  if (!declared.empty()) wanted.push_back(declared);

  CompareOptions options = compare_options(session, arguments);
  options.dialect = dialect;
  LoadContext context = project_load_context(session, arguments);
  context.chain = [&chain]() -> const Chain& { return chain; };
  LoadedSides loaded = load_sides(wanted, options, std::move(context));
  Sides sides(loaded);
  AgreementSides compared;
  sides.take(compared.database, "database");
  if (has_revisions) {
    sides.take(compared.here, pending.empty()
                                  ? "revisions"
                                  : fmt::format("revisions@{}", here.empty() ? "base" : here));
  }
  if (!pending.empty()) sides.take(compared.later, "revisions");
  if (!declared.empty()) sides.take(compared.declared, "declared schema");
  agreement = agreement_of(compared, dialect);
  agreement.pending = pending;
  agreement.not_compared = loaded.not_compared;

  say_not_compared(session, agreement.not_compared);
  Session::print(session.json() ? agreement_json(agreement) : agreement_text(agreement));
  if (declared.empty()) session.say("No declared schema is known: limbeck.toml has no schema.");
  advise(session, agreement, has_revisions);
  return exit_code_of(agreement);
}

}  // namespace

CommandSpec check_command() {
  return {
      .name = "check",
      .summary = "Say whether the database, the revisions and the declared schema agree",
      .description =
          "Compares the database with what the revisions build up to where it is, the revisions "
          "with the declared schema, and the database with the declared schema, and prints what "
          "differs between which two. Nothing is changed.\n\n"
          "Exits with 0 when all agree, 3 when the database only lacks revisions, and 4 when "
          "anything else differs.",
      .options = {declared_option, schema_option, include_option, exclude_option, owners_option,
                  privileges_option, offline_option, program_timeout_option, no_cache_option},
      .examples = {{"limbeck check", "in a pipeline: does the code still fit the database?"},
                   {"limbeck check --to schema.sql --json", "for programs"}},
      .run = run_check,
  };
}

}  // namespace limbeck::cli
