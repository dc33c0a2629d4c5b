// Where a thread that has just been started runs first.
#pragma once

#include <thread>

namespace limbeck {

// Moves it to another processor than this one's, when it may run on any. Linux may leave it behind
// its starter, waiting, until processors are balanced at the next tick (2 to 4 ms, measured with
// "perf sched timehist" on 6.18 with two processors), which is as long as short work takes. It is
// not bound to that processor: from then on it runs where the kernel wants. What cannot be done is
// left undone.
void run_elsewhere(std::thread& thread) noexcept;

}  // namespace limbeck
