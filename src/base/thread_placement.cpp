#include "base/thread_placement.h"

#include <pthread.h>
#include <sched.h>

namespace limbeck {

void run_elsewhere(std::thread& thread) noexcept {
  cpu_set_t allowed;
  const int here = sched_getcpu();
  if (here < 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  cpu_set_t others = allowed;
  CPU_CLR(static_cast<std::size_t>(here), &others);
  if (CPU_COUNT(&others) == 0) return;
  const pthread_t handle = thread.native_handle();
  if (pthread_setaffinity_np(handle, sizeof others, &others) == 0)
    pthread_setaffinity_np(handle, sizeof allowed, &allowed);
}

}  // namespace limbeck
