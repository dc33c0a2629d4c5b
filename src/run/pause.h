// Waiting: pauses that grow, with jitter, and end early when the user asks to stop.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <random>

namespace limbeck {

// Sleeps; false when the flag was set meanwhile. interrupt may be null.
bool pause_for(std::chrono::milliseconds duration, const std::atomic<bool>* interrupt);

// The pauses between tries: exponential with full jitter, so that runners that failed together do
// not meet again.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest)
      : limit_(first), longest_(longest) {}

  std::chrono::milliseconds next();

 private:
  std::chrono::milliseconds limit_;
  std::chrono::milliseconds longest_;
  std::optional<std::minstd_rand> random_;  // seeded at the first pause: most work needs none
};

}  // namespace limbeck
