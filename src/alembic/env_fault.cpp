#include <fmt/format.h>
#include <string>
#include <utility>

#include "alembic/env_file.h"
#include "alembic/env_run.h"
#include "alembic/env_script.h"

namespace limbeck {
namespace {

using End = alembic::EnvRun::End;

constexpr std::string_view say_it =
    "say in limbeck.toml what it decides: url, and version_table in the table [alembic]";

std::string message_of(const alembic::EnvRun& run) {
  switch (run.end) {
    case End::migrates:
      return {};
    case End::does_nothing:
      return "env.py never calls context.run_migrations(), so that Alembic migrates nothing";
    case End::unconfigured:
      return "env.py never calls context.configure(), so that Alembic migrates nothing";
    case End::unseen:
      return "env.py does not come to context.configure() itself, and Limbeck does not follow "
             "what it calls or imports here";
    case End::stops:
      return "env.py ends here, before it migrates";
    case End::fails:
      return fmt::format("env.py raises {} here, before it migrates",
                         run.error.empty() ? "an error" : run.error);
    case End::broken:
      return "env.py cannot be read as Python from this line on";
    case End::too_long:
      return "env.py takes more steps, or more ways, than Limbeck follows";
  }
  return {};
}

std::string hint_of(const alembic::EnvRun& run) {
  switch (run.end) {
    case End::migrates:
    case End::does_nothing:
    case End::unconfigured:
      return "name the database with --url or as url in a limbeck.toml, and Limbeck migrates it";
    case End::stops:
      return fmt::format(
          "do what it asks for; or {}",
          run.knows_version_table ? "name the database with --url, and it is not asked" : say_it);
    case End::fails:
    case End::broken:
      return fmt::format("mend it; or {}", say_it);
    case End::unseen:
    case End::too_long:
      break;
  }
  return std::string(say_it);
}

}  // namespace

std::optional<EnvFault> find_env_fault(const AlembicProject& project) {
  const alembic::EnvRun* run = alembic::env_run_of(project);
  if (run == nullptr || run->end == End::migrates) return std::nullopt;
  EnvFault fault;
  fault.message = message_of(*run);
  fault.place = {alembic::env_file(project).string(), run->line, 0, {}};
  fault.hint = hint_of(*run);
  fault.hides_version_table = !run->knows_version_table;
  return fault;
}

ErrorReport report_of(EnvFault fault) {
  return {.code = ExitCode::invalid_project,
          .message = std::move(fault.message),
          .place = std::move(fault.place),
          .state = "nothing was changed",
          .hint = std::move(fault.hint)};
}

}  // namespace limbeck
