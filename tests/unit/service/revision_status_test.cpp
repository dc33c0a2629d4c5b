// What a program is told of its revisions while another one runs them.
#include <doctest/doctest.h>
#include <filesystem>

#include "limbeck/upgrade.h"

#include "unit/service/service_databases.h"

namespace limbeck::test {

TEST_CASE("a revision that is being run has not stopped") {
  on_each_database([](const std::string& url) {
    Revisions revisions;
    revisions.add_file("steps.sql",
                       "-- steps\n--\n-- limbeck:revision steps\n"
                       "-- limbeck:upgrade no-transaction\n"
                       "CREATE TABLE a (id integer);\nCREATE TABLE b (id integer);\n");
    RevisionStatus seen;
    UpgradeOptions options;
    options.progress = [&](const Progress& progress) {
      if (progress.kind == Progress::Kind::step && progress.number == 2)
        seen = revision_status(url, revisions);
    };
    REQUIRE(upgrade(url, revisions, options).ok());
    CHECK(seen.stopped.empty());
    CHECK(seen.running.find("the upgrade of revision steps, by process ") == 0);
    CHECK(seen.pending.size() == 1);
    CHECK(revision_status(url, revisions).running.empty());
  });
}

TEST_CASE("an upgrade that is refused makes no SQLite file") {
  const SqliteFile file;
  const std::filesystem::path path = file.folder.path() / "test.db";
  Revisions none;
  CHECK(upgrade(file.url, none).outcome == UpgradeOutcome::nothing_to_do);
  Revisions revisions;
  revisions.add_file("a.sql",
                     "-- a\n--\n-- limbeck:revision a\n-- limbeck:upgrade\n"
                     "CREATE TABLE a (id integer);\n-- limbeck:downgrade\nDROP TABLE a;\n");
  CHECK_THROWS_AS((void)upgrade(file.url, revisions, {.target = "nope"}), Error);
  CHECK_THROWS_AS((void)downgrade(file.url, revisions, "-1"), Error);
  CHECK(downgrade(file.url, revisions, "base").outcome == UpgradeOutcome::nothing_to_do);
  Revisions faulty;
  faulty.add_file("b.sql",
                  "-- b\n--\n-- limbeck:revision b\n-- limbeck:upgrade\n"
                  "BEGIN;\nCREATE TABLE b (id integer);\n");
  CHECK_THROWS_AS((void)upgrade(file.url, faulty), Error);
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(upgrade(file.url, revisions).ok());
  CHECK(std::filesystem::exists(path));
}

}  // namespace limbeck::test
