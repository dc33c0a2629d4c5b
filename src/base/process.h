// Runs another program and waits for it.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace limbeck {

struct ProcessResult {
  int exit_code = -1;      // -1: it did not end by itself
  int signal = 0;          // what killed it; 0: nothing
  std::string error = {};  // why it could not be started

  bool ok() const { return exit_code == 0; }
};

// "it ended with exit code 3", "it was killed by signal 9", "it could not be started: No such file
// or directory".
std::string describe(const ProcessResult& result);

enum class ProcessOutput {
  inherited,          // its standard output is ours
  to_standard_error,  // so that our standard output holds nothing but our own result
};

// REQUIRES: command is not empty. The program is looked up in PATH; no shell is involved. folder:
// where it runs; empty: where we do. interrupt: once it is set, the program is asked to end
// (SIGTERM), and killed when it does not within some seconds.
ProcessResult run_process(const std::vector<std::string>& command, ProcessOutput output,
                          const std::string& folder = {},
                          const std::atomic<bool>* interrupt = nullptr);

struct CaptureLimits {
  int timeout_ms = 0;          // 0: without limit
  std::size_t max_output = 0;  // bytes of standard output; 0: without limit
  const std::atomic<bool>* interrupt = nullptr;
  // Gets the standard output as it comes, in place of Captured; what this throws ends the program,
  // and is thrown on.
  std::function<void(std::string_view)> take = {};
};

struct Captured {
  enum class End { by_itself, timed_out, too_large, interrupted };  // else it was killed
  End end = End::by_itself;
  ProcessResult result = {};
  std::string output = {};
  std::string errors = {};  // standard error: the last 16 KiB of it
};

// Runs a program with nothing on its standard input, and keeps what it writes. It is killed at the
// limits, with every process that it has started and that has stayed in its group.
// environment: "NAME=value", in place of our own or beside it. kept_open: descriptors that it gets
// as they are, with what neither an argument nor the environment may show.
Captured capture_process(const std::vector<std::string>& command, const CaptureLimits& limits,
                         const std::string& folder = {},
                         const std::vector<std::string>& environment = {},
                         std::span<const int> kept_open = {});

// Starts a program and does not wait for it: nothing on its standard input, its output to a file. 0
// when it could not be started.
pid_t start_process(const std::vector<std::string>& command, const std::string& output_file);

}  // namespace limbeck
