#include "lint/lint.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "base/source.h"
#include "base/terminal.h"
#include "base/text_place.h"
#include "dialect/tokens.h"
#include "lint/allowance.h"
#include "lint/rule.h"
#include "lint/rule_parts.h"
#include "plan/plan.h"
#include "plan/script.h"
#include "source/replay.h"

namespace limbeck {
namespace {

constexpr std::int64_t few_rows = 10'000;
constexpr std::int64_t many_rows = 1'000'000;
constexpr std::int64_t small_table = 10'000'000;  // bytes

Duration duration_of(const TableImpact& impact) {
  if (impact.rewrite) return Duration::rewrite;
  if (impact.index_build) return Duration::index_build;
  if (impact.scan || impact.foreign_key_scan) return Duration::scan;
  return impact.lock >= LockLevel::share ? Duration::instant : Duration::none;
}

bool does_the_same(const TableImpact& observed, Duration duration) {
  switch (duration) {
    case Duration::rewrite:
      return observed.rewrite;
    case Duration::index_build:
      return observed.index_build || observed.rewrite;
    case Duration::scan:
      return observed.scan || observed.foreign_key_scan || observed.rewrite;
    default:
      return true;
  }
}

// "3s", "500", "1min" in milliseconds, as PostgreSQL reads a timeout.
std::optional<int> milliseconds(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit = trimmed({end, text.data() + text.size()}, " ");
  if (unit.empty() || unit == "ms") return number;
  constexpr int second = 1000;
  constexpr int minute = 60 * second;
  if (unit == "s") return number * second;
  if (unit == "min") return number * minute;
  return minute;  // hours, days: long
}

// The names that tables get in a revision after one of that name was dropped: it is made anew.
std::set<RelationName> replaced_tables(const std::vector<Step>& steps, bool fold) {
  constexpr std::size_t most_tokens = 24;
  std::set<RelationName> dropped;
  std::set<RelationName> replaced;
  const auto add = [](std::set<RelationName>& to, const QualifiedName& name) {
    to.insert({name.schema.name, name.object.name});
    if (name.schema.name.empty()) to.insert({"public", name.object.name});
  };
  for (const Step& step : steps)
    for (const sql::Statement& statement : step.statements) {
      TokenReader reader(statement.text, most_tokens, fold);
      if (reader.accept("DROP TABLE")) {
        reader.accept("IF EXISTS");
        if (const auto name = reader.name()) add(dropped, *name);
      } else if (reader.accept("ALTER TABLE")) {
        reader.accept("IF EXISTS");
        const auto from = reader.name();
        if (!from || !reader.accept("RENAME TO")) continue;
        const auto to = reader.name();
        if (!to) continue;
        const QualifiedName target{from->schema, to->object};
        if (dropped.count({target.schema.name, target.object.name}) != 0) add(replaced, target);
      }
    }
  return replaced;
}

// The lines of a statement, to tell to which one a comment belongs.
struct Lines {
  int first = 0;
  int last = 0;
};

class Linter {
 public:
  Linter(const Chain& chain, const Dialect& dialect, const LintSettings& settings)
      : chain_(chain),
        dialect_(dialect),
        settings_(settings),
        reader_(make_effect_reader(dialect.name(), settings.server)) {
    for (const LintRule& rule : rules()) {
      if (!rule.dialect.empty() && rule.dialect != dialect.name()) continue;
      if (severity_of(rule) == Severity::off) continue;
      for (const EffectKind kind : rule.kinds) by_kind_[kind].push_back(&rule);
      if (rule.of_statement != nullptr) of_statement_.push_back(&rule);
      if (rule.of_revision != nullptr) of_revision_.push_back(&rule);
    }
  }

  LintReport run(std::span<const RevisionStep> before, std::span<const RevisionStep> range) {
    for (const RevisionStep& step : before) revision(step.revision, false);
    if (settings_.tracer != nullptr)
      replay(settings_.tracer->scratch(), scratch_dialect_named(dialect_.name()), dialect_, chain_,
             before);
    for (const RevisionStep& step : range) revision(step.revision, true);
    return std::move(report_);
  }

 private:
  Severity severity_of(const LintRule& rule) const {
    const auto set = settings_.severities.find(std::string(rule.name));
    return set == settings_.severities.end() ? rule.severity : set->second;
  }

