// A program that prints a schema: SQL, or the JSON form. Any language's models can be compared this
// way.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>

namespace limbeck {

struct ProgramLimits {
  int timeout_ms = 60'000;  // 0: without limit
  const std::atomic<bool>* interrupt = nullptr;
};

// What the program writes to its standard output. Throws Error (ExitCode::invalid_project), with
// what it wrote to standard error: it cannot be started, fails, takes too long, prints nothing or
// too much; Error (ExitCode::interrupted) when the user stopped it.
std::string run_program(const std::string& command, const std::filesystem::path& folder,
                        const ProgramLimits& limits);

}  // namespace limbeck
