#include "dialect/postgres/live_facts.h"

#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/dialect.h"

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
      {.sql = "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, "
              "greatest(c.reltuples, 0)::bigint, "
              "coalesce(pg_catalog.pg_total_relation_size(c.oid), 0) FROM pg_catalog.pg_class c "
              "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE "
              "c.relkind OPERATOR(pg_catalog.=) ANY ('{r,m}'::pg_catalog.\"char\"[]) AND n.nspname "
              "OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)' UNION ALL "
              "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, "
              "coalesce(pg_catalog.sum(greatest(p.reltuples, 0)) FILTER (WHERE p.relkind "
              "OPERATOR(pg_catalog.<>) 'p'), 0)::bigint, "
              "coalesce(pg_catalog.sum(pg_catalog.pg_total_relation_size(p.oid)), 0)::bigint "
              "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid "
              "OPERATOR(pg_catalog.=) c.relnamespace, "
              "LATERAL pg_catalog.pg_partition_tree(c.oid) t "
              "JOIN pg_catalog.pg_class p ON p.oid OPERATOR(pg_catalog.=) t.relid WHERE c.relkind "
              "OPERATOR(pg_catalog.=) 'p' AND n.nspname OPERATOR(pg_catalog.!~) '^pg_' GROUP BY "
              "n.nspname, c.relname"});
  for (const Row& row : tables.rows)
    facts.tables[{text_of(row.at(0)), text_of(row.at(1))}] = {integer_of(row.at(2)),
                                                              integer_of(row.at(3))};
  return facts;
}

bool has_tables(Connection& connection, std::span<const RelationName> without) {
  // More names than those that are left out are one too many.
  const ResultSet found = connection.query(
      {.sql = fmt::format(
           "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text FROM pg_catalog.pg_class "
           "c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE "
           "c.relkind OPERATOR(pg_catalog.=) ANY ('{{r,p}}'::pg_catalog.\"char\"[]) AND n.nspname "
           "OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)' LIMIT {}",
           without.size() + 1)});
  return std::any_of(found.rows.begin(), found.rows.end(), [&](const Row& row) {
    const RelationName table{text_of(row.at(0)), text_of(row.at(1))};
    return std::find(without.begin(), without.end(), table) == without.end();
  });
}

std::vector<std::string> table_names(Connection& connection) {
  const ResultSet found = connection.query(
      {.sql = "SELECT DISTINCT c.relname::pg_catalog.text FROM pg_catalog.pg_class c JOIN "
              "pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE "
              "c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,v,f}'::pg_catalog.\"char\"[]) AND "
              "n.nspname "
              "OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)'"});
  std::vector<std::string> names;
  for (const Row& row : found.rows) names.push_back(text_of(row.at(0)));
  return names;
}

bool holds_rows(Connection& connection, const RelationName& table) {
  const ResultSet there = connection.query(
      {.sql = "SELECT (pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT "
              "pg_catalog.row_security_active(c.oid))::integer, pg_catalog.pg_relation_size(c.oid) "
              "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid "
              "OPERATOR(pg_catalog.=) c.relnamespace WHERE c.relkind OPERATOR(pg_catalog.=) ANY "
              "('{r,p,v,f}'::pg_catalog.\"char\"[]) AND n.nspname OPERATOR(pg_catalog.=) "
              "$1::pg_catalog.text AND c.relname OPERATOR(pg_catalog.=) $2::pg_catalog.text",
       .parameters = {table.schema, table.name}});
  if (there.rows.empty()) return false;
  const Row& row = there.rows.front();
  if (integer_of(row.at(0)) == 0) return integer_of(row.at(1)) > 0;
  const ResultSet found =
      connection.query({.sql = fmt::format("SELECT EXISTS (SELECT 1 FROM {}.{})::integer",
                                           dialect().quote(Identifier{table.schema}),
                                           dialect().quote(Identifier{table.name}))});
  return integer_of(found.rows.at(0).at(0)) != 0;
}

}  // namespace limbeck::postgres
