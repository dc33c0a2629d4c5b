#include "cli/findings.h"

#include <fmt/format.h>

#include "cli/confirm.h"
#include "lint/baseline.h"
#include "lint/range.h"
#include "report/findings.h"
#include "revision/selector_parts.h"

namespace limbeck::cli {
namespace {

// So many revisions before those that are looked at are replayed in memory.
constexpr std::size_t most_replayed = 2'000;

void show(Session& session, const LintReport& report) {
  if (!session.quiet()) session.log().text(findings_short(report.findings, session.log().paint()));
}

LintReport look(Session& session, const Chain& chain, const LintRange& range,
                const std::string& dialect) {
  const LintConfiguration& configured = session.project().lint;
  if (!configured.show || range.range.empty() || range.before.size() > most_replayed) return {};
  const LintSettings settings{
      .severities = read_severities(configured.severities, configured.place),
      .names = read_naming_convention(configured.names, configured.place),
      .one_run = true};
  std::vector<RevisionStep> steps = range.range;
  if (steps.size() > most_told_revisions) steps.resize(most_told_revisions);
  LintReport report = lint(chain, dialect_named(dialect), range.before, steps, settings);
  leave_out_unwanted(report);
  if (!configured.baseline.empty()) leave_out_known(report, configured.baseline);
  show(session, report);
  return report;
}

bool ask_whether_meant(const std::vector<std::string>& losses, const std::atomic<bool>& interrupt) {
  std::string question;
  for (const std::string& it : losses) question += printable(it) + "\n";
  question += losses.size() == 1
                  ? "This statement takes rows with it."
                  : fmt::format("These {} statements take rows with them.", losses.size());
  return typed_yes(question, interrupt);
}

}  // namespace

std::unique_ptr<RunReview> run_review(Session& session, const Arguments& arguments,
                                      LintReport& told) {
  const LintConfiguration& configured = session.project().lint;
  RunReviewSettings settings{
      .severities = read_severities(configured.severities, configured.place),
      .names = read_naming_convention(configured.names, configured.place),
      .baseline = configured.baseline,
      .data_loss = session.project().run.data_loss,
      .lock_timeout_ms = session.project().run.lock_timeout_ms,
      .way_out = "run this with --accept-data-loss, or set data_loss in limbeck.toml"};
  if (arguments.has("--accept-data-loss"))
    settings.data_loss = {.accept_in_upgrade = true, .accept_in_downgrade = true};
  settings.warn = [&session](const std::string& text) {
    session.say(fmt::format("{} {}", session.log().paint()(Style::yellow, "warning:"), text));
  };
  if (!session.json() && !session.quiet() && somebody_is_here())
    settings.ask = [&interrupt = session.interrupt()](const std::vector<std::string>& losses) {
      return ask_whether_meant(losses, interrupt);
    };
  if (configured.show && (!session.quiet() || session.json())) {
    settings.tell = [&session, &told](const LintReport& report) {
      told = report;
      show(session, report);
    };
  }
  return make_run_review(std::move(settings));
}

LintReport findings_of_script(Session& session, const Chain& chain, const std::string& target) {
  const auto range = split_range(target);
  // From nothing on, no table is in use.
  if (!range || range->from.empty() || range->from == "base") return {};
  LintRange steps;
  steps.before = upgrade_steps(chain.graph(), range->from, {});
  steps.range = upgrade_steps(chain.graph(), range->to, start_heads(chain.graph(), range->from));
  return look(session, chain, steps, std::string(session.url().dialect()));
}

LintReport findings_of_new_revision(Session& session, const std::string& id,
                                    const std::string& dialect) {
  const Chain chain = session.read_chain();
  return look(session, chain, named_range(chain.graph(), id), dialect);
}

}  // namespace limbeck::cli
