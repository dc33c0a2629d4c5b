#include "lint/naming.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/terminal.h"
#include "lint/rule_parts.h"

namespace limbeck {
namespace {

constexpr std::array kinds = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"table", "table"},
    {"column", "column"},
    {"pk", "primary key"},
    {"uq", "unique constraint"},
    {"ix", "index"},
    {"fk", "foreign key"},
    {"ck", "check"},
    {"ex", "exclusion constraint"},
});

constexpr std::array naming_effects = std::to_array<EffectKind>(
    {EffectKind::create_table, EffectKind::rename, EffectKind::create_index, EffectKind::add_column,
     EffectKind::add_check, EffectKind::add_foreign_key, EffectKind::add_key});

std::string_view words_of(std::string_view kind) {
  const auto* found =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& row) { return row.first == kind; });
  return found->second;
}

std::string_view kind_of(const Constraint& constraint) {
  switch (constraint.type) {
    case ConstraintType::primary_key:
      return "pk";
    case ConstraintType::unique:
      return "uq";
    case ConstraintType::foreign_key:
      return "fk";
    case ConstraintType::check:
      return "ck";
    case ConstraintType::exclusion:
      return "ex";
  }
  return "";
}

// A name as the convention sees it.
struct Named {
  std::string_view kind = {};
  std::string name = {};  // empty: it has none
  NameParts parts = {};
};

Named named_object(const Object& object) {
  if (object.id.kind == Kind::table) return {"table", object.id.name, {.table = object.id.name}};
  if (object.id.kind == Kind::column)
    return {"column", object.id.part, {.table = object.id.name, .columns = {object.id.part}}};
  if (object.id.kind == Kind::index) {
    Named result{"ix", object.id.name, {.table = as<Index>(object).table.name}};
    for (const IndexKey& key : as<Index>(object).keys) result.parts.columns.push_back(key.column);
    return result;
  }
  const auto& constraint = as<Constraint>(object);
  const bool unnamed = std::any_of(constraint.options.begin(), constraint.options.end(),
                                   [](const auto& it) { return it.name == "unnamed"; });
  Named result{kind_of(constraint),
               unnamed ? "" : object.id.part,
               {.table = object.id.name, .columns = constraint.columns}};
  if (constraint.foreign_key) {
    result.parts.referred_table = constraint.foreign_key->table.name;
    result.parts.referred_columns = constraint.foreign_key->columns;
  }
  return result;
}

std::optional<Hit> misfit(const Named& it, const NamePattern& pattern) {
  if (!it.name.empty() && pattern.fits(it.name, it.parts)) return std::nullopt;
  const std::string expected = pattern.expected(it.parts);
  const std::string owner = it.kind == "table" ? "" : fmt::format(" of {}", it.parts.table);
  Hit found = it.name.empty() ? hit("a {}{} has no name, where the convention asks for {}",
                                    words_of(it.kind), owner, expected)
                              : hit("the {} {}{} has another name than the convention asks for: {}",
                                    words_of(it.kind), it.name, owner, expected);
  found.object = it.kind == "table" ? it.name : fmt::format("{}.{}", it.parts.table, it.name);
  return found;
}

bool is_rename_of(const Effect& effect, std::string_view object) {
  return effect.kind == EffectKind::rename && effect.object == object;
}

}  // namespace

NamingConvention read_naming_convention(const std::map<std::string, std::string>& patterns,
                                        const Place& place) {
  NamingConvention convention;
  for (const auto& [kind, text] : patterns) {
    const auto fail = [&](std::string message, std::string hint) {
      return Error({.code = ExitCode::invalid_project,
                    .message = std::move(message),
                    .place = place,
                    .hint = std::move(hint)});
    };
    const bool known = std::any_of(kinds.begin(), kinds.end(),
                                   [&kind = kind](const auto& row) { return row.first == kind; });
    if (!known) {
      std::vector<std::string_view> names;
      names.reserve(kinds.size());
      for (const auto& row : kinds) names.push_back(row.first);
      throw fail(fmt::format("lint.names knows no {}", printable(kind)),
                 fmt::format("it takes {}", fmt::join(names, ", ")));
    }
    std::string unknown;
    auto pattern = NamePattern::parse(text, unknown);
    if (!pattern)
      throw fail(fmt::format("lint.names.{} holds {}, which is no token", kind, printable(unknown)),
                 "docs/lint.md lists the tokens; %% stands for %");
    convention.emplace(kind, *std::move(pattern));
  }
  return convention;
}

std::map<std::string, std::string> example_names() {
  return {{"ix", "%(table_name)s_%(column_0_N_name)s"}};
}

void NamesMade::before(const StatementEffects& effects, EffectReader& reader) {
  tables_.clear();
  moves_.clear();
  for (const Effect& effect : effects.effects) {
    if (std::find(naming_effects.begin(), naming_effects.end(), effect.kind) ==
        naming_effects.end())
      continue;
    const bool moves = is_rename_of(effect, "table");
    RelationName after = effect.table;
    if (moves || is_rename_of(effect, "index")) after.name = effect.detail;
    if (moves) moves_.emplace_back(effect.table, after);
    Table& table = tables_[after];
    table.is_new = table.is_new || effect.kind == EffectKind::create_table;
    if (effect.kind == EffectKind::add_column) table.columns.insert(effect.name);
    if (is_rename_of(effect, "column")) table.columns.insert(effect.detail);
    for (const Object& object : reader.named_in(effect.table))
      if (made_.count(object.id) == 0) there_.insert(object.id);
  }
}

// The parts of a table keep their names when it gets another.
void NamesMade::follow(const RelationName& from, const RelationName& to) {
  const auto moved = [&](ObjectId id) {
    if (is_part(id.kind) && id.schema == from.schema && id.name == from.name) id.name = to.name;
    return id;
  };
  const std::set<ObjectId> there = there_;
  for (const ObjectId& id : there) there_.insert(moved(id));
  std::map<ObjectId, Made> made;
  for (const auto& [id, it] : made_)
    made.emplace(moved(id), Made{it.table == from ? to : it.table, it.statement});
  made_ = std::move(made);
}

void NamesMade::after(const sql::Statement& statement, EffectReader& reader) {
  for (const auto& [from, to] : moves_) follow(from, to);
  for (const auto& [name, table] : tables_)
    for (const Object& object : reader.named_in(name)) {
      const ObjectId& id = object.id;
      // A column that no revision makes is known from the statement that speaks of it.
      if (id.kind == Kind::column && !table.is_new && table.columns.count(id.part) == 0)
        there_.insert(id);
      else if (there_.count(id) == 0)
        made_.try_emplace(id, Made{name, &statement});
    }
}

std::vector<NamesMade::Misnamed> NamesMade::misnamed(const NamingConvention& convention,
                                                     EffectReader& reader) const {
  std::vector<Misnamed> all;
  std::set<RelationName> tables;
  for (const auto& [id, made] : made_) tables.insert(made.table);
  for (const RelationName& name : tables)
    for (const Object& object : reader.named_in(name)) {
      const auto made = made_.find(object.id);
      if (made == made_.end()) continue;
      const Named it = named_object(object);
      const auto pattern = convention.find(std::string(it.kind));
      if (pattern == convention.end()) continue;
      if (auto found = misfit(it, pattern->second))
        all.push_back({*std::move(found), made->second.statement});
    }
  return all;
}

}  // namespace limbeck
