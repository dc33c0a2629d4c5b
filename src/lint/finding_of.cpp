#include "lint/finding_of.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/source.h"
#include "base/terminal.h"
#include "base/text_place.h"
#include "lint/rule_parts.h"
#include "plan/script.h"

namespace limbeck {
namespace {

constexpr std::int64_t few_rows = 10'000;
constexpr std::int64_t many_rows = 1'000'000;
constexpr std::int64_t small_table = 10'000'000;  // bytes

void add_effect(Finding& finding, const Effect& effect, bool schema_is_known) {
  finding.object = shown(effect.table);
  if (effect.has(Trait::missing) || effect.has(Trait::assumed) ||
      effect.has(Trait::unknown_default) || !schema_is_known)
    finding.certainty = Certainty::text;
  if (effect.impact.lock >= LockLevel::share) {
    finding.lock = to_string(effect.impact.lock);
    finding.blocks = blocked_by(effect.impact.lock);
  }
  finding.duration = duration_of(effect.impact);
}

// What is known of the table's size makes a long wait more serious, or none.
void weigh(Finding& finding, const Effect& effect, const LiveFacts& live) {
  if (finding.duration < Duration::scan) return;
  const auto size = live.tables.find(effect.table);
  if (size == live.tables.end()) return;
  const auto& [rows, bytes] = size->second;
  // No rows: nobody has counted them.
  if (rows > 0) finding.message += fmt::format(" (about {} rows, {} MB)", rows, bytes / 1'000'000);
  if (rows < few_rows && bytes < small_table)
    finding.severity = std::min(finding.severity, Severity::notice);
  else if (rows >= many_rows)
    finding.severity = Severity::error;
}

}  // namespace

Duration duration_of(const TableImpact& impact) {
  if (impact.rewrite) return Duration::rewrite;
  if (impact.index_build) return Duration::index_build;
  if (impact.scan || impact.foreign_key_scan) return Duration::scan;
  return impact.lock >= LockLevel::share ? Duration::instant : Duration::none;
}

Place place_in(const RevisionFile& file, const sql::Statement& statement, std::size_t offset) {
  if (file.is_script) return place_of_line(file, statement.place.line);
  if (offset >= statement.text.size()) return statement.place;
  return place_at(statement.text, offset, statement.place);
}

Finding finding_of(const LintRule& rule, Severity severity, Hit hit, const HitContext& context) {
  const Effect* effect = context.effect;
  Finding finding{.rule = std::string(rule.name),
                  .severity = severity,
                  .certainty = Certainty::inferred,
                  .revision = context.revision,
                  .message = printable(hit.message),
                  .object = hit.object.value_or(""),
                  .why = std::string(rule.why),
                  .rewrite = printable(hit.rewrite.empty() ? rule.rewrite : hit.rewrite),
                  .loses_data = rule.loses_data};
  if (effect != nullptr) add_effect(finding, *effect, context.schema_is_known);
  if (hit.place)
    finding.place = *hit.place;
  else if (context.statement != nullptr)
    finding.place =
        place_in(context.file, *context.statement, effect == nullptr ? 0 : effect->offset);
  if (finding.place.source_line.empty() || !context.file.is_script)
    finding.place.source_line = source_line(context.file.text, finding.place.line);
  // Before the table's size is said: that is another one every day.
  finding.fingerprint = fingerprint_of(finding);
  if (effect != nullptr && context.live != nullptr) weigh(finding, *effect, *context.live);
  return finding;
}

}  // namespace limbeck
