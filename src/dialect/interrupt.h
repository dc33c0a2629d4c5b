// Tells a waiting connection when to stop: the user asked for it, or a limit is over.
//
// Each request of the user is delivered once: what the runner writes down after it is not
// interrupted again. A statement that ends within a moment anyhow is let finish, so that a short
// row of bookkeeping is never cut off. Limits are strict: they hold for every call until they are
// set anew.
#pragma once

#include <atomic>
#include <chrono>

#include "limbeck/deadline.h"

namespace limbeck {

enum class Ending { none, user, stop, deadline };

// A call that begins when the limits are over: throws DeadlineExceeded or Interrupted.
[[noreturn]] void refuse(Ending ending);

class InterruptWatch {
 public:
  // flag: may be null; set by a signal handler.
  explicit InterruptWatch(const std::atomic<bool>* flag) : flag_(flag) {}

  void set_limits(const Limits& limits);
  // Whether there are limits at all.
  bool limited() const { return limited_; }
  // stop or deadline when no call may begin any more.
  Ending over() const;

  void begin_call();
  // A call that limits do not stop: it is hopeless when it lasts too long.
  void begin_rollback();
  // Whether the running statement is to be cancelled now; true again every second until it ends, as
  // a request may get lost.
  bool due();
  // Why due() was true since the call began.
  Ending ending() const { return ending_; }
  bool fired() const { return ending_ != Ending::none; }
  // Whether the server has had its time to answer to a cancellation: the connection is to be given
  // up.
  bool hopeless() const;
  // Whether a limit has ever ended a call.
  bool spent() const { return spent_; }
  // How long the next wait for the server may be, at most longest.
  std::chrono::milliseconds wait_time(std::chrono::milliseconds longest) const;

 private:
  using Clock = Deadline::Clock;

  bool limit_is_due();
  bool user_is_due();
  void fire(Ending ending, Clock::time_point now);

  const std::atomic<bool>* flag_;
  Limits limits_;
  bool limited_ = false;
  bool rolling_back_ = false;
  bool spent_ = false;
  bool delivered_ = false;
  Ending ending_ = Ending::none;
  Clock::time_point began_ = {};
  Clock::time_point first_fired_ = {};
  Clock::time_point last_fired_ = {};
};

}  // namespace limbeck
