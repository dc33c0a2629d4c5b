#include "diff/dependents.h"

namespace limbeck {

const std::vector<const ObjectId*>& Dependents::of(const ObjectId& id) const {
  static const std::vector<const ObjectId*> none;
  if (dependents_.empty()) {
    for (const Dependency& dependency : schema_.dependencies)
      dependents_[&dependency.on].push_back(&dependency.dependent);
  }
  const auto found = dependents_.find(&id);
  return found == dependents_.end() ? none : found->second;
}

bool Dependents::depends(const ObjectId& dependent, const ObjectId& on) const {
  return schema_.dependencies.contains(Dependency{dependent, on});
}

}  // namespace limbeck