  void revision(RevisionGraph::Index index, bool judged) {
    judged_ = judged;
    past_ = {};
    lines_.clear();
    first_finding_ = report_.findings.size();
    reader_->reset_session();
    if (settings_.tracer != nullptr && judged) settings_.tracer->reset_session();
    id_ = chain_.graph().id(index);
    PlannedRevision planned;
    try {
      planned = chain_.plan(index, Direction::upgrade, dialect_);
    } catch (Error& error) {
      if (error.code() != ExitCode::invalid_project) throw;
      planned = refused(index, error);
    }
    file_ = &planned.file;
    if (judged) ++report_.revisions;
    if (planned.live || planned.delegation) {
      unknown_code_ = true;
      if (judged)
        report_.not_linted.push_back(
            {id_, planned.live ? planned.live_because : "Alembic itself runs it",
             planned.live_place});
      return;
    }
    replaced_ = replaced_tables(planned.steps, dialect_.name() == "postgresql");
    for (const Step& step : planned.steps) run_step(step);
    if (!judged) return;
    if (reader_->schema() != nullptr)
      for (const LintRule* rule : of_revision_)
        for (Hit& hit : rule->of_revision(past_, *reader_->schema()))
          add(*rule, std::move(hit), nullptr, nullptr);
    allow();
  }

  // A revision that Limbeck refuses to run is still read, for what stands in it.
  PlannedRevision refused(RevisionGraph::Index index, const Error& error) {
    PlannedRevision planned{.file = chain_.read(index)};
    file_ = &planned.file;
    std::string_view rule = "does-not-run";
    for (const Section& section : planned.file.sections) {
      const bool other =
          !section.dialects.empty() && std::find(section.dialects.begin(), section.dialects.end(),
                                                 dialect_.name()) == section.dialects.end();
      if (section.direction != Direction::upgrade || other) continue;
      const Place start{
          .file = planned.file.revision.place.file, .line = section.body_line, .column = 1};
      Step step{.kind = StepKind::transaction, .place = section.marker};
      for (sql::Statement& statement :
           sql::split(planned.file.body(section), dialect_.lexical_rules(), start)) {
        const bool here =
            error.report().place && statement.place.line == error.report().place->line;
        if (here) rule = rule_of(dialect_.nature(statement));
        step.statements.push_back(std::move(statement));
      }
      planned.steps.push_back(std::move(step));
    }
    if (judged_) add_error(rule, error, Certainty::text);
    return planned;
  }

