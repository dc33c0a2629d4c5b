#include "dialect/postgres/statistics.h"

#include <cstdlib>
#include <map>
#include <utility>

namespace limbeck::postgres {
namespace {

double number_of(const Value& value) {
  return std::strtod(text_of(value).c_str(), nullptr);
}

}  // namespace

std::vector<TableStatistics> table_statistics(Connection& connection) {
  // A partitioned table is as large as its partitions, if all of theirs are known.
  const ResultSet found = connection.query(
      {.sql = "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, (CASE c.relkind WHEN "
              "'p' THEN (SELECT CASE WHEN pg_catalog.min(l.reltuples) OPERATOR(pg_catalog.>=) "
              "0::pg_catalog.float4 THEN pg_catalog.sum(l.reltuples::pg_catalog.float8) ELSE -1 "
              "END FROM pg_catalog.pg_partition_tree(c.oid) t JOIN pg_catalog.pg_class l ON l.oid "
              "OPERATOR(pg_catalog.=) t.relid WHERE t.isleaf) ELSE "
              "c.reltuples::pg_catalog.float8 END)::pg_catalog.text, "
              "pg_catalog.pg_total_relation_size(c.oid) FROM "
              "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid "
              "OPERATOR(pg_catalog.=) c.relnamespace WHERE c.relkind OPERATOR(pg_catalog.=) ANY "
              "('{r,p,m}'::pg_catalog.\"char\"[]) AND n.nspname "
              "OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)' ORDER BY 1, 2"});
  std::vector<TableStatistics> tables;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const Row& row : found.rows) {
    places[{text_of(row.at(0)), text_of(row.at(1))}] = tables.size();
    tables.push_back({.schema = text_of(row.at(0)),
                      .table = text_of(row.at(1)),
                      .rows = is_null(row.at(2)) ? -1 : number_of(row.at(2)),
                      .bytes = integer_of(row.at(3))});
  }
  // Of a table with children both are there: its own rows', and those of all together.
  const ResultSet columns = connection.query(
      {.sql = "SELECT s.schemaname::pg_catalog.text, s.tablename::pg_catalog.text, "
              "s.attname::pg_catalog.text, s.null_frac::pg_catalog.text, "
              "s.n_distinct::pg_catalog.text, s.avg_width::pg_catalog.text FROM "
              "pg_catalog.pg_stats s JOIN pg_catalog.pg_namespace n ON n.nspname "
              "OPERATOR(pg_catalog.=) s.schemaname JOIN pg_catalog.pg_class c ON c.relnamespace "
              "OPERATOR(pg_catalog.=) n.oid AND c.relname OPERATOR(pg_catalog.=) s.tablename WHERE "
              "s.inherited OPERATOR(pg_catalog.=) (c.relkind OPERATOR(pg_catalog.=) "
              "'p'::pg_catalog.\"char\")"});
  for (const Row& row : columns.rows) {
    const auto place = places.find({text_of(row.at(0)), text_of(row.at(1))});
    if (place == places.end()) continue;
    tables[place->second].columns.push_back({.column = text_of(row.at(2)),
                                             .null_fraction = number_of(row.at(3)),
                                             .distinct = number_of(row.at(4)),
                                             .width = number_of(row.at(5))});
  }
  return tables;
}

}  // namespace limbeck::postgres
