// A schema: everything that DDL can make in a database, as a value.
//
// It holds no connection and no pointer into a database; equality is memberwise. Objects are found
// by their id, and everything that lists them goes by the order of the ids.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "schema/object.h"

namespace limbeck {

// `dependent` cannot exist without `on`.
struct Dependency {
  ObjectId dependent = {};
  ObjectId on = {};

  auto operator<=>(const Dependency&) const = default;
};

// What introspection met and does not model: said by every command that compares.
struct Unmodelled {
  std::string what = {};  // "transform for hstore language plpython3u"

  auto operator<=>(const Unmodelled&) const = default;
};

struct Schema {
  std::map<ObjectId, Object> objects = {};
  // As the database keeps them, and from each part to its table.
  std::set<Dependency> dependencies = {};
  std::set<Unmodelled> unmodelled = {};

  bool operator==(const Schema&) const = default;

  const Object* find(const ObjectId& id) const;
  // Takes the object's place when there is one with its id.
  void put(Object object);
};

// The parts of one kind of a table (view, domain), in the order of their ids.
std::vector<const Object*> parts_of(const Schema& schema, Kind kind, const std::string& schema_name,
                                    const std::string& table);
// The columns of a table in their positions.
std::vector<const Object*> columns_of(const Schema& schema, const std::string& schema_name,
                                      const std::string& table);

}  // namespace limbeck
