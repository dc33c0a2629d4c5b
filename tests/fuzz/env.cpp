#include "alembic/env_run.h"
#include "alembic/env_text.h"
#include "split_check.h"

// env.py as anyone may write it: followed to an end, whatever it says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace limbeck;
  const std::string text(reinterpret_cast<const char*>(data), size);
  AlembicProject project;
  project.section = "alembic";
  project.options = {{"sqlalchemy.url", "sqlite:///a.db"}, {"script_location", "db"}};
  const alembic::EnvRun run = alembic::follow_env(project, text);
  require(run.knows_version_table || run.executed.empty());
  const alembic::EnvText read(text, project.options);
  for (const auto& line : read.lines()) read.constant(line.tokens, line.function);
  return 0;
}
