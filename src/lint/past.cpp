#include "lint/past.h"

#include <algorithm>
#include <charconv>

#include "base/source.h"
#include "dialect/tokens.h"

namespace limbeck {
namespace {

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

void note_foreign_key(RevisionPast& past, const Effect& effect, const PlaceOfOffset& place_of) {
  past.foreign_keys.push_back(effect);
  if (effect.kind == EffectKind::add_column) past.foreign_keys.back().columns = {effect.name};
  past.foreign_key_places.push_back(place_of(effect.offset));
}

// What wants a column that is wanted already makes nothing worse.
void no_longer_new(RevisionPast& past, const Effect& effect) {
  for (std::string& column : new_columns_wanted(past, effect))
    past.new_columns.erase({effect.table, std::move(column)});
}

void note_effect(RevisionPast& past, const Effect& effect, const Step& step,
                 const PlaceOfOffset& place_of) {
  switch (effect.kind) {
    case EffectKind::add_column:
      if (!effect.has(Trait::has_default) && past.created.count(effect.table) == 0)
        past.new_columns.insert({effect.table, effect.name});
      if (effect.has(Trait::references)) note_foreign_key(past, effect, place_of);
      return;
    case EffectKind::rename:
      if (effect.object == "table" && past.created.erase(effect.table) != 0)
        past.created.insert({effect.table.schema, effect.detail});
      return;
    case EffectKind::drop_table:
      past.created.erase(effect.table);
      return;
    case EffectKind::drop_index:
      past.dropped_indexes[effect.table].insert(effect.columns);
      return;
    case EffectKind::set_not_null:
      no_longer_new(past, effect);
      return;
    case EffectKind::add_check:
    case EffectKind::add_foreign_key:
      no_longer_new(past, effect);
      if (effect.has(Trait::not_valid) && step.kind == StepKind::transaction)
        past.not_valid.insert({effect.table, effect.name});
      if (effect.kind == EffectKind::add_foreign_key) note_foreign_key(past, effect, place_of);
      return;
    case EffectKind::add_enum_value:
      past.new_labels.insert({effect.table, effect.name});
      return;
    case EffectKind::timeout:
      if (effect.name == "lock_timeout") past.lock_timeout = milliseconds(effect.detail);
      if (effect.name == "statement_timeout") past.statement_timeout = milliseconds(effect.detail);
      return;
    default:
      return;
  }
}

}  // namespace

bool can_be_joined(const StatementEffects& effects) {
  return std::all_of(effects.effects.begin(), effects.effects.end(), [](const Effect& effect) {
    switch (effect.kind) {
      case EffectKind::rename:
      case EffectKind::attach_partition:
      case EffectKind::detach_partition:
      case EffectKind::validate_constraint:
      case EffectKind::drop_constraint:
        return false;
      default:
        return !effect.has(Trait::not_valid) && !effect.has(Trait::using_index) &&
               !effect.has(Trait::proven);
    }
  });
}

std::vector<std::string> new_columns_wanted(const RevisionPast& past, const Effect& effect) {
  const auto is_new = [&](const std::string& column) {
    return past.new_columns.count({effect.table, column}) != 0;
  };
  if (effect.kind == EffectKind::set_not_null && is_new(effect.name)) return {effect.name};
  std::vector<std::string> wanted;
  for (const std::vector<std::string>& columns : effect.given) {
    if (!std::all_of(columns.begin(), columns.end(), is_new)) continue;
    for (const std::string& column : columns)
      if (std::find(wanted.begin(), wanted.end(), column) == wanted.end()) wanted.push_back(column);
  }
  return wanted;
}

std::set<RelationName> replaced_tables(const std::vector<Step>& steps, bool fold) {
  constexpr std::size_t most_tokens = 24;
  std::set<RelationName> gone;
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
        if (const auto name = reader.name()) add(gone, *name);
      } else if (reader.accept("ALTER TABLE")) {
        reader.accept("IF EXISTS");
        const auto from = reader.name();
        if (!from || !reader.accept("RENAME TO")) continue;
        const auto to = reader.name();
        if (!to) continue;
        const QualifiedName target{from->schema, to->object};
        if (gone.count({target.schema.name, target.object.name}) != 0) add(replaced, target);
        add(gone, *from);
      } else if (reader.accept("CREATE TABLE")) {
        const auto name = reader.name();
        if (name && gone.count({name->schema.name, name->object.name}) != 0) add(replaced, *name);
      }
    }
  return replaced;
}

void note_created(RevisionPast& past, const StatementEffects& effects, const Schema* schema) {
  for (const Effect& effect : effects.effects) {
    if (effect.kind != EffectKind::create_table) continue;
    const bool there = schema != nullptr && schema->find({Kind::table, effect.table.schema,
                                                          effect.table.name, ""}) != nullptr;
    if (!there) past.created.insert(effect.table);
  }
}

void note_effects(RevisionPast& past, const StatementEffects& effects,
                  const sql::Statement& statement, const Step& step,
                  const PlaceOfOffset& place_of) {
  for (const Effect& effect : effects.effects) note_effect(past, effect, step, place_of);
  if (sql::starts_with(statement, "ALTER TABLE") && !effects.effects.empty() &&
      can_be_joined(effects))
    ++past.alters[effects.effects.front().table];
  if (step.kind != StepKind::transaction) return;
  for (const auto& [table, impact] : effects.impacts)
    if (past.created.count(table) == 0) past.held[table].add(impact);
}

}  // namespace limbeck
