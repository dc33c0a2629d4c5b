#include "service/workers.h"

#include <utility>

namespace limbeck::detail {

Workers::Workers(int threads, std::size_t most_waiting) : most_waiting_(most_waiting) {
  threads_.reserve(static_cast<std::size_t>(threads));
  try {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (...) {
    close();  // those that have begun end
    throw;
  }
}

Workers::~Workers() {
  join();
}

void Workers::join() {
  close();
  threads_.clear();
}

bool Workers::enqueue(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (closed_ || queue_.size() >= most_waiting_) return false;
  queue_.push_back(std::move(task));
  changed_.notify_one();
  return true;
}

void Workers::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

std::size_t Workers::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Workers::work() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closed_ || !queue_.empty(); });
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    try {
      task();
    } catch (...) {
      // The work's own exceptions are in its future; this one came out of a callback.
    }
  }
}

}  // namespace limbeck::detail
