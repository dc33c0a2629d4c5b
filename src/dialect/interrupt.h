// Tells a waiting connection when the user asked to stop.
//
// Each request is delivered once: what the runner writes down after it is not interrupted again. A
// statement that ends within a moment anyhow is let finish, so that a short row of bookkeeping is
// never cut off.
#pragma once

#include <atomic>
#include <chrono>

namespace limbeck {

class InterruptWatch {
 public:
  // flag: may be null; set by a signal handler.
  explicit InterruptWatch(const std::atomic<bool>* flag) : flag_(flag) {}

  void begin_call();
  // Whether the running statement is to be cancelled now; true again every second until it ends, as
  // a request may get lost.
  bool due();
  // Whether due() was true since begin_call().
  bool fired() const { return fired_; }

 private:
  using Clock = std::chrono::steady_clock;

  const std::atomic<bool>* flag_;
  Clock::time_point began_ = {};
  Clock::time_point last_fired_ = {};
  bool fired_ = false;
  bool delivered_ = false;
};

}  // namespace limbeck
