#include "diff/rebuild.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace limbeck {
namespace {

bool is_table(const ObjectId& id) {
  return id.kind == Kind::table;
}

using Indexes = std::map<RelationName, std::vector<const Object*>>;

Indexes indexes_by_table(const Schema& schema) {
  Indexes indexes;
  for (auto at = schema.objects.lower_bound(ObjectId{Kind::index, "", "", ""});
       at != schema.objects.end() && at->first.kind == Kind::index; ++at)
    indexes[as<Index>(at->second).table].push_back(&at->second);
  return indexes;
}

// The table itself first, then its parts, indexes and triggers.
std::vector<const Object*> whole_table(const Schema& schema, const Indexes& indexes,
                                       const Object& table) {
  const ObjectId& id = table.id;
  std::vector<const Object*> objects{&table};
  for (const Object* column : columns_of(schema, id.schema, id.name)) objects.push_back(column);
  constexpr std::array kinds{Kind::column_default, Kind::constraint, Kind::trigger};
  for (const Kind kind : kinds) {
    for (const Object* part : parts_of(schema, kind, id.schema, id.name)) objects.push_back(part);
  }
  if (const auto found = indexes.find({id.schema, id.name}); found != indexes.end()) {
    for (const Object* index : found->second) objects.push_back(index);
  }
  return objects;
}

bool equal(const std::vector<const Object*>& left, const std::vector<const Object*>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Object* one, const Object* other) { return *one == *other; });
}

std::vector<Object> copies(const std::vector<const Object*>& objects) {
  std::vector<Object> result;
  result.reserve(objects.size());
  for (const Object* object : objects) result.push_back(*object);
  return result;
}

using NamesOfColumns = std::map<std::vector<std::string>, std::string>;

// Each column's name by the names that it occupies: Age and age are one column where the database
// says so.
NamesOfColumns columns_by_name(const std::vector<Object>& table, const SchemaDialect& dialect) {
  NamesOfColumns names;
  for (const Object& object : table) {
    if (object.id.kind == Kind::column)
      names.emplace(dialect.occupied_names(object), object.id.part);
  }
  return names;
}

std::vector<std::pair<std::string, std::string>> copied_columns(const std::vector<Object>& from,
                                                                const std::vector<Object>& to,
                                                                const SchemaDialect& dialect) {
  const NamesOfColumns old_names = columns_by_name(from, dialect);
  std::vector<std::pair<std::string, std::string>> copied;
  for (const Object& object : to) {
    if (object.id.kind != Kind::column) continue;
    const auto old = old_names.find(dialect.occupied_names(object));
    if (old != old_names.end()) copied.emplace_back(old->second, object.id.part);
  }
  return copied;
}

// Where the names of indexes and triggers stand: each has one in the whole database.
class NamesOfParts {
 public:
  NamesOfParts(const Schema& schema, const SchemaDialect& dialect) : dialect_(dialect) {
    for (const Kind kind : {Kind::index, Kind::trigger})
      for (auto at = schema.objects.lower_bound(ObjectId{kind, "", "", ""});
           at != schema.objects.end() && at->first.kind == kind; ++at)
        for (const std::string& name : dialect.occupied_names(at->second))
          holders_.emplace(name, at->first);
  }

  // Whether a part that is none of the table's has the object's name.
  bool is_taken(const Object& object, const std::vector<Object>& table) const {
    if (object.id.kind != Kind::index && object.id.kind != Kind::trigger) return false;
    const std::vector<std::string> names = dialect_.occupied_names(object);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      const auto holder = holders_.find(name);
      return holder != holders_.end() &&
             std::none_of(table.begin(), table.end(),
                          [&](const Object& own) { return own.id == holder->second; });
    });
  }

 private:
  const SchemaDialect& dialect_;
  std::map<std::string, ObjectId> holders_;
};

// The old table of a new one: of the same id, or of the same name to the database.
class OldTables {
 public:
  OldTables(const Schema& from, const Schema& to, const SchemaDialect& dialect)
      : from_(from), dialect_(dialect) {
    for (const auto& [id, object] : from.objects) {
      if (is_table(id) && to.find(id) == nullptr)
        renamed_.emplace(dialect.occupied_names(object), &object);
    }
  }

  const Object* of(const Object& table) const {
    if (const Object* same = from_.find(table.id)) return same;
    const auto found = renamed_.find(dialect_.occupied_names(table));
    return found == renamed_.end() ? nullptr : found->second;
  }

 private:
  const Schema& from_;
  const SchemaDialect& dialect_;
  std::map<std::vector<std::string>, const Object*> renamed_;
};

}  // namespace

std::vector<RebuildTable> table_rebuilds(const Schema& from, const Schema& to,
                                         const SchemaDialect& dialect) {
  if (dialect.alters_constraints()) return {};
  const OldTables old_tables(from, to, dialect);
  const Indexes old_indexes = indexes_by_table(from);
  const Indexes new_indexes = indexes_by_table(to);
  const NamesOfParts old_parts(from, dialect);
  std::vector<RebuildTable> rebuilds;
  for (const auto& [id, table] : to.objects) {
    if (!is_table(id)) continue;
    const Object* old = old_tables.of(table);
    if (old == nullptr) continue;
    const auto old_objects = whole_table(from, old_indexes, *old);
    const auto new_objects = whole_table(to, new_indexes, table);
    if (equal(old_objects, new_objects)) continue;
    RebuildTable change{.from = copies(old_objects), .to = copies(new_objects)};
    change.copied = copied_columns(change.from, change.to, dialect);
    if (!dialect.needs_rebuild(change)) continue;
    // An index or a trigger that moves here is dropped there and made here by operations of their
    // own: two tables may exchange theirs.
    std::erase_if(change.to,
                  [&](const Object& part) { return old_parts.is_taken(part, change.from); });
    rebuilds.push_back(std::move(change));
  }
  return rebuilds;
}

}  // namespace limbeck
