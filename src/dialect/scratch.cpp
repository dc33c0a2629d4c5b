#include "dialect/scratch.h"

#include <fmt/format.h>

#include "dialect/postgres/scratch.h"
#include "dialect/sqlite/scratch.h"

namespace limbeck {

const ScratchDialect& scratch_dialect_named(std::string_view name) {
  for (const auto dialect : {postgres::scratch_dialect, sqlite::scratch_dialect}) {
    const auto& [known, scratch] = dialect();
    if (known == name) return scratch;
  }
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("there is no dialect named \"{}\"", name),
               .hint = "known dialects: postgresql, sqlite"});
}

}  // namespace limbeck
