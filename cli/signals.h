// What signals say to a command, and a command to them.
#pragma once

#include <atomic>

namespace limbeck::cli {

struct Signals {
  std::atomic<bool> interrupted = false;   // the user has asked to stop
  std::atomic<bool> done_in_part = false;  // a revision is, and would stay so if all ended now
};

}  // namespace limbeck::cli
