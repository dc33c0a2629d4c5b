// How a statement may be run, told from its first words.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "dialect/sqlite/dialect.h"
#include "dialect/tokens.h"

namespace limbeck::sqlite {
namespace {

struct Rule {
  std::string_view words;
  StatementNature nature;
};

constexpr StatementNature transactional = StatementNature::transactional;
constexpr StatementNature control = StatementNature::transaction_control;

// The first row whose words begin the statement counts; what no row knows is transactional.
constexpr std::array<Rule, 11> rules{{
    {"VACUUM", StatementNature::outside_transaction},
    {"ATTACH", StatementNature::session_setting},
    {"DETACH", StatementNature::session_setting},
    {"BEGIN", control},
    {"COMMIT", control},
    {"END", control},
    {"ROLLBACK TO", transactional},
    {"ROLLBACK TRANSACTION TO", transactional},
    {"ROLLBACK", control},
    {"SAVEPOINT", transactional},
    {"RELEASE", transactional},
}};

// Pragmas that are part of the database's content, count for one transaction only, or only read.
// Any other one sets something that a transaction forbids, or, as foreign_keys does, ignores
// without a word.
constexpr std::array<std::string_view, 14> transactional_pragmas{
    "application_id", "defer_foreign_keys", "foreign_key_check",  "foreign_key_list",
    "index_info",     "index_list",         "index_xinfo",        "integrity_check",
    "optimize",       "quick_check",        "legacy_alter_table", "table_info",
    "table_xinfo",    "user_version"};

// These act also when they are given no value. Any other one is then a question.
constexpr std::array<std::string_view, 3> acting_pragmas{"incremental_vacuum", "shrink_memory",
                                                         "wal_checkpoint"};

template <typename Names>
bool holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What follows a pragma's name: nothing asks for its value. What is not "off" is taken for "on".
bool sets_on(TokenReader& reader) {
  if (!reader.accept_symbol('=') && !reader.accept_symbol('(')) return false;
  return !reader.accept_symbol('0') && !reader.accept("OFF") && !reader.accept("FALSE") &&
         !reader.accept("NO");
}

StatementNature pragma_nature(const sql::Statement& statement) {
  constexpr std::size_t most_tokens = 6;
  TokenReader reader(statement.text, most_tokens, true);
  reader.accept("PRAGMA");
  const std::optional<QualifiedName> name = reader.name();
  const bool asks = reader.at_end();
  if (name && name->object.name == "query_only" && sets_on(reader)) {
    return StatementNature::read_only;
  }
  const bool within = name && (holds(transactional_pragmas, name->object.name) ||
                               (asks && !holds(acting_pragmas, name->object.name)));
  return within ? transactional : StatementNature::session_setting;
}

}  // namespace

StatementNature nature(const sql::Statement& statement) {
  if (sql::starts_with(statement, "PRAGMA")) return pragma_nature(statement);
  for (const Rule& rule : rules) {
    if (sql::starts_with(statement, rule.words)) return rule.nature;
  }
  return transactional;
}

std::optional<SessionSetting> session_setting(const sql::Statement& statement) {
  constexpr std::array<std::string_view, 4> off_by_default{
      "foreign_keys", "ignore_check_constraints", "legacy_alter_table", "recursive_triggers"};
  constexpr std::size_t most_tokens = 6;
  TokenReader reader(statement.text, most_tokens, true);
  if (!reader.accept("PRAGMA")) return std::nullopt;
  const std::optional<QualifiedName> name = reader.name();
  if (!name || reader.at_end()) return std::nullopt;
  const std::string& pragma = name->object.name;
  if (std::find(off_by_default.begin(), off_by_default.end(), pragma) == off_by_default.end())
    return std::nullopt;
  return SessionSetting{fmt::format("PRAGMA {} = OFF", pragma), sets_on(reader)};
}

}  // namespace limbeck::sqlite
