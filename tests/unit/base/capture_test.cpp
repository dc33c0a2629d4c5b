#include <atomic>
#include <chrono>
#include <doctest/doctest.h>

#include "base/process.h"

using namespace limbeck;

namespace {

Captured shell(const std::string& script, const CaptureLimits& limits = {}) {
  return capture_process({"/bin/sh", "-c", script}, limits);
}

using Clock = std::chrono::steady_clock;

}  // namespace

TEST_CASE("what a program writes is kept, both streams apart") {
  const Captured captured = shell("echo out; echo err >&2; exit 3");
  CHECK(captured.end == Captured::End::by_itself);
  CHECK(captured.output == "out\n");
  CHECK(captured.errors == "err\n");
  CHECK(captured.result.exit_code == 3);
}

TEST_CASE("a program that writes much to both streams does not block") {
  const Captured captured = shell(
      "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; echo "
      "9876543210987654321098765432109876543210 >&2; i=$((i+1)); done");
  CHECK(captured.output.size() == 3000 * 41);
  CHECK(captured.errors.size() <= 16 * 1024);
  CHECK(captured.errors.ends_with("43210\n"));
}

TEST_CASE("its standard input is empty") {
  CHECK(shell("cat; echo end", {.timeout_ms = 10'000}).output == "end\n");
}

TEST_CASE("a program that hangs is killed, with its children") {
  const auto began = Clock::now();
  const Captured captured = shell("sleep 60 & sleep 60", {.timeout_ms = 200});
  CHECK(captured.end == Captured::End::timed_out);
  CHECK(Clock::now() - began < std::chrono::seconds(20));
}

TEST_CASE("a program that closes its output and hangs is killed too") {
  const auto began = Clock::now();
  const Captured captured = shell("exec >&- 2>&-; sleep 60", {.timeout_ms = 200});
  CHECK(captured.end == Captured::End::timed_out);
  CHECK(Clock::now() - began < std::chrono::seconds(20));
}

TEST_CASE("output without end is cut off") {
  CHECK(shell("yes", {.timeout_ms = 60'000, .max_output = 100'000}).end ==
        Captured::End::too_large);
}

TEST_CASE("Ctrl-C ends the wait") {
  const std::atomic<bool> interrupt = true;
  CHECK(shell("sleep 60", {.interrupt = &interrupt}).end == Captured::End::interrupted);
}

TEST_CASE("a program that is not there") {
  const Captured captured = capture_process({"/no/such/program"}, {});
  CHECK_FALSE(captured.result.error.empty());
}
