#include "limbeck/rows.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>

#include "model/database_state.h"
#include "model/row_error.h"
#include "model/row_sql.h"
#include "model/value_fault.h"

namespace limbeck::detail {

using model::ColumnSpec;

void RowReader::refuse_null() {
  refuse_value("found NULL, which it cannot be");
}

bool RowWriter::is_computed() const {
  const model::Sql& computed = columns_[column_].computed;
  return !(wire_ == Wire::sqlite ? computed.sqlite : computed.postgresql).empty();
}

Value integer_value(bool fits, std::int64_t number) {
  if (!fits) refuse_value("a parameter is outside the range of an integer of 64 bits");
  return number;
}

namespace {

// What one call works with.
struct Work {
  DatabaseState& state;
  const RowMapping& mapping;
  RowSql sql;

  Work(Database& database, const RowMapping& of)
      : state(state_of(database)), mapping(of), sql(of.table, *state.dialect) {}

  std::span<const ColumnSpec> columns() const { return mapping.table.columns; }

  ResultSet query(std::string_view doing, std::string text, std::vector<Value> parameters) {
    try {
      return state.run([&](Connection& connection) {
        return connection.query({.sql = std::move(text), .parameters = std::move(parameters)});
      });
    } catch (DatabaseError& error) {
      tell_statement(error, mapping, doing);
      throw;
    }
  }
};

void read(const Work& work, const Row& row, void* object) {
  RowReader reader(row, work.state.wire);
  try {
    work.mapping.read(object, reader);
  } catch (Error& error) {
    tell_reading(error, work.mapping, reader.column());
    throw;
  }
}

Row values_of(const Work& work, const void* object, bool fresh) {
  RowWriter writer(work.columns(), work.state.wire, fresh);
  try {
    work.mapping.write(object, writer);
  } catch (Error& error) {
    tell_writing(error, work.mapping, writer.column());
    throw;
  }
  return writer.take();
}

std::string_view sql_of(const model::Sql& sql, Wire wire) {
  return wire == Wire::sqlite ? sql.sqlite : sql.postgresql;
}

// Whether an insert leaves the column to the database, when the row has this value for it.
bool left_out(const ColumnSpec& column, const Value& value, Wire wire) {
  if (!sql_of(column.computed, wire).empty()) return true;
  if (!is_null(value)) return false;
  return column.identity != model::Identity::none ||
         column.filled != model::Filled::by_default_sql ||
         !sql_of(column.default_sql, wire).empty();
}

std::vector<std::size_t> written(const Work& work, const Row& values) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!left_out(work.columns()[i], values[i], work.state.wire)) positions.push_back(i);
  }
  return positions;
}

Row picked(Row values, std::span<const std::size_t> positions) {
  Row row;
  row.reserve(positions.size());
  for (const std::size_t position : positions) row.push_back(std::move(values[position]));
  return row;
}

std::span<const std::size_t> span_of(const Columns& columns) {
  return std::span(columns.positions).first(columns.count);
}

// By functions without a key among their template's parameters.
Columns primary_key(const RowMapping& mapping) {
  const Columns key = primary_key_in(mapping.table);
  if (key.count > 0) return key;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("table {} of {} has no primary key", mapping.table.name,
                                      mapping.table.struct_name)});
}

// The one row that an INSERT gives back.
void read_stored(const Work& work, const ResultSet& result, void* stored) {
  if (result.rows.size() != 1) {
    throw Error({.code = ExitCode::failed_rolled_back,
                 .message = fmt::format("the database stored no row in {}: a trigger or a rule "
                                        "kept it away",
                                        work.mapping.table.name),
                 .hint = "an AFTER trigger lets the row be stored; a BEFORE trigger that returns "
                         "NULL, or a rule INSTEAD, does not"});
  }
  read(work, result.rows.front(), stored);
}

}  // namespace

