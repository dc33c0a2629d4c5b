#include "limbeck/models_main.h"

#include <cstdio>
#include <string>
#include <string_view>

#include "limbeck/error.h"

#include "model/ddl.h"

namespace limbeck {
namespace {

constexpr const char* usage =
    "usage: %s [--sql DIALECT]\n"
    "\n"
    "Prints the schema that this program's models declare: without an option the JSON that\n"
    "limbeck reads (models = [\"cmd:PROGRAM\"] in limbeck.toml), with --sql the SQL for\n"
    "postgresql or sqlite.\n";

bool print(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

std::string text_of(const ErrorReport& report) {
  std::string text = "error: " + report.message + "\n";
  if (!report.detail.empty()) text += report.detail + "\n";
  if (!report.hint.empty()) text += "hint: " + report.hint + "\n";
  return text;
}

ExitCode run(std::span<const std::string_view> arguments, const char* name,
             std::span<const Metadata> sets) {
  std::string text;
  if (arguments.empty()) {
    text = to_json(models_document(sets, name));
  } else if (arguments.size() == 2 && arguments[0] == "--sql") {
    text = schema_sql(sets, std::string(arguments[1]));
  } else if (arguments.size() == 1 && arguments[0] == "--help") {
    std::printf(usage, name);
    return ExitCode::ok;
  } else {
    std::fprintf(stderr, usage, name);
    return ExitCode::usage;
  }
  if (print(text)) return ExitCode::ok;
  std::fputs("error: the schema cannot be written to standard output\n", stderr);
  return ExitCode::internal_error;
}

}  // namespace

int models_main(int argc, const char* const* argv, std::span<const Metadata> sets) {
  const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const char* const name = argc > 0 ? argv[0] : "models";
  try {
    return static_cast<int>(run(arguments, name, sets));
  } catch (const Error& error) {
    std::fputs(text_of(error.report()).c_str(), stderr);
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return static_cast<int>(ExitCode::internal_error);
  }
}

}  // namespace limbeck
