// Many rows at once: streamed out by a cursor, and inserted by COPY.
#include <fmt/format.h>
#include <utility>

#include "dialect/postgres/connection.h"
#include "dialect/postgres/dialect.h"

namespace limbeck::postgres {
namespace {

constexpr int rows_of_one_fetch = 1'000;
constexpr std::size_t bytes_of_one_copy = 4'000'000;

// A cursor, and the transaction around it where there was none.
class Cursor {
 public:
  Cursor(PostgresConnection& connection, std::string name, const Command& query)
      : connection_(connection), name_(std::move(name)), own_(!connection.in_transaction()) {
    if (own_) connection_.begin();
    const std::string prefix = fmt::format("DECLARE {} NO SCROLL CURSOR FOR ", name_);
    try {
      connection_.query({.sql = prefix + query.sql, .parameters = query.parameters});
    } catch (DatabaseError& error) {
      const auto before = static_cast<int>(prefix.size());
      if (error.failure().position > before) error.failure().position -= before;
      if (own_) connection_.rollback();
      throw;
    }
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor() {
    if (!open_) return;
    if (own_) {
      connection_.rollback();
      return;
    }
    try {
      connection_.query({.sql = "CLOSE " + name_});
    } catch (const Error&) {
      // The transaction has failed, and ends with its cursors.
    }
  }

  std::vector<Row> fetch() {
    return connection_
        .query({.sql = fmt::format("FETCH FORWARD {} FROM {}", rows_of_one_fetch, name_)})
        .rows;
  }
  void close() {
    connection_.query({.sql = "CLOSE " + name_});
    open_ = false;
    if (own_) connection_.commit();
  }

 private:
  PostgresConnection& connection_;
  std::string name_;
  bool own_;
  bool open_ = true;
};

bool take_all(std::vector<Row>& rows, const TakeRow& take) {
  for (Row& row : rows) {
    if (!take(row)) return false;
  }
  return true;
}

}  // namespace

void PostgresConnection::stream(const Command& command, const TakeRow& take) {
  Cursor cursor(*this, fmt::format("limbeck_{}", ++cursors_), command);
  for (;;) {
    std::vector<Row> rows = cursor.fetch();
    const bool last = rows.size() < rows_of_one_fetch;
    if (!take_all(rows, take) || last) break;
  }
  cursor.close();
}

namespace {

// As COPY's text format wants it: backslashes, and what would end a value or a row.
void append_escaped(std::string& data, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        data += "\\\\";
        break;
      case '\t':
        data += "\\t";
        break;
      case '\n':
        data += "\\n";
        break;
      case '\r':
        data += "\\r";
        break;
      default:
        data += c;
    }
  }
}

void append_bytes(std::string& data, const std::string& bytes) {
  static constexpr std::string_view hex = "0123456789abcdef";
  data += "\\\\x";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    data += hex[byte >> 4U];
    data += hex[byte & 15U];
  }
}

void append_value(std::string& data, const Value& value) {
  if (is_null(value)) {
    data += "\\N";
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    append_escaped(data, *text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    const fmt::format_int digits(*integer);
    data.append(digits.data(), digits.size());
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    append_bytes(data, blob->bytes);
  } else {
    data += text_of(value);
  }
}

void append_row(std::string& data, const Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) data += '\t';
    append_value(data, row[i]);
  }
  data += '\n';
}

std::string copy_sql(const QualifiedName& table, std::span<const Identifier> columns) {
  std::string names;
  for (const Identifier& column : columns) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", dialect().quote(column));
  }
  return fmt::format("COPY {} ({}) FROM STDIN", dialect().quote(table), names);
}

}  // namespace

std::int64_t PostgresConnection::insert_rows(const QualifiedName& table,
                                             std::span<const Identifier> columns,
                                             std::span<Row> rows) {
  if (columns.empty()) {  // COPY cannot say that
    const std::vector<Command> commands(
        rows.size(), {.sql = fmt::format("INSERT INTO {} DEFAULT VALUES", dialect().quote(table))});
    run(commands, Wrap::open_transaction);
    return static_cast<std::int64_t>(rows.size());
  }
  Command command{.sql = copy_sql(table, columns), .copy_data = std::string()};
  std::int64_t inserted = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    append_row(*command.copy_data, rows[i]);
    rows[i].clear();
    if (i + 1 < rows.size() && command.copy_data->size() < bytes_of_one_copy) continue;
    inserted += run({&command, 1}, Wrap::open_transaction).front();
    command.copy_data->clear();
  }
  return inserted;
}

}  // namespace limbeck::postgres
