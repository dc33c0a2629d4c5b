#include "dialect/dialect.h"

#include <array>
#include <fmt/format.h>

#include "dialect/postgres/dialect.h"
#include "dialect/sqlite/dialect.h"

namespace limbeck {
namespace {

// To add a dialect, add its row.
using DialectGetter = const Dialect& (*)();
constexpr std::array<DialectGetter, 2> dialects{postgres::dialect, sqlite::dialect};

}  // namespace

std::string Dialect::quote(const QualifiedName& name) const {
  if (name.schema.name.empty()) return quote(name.object);
  return quote(name.schema) + '.' + quote(name.object);
}

const Dialect& dialect_named(std::string_view name) {
  std::string known;
  for (const DialectGetter dialect : dialects) {
    if (dialect().name() == name) return dialect();
    known += fmt::format("{}{}", known.empty() ? "" : ", ", dialect().name());
  }
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("there is no dialect named \"{}\"", name),
               .hint = "known dialects: " + known});
}

bool is_dialect(std::string_view name) {
  for (const DialectGetter dialect : dialects) {
    if (dialect().name() == name) return true;
  }
  return false;
}

}  // namespace limbeck
