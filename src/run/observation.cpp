#include "run/observation.h"

#include <fmt/format.h>
#include <utility>

namespace limbeck {
namespace {

std::optional<LockHolder> lock_holder(TargetDatabase& database) {
  return database.dialect->lock_holder(*database.connection, database.version_table);
}

bool is_same(const std::optional<JournalEntry>& a, const std::optional<JournalEntry>& b) {
  return a && b && a->id == b->id;
}

}  // namespace

SeenDatabase observe(TargetDatabase& database) {
  SeenDatabase seen{.state = read_state(database)};
  std::optional<LockHolder> holder = lock_holder(database);
  // A run may have ended, or have begun, between the two looks: what stopped is open still when
  // nobody holds the lock.
  constexpr int most_looks = 3;
  for (int look = 0; look < most_looks && seen.state.open_revision && !holder; ++look) {
    DatabaseState later = read_state(database);
    const bool stays = is_same(later.open_revision, seen.state.open_revision);
    seen.state = std::move(later);
    if (stays) break;
    holder = lock_holder(database);
  }
  if (!holder) return seen;
  seen.running = RunAtWork{.holder = *std::move(holder),
                           .revision = std::exchange(seen.state.open_revision, std::nullopt)};
  return seen;
}

std::string describe(const LockHolder& holder) {
  std::string text = fmt::format("process {}", holder.pid);
  if (!holder.user.empty()) text += fmt::format(", user {}", holder.user);
  if (!holder.host.empty()) text += fmt::format(", {}", holder.host);
  if (!holder.since.empty()) text += fmt::format(", since {}", holder.since);
  if (!holder.activity.empty()) text += fmt::format(" ({})", holder.activity);
  return text;
}

std::string describe(const RunAtWork& running) {
  const std::string who = describe(running.holder);
  if (!running.revision) return who;
  return fmt::format("{}, by {}", describe_work(*running.revision), who);
}

}  // namespace limbeck
