#include "dialect/effect.h"

#include <algorithm>
#include <array>

#include "dialect/dialect.h"
#include "dialect/postgres/memory/effect.h"
#include "dialect/sqlite/effect.h"

namespace limbeck {
namespace {

struct LockRow {
  std::string_view name;
  std::string_view blocks;
};

// In the order of LockLevel.
constexpr std::array lock_rows = std::to_array<LockRow>({
    {"no lock", ""},
    {"ACCESS SHARE", ""},
    {"ROW SHARE", ""},
    {"ROW EXCLUSIVE", ""},
    {"SHARE UPDATE EXCLUSIVE", ""},
    {"SHARE", "writes"},
    {"SHARE ROW EXCLUSIVE", "writes"},
    {"EXCLUSIVE", "writes and locking reads"},
    {"ACCESS EXCLUSIVE", "reads and writes"},
});

}  // namespace

std::string_view to_string(LockLevel lock) {
  return lock_rows.at(static_cast<std::size_t>(lock)).name;
}

std::string_view blocked_by(LockLevel lock) {
  return lock_rows.at(static_cast<std::size_t>(lock)).blocks;
}

void TableImpact::add(const TableImpact& other) {
  lock = std::max(lock, other.lock);
  scan = scan || other.scan;
  foreign_key_scan = foreign_key_scan || other.foreign_key_scan;
  index_build = index_build || other.index_build;
  rewrite = rewrite || other.rewrite;
}

namespace {

Error no_reader() {
  return Error(
      {.code = ExitCode::usage,
       .message = "what statements of this database do is not known without running them"});
}

}  // namespace

bool can_be_read(std::string_view dialect, const sql::Statement& statement) {
  return dialect != "postgresql" || postgres::can_be_read(statement);
}

std::unique_ptr<EffectReader> make_effect_reader(std::string_view dialect,
                                                 const EffectSettings& settings) {
  if (dialect == "postgresql") return postgres::make_effect_reader(settings);
  if (dialect == "sqlite") return sqlite::make_effect_reader(settings);
  throw no_reader();
}

std::unique_ptr<EffectReader> make_effect_reader(std::string_view dialect,
                                                 const EffectSettings& settings, Connection& live) {
  if (dialect == "postgresql") return postgres::make_effect_reader(settings, live);
  if (dialect == "sqlite") return sqlite::make_effect_reader(live);
  throw no_reader();
}

std::unique_ptr<EffectReader> make_effect_reader(std::string_view dialect,
                                                 const EffectSettings& settings, Connection& live,
                                                 const sql::Statement& statement) {
  if (dialect == "postgresql") return postgres::make_effect_reader(settings, live, statement);
  if (dialect == "sqlite") return sqlite::make_effect_reader(live);
  throw no_reader();
}

}  // namespace limbeck
