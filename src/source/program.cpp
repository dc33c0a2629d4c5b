#include "source/program.h"

#include <fmt/format.h>

#include "limbeck/error.h"

#include "base/process.h"
#include "base/redact.h"

namespace limbeck {
namespace {

constexpr std::size_t max_output = std::size_t{256} * 1024 * 1024;

}  // namespace

std::string run_program(const std::string& command, const std::filesystem::path& folder,
                        const ProgramLimits& limits) {
  Captured captured = capture_process(
      {"/bin/sh", "-c", command},
      {.timeout_ms = limits.timeout_ms, .max_output = max_output, .interrupt = limits.interrupt},
      folder.string());
  ErrorReport report{.code = ExitCode::invalid_project,
                     .detail = redact(captured.errors),
                     .context = {redact("while running " + command)}};
  switch (captured.end) {
    case Captured::End::interrupted:
      throw Error({.code = ExitCode::interrupted, .message = "interrupted"});
    case Captured::End::timed_out:
      report.message =
          fmt::format("the program that prints the schema took more than {} ms", limits.timeout_ms);
      report.hint = "--program-timeout allows more";
      throw Error(std::move(report));
    case Captured::End::too_large:
      report.message = fmt::format("the program that prints the schema printed more than {} MiB",
                                   max_output >> 20U);
      throw Error(std::move(report));
    case Captured::End::by_itself:
      break;
  }
  if (!captured.result.ok()) {
    report.message = "the program that prints the schema failed: " + describe(captured.result);
    throw Error(std::move(report));
  }
  if (captured.output.find_first_not_of(" \t\r\n") == std::string::npos) {
    report.message = "the program that prints the schema printed nothing";
    throw Error(std::move(report));
  }
  return std::move(captured.output);
}

}  // namespace limbeck
