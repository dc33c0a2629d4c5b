// What became of a statement whose runner died.
#include "dialect/sqlite/dialect.h"

namespace limbeck::sqlite {

ProbeResult probe(Connection& /*connection*/, const sql::Statement& statement) {
  for (const std::string_view words :
       {"VACUUM", "PRAGMA", "ATTACH", "DETACH", "ANALYZE", "REINDEX"}) {
    if (!sql::starts_with(statement, words)) continue;
    return {.state = ProbeResult::State::not_done, .found = "running it again does no harm"};
  }
  return {};
}

}  // namespace limbeck::sqlite
