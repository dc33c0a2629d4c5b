// Plans revisions on a thread of its own while those before them run, in their order and no further
// ahead than a bounded number. A thing is planned once.
//
// It never touches the database: what is planned must be safe to be planned beside a run.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "run/revision_run.h"

namespace limbeck {

class PlanAhead {
 public:
  // stopped is set when nobody wants it any more: it may throw whatever it likes then.
  using Plan = std::function<PreparedRevision(std::size_t index, const std::atomic<bool>& stopped)>;

  // indexes: what will be taken, in this order.
  PlanAhead(std::vector<std::size_t> indexes, Plan plan);
  PlanAhead(const PlanAhead&) = delete;
  PlanAhead& operator=(const PlanAhead&) = delete;
  // Waits for what is being planned, which is told to stop.
  ~PlanAhead();

  // The next one, of which there must be one; waits for it. Throws what planning it threw.
  PreparedRevision take();

 private:
  struct Planned {
    PreparedRevision revision = {};
    std::exception_ptr error = {};
  };

  void work();
  Planned plan_one(std::size_t index) const;
  bool may_go_on() const;

  const std::vector<std::size_t> indexes_;
  const Plan plan_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Planned> ready_;
  bool wanted_ = false;                // somebody waits in take()
  bool full_ = false;                  // enough are ready for a while
  std::atomic<bool> stopped_ = false;  // nobody wants more
  // The last one does at its turn what is not known now: what comes behind it is planned then.
  bool paused_ = false;
  std::thread thread_;
};

}  // namespace limbeck
