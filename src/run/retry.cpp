#include "run/retry.h"

namespace limbeck {

bool is_worth_another_try(const Error& error) {
  if (dynamic_cast<const ConnectionLost*>(&error) != nullptr) return false;
  if (const auto* failed = dynamic_cast<const DatabaseError*>(&error))
    return failed->failure().retryable;
  // A file that somebody else has locked cannot even be opened.
  return dynamic_cast<const CannotConnect*>(&error) != nullptr &&
         error.code() == ExitCode::lock_not_acquired;
}

void stop_if_interrupted(const std::atomic<bool>* interrupt) {
  if (interrupt == nullptr || !interrupt->load()) return;
  throw Interrupted({.code = ExitCode::interrupted,
                     .message = "interrupted",
                     .hint = "run the same command again to go on"},
                    {});
}

}  // namespace limbeck
