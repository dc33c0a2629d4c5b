#include "verify/schema_findings.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "schema/difference.h"

namespace limbeck {
namespace {

// A part that is there or not because its table is, is not told of again.
bool goes_with_its_table(const ObjectId& id, const Schema& other) {
  if (!is_part(id.kind) || id.kind == Kind::domain_constraint) return false;
  for (const Kind kind : {Kind::table, Kind::view, Kind::materialized_view}) {
    if (other.find({kind, id.schema, id.name, {}}) != nullptr) return false;
  }
  return true;
}

}  // namespace

std::vector<SchemaFault> schema_faults(const Schema& expected, const Schema& found) {
  std::vector<SchemaFault> faults;
  side_by_side(expected, found, [&](const Object* wanted, const Object* there) {
    if (there == nullptr) {
      if (!goes_with_its_table(wanted->id, found))
        faults.push_back({wanted->id, false, to_string(wanted->id), "is missing"});
    } else if (wanted == nullptr) {
      if (!goes_with_its_table(there->id, expected))
        faults.push_back({there->id, true, to_string(there->id), "is there"});
    } else {
      const auto fields = differing_fields(*wanted, *there);
      if (!fields.empty())
        faults.push_back({there->id, false, to_string(there->id),
                          fmt::format("differs in {}", fmt::join(fields, ", "))});
    }
  });
  return faults;
}

namespace {

bool has_relation(const Schema& schema, const RelationName& name) {
  for (const Kind kind : {Kind::table, Kind::view, Kind::materialized_view, Kind::domain}) {
    if (schema.find({kind, name.schema, name.name, {}}) != nullptr) return true;
  }
  return false;
}

// Whether one of the columns is gone from a table that stays.
bool lost_column(const Schema& before, const Schema& after, const RelationName& table,
                 const std::vector<std::string>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    const ObjectId id{Kind::column, table.schema, table.name, column};
    return before.find(id) != nullptr && after.find(id) == nullptr;
  });
}

// Whether it is gone because something that it stands in, or on, is.
bool goes_with_another(const Object& object, const Schema& before, const Schema& after) {
  const ObjectId& id = object.id;
  const RelationName relation{id.schema, id.name};
  const ObjectId place{Kind::schema, {}, id.schema, {}};
  if (before.find(place) != nullptr && after.find(place) == nullptr) return true;
  if (is_part(id.kind) && !has_relation(after, relation)) return true;
  switch (id.kind) {
    case Kind::column_default:
      return lost_column(before, after, relation, {id.part});
    case Kind::constraint:
      return lost_column(before, after, relation, as<Constraint>(object).columns);
    case Kind::index: {
      const auto& index = as<Index>(object);
      std::vector<std::string> columns = index.include;
      for (const IndexKey& key : index.keys) columns.push_back(key.column);
      return !has_relation(after, index.table) || lost_column(before, after, index.table, columns);
    }
    case Kind::statistics: {
      const RelationName& table = as<Statistics>(object).table;
      return !has_relation(after, table) || columns_of(before, table.schema, table.name).size() >
                                                columns_of(after, table.schema, table.name).size();
    }
    case Kind::sequence: {
      const auto& owner = as<Sequence>(object).owned_by;
      return owner && after.find(*owner) == nullptr;
    }
    case Kind::table: {
      const auto& parent = as<Table>(object).partition_of;
      return parent && !has_relation(after, parent->parent);
    }
    default:
      return false;
  }
}

}  // namespace

std::vector<ObjectId> taken_along(const Schema& before, const Schema& after, const Said& said) {
  std::vector<ObjectId> taken;
  if (!said.drops_by_cascade()) return taken;
  for (const auto& [id, object] : before.objects) {
    if (after.find(id) != nullptr || goes_with_another(object, before, after)) continue;
    const bool by_its_part = is_part(id.kind) || id.kind == Kind::opaque;
    if (!said.names(by_its_part ? id.part : id.name)) taken.push_back(id);
  }
  return taken;
}

}  // namespace limbeck
