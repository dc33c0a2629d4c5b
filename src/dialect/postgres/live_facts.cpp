#include "dialect/postgres/live_facts.h"

namespace limbeck::postgres {

LiveFacts read_live_facts(Connection& connection) {
  LiveFacts facts;
  const ResultSet server =
      connection.query({.sql = "SELECT pg_catalog.current_setting('server_version_num')::bigint, "
                               "pg_catalog.current_setting('TimeZone')"});
  facts.version = static_cast<int>(integer_of(server.rows.at(0).at(0)));
  facts.time_zone = text_of(server.rows.at(0).at(1));
  // A table that was never analyzed has no estimate; its pages say whether it is large. A
  // partitioned table is as large as its partitions.
  const ResultSet tables = connection.query(
      {.sql =
           "SELECT n.nspname::text, c.relname::text, greatest(c.reltuples, 0)::bigint, "
           "coalesce(pg_catalog.pg_total_relation_size(c.oid), 0) FROM pg_catalog.pg_class c "
           "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', "
           "'m') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' UNION ALL "
           "SELECT n.nspname::text, c.relname::text, "
           "coalesce(sum(greatest(p.reltuples, 0)) FILTER (WHERE p.relkind <> 'p'), 0)::bigint, "
           "coalesce(sum(pg_catalog.pg_total_relation_size(p.oid)), 0)::bigint "
           "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, "
           "LATERAL pg_catalog.pg_partition_tree(c.oid) t "
           "JOIN pg_catalog.pg_class p ON p.oid = t.relid WHERE c.relkind = 'p' "
           "AND n.nspname !~ '^pg_' GROUP BY n.nspname, c.relname"});
  for (const Row& row : tables.rows)
    facts.tables[{text_of(row.at(0)), text_of(row.at(1))}] = {integer_of(row.at(2)),
                                                              integer_of(row.at(3))};
  return facts;
}

}  // namespace limbeck::postgres
