#include "service/slot_queue.h"

#include <algorithm>
#include <utility>

#include "service/slot.h"

namespace limbeck::detail {
namespace {

template <class Predicate>
bool wait(std::condition_variable_any& condition, std::unique_lock<std::mutex>& lock,
          const Limits& limits, const Predicate& predicate) {
  if (limits.deadline.is_never()) return condition.wait(lock, limits.stop, predicate);
  return condition.wait_until(lock, limits.stop, limits.deadline.when(), predicate);
}

}  // namespace

SlotQueue::Taken SlotQueue::take(const Limits& limits) {
  std::unique_lock lock(mutex_);
  if (closed_) return {.slot = nullptr, .refusal = Refusal::closed};
  if (limits.stop.stop_requested()) return {.slot = nullptr, .refusal = Refusal::stop};
  if (waiters_.empty() && permits_ < size_) {
    ++permits_;
    Taken taken;
    if (idle_.empty()) return taken;
    taken.slot = std::move(idle_.back());
    idle_.pop_back();
    return taken;
  }
  Waiter waiter;
  const auto place = waiters_.insert(waiters_.end(), &waiter);
  wait(waiter.served_now, lock, limits, [&] { return waiter.served || closed_; });
  // Who was served in the last moment is not told otherwise.
  if (waiter.served) return {.slot = std::move(waiter.slot), .refusal = {}, .waited = true};
  waiters_.erase(place);
  const Refusal refusal = closed_                        ? Refusal::closed
                          : limits.stop.stop_requested() ? Refusal::stop
                                                         : Refusal::deadline;
  return {.slot = nullptr, .refusal = refusal, .waited = true};
}

std::unique_ptr<Slot> SlotQueue::give_back(std::unique_ptr<Slot> slot) {
  const std::lock_guard lock(mutex_);
  if (!closed_ && !waiters_.empty()) {
    Waiter& first = *waiters_.front();
    waiters_.pop_front();
    first.slot = std::move(slot);
    first.served = true;
    // Under the lock: the waiter ends as soon as it can have it.
    first.served_now.notify_one();
    return nullptr;
  }
  --permits_;
  if (permits_ == 0) unused_.notify_all();
  if (closed_) return slot;
  if (slot) idle_.push_back(std::move(slot));
  return nullptr;
}

SlotQueue::Slots SlotQueue::remove(const std::function<bool(Slot&)>& unwanted) {
  const std::lock_guard lock(mutex_);
  Slots removed;
  const auto kept = std::stable_partition(idle_.begin(), idle_.end(),
                                          [&](const auto& slot) { return !unwanted(*slot); });
  std::move(kept, idle_.end(), std::back_inserter(removed));
  idle_.erase(kept, idle_.end());
  return removed;
}

SlotQueue::Slots SlotQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (Waiter* waiter : waiters_) waiter->served_now.notify_one();
  Slots removed;
  std::move(idle_.begin(), idle_.end(), std::back_inserter(removed));
  idle_.clear();
  return removed;
}

bool SlotQueue::wait_until_unused(const Limits& limits) {
  std::unique_lock lock(mutex_);
  return wait(unused_, lock, limits, [&] { return permits_ == 0; });
}

SlotQueue::Counts SlotQueue::counts() const {
  const std::lock_guard lock(mutex_);
  return {.in_use = permits_, .idle = idle_.size(), .waiting = waiters_.size(), .closed = closed_};
}

}  // namespace limbeck::detail
