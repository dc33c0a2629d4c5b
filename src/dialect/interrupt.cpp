#include "dialect/interrupt.h"

namespace limbeck {

void InterruptWatch::begin_call() {
  fired_ = false;
  if (flag_ != nullptr) began_ = Clock::now();
}

bool InterruptWatch::due() {
  if (flag_ == nullptr) return false;
  if (!flag_->load(std::memory_order_relaxed)) {
    delivered_ = false;
    return false;
  }
  if (delivered_ && !fired_) return false;
  const Clock::time_point now = Clock::now();
  constexpr std::chrono::milliseconds grace{100};
  constexpr std::chrono::seconds repeat{1};
  if (fired_ ? now - last_fired_ < repeat : now - began_ < grace) return false;
  last_fired_ = now;
  fired_ = delivered_ = true;
  return true;
}

}  // namespace limbeck
