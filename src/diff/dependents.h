// The dependencies of a schema, looked up from both ends.
#pragma once

#include <unordered_map>
#include <vector>

#include "schema/schema.h"

namespace limbeck {

class Dependents {
 public:
  // Keeps pointers into the schema, which must outlive it.
  explicit Dependents(const Schema& schema) : schema_(schema) {}

  // What depends on the object, directly, in the order of the ids.
  const std::vector<const ObjectId*>& of(const ObjectId& id) const;
  bool depends(const ObjectId& dependent, const ObjectId& on) const;

 private:
  struct HashOfId {
    std::size_t operator()(const ObjectId* id) const { return ObjectIdHash{}(*id); }
  };
  struct SameId {
    bool operator()(const ObjectId* left, const ObjectId* right) const { return *left == *right; }
  };
  using Index = std::unordered_map<const ObjectId*, std::vector<const ObjectId*>, HashOfId, SameId>;

  const Schema& schema_;
  mutable Index dependents_;  // made when it is first asked for
};

}  // namespace limbeck
