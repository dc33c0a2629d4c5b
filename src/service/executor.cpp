#include "limbeck/executor.h"

#include <fmt/format.h>

#include "service/workers.h"

namespace limbeck {
namespace {

ExecutorOptions checked(ExecutorOptions options) {
  if (options.threads >= 1 && options.queue >= 1) return options;
  throw Error(
      {.code = ExitCode::usage,
       .message = fmt::format("an executor has one thread and room for one piece of work at "
                              "least, not {} and {}",
                              options.threads, options.queue)});
}

}  // namespace

Executor::Executor(Pool& pool, ExecutorOptions options) : pool_(pool) {
  options = checked(options);
  workers_ =
      std::make_unique<detail::Workers>(options.threads, static_cast<std::size_t>(options.queue));
}

Executor::~Executor() {
  workers_->join();
}

void Executor::enqueue(std::function<void()> task) {
  if (workers_->enqueue(std::move(task))) return;
  const bool is_closed = workers_->closed();
  throw WorkRefused(
      {.code = ExitCode::cannot_connect,
       .message = is_closed ? "the executor is closed"
                            : fmt::format("the executor's queue is full: {} wait", waiting()),
       .state = "the work was not begun",
       .hint = is_closed ? "" : "submit less at a time, or give it more threads"});
}

void Executor::refuse_when_over(const Limits& limits) const {
  constexpr const char* state = "the work was not begun";
  if (workers_->closed()) {
    throw WorkRefused({.code = ExitCode::cannot_connect,
                       .message = "the executor was closed before the work began",
                       .state = state});
  }
  if (limits.stop.stop_requested()) {
    throw Interrupted({.code = ExitCode::interrupted,
                       .message = "interrupted: a stop was requested while the work waited",
                       .state = state},
                      {});
  }
  if (limits.deadline.passed()) {
    throw DeadlineExceeded({.code = ExitCode::cannot_connect,
                            .message = "the deadline passed while the work waited",
                            .state = state},
                           {});
  }
}

void Executor::close() {
  workers_->close();
}

int Executor::waiting() const {
  return static_cast<int>(workers_->waiting());
}

}  // namespace limbeck
