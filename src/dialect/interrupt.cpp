#include "dialect/interrupt.h"

#include <algorithm>
#include <utility>

#include "limbeck/error.h"

namespace limbeck {
namespace {

constexpr std::chrono::seconds repeat{1};
constexpr std::chrono::seconds patience{2};

}  // namespace

void refuse(Ending ending) {
  SqlFailure failure{.message = "not begun"};
  if (ending == Ending::deadline) {
    throw DeadlineExceeded({.code = ExitCode::failed_rolled_back,
                            .message = "the deadline has passed: the statement was not begun"},
                           std::move(failure));
  }
  throw Interrupted(
      {.code = ExitCode::interrupted, .message = "interrupted: the statement was not begun"},
      std::move(failure));
}

void InterruptWatch::set_limits(const Limits& limits) {
  limits_ = limits;
  limited_ = !limits.deadline.is_never() || limits.stop.stop_possible();
}

Ending InterruptWatch::over() const {
  if (!limited_) return Ending::none;
  if (limits_.stop.stop_requested()) return Ending::stop;
  return limits_.deadline.passed() ? Ending::deadline : Ending::none;
}

void InterruptWatch::begin_call() {
  ending_ = Ending::none;
  rolling_back_ = false;
  if (flag_ != nullptr) began_ = Clock::now();
}

void InterruptWatch::begin_rollback() {
  begin_call();
  rolling_back_ = true;
  if (limited_) began_ = Clock::now();
}

void InterruptWatch::fire(Ending ending, Clock::time_point now) {
  if (!fired()) first_fired_ = now;
  last_fired_ = now;
  ending_ = ending;
}

bool InterruptWatch::limit_is_due() {
  const Ending reason = over();
  if (reason == Ending::none || rolling_back_) return false;
  const Clock::time_point now = Clock::now();
  if (fired() && now - last_fired_ < repeat) return false;
  spent_ = true;
  fire(reason, now);
  return true;
}

bool InterruptWatch::user_is_due() {
  if (flag_ == nullptr) return false;
  if (!flag_->load(std::memory_order_relaxed)) {
    delivered_ = false;
    return false;
  }
  if (delivered_ && !fired()) return false;
  const Clock::time_point now = Clock::now();
  constexpr std::chrono::milliseconds grace{100};
  if (fired() ? now - last_fired_ < repeat : now - began_ < grace) return false;
  fire(Ending::user, now);
  delivered_ = true;
  return true;
}

bool InterruptWatch::due() {
  return limit_is_due() || user_is_due();
}

bool InterruptWatch::hopeless() const {
  if (!limited_) return false;
  if (rolling_back_) return Clock::now() - began_ >= patience;
  return spent_ && fired() && Clock::now() - first_fired_ >= patience;
}

std::chrono::milliseconds InterruptWatch::wait_time(std::chrono::milliseconds longest) const {
  if (!limited_ || fired() || rolling_back_) return longest;
  return std::clamp(limits_.deadline.left(), std::chrono::milliseconds(1), longest);
}

}  // namespace limbeck