void insert_row(Database& database, const RowMapping& mapping, const void* row, void* stored) {
  Work work(database, mapping);
  Row values = values_of(work, row, true);
  const std::vector<std::size_t> positions = written(work, values);
  read_stored(work,
              work.query("inserting into", work.sql.insert(positions),
                         picked(std::move(values), positions)),
              stored);
}

void upsert_row(Database& database, const RowMapping& mapping, const Columns& unique,
                const void* row, void* stored) {
  Work work(database, mapping);
  Row values = values_of(work, row, true);
  const std::vector<std::size_t> positions = written(work, values);
  if (positions.empty()) {
    insert_row(database, mapping, row, stored);
    return;
  }
  read_stored(work,
              work.query("writing into", work.sql.upsert(positions, span_of(unique)),
                         picked(std::move(values), positions)),
              stored);
}

bool find_row(Database& database, const RowMapping& mapping, std::vector<Value> key, void* found) {
  Work work(database, mapping);
  const Columns columns = primary_key(mapping);
  const ResultSet result =
      work.query("reading from", work.sql.find(span_of(columns)), std::move(key));
  if (result.rows.empty()) return false;
  read(work, result.rows.front(), found);
  return true;
}

namespace {

// An error in between is the row's, unless it is the taker's own.
bool give(const Work& work, const Row& row, const RowTaker& taker) {
  RowReader reader(row, work.state.wire);
  try {
    return taker.take(taker.context, reader);
  } catch (Error& error) {
    if (reader.busy()) tell_reading(error, work.mapping, reader.column());
    throw;
  }
}

}  // namespace

void select_rows(Database& database, const RowMapping& mapping, const Where& where,
                 std::vector<Value> parameters, const RowTaker& taker) {
  Work work(database, mapping);
  const ResultSet result =
      work.query("reading from", work.sql.select(where), std::move(parameters));
  for (const Row& row : result.rows) {
    if (!give(work, row, taker)) return;
  }
}

void stream_rows(Database& database, const RowMapping& mapping, const Where& where,
                 std::vector<Value> parameters, const RowTaker& taker) {
  Work work(database, mapping);
  const Command command{.sql = work.sql.select(where), .parameters = std::move(parameters)};
  // The cursor needs one, and what take does is a part of it.
  std::optional<Transaction> own;
  if (work.state.wire == Wire::postgresql && work.state.depth == 0) own.emplace(database);
  bool taking = false;
  const TakeRow take = [&](Row& row) {
    taking = true;
    const bool more = give(work, row, taker);
    taking = false;
    return more;
  };
  work.state.require_working();
  try {
    work.state.connection->stream(command, take);
  } catch (DatabaseError& error) {
    if (!taking) {  // else it is the taker's own
      work.state.note_failure();
      tell_statement(error, mapping, "reading from");
    }
    throw;
  }
  if (own) own->commit();
}

namespace {

// The columns that an update writes.
std::vector<std::size_t> updated(const Work& work, const Columns& key) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < work.columns().size(); ++i) {
    const ColumnSpec& column = work.columns()[i];
    const std::span<const std::size_t> keys = span_of(key);
    const bool in_key = std::find(keys.begin(), keys.end(), i) != keys.end();
    const bool kept_by_database = column.updated_at || column.identity != model::Identity::none ||
                                  !sql_of(column.computed, work.state.wire).empty();
    if (!in_key && !kept_by_database) positions.push_back(i);
  }
  if (positions.empty()) positions.push_back(key.positions.front());
  return positions;
}

}  // namespace

bool update_row(Database& database, const RowMapping& mapping, const void* row,
                std::string_view condition, std::vector<Value> parameters) {
  Work work(database, mapping);
  const Row values = values_of(work, row, false);
  const Columns key = primary_key(mapping);
  const std::vector<std::size_t> positions = updated(work, key);
  std::string sql = work.sql.update(positions, span_of(key), condition, parameters.size());
  for (const std::size_t position : positions) parameters.push_back(values[position]);
  for (const std::size_t position : span_of(key)) parameters.push_back(values[position]);
  return work.query("updating", std::move(sql), std::move(parameters)).affected > 0;
}

