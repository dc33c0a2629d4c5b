#include "dialect/schema_dialect.h"

#include <array>
#include <fmt/format.h>

#include "limbeck/error.h"

#include "dialect/postgres/schema_dialect.h"
#include "dialect/sqlite/schema_dialect.h"

namespace limbeck {
namespace {

// To add a dialect, add its row.
struct NamedDialect {
  std::string_view name;
  const SchemaDialect& (*get)();
};
constexpr std::array<NamedDialect, 2> schema_dialects{{
    {"postgresql", postgres::schema_dialect},
    {"sqlite", sqlite::schema_dialect},
}};

}  // namespace

std::vector<SqlStatement> SchemaDialect::change_table(const Schema& /*now*/,
                                                      const TableChanges& changes) const {
  throw Error({.code = ExitCode::internal_error,
               .message = fmt::format("table {} can be altered in place", changes.table)});
}

const SchemaDialect& schema_dialect_named(std::string_view name) {
  std::string known;
  for (const NamedDialect& dialect : schema_dialects) {
    if (dialect.name == name) return dialect.get();
    known += fmt::format("{}{}", known.empty() ? "" : ", ", dialect.name);
  }
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("there is no dialect named \"{}\"", name),
               .hint = "known dialects: " + known});
}

}  // namespace limbeck
