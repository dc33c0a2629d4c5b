#include "run/crash_point.h"

#include <csignal>
#include <cstdlib>
#include <unistd.h>

namespace limbeck {

CrashPoints CrashPoints::from_environment() {
  const char* text = std::getenv("LIMBECK_CRASH_AT");
  return CrashPoints(text == nullptr ? 0 : static_cast<int>(std::strtol(text, nullptr, 10)));
}

void CrashPoints::pass() {
  if (crash_at_ > 0 && ++passed_ == crash_at_) kill(getpid(), SIGKILL);
}

}  // namespace limbeck
