#include "limbeck/health.h"

#include <doctest/doctest.h>
#include <filesystem>

#include "unit/service/service_databases.h"

namespace limbeck::test {

TEST_CASE("a health check does not make the file that it does not find") {
  const SqliteFile file;
  const std::filesystem::path path = file.folder.path() / "test.db";
  Pool pool(file.url);
  const Health missing = check_health(pool);
  CHECK_FALSE(missing.reachable);
  CHECK(missing.fault == "the file of " + file.url + " is not there");
  CHECK(exit_code_of(missing) == ExitCode::cannot_connect);
  CHECK_FALSE(std::filesystem::exists(path));
  pool.acquire()->execute("CREATE TABLE t (id integer)");
  CHECK(check_health(pool).reachable);
  Pool memory("sqlite://", {.size = 1});
  CHECK(check_health(memory).reachable);
}

}  // namespace limbeck::test
