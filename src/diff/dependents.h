// The dependencies of a schema, looked up from both ends.
#pragma once

#include <map>
#include <vector>

#include "schema/schema.h"

namespace limbeck {

class Dependents {
 public:
  // Keeps pointers into the schema, which must outlive it.
  explicit Dependents(const Schema& schema);

  // What depends on the object, directly.
  const std::vector<const ObjectId*>& of(const ObjectId& id) const;
  bool depends(const ObjectId& dependent, const ObjectId& on) const;

 private:
  const Schema& schema_;
  std::map<ObjectId, std::vector<const ObjectId*>> dependents_;
};

}  // namespace limbeck
