#include "alembic/delegation.h"

#include <fmt/format.h>
#include <utility>

#include "base/process.h"

namespace limbeck {
namespace {

// Alembic as its own program starts it, but for one question to the database before it migrates:
// its env.py may lead to another one than ours, and where it goes through several, only the one
// that is meant is migrated. Its own program does not look for Alembic in the folder where it runs,
// in which the project's scripts may be a package "alembic".
constexpr std::string_view delegated_alembic = R"(import sys

here = [folder for folder in sys.path if folder == ""]
sys.path[:] = [folder for folder in sys.path if folder != ""]
from alembic.config import main
from alembic.runtime.environment import EnvironmentContext

sys.path[:0] = here
query, engine = sys.argv[1], sys.argv[2].partition("=")
configure, run_migrations = EnvironmentContext.configure, EnvironmentContext.run_migrations


def is_meant(connection):
    try:
        return connection.exec_driver_sql(query).fetchone() is not None
    except Exception:
        return False


def checked(self, connection=None, *arguments, **options):
    # Of several databases it is known only later which one this is.
    if connection is not None and not engine[1]:
        meant = is_meant(connection)
        if hasattr(connection, "rollback"):
            connection.rollback()
        if not meant:
            sys.exit(77)
    return configure(self, connection, *arguments, **options)


ran = not engine[1]


def run_one(self, **given):
    global ran
    if engine[1]:
        if given and engine[2] not in [it for it in given.values() if isinstance(it, str)]:
            return
        if not is_meant(self.get_context().connection):
            return
    ran = True
    run_migrations(self, **given)


EnvironmentContext.configure, EnvironmentContext.run_migrations = checked, run_one
main(argv=sys.argv[3:], prog="alembic")
if not ran:
    sys.exit(77)
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
                                     std::string(delegation_query),
                                     // A name may be empty, and there may be none.
                                     settings.engine ? "engine=" + *settings.engine : "engine"};
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
