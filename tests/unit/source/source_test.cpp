#include "source/source.h"

#include <array>
#include <doctest/doctest.h>
#include <fstream>

#include "limbeck/error.h"

#include "unit/dialect/scratch_folder.h"

using namespace limbeck;

namespace {

std::string kind(const std::string& text) {
  constexpr std::array names{"database", "sql", "snapshot", "revisions", "program"};
  try {
    return names.at(parse_source(text).index());
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
    return "refused";
  }
}

}  // namespace

TEST_CASE("a source is told by its name") {
  CHECK(kind("postgresql://u@h/d") == "database");
  CHECK(kind("host=/tmp dbname=x") == "database");
  CHECK(kind("sqlite:///x.db") == "database");
  CHECK(kind("x.sqlite3") == "database");
  CHECK(kind("schema.sql") == "sql");
  CHECK(kind("some/where/schema.sql") == "sql");
  CHECK(kind("schema.json") == "snapshot");
  CHECK(kind("revisions") == "revisions");
  CHECK(kind("revisions@head") == "revisions");
  CHECK(kind("cmd:./models --ddl") == "program");
  CHECK(kind("") == "refused");
  CHECK(kind("cmd:") == "refused");
  CHECK(kind("cmd:  ") == "refused");
  CHECK(kind("revisions@") == "refused");
  CHECK(kind("nothing-there") == "refused");
  CHECK(kind("mysql://u@h/d") == "refused");
}

TEST_CASE("what its name does not tell, the file does") {
  const test::ScratchFolder folder;
  const std::string path = folder.file("thing");
  std::ofstream(path) << "CREATE TABLE t (a);";
  CHECK(kind(path) == "sql");
  std::ofstream(path) << "SQLite format 3" << '\0' << "...";
  CHECK(kind(path) == "database");
  CHECK(kind(std::filesystem::path(path).parent_path()) == "sql");
}

TEST_CASE("a password is never shown") {
  CHECK(describe(parse_source("postgresql://u:geheim@h/d")).find("geheim") == std::string::npos);
  CHECK(describe(parse_source("cmd:dump postgresql://u:geheim@h/d")).find("geheim") ==
        std::string::npos);
}
