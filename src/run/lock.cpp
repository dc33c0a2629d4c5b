#include <algorithm>
#include <fmt/format.h>

#include "run/observation.h"
#include "run/own_tables.h"
#include "run/run.h"

namespace limbeck {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{1'000};
constexpr milliseconds between_reports{5'000};

[[noreturn]] void give_up(const LockHolder& holder, int waited_ms) {
  throw Error(
      {.code = ExitCode::lock_not_acquired,
       .message = "another runner holds the lock",
       .detail = "held by " + describe(holder),
       .state = "nothing was changed",
       .hint = fmt::format(
           "waited {} ms; run the command again when the other one has ended, or wait longer with "
           "--lock-wait. The lock goes away by itself when its holder ends",
           waited_ms)});
}

}  // namespace

void stop_if_interrupted(const Run& run) {
  stop_if_interrupted(run.context.interrupt);
}

void check_lock(const Run& run) {
  if (run.lock == nullptr || run.lock->held()) return;
  throw Error({.code = ExitCode::lock_not_acquired,
               .message = "the run lock was lost",
               .hint = "somebody or a statement of the revision released it, or a pooler gave this "
                       "session another server "
                       "process; mend that and run the command again"});
}

DatabaseState read_state(const Run& run) {
  const Patience patience{.total_ms = run.settings().runner_lock_wait_ms,
                          .tell = run.context.sink,
                          .interrupt = run.context.interrupt};
  return with_patience(patience, [&] { return read_state(run.database); });
}

std::unique_ptr<RunLock> acquire_lock(const Run& run) {
  with_nothing_changed([&] { require_itself(run.database); });
  const auto begin = Clock::now();
  auto next_report = begin;
  Backoff backoff(first_pause, longest_pause);
  while (true) {
    TargetDatabase& database = run.database;
    LockAttempt attempt =
        database.dialect->try_lock(*database.connection, database.url, database.version_table);
    if (auto* lock = std::get_if<std::unique_ptr<RunLock>>(&attempt)) return std::move(*lock);

    const LockHolder& holder = std::get<LockHolder>(attempt);
    const auto now = Clock::now();
    const int waited =
        static_cast<int>(std::chrono::duration_cast<milliseconds>(now - begin).count());
    if (waited >= run.settings().runner_lock_wait_ms) give_up(holder, waited);
    if (now >= next_report) {
      run.tell(WaitingForLock{.holder = holder, .waited_ms = waited});
      next_report = now + between_reports;
    }
    const milliseconds left{run.settings().runner_lock_wait_ms - waited};
    pause_for(std::min(backoff.next(), left), run.context.interrupt);
    with_nothing_changed([&] { stop_if_interrupted(run); });
  }
}

std::unique_ptr<RunLock> lock_to_change(const Run& run) {
  const TargetDatabase& database = run.database;
  if (database.connection->can_only_read()) {
    throw Error({.code = ExitCode::failed_rolled_back,
                 .message = fmt::format("the database {} is read-only", database.url.redacted()),
                 .state = "nothing was changed",
                 .hint = database.dialect->is_file()
                             ? "let this user write the file and its folder"
                             : "the server is a standby: connect to the primary server"});
  }
  return acquire_lock(run);
}

}  // namespace limbeck
