// Doing work again while it fails for want of a lock that somebody else holds.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

#include "limbeck/error.h"

#include "run/event.h"
#include "run/pause.h"

namespace limbeck {

struct Patience {
  int total_ms = 0;  // how long it is tried again; 0: one try
  const EventSink& tell;
  const std::atomic<bool>* interrupt = nullptr;
};

// Whether the same work may succeed later: a lock was not granted in time, or a deadlock.
bool is_worth_another_try(const Error& error);

// Throws Interrupted when the user has asked to stop.
void stop_if_interrupted(const std::atomic<bool>* interrupt);

// Does the work again while it fails for want of a lock, with growing pauses, and says so. The work
// must have no effect when it fails.
template <class Work>
decltype(auto) with_patience(const Patience& patience, const Work& work) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(patience.total_ms);
  Backoff backoff(std::chrono::milliseconds(100), std::chrono::milliseconds(5'000));
  for (int attempt = 1;; ++attempt) {
    try {
      return work();
    } catch (const Error& error) {
      if (!is_worth_another_try(error) || Clock::now() >= deadline) throw;
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      const auto pause = std::min(backoff.next(), left);
      if (patience.tell)
        patience.tell(Retrying{.reason = error.report().message,
                               .pause_ms = static_cast<int>(pause.count()),
                               .attempt = attempt});
      pause_for(pause, patience.interrupt);
      stop_if_interrupted(patience.interrupt);
    }
  }
}

}  // namespace limbeck
