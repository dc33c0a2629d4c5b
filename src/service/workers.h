// A few threads and the bounded queue that they work off. Internal to src/service.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace limbeck::detail {

class Workers {
 public:
  Workers(int threads, std::size_t most_waiting);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  // False when the queue is full, or closed.
  bool enqueue(std::function<void()> task);
  void close();
  // Closes, works the queue off and waits for the threads.
  void join();
  bool closed() const { return closed_; }
  std::size_t waiting() const;

 private:
  void work();

  std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  std::atomic<bool> closed_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace limbeck::detail