  static std::string_view rule_of(StatementNature nature) {
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

  void add_error(std::string_view name, const Error& error, Certainty certainty) {
    const LintRule* rule = find_rule(name);
    if (rule == nullptr || severity_of(*rule) == Severity::off) return;
    Hit hit{.message = error.report().message,
            .rewrite = error.report().hint,
            .place = error.report().place};
    add(*rule, std::move(hit), nullptr, nullptr);
    report_.findings.back().certainty = certainty;
  }

  void run_step(const Step& step) {
    past_.begin_transaction();
    for (const sql::Statement& statement : step.statements) {
      if (step.kind != StepKind::transaction) past_.begin_transaction();
      const int last =
          statement.place.line +
          static_cast<int>(std::count(statement.text.begin(), statement.text.end(), '\n'));
      lines_.push_back({statement.place.line, last});
      const StatementEffects effects = reader_->effects(statement);
      note_created(effects);
      if (judged_) {
        ++report_.statements;
        const std::size_t before = report_.findings.size();
        judge(effects, statement, step);
        if (settings_.tracer != nullptr) trace(effects, statement, step, before);
      }
      advance(effects, statement, step);
      apply(statement);
    }
  }

  void apply(const sql::Statement& statement) {
    try {
      reader_->apply(statement);
    } catch (const Error& error) {
      // Behind code that is not understood, what is missing may have been made by it.
      if (judged_ && !unknown_code_ && settings_.tracer == nullptr)
        add_error("does-not-run", error, Certainty::inferred);
    }
  }

  void judge(const StatementEffects& effects, const sql::Statement& statement, const Step& step) {
    Look look{.all = effects,
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

  void add(const LintRule& rule, Hit hit, const Effect* effect, const sql::Statement* statement) {
    Finding finding{.rule = std::string(rule.name),
                    .severity = severity_of(rule),
                    .certainty = Certainty::inferred,
                    .revision = id_,
                    .message = printable(hit.message),
                    .object = hit.object.value_or(""),
                    .why = std::string(rule.why),
                    .rewrite = printable(hit.rewrite.empty() ? rule.rewrite : hit.rewrite),
                    .loses_data = rule.loses_data};
    if (effect != nullptr) {
      finding.object = shown(effect->table);
      if (effect->has(Trait::missing) || effect->has(Trait::unknown_default) ||
          reader_->schema() == nullptr)
        finding.certainty = Certainty::text;
      if (effect->impact.lock >= LockLevel::share) {
        finding.lock = to_string(effect->impact.lock);
        finding.blocks = blocked_by(effect->impact.lock);
      }
      finding.duration = duration_of(effect->impact);
      weigh(finding, *effect);
    }
    if (hit.place)
      finding.place = *hit.place;
    else if (statement != nullptr)
      finding.place = place_in(*statement, effect == nullptr ? 0 : effect->offset);
    if (finding.place.source_line.empty())
      finding.place.source_line = source_line(file_->text, finding.place.line);
    finding.fingerprint = fingerprint_of(finding);
    report_.findings.push_back(std::move(finding));
  }

  Place place_in(const sql::Statement& statement, std::size_t offset) const {
    if (file_->is_script) return place_of_line(*file_, statement.place.line);
    if (offset >= statement.text.size()) return statement.place;
    return place_at(statement.text, offset, statement.place);
  }

  // What is known of the table's size makes a long wait more serious, or none.
  void weigh(Finding& finding, const Effect& effect) const {
    if (!settings_.live || finding.duration < Duration::scan) return;
    const auto size = settings_.live->tables.find(effect.table);
    if (size == settings_.live->tables.end()) return;
    const auto& [rows, bytes] = size->second;
    finding.message += fmt::format(" (about {} rows, {} MB)", rows, bytes / 1'000'000);
    if (rows < few_rows && bytes < small_table)
      finding.severity = std::min(finding.severity, Severity::notice);
    else if (rows >= many_rows)
      finding.severity = Severity::error;
  }

  // ---- what is seen while the statement runs ----

  void trace(const StatementEffects& effects, const sql::Statement& statement, const Step& step,
             std::size_t before) {
    const ScratchDialect& scratch = scratch_dialect_named(dialect_.name());
    const ScratchUse use = scratch.use_of(statement, settings_.tracer->scratch().owns_server());
    if (use == ScratchUse::skip || use == ScratchUse::refuse) return;
    const bool alone = step.kind == StepKind::outside || use == ScratchUse::setting;
    Impacts observed;
    try {
      observed = settings_.tracer->observe(statement, alone);
    } catch (const DatabaseError& error) {
      settings_.tracer->scratch().connection().rollback();
      Error located = error;
      located.report().place = place_in(statement, 0);
      add_error("does-not-run", located, Certainty::proved);
      return;
    }
    prove(observed, effects, before, alone);
    add_unforeseen(observed, statement, before);
  }

  // What was foreseen and did not happen is no finding.
  void prove(const Impacts& observed, const StatementEffects& effects, std::size_t before,
             bool alone) {
    for (std::size_t i = report_.findings.size(); i > before; --i) {
      Finding& finding = report_.findings[i - 1];
      if (finding.duration == Duration::none) continue;
      bool seen = false;
      for (const auto& [table, impact] : observed)
        seen = seen || (does_the_same(impact, finding.duration) &&
                        (finding.duration != Duration::instant || shown(table) == finding.object));
      if (seen)
        finding.certainty = Certainty::proved;
      else if (!alone && finding.duration != Duration::instant && !effects.impacts.empty())
        report_.findings.erase(report_.findings.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
  }

  void add_unforeseen(const Impacts& observed, const sql::Statement& statement,
                      std::size_t before) {
    const LintRule& rule = *find_rule("observed-work");
    if (severity_of(rule) == Severity::off) return;
    for (const auto& [table, impact] : observed) {
      if (!impact.is_long() || impact.lock < LockLevel::share || past_.created.count(table) != 0)
        continue;
      const bool foreseen = std::any_of(
          report_.findings.begin() + static_cast<std::ptrdiff_t>(before), report_.findings.end(),
          [&](const Finding& it) { return it.duration >= Duration::scan; });
      if (foreseen) return;
      Effect effect{.table = table, .impact = impact};
      add(rule,
          hit("this {} {} under a lock against {}",
              impact.rewrite       ? "writes all of"
              : impact.index_build ? "builds an index of"
                                   : "reads all of",
              shown(table), blocked_by(impact.lock)),
          &effect, &statement);
      report_.findings.back().certainty = Certainty::proved;
    }
  }

  // ---- what later statements have to know ----

  void note_created(const StatementEffects& effects) {
    for (const Effect& effect : effects.effects) {
      if (effect.kind != EffectKind::create_table) continue;
      const Schema* schema = reader_->schema();
      const bool there = schema != nullptr && schema->find({Kind::table, effect.table.schema,
                                                            effect.table.name, ""}) != nullptr;
      if (!there) past_.created.insert(effect.table);
    }
  }

  void advance(const StatementEffects& effects, const sql::Statement& statement, const Step& step) {
    for (const Effect& effect : effects.effects) advance(effect, statement, step);
    if (sql::starts_with(statement, "ALTER TABLE") && !effects.effects.empty())
      ++past_.alters[effects.effects.front().table];
    if (step.kind == StepKind::transaction)
      for (const auto& [table, impact] : effects.impacts)
        if (past_.created.count(table) == 0) past_.held[table].add(impact);
  }

  void advance(const Effect& effect, const sql::Statement& statement, const Step& step) {
    switch (effect.kind) {
      case EffectKind::add_column:
        if (!effect.has(Trait::has_default) && past_.created.count(effect.table) == 0)
          past_.new_columns.insert({effect.table, effect.name});
        return;
      case EffectKind::rename:
        if (effect.object == "table" && past_.created.erase(effect.table) != 0)
          past_.created.insert({effect.table.schema, effect.detail});
        return;
      case EffectKind::drop_table:
        past_.created.erase(effect.table);
        return;
      case EffectKind::drop_index:
        past_.dropped_indexes[effect.table].insert(effect.columns);
        return;
      case EffectKind::add_check:
      case EffectKind::add_foreign_key:
        if (effect.has(Trait::not_valid) && step.kind == StepKind::transaction)
          past_.not_valid.insert({effect.table, effect.name});
        if (effect.kind == EffectKind::add_foreign_key) {
          past_.foreign_keys.push_back(effect);
          past_.foreign_key_places.push_back(place_in(statement, effect.offset));
        }
        return;
      case EffectKind::add_enum_value:
        past_.new_labels.insert(effect.name);
        return;
      case EffectKind::code:
        unknown_code_ = true;
        return;
      case EffectKind::timeout:
        if (effect.name == "lock_timeout") past_.lock_timeout = milliseconds(effect.detail);
        if (effect.name == "statement_timeout")
          past_.statement_timeout = milliseconds(effect.detail);
        return;
      default:
        return;
    }
  }

  // ---- what the author allows ----

  void allow() {
    std::vector<Allowance> allowances = allowances_of(*file_, dialect_);
    if (allowances.empty()) return;
    std::set<std::pair<std::size_t, std::string>> used;
    auto& findings = report_.findings;
    const auto begin = findings.begin() + static_cast<std::ptrdiff_t>(first_finding_);
    const auto allowed = [&](const Finding& finding) {
      bool any = false;
      for (std::size_t i = 0; i < allowances.size(); ++i) {
        const auto& names = allowances[i].rules;
        if (std::find(names.begin(), names.end(), finding.rule) == names.end() ||
            !covers(allowances[i], finding.place.line))
          continue;
        used.insert({i, finding.rule});
        any = true;
      }
      report_.allowed += any ? 1 : 0;
      return any;
    };
    findings.erase(std::remove_if(begin, findings.end(), allowed), findings.end());
    for (std::size_t i = 0; i < allowances.size(); ++i) complain(allowances[i], i, used);
  }

  bool covers(const Allowance& allowance, int line) const {
    if (allowance.whole_revision) return true;
    for (const Lines& statement : lines_)
      if (statement.last >= allowance.place.line)
        return line >= statement.first && line <= statement.last;
    return false;
  }

  void complain(const Allowance& allowance, std::size_t index,
                const std::set<std::pair<std::size_t, std::string>>& used) {
    const auto say = [&](std::string_view name, std::string message) {
      const LintRule& rule = *find_rule(name);
      if (severity_of(rule) == Severity::off) return;
      add(rule, {.message = std::move(message), .place = allowance.place}, nullptr, nullptr);
      report_.findings.back().certainty = Certainty::inferred;
    };
    if (allowance.rules.empty()) say("allow-unused", "no rule is named");
    for (const std::string& name : allowance.rules) {
      const LintRule* rule = find_rule(name);
      if (rule == nullptr)
        say("allow-unused", fmt::format("there is no rule {}", name));
      else if (severity_of(*rule) != Severity::off && used.count({index, name}) == 0 &&
               !(rule->name == "observed-work" && settings_.tracer == nullptr))
        say("allow-unused", fmt::format("{} finds nothing here", name));
    }
    if (allowance.reason.empty())
      say("allow-without-reason",
          fmt::format("it is not said why {} is allowed", listed(allowance.rules)));
  }

  const Chain& chain_;
  const Dialect& dialect_;
  const LintSettings& settings_;
  std::unique_ptr<EffectReader> reader_;
  std::map<EffectKind, std::vector<const LintRule*>> by_kind_;
  std::vector<const LintRule*> of_statement_;
  std::vector<const LintRule*> of_revision_;
  LintReport report_;

  // Of the revision that is read.
  bool judged_ = false;
  bool unknown_code_ = false;  // also of those before it
  std::string id_;
  const RevisionFile* file_ = nullptr;
  RevisionPast past_;
  std::set<RelationName> replaced_;
  std::vector<Lines> lines_;
  std::size_t first_finding_ = 0;
};

}  // namespace

LintReport lint(const Chain& chain, const Dialect& dialect, std::span<const RevisionStep> before,
                std::span<const RevisionStep> range, const LintSettings& settings) {
  return Linter(chain, dialect, settings).run(before, range);
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
