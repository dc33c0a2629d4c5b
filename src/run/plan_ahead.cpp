#include "run/plan_ahead.h"

#include <utility>

namespace limbeck {
namespace {

constexpr std::size_t most_ready = 64;
// Having that many, it rests until so many are left: to wake it for each one costs more than the
// planning.
constexpr std::size_t few_ready = most_ready / 2;

}  // namespace

PlanAhead::PlanAhead(std::vector<std::size_t> indexes, Plan plan)
    : indexes_(std::move(indexes)), plan_(std::move(plan)) {
  if (!indexes_.empty()) thread_ = std::thread([this] { work(); });
}

PlanAhead::~PlanAhead() {
  {
    const std::lock_guard guard(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool PlanAhead::may_go_on() const {
  return stopped_ || (ready_.empty() && wanted_) || (!paused_ && !full_);
}

PlanAhead::Planned PlanAhead::plan_one(std::size_t index) const {
  try {
    return {.revision = plan_(index, stopped_)};
  } catch (...) {
    return {.error = std::current_exception()};
  }
}

void PlanAhead::work() {
  for (const std::size_t index : indexes_) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return may_go_on(); });
      if (stopped_) return;
    }
    Planned planned = plan_one(index);
    {
      const std::lock_guard guard(mutex_);
      paused_ = planned.error || planned.revision.live || planned.revision.delegation;
      ready_.push_back(std::move(planned));
      full_ = ready_.size() == most_ready;
    }
    changed_.notify_all();
  }
}

PreparedRevision PlanAhead::take() {
  std::unique_lock lock(mutex_);
  if (ready_.empty()) {
    wanted_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !ready_.empty(); });
    wanted_ = false;
  }
  Planned planned = std::move(ready_.front());
  ready_.pop_front();
  const bool rested = full_ && ready_.size() <= few_ready;
  if (rested) full_ = false;
  lock.unlock();
  if (rested) changed_.notify_all();
  if (planned.error) std::rethrow_exception(planned.error);
  return std::move(planned.revision);
}

}  // namespace limbeck
