#include "lint/lint.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/terminal.h"
#include "lint/linter.h"
#include "plan/plan.h"
#include "source/replay.h"

namespace limbeck {
namespace {

// The rule that says why a statement cannot be run where it stands.
std::string_view rule_of(StatementNature nature) {
  switch (nature) {
    case StatementNature::outside_transaction:
      return "concurrent-in-transaction";
    case StatementNature::transaction_control:
      return "transaction-control";
    case StatementNature::session_setting:
      return "sqlite-pragma-in-transaction";
    default:
      return "does-not-run";
  }
}

// The revisions of a chain, as a linter takes them.
struct ChainLint {
  const Chain& chain;
  const Dialect& dialect;
  Tracer* tracer;

  // Why the history is no line at the revision.
  std::string_view crossing_at(RevisionGraph::Index index) const {
    const RevisionGraph& graph = chain.graph();
    if (graph.is_merge_point(index)) return "this revision joins several branches";
    for (const RevisionGraph::Index parent : graph.parents(index))
      if (graph.is_branch_point(parent) && graph.children(parent).front() != index)
        return "this revision begins a branch: another one has the same parent";
    return {};
  }

  void look(Linter& linter, RevisionGraph::Index index, bool judged) const {
    const std::string& id = chain.graph().id(index);
    PlannedRevision planned;
    try {
      planned = chain.plan(index, Direction::upgrade, dialect);
    } catch (const Error& error) {
      if (error.code() != ExitCode::invalid_project) throw;
      return refused(linter, index, error, judged);
    }
    if (planned.live || planned.delegation) {
      if (!judged) return linter.pass_unknown();
      return linter.judge_unknown(
          {id, planned.live ? planned.live_because : "Alembic itself runs it", planned.live_place});
    }
    const LintedRevision revision{
        .id = id, .file = planned.file, .steps = planned.steps, .crossing = crossing_at(index)};
    judged ? linter.judge(revision) : linter.pass(revision);
  }

  // A revision that Limbeck refuses to run is still read, for what stands in it.
  void refused(Linter& linter, RevisionGraph::Index index, const Error& error, bool judged) const {
    const RevisionFile file = chain.read(index);
    std::string_view rule = "does-not-run";
    std::vector<Step> steps;
    for (const Section& section : file.sections) {
      const bool other =
          !section.dialects.empty() && std::find(section.dialects.begin(), section.dialects.end(),
                                                 dialect.name()) == section.dialects.end();
      if (section.direction != Direction::upgrade || other) continue;
      const Place start{.file = file.revision.place.file, .line = section.body_line, .column = 1};
      Step step;
      step.place = section.marker;
      for (sql::Statement& statement :
           sql::split(file.body(section), dialect.lexical_rules(), start)) {
        const bool here =
            error.report().place && statement.place.line == error.report().place->line;
        if (here) rule = rule_of(dialect.nature(statement));
        step.statements.push_back(std::move(statement));
      }
      steps.push_back(std::move(step));
    }
    const LintedRevision revision{.id = chain.graph().id(index), .file = file, .steps = steps};
    judged ? linter.judge_refused(revision, error, rule) : linter.pass(revision);
  }
};

}  // namespace

LintReport lint(const Chain& chain, const Dialect& dialect, std::span<const RevisionStep> before,
                std::span<const RevisionStep> range, const LintSettings& settings) {
  const ChainLint work{.chain = chain, .dialect = dialect, .tracer = settings.tracer};
  EffectSettings server = settings.server;
  server.assumes = true;
  Linter linter(dialect, settings,
                settings.database == nullptr
                    ? make_effect_reader(dialect.name(), server)
                    : make_effect_reader(dialect.name(), settings.server, *settings.database));
  if (settings.database == nullptr)
    for (const RevisionStep& step : before) work.look(linter, step.revision, false);
  if (settings.tracer != nullptr) {
    try {
      replay(settings.tracer->scratch(), scratch_dialect_named(dialect.name()), dialect, chain,
             before);
    } catch (const DatabaseError& error) {
      if (range.empty() || !linter.stops_tracing(error, chain.graph().id(range.front().revision)))
        throw;
    }
  }
  for (const RevisionStep& step : range) work.look(linter, step.revision, true);
  return linter.take();
}

void leave_out_unwanted(LintReport& report) {
  std::erase_if(report.findings, [](const Finding& it) { return it.severity == Severity::off; });
}

Severity worst(const LintReport& report) {
  Severity severity = Severity::off;
  for (const Finding& finding : report.findings) severity = std::max(severity, finding.severity);
  return severity;
}

std::map<std::string, Severity> read_severities(const std::map<std::string, std::string>& named,
                                                const Place& place) {
  std::map<std::string, Severity> severities;
  for (const auto& [name, text] : named) {
    const auto fail = [&](std::string message, std::string hint) {
      return Error({.code = ExitCode::invalid_project,
                    .message = std::move(message),
                    .place = place,
                    .hint = std::move(hint)});
    };
    if (find_rule(name) == nullptr)
      throw fail(fmt::format("there is no lint rule {}", printable(name)),
                 "\"limbeck lint --rules\" lists them");
    const auto severity = severity_named(text);
    if (!severity)
      throw fail(fmt::format("lint.rules.{} takes off, notice, warning or error, not \"{}\"", name,
                             printable(text)),
                 "");
    severities[name] = *severity;
  }
  return severities;
}

}  // namespace limbeck
