// What a program is told of its revisions while another one runs them.
#include <doctest/doctest.h>

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

}  // namespace limbeck::test
