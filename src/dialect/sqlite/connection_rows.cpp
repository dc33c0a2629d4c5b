// Many rows at once: streamed out, and inserted.
#include <fmt/format.h>
#include <utility>

#include "dialect/sqlite/connection.h"
#include "dialect/sqlite/dialect.h"

namespace limbeck::sqlite {
namespace {

std::string insert_sql(const QualifiedName& table, std::span<const Identifier> columns) {
  std::string names;
  std::string values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string_view comma = i > 0 ? ", " : "";
    names += fmt::format("{}{}", comma, dialect().quote(columns[i]));
    values += fmt::format("{}${}", comma, i + 1);
  }
  if (columns.empty()) return fmt::format("INSERT INTO {} DEFAULT VALUES", dialect().quote(table));
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", dialect().quote(table), names, values);
}

}  // namespace

void SqliteConnection::stream(const Command& command, const TakeRow& take) {
  begin_call();
  statement_since_ = Clock::now();
  // A statement of its own: take may run the same one anew.
  Handle<sqlite3_stmt> owner;
  sqlite3_stmt* statement = prepare_once(command.sql, 0, owner);
  if (statement == nullptr) return;
  bind(statement, command);
  const int columns = sqlite3_column_count(statement);
  Row row;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    row.clear();
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(value_of(statement, i));
    if (!take(row)) return;
    begin_call();  // what take did is not the statement's
    statement_since_ = Clock::now();
  }
  if (code != SQLITE_DONE) fail(command.sql, 0);
}

std::int64_t SqliteConnection::insert_rows(const QualifiedName& table,
                                           std::span<const Identifier> columns,
                                           std::span<Row> rows) {
  require_transaction(true);
  Command command{.sql = insert_sql(table, columns)};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    begin_call();
    command.parameters = std::move(rows[i]);
    execute(command, i, nullptr);
  }
  return static_cast<std::int64_t>(rows.size());
}

}  // namespace limbeck::sqlite
