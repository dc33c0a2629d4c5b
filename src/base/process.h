// Runs another program and waits for it.
#pragma once

#include <string>
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
// where it runs; empty: where we do.
ProcessResult run_process(const std::vector<std::string>& command, ProcessOutput output,
                          const std::string& folder = {});

}  // namespace limbeck
