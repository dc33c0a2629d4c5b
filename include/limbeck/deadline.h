// How long a wait may last: until a point in time, and until somebody asks it to stop.
//
// Every wait of a pool, of its connections and of an executor takes Limits. What a limit ends
// throws DeadlineExceeded or Interrupted (limbeck/error.h).
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>

namespace limbeck {

// A point in time, by a clock that nobody sets.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  // Never passes.
  constexpr Deadline() = default;
  static constexpr Deadline never() { return {}; }
  static constexpr Deadline at(Clock::time_point when) { return Deadline(when); }
  // So long from now; a duration that is too long for the clock is never.
  static Deadline in(std::chrono::milliseconds duration) {
    const Clock::time_point now = Clock::now();
    const auto most = std::chrono::floor<std::chrono::milliseconds>(Clock::time_point::max() - now);
    return duration >= most ? Deadline() : Deadline(now + duration);
  }

  constexpr Clock::time_point when() const { return when_; }
  constexpr bool is_never() const { return when_ == Clock::time_point::max(); }
  bool passed() const { return !is_never() && Clock::now() >= when_; }
  // Until it passes, rounded up; 0 when it has passed, the longest duration when it never does.
  std::chrono::milliseconds left() const {
    if (is_never()) return std::chrono::milliseconds::max();
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(when_ - Clock::now());
    return std::max(rest, std::chrono::milliseconds(0));
  }

  friend constexpr auto operator<=>(const Deadline&, const Deadline&) = default;

 private:
  explicit constexpr Deadline(Clock::time_point when) : when_(when) {}

  Clock::time_point when_ = Clock::time_point::max();
};

struct Limits {
  Deadline deadline = {};
  std::stop_token stop = {};  // of a std::stop_source, on which any thread may call request_stop()

  bool over() const { return stop.stop_requested() || deadline.passed(); }
};

}  // namespace limbeck
