#include "lint/linter.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "lint/losses.h"
#include "lint/observation.h"
#include "lint/rule_parts.h"

namespace limbeck {

Linter::Linter(const Dialect& dialect, const LintSettings& settings,
               std::unique_ptr<EffectReader> reader)
    : dialect_(dialect), settings_(settings), tracer_(settings.tracer), reader_(std::move(reader)) {
  choose_rules();
}

Severity Linter::severity_of(const LintRule& rule) const {
  const auto set = settings_.severities.find(std::string(rule.name));
  return set == settings_.severities.end() ? rule.severity : set->second;
}

void Linter::choose_rules() {
  for (const LintRule& rule : rules()) {
    if (!rule.dialect.empty() && rule.dialect != dialect_.name()) continue;
    // Whether rows would be lost is asked even when nobody wants to read of it.
    const bool wanted =
        severity_of(rule) != Severity::off || (settings_.one_run && takes_rows(rule));
    if (!wanted) continue;
    for (const EffectKind kind : rule.kinds) by_kind_[kind].push_back(&rule);
    if (rule.of_statement != nullptr) of_statement_.push_back(&rule);
    if (rule.of_revision != nullptr) of_revision_.push_back(&rule);
  }
}

// ---- a revision ----

void Linter::begin(const LintedRevision& revision, bool judged) {
  // What is only passed has run before: its tables are in use.
  const bool same_run = settings_.one_run && judged_;
  revision_ = &revision;
  judged_ = judged;
  RevisionPast past;
  if (same_run) {
    past.created = std::move(past_.created);
    // What has rows from elsewhere is no new table any more.
    for (const RelationName& table : replaced_) past.created.erase(table);
    for (const RelationName& table : copies_.filled()) past.created.erase(table);
    past.new_columns = std::move(past_.new_columns);
  }
  past_ = std::move(past);
  copies_.clear();
  lines_.clear();
  first_finding_ = report_.findings.size();
  reader_->reset_session();
  if (tracer_ != nullptr && judged) tracer_->reset_session();
  if (judged) ++report_.revisions;
}

void Linter::look(const LintedRevision& revision, bool judged) {
  begin(revision, judged);
  if (judged && !revision.crossing.empty()) note_crossing(revision);
  look_at_steps();
}

void Linter::note_crossing(const LintedRevision& revision) {
  const LintRule& rule = *find_rule("history-not-linear");
  if (severity_of(rule) != Severity::off)
    add(rule, {.message = std::string(revision.crossing), .place = revision.file.revision.place});
}

void Linter::judge_refused(const LintedRevision& revision, const Error& error,
                           std::string_view rule) {
  begin(revision, true);
  add_error(rule, error, Certainty::text);
  look_at_steps();
}

void Linter::judge_unknown(NotLinted revision) {
  ++report_.revisions;
  unknown_code_ = true;
  report_.not_linted.push_back(std::move(revision));
}

void Linter::look_at_steps() {
  replaced_ = replaced_tables(revision_->steps, dialect_.name() == for_postgres);
  names_ = {};
  for (const Step& step : revision_->steps) look_at(step);
  if (!judged_) return;
  judge_names();
  if (reader_->schema() != nullptr)
    for (const LintRule* rule : of_revision_)
      for (Hit& hit : rule->of_revision(past_, *reader_->schema())) add(*rule, std::move(hit));
  allow();
}

void Linter::look_at(const Step& step) {
  past_.begin_transaction();
  for (const sql::Statement& statement : step.statements) {
    if (step.kind != StepKind::transaction) past_.begin_transaction();
    look_at(statement, step);
    if (step.kind != StepKind::transaction) reader_->end_transaction();
  }
  reader_->end_transaction();
  if (tracer_ != nullptr) tracer_->end_transaction();
}

void Linter::look_at(const sql::Statement& statement, const Step& step) {
  lines_.push_back(lines_of(revision_->file, statement));
  StatementEffects effects = reader_->effects(statement);
  tell_assumed(statement);
  if (judged_) copies_.look_at(statement, effects, *reader_);
  note_created(past_, effects, reader_->schema());
  if (judged_) {
    ++report_.statements;
    const std::size_t first = report_.findings.size();
    ask_rules(effects, statement, step);
    if (tracer_ != nullptr) trace(effects, statement, step, first);
  }
  note_effects(past_, effects, statement, step,
               [&](std::size_t offset) { return place_in(revision_->file, statement, offset); });
  follow_names(effects);
  const bool names_count = judged_ && !settings_.names.empty();
  if (names_count) names_.before(effects, *reader_);
  apply(statement);
  tell_assumed(statement);
  if (names_count) names_.after(statement, *reader_);
}

void Linter::judge_names() {
  const LintRule& rule = *find_rule("naming-convention");
  if (severity_of(rule) == Severity::off) return;
  for (NamesMade::Misnamed& it : names_.misnamed(settings_.names, *reader_))
    add(rule, std::move(it.hit), nullptr, it.statement);
}

// What no revision makes is told where it is met first. Behind code that is not understood, that
// may have made it.
void Linter::tell_assumed(const sql::Statement& statement) {
  const std::vector<std::string> assumed = reader_->take_assumed();
  if (assumed.empty()) return;
  assumed_ = true;
  const LintRule& rule = *find_rule("made-by-no-revision");
  if (!judged_ || unknown_code_ || severity_of(rule) == Severity::off) return;
  for (const std::string& each : assumed) {
    add(rule, hit("no revision makes the {}: it is taken to be there", each), nullptr, &statement);
    report_.findings.back().certainty = Certainty::text;
  }
}

void Linter::apply(const sql::Statement& statement) {
  try {
    reader_->apply(statement);
  } catch (const Error& error) {
    // Behind code that is not understood, what is missing may have been made by it.
    if (judged_ && !unknown_code_ && tracer_ == nullptr)
      add_error("does-not-run", error, Certainty::inferred);
  }
}

void Linter::follow_names(const StatementEffects& effects) {
  for (const Effect& effect : effects.effects) {
    if (effect.kind == EffectKind::code) unknown_code_ = true;
    if (!settings_.one_run || effect.kind != EffectKind::rename) continue;
    RelationName name = effect.table;
    if (effect.object == "table") name.name = effect.detail;
    if (effect.object == "schema of") name.schema = effect.detail;
    if (name == effect.table || past_.created.count(name) != 0) continue;
    const auto before = first_names_.find(effect.table);
    first_names_[name] = before == first_names_.end() ? effect.table : before->second;
  }
}

// ---- findings ----

void Linter::ask_rules(const StatementEffects& effects, const sql::Statement& statement,
                       const Step& step) {
  const Look look{.all = effects,
                  .statement = statement,
                  .step = step,
                  .past = past_,
                  .schema = reader_->schema(),
                  .version = settings_.live ? settings_.live->version : 0,
                  .replaced = &replaced_};
  for (const Effect& effect : effects.effects) {
    const auto interested = by_kind_.find(effect.kind);
    if (interested == by_kind_.end()) continue;
    for (const LintRule* rule : interested->second)
      if (auto hit = rule->of_effect(look, effect))
        add(*rule, std::move(*hit), &effect, &statement);
  }
  for (const LintRule* rule : of_statement_)
    for (Hit& hit : rule->of_statement(look)) add(*rule, std::move(hit), nullptr, &statement);
}

void Linter::add(const LintRule& rule, Hit hit, const Effect* effect,
                 const sql::Statement* statement) {
  Finding finding = finding_of(rule, severity_of(rule), std::move(hit),
                               {.file = revision_->file,
                                .revision = revision_->id,
                                .effect = effect,
                                .statement = statement,
                                .schema_is_known = reader_->schema() != nullptr,
                                .live = settings_.live ? &*settings_.live : nullptr});
  finding.takes_unseen = settings_.one_run && takes_unseen_rows(rule, effect);
  if (effect != nullptr) {
    for (RelationName& table : tables_losing_rows(rule, *effect)) {
      if (past_.created.count(table) != 0) continue;
      const auto before = first_names_.find(table);
      finding.takes_rows_of.push_back(before == first_names_.end() ? std::move(table)
                                                                   : before->second);
    }
  }
  report_.findings.push_back(std::move(finding));
}

void Linter::add_error(std::string_view name, const Error& error, Certainty certainty) {
  const LintRule* rule = find_rule(name);
  if (rule == nullptr || severity_of(*rule) == Severity::off) return;
  add(*rule, {.message = error.report().message,
              .rewrite = error.report().hint,
              .place = error.report().place});
  report_.findings.back().certainty = certainty;
}

bool Linter::stops_tracing(const DatabaseError& error, const std::string& revision) {
  // An undefined table, column, object, function; an invalid schema.
  constexpr std::array missing =
      std::to_array<std::string_view>({"42P01", "42703", "42704", "42883", "3F000"});
  const bool is_missing =
      std::find(missing.begin(), missing.end(), error.failure().sqlstate) != missing.end();
  // A live database may hold more than the revisions make, too.
  if (!is_missing || (!assumed_ && settings_.database == nullptr)) return false;
  tracer_ = nullptr;
  report_.not_traced = {.revision = revision,
                        .why = fmt::format("{}: the scratch database holds what revisions make, "
                                           "and none makes that",
                                           error.report().message)};
  return true;
}

// What is seen while the statement runs.
void Linter::trace(const StatementEffects& effects, const sql::Statement& statement,
                   const Step& step, std::size_t first) {
  const ScratchDialect& scratch = scratch_dialect_named(dialect_.name());
  const ScratchUse use = scratch.use_of(statement, tracer_->scratch().owns_server());
  if (use == ScratchUse::skip || use == ScratchUse::refuse) return;
  const bool alone = step.kind == StepKind::outside || use == ScratchUse::setting;
  Impacts observed;
  try {
    observed = tracer_->observe(statement, alone);
  } catch (const DatabaseError& error) {
    tracer_->scratch().connection().rollback();
    if (stops_tracing(error, revision_->id)) return;
    Error located = error;
    located.report().place = place_in(revision_->file, statement, 0);
    add_error("does-not-run", located, Certainty::proved);
    return;
  }
  prove(report_.findings, first, observed, effects, alone);
  const LintRule& rule = *find_rule("observed-work");
  if (severity_of(rule) == Severity::off) return;
  if (auto found = unforeseen(report_.findings, first, observed, past_)) {
    add(rule, std::move(found->hit), &found->effect, &statement);
    report_.findings.back().certainty = Certainty::proved;
  }
}

// ---- what the author allows ----

void Linter::allow() {
  const auto allowances = allowances_of(revision_->file, dialect_, revision_->direction);
  if (allowances.empty()) return;
  std::vector<std::set<std::string>> used(allowances.size());
  auto& findings = report_.findings;
  const auto allowed = [&](const Finding& finding) {
    bool any = false;
    for (std::size_t i = 0; i < allowances.size(); ++i) {
      const auto& names = allowances[i].rules;
      if (std::find(names.begin(), names.end(), finding.rule) == names.end() ||
          !covers(allowances[i], finding.place.line, lines_))
        continue;
      used[i].insert(finding.rule);
      any = true;
    }
    report_.allowed += any ? 1 : 0;
    return any;
  };
  findings.erase(std::remove_if(findings.begin() + static_cast<std::ptrdiff_t>(first_finding_),
                                findings.end(), allowed),
                 findings.end());
  for (std::size_t i = 0; i < allowances.size(); ++i) complain(allowances[i], used[i]);
}

void Linter::complain(const Allowance& allowance, const std::set<std::string>& used) {
  const auto say = [&](std::string_view name, std::string message) {
    const LintRule& rule = *find_rule(name);
    if (severity_of(rule) == Severity::off) return;
    add(rule, {.message = std::move(message), .place = allowance.place});
  };
  if (allowance.rules.empty()) say("allow-unused", "no rule is named");
  for (const std::string& name : allowance.rules) {
    const LintRule* rule = find_rule(name);
    if (std::find(rules_of_values.begin(), rules_of_values.end(), name) != rules_of_values.end())
      continue;  // "limbeck verify" says what it is good for
    if (rule == nullptr)
      say("allow-unused", fmt::format("there is no rule {}", name));
    else if (severity_of(*rule) != Severity::off && used.count(name) == 0 &&
             !(rule->name == "observed-work" && tracer_ == nullptr))
      say("allow-unused", fmt::format("{} finds nothing here", name));
  }
  if (allowance.reason.empty())
    say("allow-without-reason",
        fmt::format("it is not said why {} is allowed", listed(allowance.rules)));
}

}  // namespace limbeck
