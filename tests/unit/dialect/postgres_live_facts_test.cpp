#include <doctest/doctest.h>

#include "dialect/live_facts.h"
#include "unit/dialect/scratch_database.h"

namespace limbeck::test {

TEST_CASE("a partitioned table is as large as its partitions") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  for (const char* sql :
       {"CREATE TABLE part (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF part FOR VALUES FROM (0) TO (1000)",
        "CREATE TABLE p2 PARTITION OF part FOR VALUES FROM (1000) TO (9000) PARTITION BY RANGE "
        "(id)",
        "CREATE TABLE p21 PARTITION OF p2 FOR VALUES FROM (1000) TO (9000)",
        "INSERT INTO part SELECT generate_series(1, 8000)", "ANALYZE p1", "ANALYZE p21"}) {
    connection->run_alone(sql);
  }
  const LiveFacts facts = read_live_facts("postgresql", *connection);
  const LiveTable one = facts.tables.at({"public", "p1"});
  const LiveTable two = facts.tables.at({"public", "p21"});
  CHECK(one.rows == 999);
  CHECK(two.rows == 7001);
  CHECK(facts.tables.at({"public", "p2"}).rows == two.rows);
  CHECK(facts.tables.at({"public", "part"}).rows == one.rows + two.rows);
  CHECK(facts.tables.at({"public", "part"}).bytes == one.bytes + two.bytes);
}

}  // namespace limbeck::test
