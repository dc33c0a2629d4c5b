#include "dialect/postgres/key_order.h"

namespace limbeck::postgres {

// Of a domain, its type counts; an enum, an array and a range are ordered by the server.
bool has_built_in_order(Connection& connection, const std::string& table,
                        const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    const ResultSet found = connection.query(
        {.sql = "SELECT n.nspname OPERATOR(pg_catalog.=) 'pg_catalog' OR t.typtype "
                "OPERATOR(pg_catalog.=) ANY ('{e,r}'::pg_catalog.\"char\"[]) OR t.typcategory "
                "OPERATOR(pg_catalog.=) 'A' FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type "
                "c ON c.oid OPERATOR(pg_catalog.=) a.atttypid JOIN pg_catalog.pg_type t ON t.oid "
                "OPERATOR(pg_catalog.=) CASE WHEN c.typtype OPERATOR(pg_catalog.=) 'd' THEN "
                "c.typbasetype ELSE c.oid END JOIN pg_catalog.pg_namespace n ON n.oid "
                "OPERATOR(pg_catalog.=) t.typnamespace WHERE a.attrelid OPERATOR(pg_catalog.=) "
                "pg_catalog.to_regclass($1) AND ARRAY[a.attname::pg_catalog.text] "
                "OPERATOR(pg_catalog.=) pg_catalog.parse_ident($2)",
         .parameters = {table, column}});
    if (found.rows.empty() || integer_of(found.rows.at(0).at(0)) == 0) return false;
  }
  return true;
}

}  // namespace limbeck::postgres
