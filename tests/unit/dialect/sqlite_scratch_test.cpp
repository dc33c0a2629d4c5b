// The scratch database of SQLite: a temporary file for what memory should not hold, which nobody
// else can find.
#include <doctest/doctest.h>
#include <filesystem>
#include <string>

#include "dialect/scratch.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

// The files without a name that the process has open.
int nameless_files() {
  int count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = fs::read_symlink(entry.path(), gone).string();
    if (!gone && target.find("etilqs_") != std::string::npos && target.ends_with(" (deleted)"))
      ++count;
  }
  return count;
}

TEST_CASE("a large scratch database of SQLite is a file without a name") {
  const int before = nameless_files();
  {
    const auto scratch = scratch_dialect_named("sqlite").create(std::nullopt, {});
    Connection& connection = scratch->connection();
    connection.run_alone("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
    connection.run_alone(
        "INSERT INTO t SELECT value, hex(zeroblob(4000)) FROM (WITH RECURSIVE n(value) AS (SELECT "
        "1 UNION ALL SELECT value + 1 FROM n WHERE value < 2000) SELECT value FROM n)");
    CHECK(nameless_files() > before);
    const ResultSet count = connection.query({.sql = "SELECT count(*) FROM t"});
    CHECK(integer_of(count.rows.at(0).at(0)) == 2000);
  }
  CHECK(nameless_files() == before);
}

}  // namespace
}  // namespace limbeck
