#include "diff/dependents.h"

namespace limbeck {

Dependents::Dependents(const Schema& schema) : schema_(schema) {
  for (const Dependency& dependency : schema.dependencies)
    dependents_[dependency.on].push_back(&dependency.dependent);
}

const std::vector<const ObjectId*>& Dependents::of(const ObjectId& id) const {
  static const std::vector<const ObjectId*> none;
  const auto found = dependents_.find(id);
  return found == dependents_.end() ? none : found->second;
}

bool Dependents::depends(const ObjectId& dependent, const ObjectId& on) const {
  return schema_.dependencies.contains(Dependency{dependent, on});
}

}  // namespace limbeck
