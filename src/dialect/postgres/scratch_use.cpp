#include "dialect/postgres/scratch_use.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/postgres/dialect.h"
#include "dialect/tokens.h"

namespace limbeck::postgres {
namespace {

struct UseRule {
  std::string_view words;
  ScratchUse use;
};

// The first row whose words begin the statement counts. What reaches beyond the database is refused
// on a server that is not ours.
constexpr std::array<UseRule, 20> reach_rules{{
    {"CREATE USER MAPPING", ScratchUse::run},
    {"ALTER USER MAPPING", ScratchUse::run},
    {"DROP USER MAPPING", ScratchUse::run},
    {"CREATE ROLE", ScratchUse::refuse},
    {"CREATE USER", ScratchUse::refuse},
    {"CREATE GROUP", ScratchUse::refuse},
    {"ALTER ROLE", ScratchUse::refuse},
    {"ALTER USER", ScratchUse::refuse},
    {"ALTER GROUP", ScratchUse::refuse},
    {"DROP ROLE", ScratchUse::refuse},
    {"DROP USER", ScratchUse::refuse},
    {"DROP GROUP", ScratchUse::refuse},
    {"DROP OWNED", ScratchUse::refuse},
    {"REASSIGN OWNED", ScratchUse::refuse},
    {"COMMENT ON ROLE", ScratchUse::refuse},
    {"COMMENT ON TABLESPACE", ScratchUse::refuse},
    {"SECURITY LABEL ON ROLE", ScratchUse::refuse},
    {"CREATE TABLESPACE", ScratchUse::refuse},
    {"ALTER TABLESPACE", ScratchUse::refuse},
    {"DROP TABLESPACE", ScratchUse::refuse},
}};

// On no server at all.
constexpr std::array<std::string_view, 9> never_run{
    "CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE",     "COMMENT ON DATABASE",
    "ALTER SYSTEM",    "CHECKPOINT",     "DROP SUBSCRIPTION", "SECURITY LABEL ON DATABASE",
    "NOTIFY"};

constexpr std::array<std::string_view, 8> skipped{
    "BEGIN", "START TRANSACTION", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "VACUUM"};

bool has_word(const sql::Statement& statement, std::string_view word) {
  const std::vector<Token> tokens = first_tokens(statement.text, statement.text.size());
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::word && token.text.size() == word.size() &&
        contains_ignoring_case(token.text, word))
      return true;
  }
  return false;
}

// GRANT a TO b, without ON, makes b a member of a.
bool grants_beyond(const sql::Statement& statement) {
  if (!sql::starts_with(statement, "GRANT") && !sql::starts_with(statement, "REVOKE")) return false;
  const std::vector<Token> tokens = first_tokens(statement.text, 200);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != Token::Kind::word || !contains_ignoring_case(tokens[i].text, "on") ||
        tokens[i].text.size() != 2)
      continue;
    for (const std::string_view object : {"database", "tablespace", "parameter"}) {
      if (tokens[i + 1].kind == Token::Kind::word && tokens[i + 1].text.size() == object.size() &&
          contains_ignoring_case(tokens[i + 1].text, object))
        return true;
    }
    return false;
  }
  return true;
}

// One that connects would make a slot on the publisher, or begin to copy its rows.
bool subscribes(const sql::Statement& statement) {
  if (sql::starts_with(statement, "CREATE SUBSCRIPTION")) {
    std::string text;
    for (const Token& token : first_tokens(statement.text, statement.text.size()))
      text += token.text;
    return !contains_ignoring_case(text, "connect=false");
  }
  return sql::starts_with(statement, "ALTER SUBSCRIPTION") &&
         (has_word(statement, "enable") || has_word(statement, "refresh") ||
          has_word(statement, "connection"));
}

// COPY (DELETE ... RETURNING *) TO STDOUT changes rows, and reaches no file and no program.
bool copies_a_query_to_the_client(const sql::Statement& statement) {
  if (!sql::starts_with(statement, "COPY (")) return false;
  TokenReader reader(statement.text, statement.text.size(), true);
  reader.accept("COPY");
  reader.skip_parentheses();
  return reader.accept("TO STDOUT");
}

bool sets_session(const sql::Statement& statement) {
  const StatementNature nature = dialect().nature(statement);
  return nature == StatementNature::session_setting ||
         (sql::starts_with(statement, "SELECT") &&
          contains_ignoring_case(statement.text, "set_config"));
}

}  // namespace

ScratchUse use_of(const sql::Statement& statement, bool owns_server) {
  for (const std::string_view words : never_run) {
    if (sql::starts_with(statement, words)) return ScratchUse::refuse;
  }
  if (copies_a_query_to_the_client(statement)) return ScratchUse::run;
  if (statement.copy_data || sql::starts_with(statement, "COPY")) return ScratchUse::skip;
  if (sets_session(statement)) return ScratchUse::setting;
  for (const std::string_view words : skipped) {
    if (sql::starts_with(statement, words)) return ScratchUse::skip;
  }
  if (subscribes(statement)) return ScratchUse::refuse;
  if (owns_server) return ScratchUse::run;
  if (grants_beyond(statement)) return ScratchUse::refuse;
  for (const UseRule& rule : reach_rules) {
    if (sql::starts_with(statement, rule.words)) return rule.use;
  }
  return ScratchUse::run;
}

}  // namespace limbeck::postgres
