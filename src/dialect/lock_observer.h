// Who holds the run lock, for those who only look. What a dialect can do beside what Dialect asks.
#pragma once

#include <optional>

#include "dialect/dialect.h"

namespace limbeck {

class LockObserver {
 public:
  virtual ~LockObserver() = default;
  // Takes nothing, waits for nobody, and no attempt to take the lock fails because of it. Nothing
  // when nobody holds it, and where that cannot be seen. name: of the version table.
  virtual std::optional<LockHolder> lock_holder(Connection& connection,
                                                const QualifiedName& name) const = 0;
};

}  // namespace limbeck
