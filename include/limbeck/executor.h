// Runs work that uses a database on a few threads of its own, for programs that must not block:
// each gives a future, or calls back.
//
// The queue is bounded, and a full one refuses at once. It never retries; retry() may be part of
// the work. Thread-safe.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include "limbeck/database.h"
#include "limbeck/pool.h"

namespace limbeck {

struct ExecutorOptions {
  int threads = 4;    // no more than the pool has connections is of use
  int queue = 1'000;  // work that waits, at most
};

// The queue is full, or the executor was closed: the work was not taken and will not be run.
class WorkRefused : public Error {
 public:
  using Error::Error;
};

namespace detail {
class Workers;
}

class Executor {
 public:
  // The pool must outlive it. Throws Error (ExitCode::usage) for options that make no sense.
  explicit Executor(Pool& pool, ExecutorOptions options = {});
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  // Closes it and waits for the work that runs.
  ~Executor();

  // Runs work(Database&) with a connection of the pool, or work() without one. The future gives
  // what it returned or threw; DeadlineExceeded or Interrupted when the limits were over before it
  // began. The limits hold for the time in the queue, too. Throws WorkRefused.
  template <class Work>
  auto submit(Work work, Limits limits = {}) {
    auto [task, future] = make_task(std::move(work), std::move(limits));
    enqueue([task = std::move(task)] { (*task)(); });
    return std::move(future);
  }

  // The same; when it has ended, done(std::future<Result>) is called on the executor's thread. The
  // future is ready: get() does not wait. done must not throw: what it throws is lost.
  template <class Work, class Done>
  void submit(Work work, Limits limits, Done done) {
    auto [task, future] = make_task(std::move(work), std::move(limits));
    auto shared = std::make_shared<decltype(future)>(std::move(future));
    enqueue([task = std::move(task), shared, done = std::make_shared<Done>(std::move(done))] {
      (*task)();
      (*done)(std::move(*shared));
    });
  }

  // From now on nothing is taken. What waits in the queue is not begun: its future gives
  // WorkRefused. What runs goes on.
  void close();
  // How much work waits in the queue.
  int waiting() const;

 private:
  // Runs it, or only ends its future with WorkRefused when the executor has been closed.
  template <class Work>
  auto make_task(Work work, Limits limits) {
    auto run = [this, work = std::move(work), limits = std::move(limits)]() mutable {
      refuse_when_over(limits);
      if constexpr (std::is_invocable_v<Work&, Database&>) {
        const Lease lease = pool_.acquire(limits);
        return work(*lease);
      } else {
        return work();
      }
    };
    using Result = decltype(run());
    auto task = std::make_shared<std::packaged_task<Result()>>(std::move(run));
    std::future<Result> future = task->get_future();
    return std::pair(std::move(task), std::move(future));
  }

  // Throws WorkRefused when closed, DeadlineExceeded, Interrupted.
  void refuse_when_over(const Limits& limits) const;
  void enqueue(std::function<void()> task);

  Pool& pool_;
  std::unique_ptr<detail::Workers> workers_;
};

}  // namespace limbeck
