#include "model/row_error.h"

#include <fmt/format.h>

namespace limbeck::detail {
namespace {

constexpr std::string_view verify_hint =
    "limbeck::verify lists where the database differs from what the program declares";

std::string member_of(const RowMapping& mapping, std::size_t column) {
  return fmt::format("{}::{}", mapping.table.struct_name, mapping.table.columns[column].member);
}

std::string column_of(const RowMapping& mapping, std::size_t column) {
  return fmt::format("{}.{}", mapping.table.name, mapping.table.columns[column].name);
}

bool is_part_of_name(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Whether the name stands in the message as a whole.
bool names(std::string_view message, std::string_view name) {
  for (std::size_t at = message.find(name); at != std::string_view::npos;
       at = message.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || !is_part_of_name(message[at - 1]);
    if (begins && (end == message.size() || !is_part_of_name(message[end]))) return true;
  }
  return false;
}

// SQLite has one code for every mistake in a statement.
bool says_missing(const SqlFailure& failure, std::string_view sqlstate,
                  std::string_view of_sqlite) {
  return failure.sqlstate == sqlstate || (failure.sqlstate == "SQLITE_ERROR" &&
                                          failure.message.find(of_sqlite) != std::string::npos);
}

bool says_missing_column(const SqlFailure& failure) {
  return says_missing(failure, "42703", "no such column") ||
         says_missing(failure, "42703", "has no column named");
}

}  // namespace

void tell_reading(Error& error, const RowMapping& mapping, std::size_t column) {
  ErrorReport& report = error.report();
  report.message = fmt::format("{} does not fit {}: {}", column_of(mapping, column),
                               member_of(mapping, column), report.message);
  report.hint = verify_hint;
}

void tell_writing(Error& error, const RowMapping& mapping, std::size_t column) {
  ErrorReport& report = error.report();
  report.message = fmt::format("{} cannot be stored in {}: {}", member_of(mapping, column),
                               column_of(mapping, column), report.message);
}

void tell_statement(DatabaseError& error, const RowMapping& mapping, std::string_view doing) {
  const model::TableSpec& table = mapping.table;
  const SqlFailure& failure = error.failure();
  ErrorReport& report = error.report();
  report.context.push_back(fmt::format("{} {} for {}", doing, table.name, table.struct_name));
  if (says_missing(failure, "42P01", "no such table") && names(failure.message, table.name)) {
    report.message = fmt::format("there is no table {}, which {} is mapped to: {}", table.name,
                                 table.struct_name, report.message);
    report.hint = verify_hint;
    return;
  }
  if (!says_missing_column(failure)) return;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!names(failure.message, table.columns[i].name)) continue;
    report.message = fmt::format("there is no column {}, which {} is mapped to: {}",
                                 column_of(mapping, i), member_of(mapping, i), report.message);
    report.hint = verify_hint;
    return;
  }
}

}  // namespace limbeck::detail
