#include "dialect/live_rows.h"

#include "dialect/postgres/live_facts.h"
#include "dialect/sqlite/live_rows.h"

namespace limbeck {

bool has_tables(std::string_view dialect, Connection& connection,
                std::span<const RelationName> without) {
  return dialect == "sqlite" ? sqlite::has_tables(connection, without)
                             : postgres::has_tables(connection, without);
}

std::vector<std::string> table_names(std::string_view dialect, Connection& connection) {
  return dialect == "sqlite" ? sqlite::table_names(connection) : postgres::table_names(connection);
}

bool holds_rows(std::string_view dialect, Connection& connection, const RelationName& table) {
  return dialect == "sqlite" ? sqlite::holds_rows(connection, table)
                             : postgres::holds_rows(connection, table);
}

}  // namespace limbeck
