#include "run/pause.h"

#include <algorithm>
#include <thread>

namespace limbeck {

bool pause_for(std::chrono::milliseconds duration, const std::atomic<bool>* interrupt) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds slice{50};
  const auto end = Clock::now() + duration;
  while (interrupt == nullptr || !interrupt->load()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return true;
    std::this_thread::sleep_for(std::min(left, slice));
  }
  return false;
}

std::chrono::milliseconds Backoff::next() {
  if (!random_) random_.emplace(std::random_device{}());
  std::uniform_int_distribution<std::int64_t> any(1, std::max<std::int64_t>(1, limit_.count()));
  limit_ = std::min(limit_ * 2, longest_);
  return std::chrono::milliseconds(any(*random_));
}

}  // namespace limbeck
