#include "diff/rival_index.h"

#include <algorithm>
#include <optional>

#include "diff/link.h"

namespace limbeck {
namespace {

// What the server compares: not the order of the values, and not how they are stored.
std::optional<Index> likeness(const Object& object) {
  Index index;
  if (object.id.kind == Kind::index) {
    index = as<Index>(object);
  } else if (object.id.kind == Kind::constraint) {
    const auto& key = as<Constraint>(object);
    if (key.type != ConstraintType::primary_key && key.type != ConstraintType::unique)
      return std::nullopt;
    index.unique = true;
    index.nulls_not_distinct = key.nulls_not_distinct;
    index.include = key.include;
    for (const std::string& column : key.columns) index.keys.push_back({.column = column});
  } else {
    return std::nullopt;
  }
  for (IndexKey& key : index.keys) key.descending = key.nulls_first = false;
  return Index{.method = index.method,
               .unique = index.unique,
               .nulls_not_distinct = index.nulls_not_distinct,
               .keys = index.keys,
               .include = index.include,
               .predicate = index.predicate};
}

}  // namespace

std::vector<ObjectId> rival_indexes(const ObjectId& table, const Schema& schema,
                                    const Dependents& dependents) {
  struct Candidate {
    const Object* object;
    Index like;
  };
  std::vector<Candidate> attached, local;
  for (const ObjectId* id : dependents.of(table)) {
    const Object* object = schema.find(*id);
    if (object == nullptr) continue;
    if (auto like = likeness(*object))
      (link_of(*object) ? attached : local).push_back({object, std::move(*like)});
  }
  std::vector<ObjectId> rivals;
  for (const Candidate& one : local) {
    const bool rival = std::any_of(attached.begin(), attached.end(), [&](const Candidate& other) {
      // The index of a key takes none that is no key's.
      const bool of_key = link_of(*other.object)->kind == Kind::constraint;
      return other.like == one.like && (!of_key || one.object->id.kind == Kind::constraint);
    });
    if (rival) rivals.push_back(one.object->id);
  }
  return rivals;
}

}  // namespace limbeck
