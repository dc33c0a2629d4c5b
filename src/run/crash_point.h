// Crash points: places where a test makes the runner die, to prove that the next run goes on
// rightly.
//
// The environment variable LIMBECK_CRASH_AT holds a number n: the process kills itself with SIGKILL
// when it passes the n-th point. Without the variable a point costs one comparison.
#pragma once

namespace limbeck {

class CrashPoints {
 public:
  CrashPoints() = default;
  explicit CrashPoints(int crash_at) : crash_at_(crash_at) {}
  static CrashPoints from_environment();

  void pass();

 private:
  int crash_at_ = 0;
  int passed_ = 0;
};

}  // namespace limbeck
