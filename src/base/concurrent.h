// Work on a thread of its own, beside what its starter does until it wants the result.
#pragma once

#include <functional>
#include <future>
#include <thread>
#include <utility>

#include "base/thread_placement.h"

namespace limbeck {

template <class Result>
class Concurrent {
 public:
  // Begins at once, where there is one on another processor than the starter's, which goes on
  // without a pause. Throws std::system_error when there is no thread to be had.
  explicit Concurrent(std::function<Result()> work)
      : task_(std::move(work)), result_(task_.get_future()), thread_([this] { task_(); }) {
    run_elsewhere(thread_);
  }
  Concurrent(const Concurrent&) = delete;
  Concurrent& operator=(const Concurrent&) = delete;
  // Waits for the work's end.
  ~Concurrent() { thread_.join(); }

  // Waits for it, and throws what the work threw. Once.
  Result get() { return result_.get(); }

 private:
  std::packaged_task<Result()> task_;
  std::future<Result> result_;
  std::thread thread_;
};

}  // namespace limbeck
