// The tables of a declaration, made in a database of a test.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "limbeck/model.h"

#include "model/database_state.h"
#include "model/ddl.h"
#include "sql/splitter.h"
#include "unit/model/databases.h"

namespace limbeck::test {

inline void create_tables(Database& database, const Metadata& set) {
  const Dialect& dialect = detail::dialect_of(database);
  const std::vector<Metadata> sets{set};
  const std::string sql = schema_sql(sets, std::string(dialect.name()));
  for (const sql::Statement& statement : sql::split(sql, dialect.lexical_rules(), {})) {
    database.execute(statement.text);
  }
}

}  // namespace limbeck::test
