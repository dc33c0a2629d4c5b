#include "alembic/delegation.h"

#include <fmt/format.h>
#include <utility>

#include "base/process.h"

namespace limbeck {
namespace {

// Alembic as its own program starts it, but for one question to the database before it migrates:
// its env.py may lead to another one than ours. Its own program does not look for Alembic in the
// folder where it runs, in which the project's scripts may be a package "alembic".
constexpr std::string_view delegated_alembic = R"(import sys

here = [folder for folder in sys.path if folder == ""]
sys.path[:] = [folder for folder in sys.path if folder != ""]
from alembic.config import main
from alembic.runtime.environment import EnvironmentContext

sys.path[:0] = here
query = sys.argv[1]
configure = EnvironmentContext.configure


def checked(self, connection=None, *arguments, **options):
    if connection is not None:
        try:
            found = connection.exec_driver_sql(query).fetchone()
        except Exception:
            found = None
        if hasattr(connection, "rollback"):
            connection.rollback()
        if found is None:
            sys.exit(77)
    return configure(self, connection, *arguments, **options)


EnvironmentContext.configure = checked
main(argv=sys.argv[2:], prog="alembic")
)";

// A folder "alembic" without an __init__.py is no Alembic, wherever it is.
constexpr std::string_view alembic_search = R"(import importlib.util, sys
sys.path[:] = [folder for folder in sys.path if folder != ""]
found = importlib.util.find_spec("alembic")
sys.exit(0 if found is not None and found.origin is not None else 1)
)";

}  // namespace

void need_alembic(const ScriptReaderSettings& settings) {
  const Captured found =
      capture_process({settings.python, "-c", std::string(alembic_search)},
                      {.timeout_ms = settings.timeout_ms, .interrupt = settings.interrupt},
                      settings.folder.string());
  if (found.end == Captured::End::interrupted)
    throw Interrupted({.code = ExitCode::interrupted, .message = "interrupted"}, {});
  if (found.end == Captured::End::by_itself && found.result.ok()) return;
  throw Error({.code = ExitCode::invalid_project,
               .message = fmt::format("revisions are to be run by the project's own Alembic, and "
                                      "{} does not know it",
                                      settings.python),
               .hint = "\"python\" in the table [alembic] of limbeck.toml names the interpreter "
                       "of the environment in which Alembic is installed"});
}

ScriptDelegation delegation_of(const ScriptReaderSettings& settings, const ScriptCall& call) {
  const auto program = [&](std::vector<std::string> words) {
    std::vector<std::string> command{settings.python, "-c", std::string(delegated_alembic),
                                     std::string(delegation_query)};
    command.insert(command.end(), settings.delegate_arguments->begin(),
                   settings.delegate_arguments->end());
    command.insert(command.end(), words.begin(), words.end());
    return ScriptProgram{.command = std::move(command), .folder = settings.folder};
  };
  const Revision& revision = call.file.revision;
  if (call.request.direction == Direction::upgrade)
    return {.step = program({"upgrade", revision.id})};
  if (revision.down_revisions.empty())
    return {.step = program({"downgrade", revision.id + "@base"})};
  return {.step = program({"downgrade", revision.id + "-1"})};
}

}  // namespace limbeck
