#include "cli/each_engine.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

#include "alembic/engines.h"
#include "project/engine.h"

namespace limbeck::cli {
namespace {

// The state that a failure leaves is that of its own database.
void tell_of_the_others(Error& error, const std::vector<std::string>& engines, std::size_t failed) {
  const std::span<const std::string> all(engines);
  const auto before = all.first(failed);
  const auto after = all.subspan(failed + 1);
  ErrorReport& report = error.report();
  report.context.push_back(fmt::format("in the database {}", engines[failed]));
  std::string others;
  if (!before.empty()) others = fmt::format("what was done in {} stays", fmt::join(before, ", "));
  if (!after.empty())
    others += fmt::format("{}{} was not begun", others.empty() ? "" : "; ", fmt::join(after, ", "));
  report.state += fmt::format("{}{}", report.state.empty() ? "" : "; ", others);
}

}  // namespace

std::vector<std::string> engines_of_command(Session& session, const Arguments& arguments) {
  const bool names_one = arguments.has("--engine") || arguments.has("--url");
  const bool is_one_text = arguments.has("--sql") || session.json();
  if (names_one || is_one_text || !session.project_file()) return {};
  std::vector<std::string> engines = engines_without_choice(session.project());
  for (std::string& engine : engines) engine = shown_engine(engine);
  return engines;
}

ExitCode run_for_each_engine(const std::vector<std::string>& engines, const CommandSpec& command,
                             const Arguments& arguments, Signals& signals) {
  for (const std::string& engine : engines) Session(arguments, signals, engine).url();
  ExitCode greatest = ExitCode::ok;
  for (std::size_t i = 0; i < engines.size(); ++i) {
    Session session(arguments, signals, engines[i]);
    session.say(fmt::format("Database {}", printable(engines[i])));
    try {
      greatest = std::max(greatest, command.run(session, arguments));
    } catch (Error& error) {
      tell_of_the_others(error, engines, i);
      throw;
    }
  }
  return greatest;
}

}  // namespace limbeck::cli