bool erase_row(Database& database, const RowMapping& mapping, std::vector<Value> key) {
  Work work(database, mapping);
  const Columns columns = primary_key(mapping);
  return work.query("deleting from", work.sql.erase(span_of(columns)), std::move(key)).affected > 0;
}

std::int64_t erase_rows(Database& database, const RowMapping& mapping, std::string_view condition,
                        std::vector<Value> parameters) {
  if (condition.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw Error(
        {.code = ExitCode::usage,
         .message = fmt::format("no condition says which rows of {} to delete", mapping.table.name),
         .hint = "\"true\" means all of them"});
  }
  Work work(database, mapping);
  return work.query("deleting from", work.sql.erase(condition), std::move(parameters)).affected;
}

namespace {

// Rows that name the same columns and go to the database together.
class InsertBatch {
 public:
  explicit InsertBatch(Work& work) : work_(work) {}

  void add(Row values) {
    std::vector<std::size_t> positions = written(work_, values);
    if (rows_.size() == most_rows || positions != positions_) flush();
    positions_ = std::move(positions);
    rows_.push_back(picked(std::move(values), positions_));
  }
  void flush() {
    if (rows_.empty()) return;
    std::vector<Identifier> columns;
    for (const std::size_t position : positions_) columns.push_back(work_.sql.column(position));
    try {
      inserted_ += work_.state.run([&](Connection& connection) {
        return connection.insert_rows(work_.sql.table(), columns, rows_);
      });
    } catch (DatabaseError& error) {
      tell_statement(error, work_.mapping, "inserting into");
      throw;
    }
    rows_.clear();
  }
  std::int64_t inserted() const { return inserted_; }

 private:
  static constexpr std::size_t most_rows = 5'000;

  Work& work_;
  std::vector<std::size_t> positions_;
  std::vector<Row> rows_;
  std::int64_t inserted_ = 0;
};

}  // namespace

std::int64_t insert_rows(Database& database, const RowMapping& mapping, const RowSource& source) {
  Work work(database, mapping);
  Transaction transaction(database);
  InsertBatch batch(work);
  RowWriter writer(work.columns(), work.state.wire, true);
  try {
    while (source.give(source.context, writer)) batch.add(writer.take());
  } catch (Error& error) {
    if (writer.busy()) tell_writing(error, mapping, writer.column());
    throw;
  }
  batch.flush();
  transaction.commit();
  return batch.inserted();
}

namespace {

Columns columns_of(const model::ConstraintSpec& constraint) {
  return {constraint.columns, constraint.count};
}

std::optional<Columns> columns_of(const model::IndexSpec& index) {
  Columns columns;
  for (std::size_t i = 0; i < index.count; ++i) {
    if (!index.parts[i].is_column) return std::nullopt;
    columns.add(index.parts[i].column);
  }
  const bool partial = !index.where.empty();
  return index.unique && !partial ? std::optional(columns) : std::nullopt;
}

}  // namespace

Columns columns_of_unique(const RowMapping& mapping, std::string_view name) {
  const model::TableSpec& table = mapping.table;
  for (const model::ConstraintSpec& constraint : table.constraints) {
    const bool is_unique = constraint.kind == model::ConstraintKind::unique ||
                           constraint.kind == model::ConstraintKind::primary_key;
    if (is_unique && constraint.name == name) return columns_of(constraint);
  }
  for (const model::IndexSpec& index : table.indexes) {
    if (index.name != name) continue;
    if (const std::optional<Columns> columns = columns_of(index)) return *columns;
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!table.columns[i].unique || table.columns[i].unique_name != name) continue;
    Columns columns;
    columns.add(i);
    return columns;
  }
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("the mapping of {} has no unique constraint and no unique "
                                      "index of whole columns that is called '{}'",
                                      table.struct_name, name)});
}

}  // namespace limbeck::detail
