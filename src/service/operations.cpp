#include "limbeck/operations.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "base/source.h"
#include "service/operation_host.h"

namespace limbeck {
namespace {

// What SQLite's ADD COLUMN takes: it looks at no row.
bool fits_in_place(const NewColumn& column, const DefinitionText& text) {
  if (column.primary_key || column.unique || !text.text(column.computed).empty()) return false;
  const std::string value = text.default_value(column);
  if (value.empty()) return column.nullable;
  const bool constant = !value.starts_with('(') && !value.starts_with("CURRENT_");
  return constant && !column.references;
}

// Together they stay well below what each database takes in one statement.
constexpr std::size_t parameters_in_one_statement = 2'000;

std::string insert_statement(const DefinitionText& text, const TableName& table,
                             const std::vector<std::string>& columns, std::size_t rows) {
  std::vector<std::string> tuples;
  std::size_t parameter = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<std::string> tuple;
    for (std::size_t i = 0; i < columns.size(); ++i)
      tuple.push_back(fmt::format("${}", ++parameter));
    tuples.push_back(fmt::format("({})", fmt::join(tuple, ", ")));
  }
  return fmt::format("INSERT INTO {} {} VALUES {}", text.quote_table(table), text.list(columns),
                     fmt::join(tuples, ", "));
}

void check_width(const Row& row, const TableName& table, std::size_t columns) {
  if (row.size() == columns) return;
  throw Error({.code = ExitCode::invalid_project,
               .message = fmt::format("a row for table {} has {} values for {} columns", table.name,
                                      row.size(), columns),
               .hint = "give each row one value for each column, in their order"});
}

}  // namespace

std::string_view Operations::dialect() const {
  return host_.dialect.name();
}

// ---- SQL ----

std::int64_t Operations::execute(std::string_view sql, const std::vector<Value>& parameters) {
  return std::max(std::int64_t{0}, query(sql, parameters).affected);
}

ResultSet Operations::query(std::string_view sql, const std::vector<Value>& parameters) {
  return host_.run(std::string(sql), parameters);
}

void Operations::insert_rows(const TableName& table, const std::vector<std::string>& columns,
                             const std::vector<Row>& rows) {
  for (const Row& row : rows) check_width(row, table, columns.size());
  if (columns.empty()) return;
  const std::size_t most = std::max<std::size_t>(1, parameters_in_one_statement / columns.size());
  for (std::size_t begin = 0; begin < rows.size(); begin += most) {
    const std::size_t count = std::min(most, rows.size() - begin);
    std::vector<Value> values;
    values.reserve(count * columns.size());
    for (std::size_t i = begin; i < begin + count; ++i)
      values.insert(values.end(), rows[i].begin(), rows[i].end());
    host_.run(insert_statement(host_.text, table, columns, count), std::move(values));
  }
}

// ---- tables ----

void Operations::create_table(const TableName& table, const NewTable& content) {
  host_.run(host_.text.create_table(table, content));
}

void Operations::drop_table(const TableName& table) {
  host_.run("DROP TABLE " + host_.text.quote_table(table));
}

void Operations::accept_data_loss(std::string_view reason) {
  if (trimmed(reason, " ").empty()) {
    host_.attempt([&] {
      throw Error({.code = ExitCode::invalid_project,
                   .message = "accept_data_loss() needs a reason",
                   .hint = "say why the rows are not needed any more"});
    });
  }
  host_.attempt([&] { host_.host.accept_data_loss(); });
}

void Operations::rename_table(const TableName& table, std::string_view new_name) {
  host_.run(fmt::format("ALTER TABLE {} RENAME TO {}", host_.text.quote_table(table),
                        host_.text.quote(new_name)));
}

void Operations::add_column(const TableName& table, const NewColumn& column) {
  std::string definition = host_.text.column(column);
  if (!host_.alters_tables && !fits_in_place(column, host_.text))
    return host_.change(table,
                        {AddColumn{.name = column.name, .definition = std::move(definition)}});
  host_.run(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", host_.text.quote_table(table),
                        host_.text.quote(column.name), definition));
}

void Operations::drop_column(const TableName& table, std::string_view column) {
  if (!host_.alters_tables) return host_.change(table, {DropColumn{.name = std::string(column)}});
  host_.run(fmt::format("ALTER TABLE {} DROP COLUMN {}", host_.text.quote_table(table),
                        host_.text.quote(column)));
}

void Operations::rename_column(const TableName& table, std::string_view column,
                               std::string_view new_name) {
  host_.run(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", host_.text.quote_table(table),
                        host_.text.quote(column), host_.text.quote(new_name)));
}

void Operations::create_index(std::string_view name, const TableName& table,
                              const std::vector<std::string>& columns,
                              const IndexOptions& options) {
  std::string sql = options.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  if (options.concurrently && host_.is_postgres()) sql += "CONCURRENTLY ";
  sql += fmt::format("{} ON {}", host_.text.quote(name), host_.text.quote_table(table));
  if (!options.method.empty() && host_.is_postgres())
    sql += " USING " + host_.text.quote(options.method);
  sql += " " + host_.text.list(columns);
  if (const std::string_view where = host_.text.text(options.where); !where.empty())
    sql += fmt::format(" WHERE {}", where);
  host_.run(std::move(sql));
}

void Operations::drop_index(std::string_view name, std::string_view schema) {
  host_.run("DROP INDEX " +
            host_.text.quote_table(TableName(std::string(schema), std::string(name))));
}

// ---- transactions ----

void Operations::commit() {
  host_.attempt([&] { host_.host.commit({.line = host_.line}); });
}

void Operations::outside_transaction(const std::function<void()>& work) {
  const auto cross = [&](bool enter) {
    host_.attempt([&] { host_.host.autocommit({.enter = enter, .line = host_.line}); });
  };
  cross(true);
  work();
  cross(false);
}

void Operations::note(std::string text) {
  host_.notes.push_back(std::move(text));
}

}  // namespace limbeck
