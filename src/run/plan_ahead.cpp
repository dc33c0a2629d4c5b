#include "run/plan_ahead.h"

#include <utility>

namespace limbeck {
namespace {

constexpr std::size_t most_ready = 64;

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
  return stopped_ || (ready_.empty() && wanted_) || (!paused_ && ready_.size() < most_ready);
}

void PlanAhead::work() {
  for (const std::size_t index : indexes_) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return may_go_on(); });
      if (stopped_) return;
    }
    Planned planned;
    try {
      planned.revision = plan_(index, stopped_);
    } catch (...) {
      planned.error = std::current_exception();
    }
    {
      const std::lock_guard guard(mutex_);
      paused_ = planned.error || planned.revision.live || planned.revision.delegation;
      ready_.push_back(std::move(planned));
    }
    changed_.notify_all();
  }
}

PreparedRevision PlanAhead::take() {
  std::unique_lock lock(mutex_);
  wanted_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !ready_.empty(); });
  wanted_ = false;
  Planned planned = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  if (planned.error) std::rethrow_exception(planned.error);
  return std::move(planned.revision);
}

}  // namespace limbeck
