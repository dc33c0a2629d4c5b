// What a database gives and takes: values, rows of them, results.
//
// It knows nothing of tables and structs; limbeck/model.h and limbeck/rows.h do.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace limbeck {

struct Blob {
  std::string bytes;
  auto operator<=>(const Blob&) const = default;
};

// NULL, integer, real, text, bytes. PostgreSQL gives text for every type but the integers and
// booleans (as 0 and 1).
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

bool is_null(const Value& value);
std::string text_of(const Value& value);      // "" for NULL
std::int64_t integer_of(const Value& value);  // also from text; 0 for NULL

using Row = std::vector<Value>;

struct ResultSet {
  std::vector<std::string> columns = {};
  // Of the columns, as PostgreSQL calls its own types: "int4", "_text"; "" where it is another's or
  // the database's values have types of their own.
  std::vector<std::string_view> types = {};
  std::vector<Row> rows = {};
  std::int64_t affected = 0;  // rows changed, where the statement changes rows
};

}  // namespace limbeck
