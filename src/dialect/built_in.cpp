#include "dialect/built_in.h"

#include <fmt/format.h>

#include "dialect/postgres/key_order.h"

namespace limbeck {
namespace {

// The others have no schemas in which functions and operators are found.
bool has_search_path(const Dialect& dialect) {
  return dialect.name() == "postgresql";
}

}  // namespace

std::string built_in_operator(const Dialect& dialect, std::string_view sign) {
  return has_search_path(dialect) ? fmt::format("OPERATOR(pg_catalog.{})", sign)
                                  : std::string(sign);
}

std::string built_in_function(const Dialect& dialect, std::string_view name) {
  return has_search_path(dialect) ? fmt::format("pg_catalog.{}", name) : std::string(name);
}

bool has_built_in_order(const Dialect& dialect, Connection& connection, const std::string& table,
                        const std::vector<std::string>& columns) {
  return !has_search_path(dialect) || postgres::has_built_in_order(connection, table, columns);
}

std::vector<std::string> script_settings(const Dialect& dialect) {
  if (!has_search_path(dialect)) return {};
  return {"SET client_encoding = 'UTF8'", "SET standard_conforming_strings = on"};
}

}  // namespace limbeck
