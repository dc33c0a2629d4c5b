// What SQLite can change in place.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>

#include "dialect/sqlite/schema_dialect.h"
#include "dialect/sqlite/sql_text.h"
#include "schema/difference.h"

namespace limbeck::sqlite {
namespace {

using ObjectsById = std::map<ObjectId, const Object*>;

ObjectsById of_kind(const std::vector<Object>& table, Kind kind) {
  ObjectsById objects;
  for (const Object& object : table) {
    if (object.id.kind == kind) objects.emplace(object.id, &object);
  }
  return objects;
}

bool equal(const ObjectsById& from, const ObjectsById& to) {
  return std::equal(from.begin(), from.end(), to.begin(), to.end(), [](auto& left, auto& right) {
    return left.first == right.first && left.second->definition == right.second->definition;
  });
}

std::optional<std::string> default_of(const std::vector<Object>& table, const std::string& column) {
  for (const Object& object : table) {
    if (object.id.kind == Kind::column_default && object.id.part == column)
      return as<ColumnDefault>(object).expression;
  }
  return std::nullopt;
}

// Whether rows that are there can be given the value: anything else has to be computed for each.
bool is_literal(const std::string& expression) {
  const std::vector<SqlToken> tokens = tokens_of(expression);
  const bool sign = !tokens.empty() && (tokens[0].is("-") || tokens[0].is("+"));
  if (tokens.size() != (sign ? 2U : 1U)) return false;
  const SqlToken& value = tokens.back();
  if (value.kind == sql::TokenKind::number) return true;
  return !sign && (value.kind == sql::TokenKind::string || value.is("NULL") || value.is("TRUE") ||
                   value.is("FALSE"));
}

// What ALTER TABLE ADD COLUMN takes, also when the table has rows.
bool can_add(const Object& object, const std::vector<Object>& table) {
  const auto& column = as<Column>(object);
  if (column.generated) return !column.generated->stored;
  const auto expression = default_of(table, object.id.part);
  if (!expression) return !column.not_null;
  return is_literal(*expression) && !(column.not_null && *expression == "NULL");
}

// What ALTER TABLE DROP COLUMN takes: nothing that stays may name the column, nor a constraint that
// would have to go with it.
bool can_drop(const Object& object, const RebuildTable& change) {
  const std::vector<std::string> name{object.id.part};
  const auto names_it = [&](const std::string& sql) { return !mentioned(sql, name).empty(); };
  for (const Object& other : change.from) {
    if (other.id.kind == Kind::constraint) {
      const auto& columns = as<Constraint>(other).columns;
      if (std::find(columns.begin(), columns.end(), name.front()) != columns.end()) return false;
    }
    if (other.id.kind == Kind::column && as<Column>(other).generated &&
        names_it(as<Column>(other).generated->expression))
      return false;
  }
  return std::none_of(change.to.begin(), change.to.end(), [&](const Object& other) {
    return other.id.kind == Kind::trigger && names_it(as<Trigger>(other).definition);
  });
}

std::vector<std::string> names_in_order(const std::vector<Object>& table) {
  std::vector<const Object*> columns;
  for (const Object& object : table) {
    if (object.id.kind == Kind::column) columns.push_back(&object);
  }
  std::sort(columns.begin(), columns.end(), [](const Object* left, const Object* right) {
    return as<Column>(*left).position < as<Column>(*right).position;
  });
  std::vector<std::string> names;
  for (const Object* column : columns) names.push_back(column->id.part);
  return names;
}

// Whether adding columns at the end would give up an order that is right so far.
bool loses_order(const RebuildTable& change) {
  const std::vector<std::string> from = names_in_order(change.from);
  const std::vector<std::string> to = names_in_order(change.to);
  const auto in = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::string> kept_from, kept_to, added;
  std::copy_if(from.begin(), from.end(), std::back_inserter(kept_from),
               [&](const std::string& name) { return in(to, name); });
  for (const std::string& name : to) (in(from, name) ? kept_to : added).push_back(name);
  if (added.empty() || kept_from != kept_to) return false;
  kept_to.insert(kept_to.end(), added.begin(), added.end());
  return kept_to != to;
}

}  // namespace

Change change(const Object& from, const Object& /*to*/) {
  switch (from.id.kind) {
    case Kind::view:
    case Kind::index:
    case Kind::trigger:
    case Kind::opaque:
      return Change::replace;
    default:
      return Change::in_place;
  }
}

bool needs_rebuild(const RebuildTable& change) {
  const Object& old_table = change.from.front();
  const Object& new_table = change.to.front();
  if (old_table.id != new_table.id || old_table.definition != new_table.definition) return true;
  if (!equal(of_kind(change.from, Kind::constraint), of_kind(change.to, Kind::constraint)))
    return true;
  const ObjectsById old_columns = of_kind(change.from, Kind::column);
  const ObjectsById new_columns = of_kind(change.to, Kind::column);
  for (const auto& [id, column] : old_columns) {
    const auto found = new_columns.find(id);
    if (found == new_columns.end()) {
      if (!can_drop(*column, change)) return true;
    } else if (!differing_fields(*column, *found->second).empty() ||
               default_of(change.from, id.part) != default_of(change.to, id.part)) {
      return true;
    }
  }
  for (const auto& [id, column] : new_columns) {
    if (!old_columns.contains(id) && !can_add(*column, change.to)) return true;
  }
  // Names that differ in their case alone cannot stand beside each other for a moment.
  const bool respelled = std::any_of(change.copied.begin(), change.copied.end(),
                                     [](const auto& names) { return names.first != names.second; });
  return respelled || loses_order(change);
}

std::vector<std::string> occupied_names(const Object& object) {
  const ObjectId& id = object.id;
  switch (id.kind) {
    case Kind::table:
    case Kind::view:
    case Kind::index:
    case Kind::opaque:
      return {"relation " + folded(id.name)};
    case Kind::trigger:
      return {"trigger " + folded(id.part)};
    case Kind::column:
      return {fmt::format("column {} of {}", folded(id.part), folded(id.name))};
    default:
      return {};
  }
}

}  // namespace limbeck::sqlite
