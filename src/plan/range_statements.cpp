#include "plan/range_statements.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/redact.h"
#include "dialect/tokens.h"
#include "plan/plan.h"

namespace limbeck {
namespace {

enum class Effect { schema, nothing, data };

struct Rule {
  std::string_view words;
  Effect effect;
};

// The first row whose words begin the statement counts; what no row knows changes data.
constexpr std::array<Rule, 24> rules{{
    {"CREATE", Effect::schema},
    {"ALTER", Effect::schema},
    {"DROP", Effect::schema},
    {"COMMENT", Effect::schema},
    {"GRANT", Effect::schema},
    {"REVOKE", Effect::schema},
    {"REASSIGN OWNED", Effect::schema},
    {"SECURITY LABEL", Effect::schema},
    {"IMPORT FOREIGN SCHEMA", Effect::schema},
    {"SET", Effect::nothing},
    {"RESET", Effect::nothing},
    {"SELECT SET_CONFIG", Effect::nothing},
    {"SELECT PG_CATALOG . SET_CONFIG", Effect::nothing},
    {"PRAGMA", Effect::nothing},
    {"ANALYZE", Effect::nothing},
    {"ANALYSE", Effect::nothing},
    {"VACUUM", Effect::nothing},
    {"REINDEX", Effect::nothing},
    {"CLUSTER", Effect::nothing},
    {"CHECKPOINT", Effect::nothing},
    {"LOCK", Effect::nothing},
    {"SAVEPOINT", Effect::nothing},
    {"RELEASE", Effect::nothing},
    {"ROLLBACK TO", Effect::nothing},
}};

Effect effect_of(const sql::Statement& statement) {
  for (const Rule& rule : rules) {
    if (sql::starts_with(statement, rule.words)) return rule.effect;
  }
  return Effect::data;
}

// CREATE TABLE ... AS: rows come with the table.
bool creates_with_rows(const sql::Statement& statement) {
  constexpr std::size_t most_tokens = 64;
  TokenReader reader(statement.text, most_tokens, true);
  if (!reader.accept("CREATE")) return false;
  for (const std::string_view word : {"GLOBAL", "LOCAL", "TEMPORARY", "TEMP", "UNLOGGED"})
    reader.accept(word);
  if (!reader.accept("TABLE")) return false;
  reader.accept("IF NOT EXISTS");
  if (!reader.name()) return false;
  reader.skip_parentheses();
  return reader.accept("AS");
}

// Keeps rows under another name, or converts them in a way of its own: the difference of the two
// schemas would drop them.
bool moves_rows(const sql::Statement& statement) {
  if (!sql::starts_with(statement, "ALTER") || sql::starts_with(statement, "ALTER INDEX") ||
      sql::starts_with(statement, "ALTER POLICY") || sql::starts_with(statement, "ALTER TRIGGER")) {
    return false;
  }
  const auto has = [&](std::string_view part) {
    return contains_ignoring_case(statement.text, part);
  };
  return (has("rename") && !has("rename constraint")) || has("set schema") ||
         (has("using") && has("type"));
}

}  // namespace

std::vector<DataStatement> data_statements(const RevisionFile& file, const Dialect& dialect,
                                           RowsBefore rows) {
  constexpr std::size_t words = 3;
  std::vector<DataStatement> found;
  for (const Step& step : plan_revision(file, Direction::upgrade, dialect)) {
    for (const sql::Statement& statement : step.statements) {
      if (effect_of(statement) != Effect::data && !creates_with_rows(statement) &&
          (rows == RowsBefore::none || !moves_rows(statement))) {
        continue;
      }
      found.push_back(
          {statement.place, redact(sql::beginning(statement, dialect.lexical_rules(), words))});
    }
  }
  return found;
}

std::vector<std::string> settings_undone(const RevisionFile& file, Direction direction,
                                         const Dialect& dialect) {
  std::map<std::string, bool> settings;  // what undoes it, and whether that is needed
  for (const Step& step : plan_revision(file, direction, dialect)) {
    for (const sql::Statement& statement : step.statements) {
      if (const auto setting = dialect.session_setting(statement))
        settings[setting->undo] = setting->changed;
    }
  }
  std::vector<std::string> statements;
  for (const auto& [undo, needed] : settings) {
    if (needed) statements.push_back(undo);
  }
  return statements;
}

}  // namespace limbeck
