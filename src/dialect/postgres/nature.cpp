// How a statement may be run, told from its first words.
#include <array>
#include <fmt/format.h>

#include "dialect/postgres/dialect.h"
#include "dialect/tokens.h"

namespace limbeck::postgres {
namespace {

struct NatureRule {
  std::string_view words;
  StatementNature nature;
};

constexpr StatementNature transactional = StatementNature::transactional;
constexpr StatementNature outside = StatementNature::outside_transaction;
constexpr StatementNature setting_nature = StatementNature::session_setting;
constexpr StatementNature control = StatementNature::transaction_control;

// The first row whose words begin the statement counts; what no row knows is transactional.
constexpr std::array<NatureRule, 33> rules{{
    {"CREATE INDEX CONCURRENTLY", outside},
    {"CREATE UNIQUE INDEX CONCURRENTLY", outside},
    {"DROP INDEX CONCURRENTLY", outside},
    {"VACUUM", outside},
    {"CREATE DATABASE", outside},
    {"DROP DATABASE", outside},
    {"CREATE TABLESPACE", outside},
    {"DROP TABLESPACE", outside},
    // Only a subscription with a slot is refused in a transaction, which the words do not tell.
    {"CREATE SUBSCRIPTION", outside},
    {"ALTER SUBSCRIPTION", outside},
    {"DROP SUBSCRIPTION", outside},
    {"ALTER SYSTEM", outside},
    {"SET LOCAL", transactional},
    {"SET CONSTRAINTS", transactional},
    {"SET TRANSACTION", control},
    {"SET", setting_nature},
    {"RESET", setting_nature},
    {"DISCARD ALL", control},  // it lets go of the run lock
    {"DISCARD", setting_nature},
    {"LOAD", setting_nature},
    {"LISTEN", setting_nature},
    {"UNLISTEN", setting_nature},
    {"DEALLOCATE", setting_nature},
    {"BEGIN", control},
    {"START TRANSACTION", control},
    {"COMMIT", control},
    {"END", control},
    {"ABORT", control},
    {"PREPARE TRANSACTION", control},
    {"ROLLBACK TO", transactional},
    {"ROLLBACK WORK TO", transactional},
    {"ROLLBACK TRANSACTION TO", transactional},
    {"ROLLBACK", control},
}};

// Longer than the words that a statement carries: names with schemas take three each.
constexpr std::size_t most_tokens = 32;

bool detaches_concurrently(const sql::Statement& statement) {
  TokenReader reader(statement.text, most_tokens, true);
  if (!reader.accept("ALTER TABLE")) return false;
  reader.accept("IF EXISTS");
  reader.accept("ONLY");
  return reader.name() && reader.accept("DETACH PARTITION") && reader.name() &&
         reader.accept("CONCURRENTLY");
}

bool moves_database(const sql::Statement& statement) {
  TokenReader reader(statement.text, most_tokens, true);
  return reader.accept("ALTER DATABASE") && reader.name() && reader.accept("SET TABLESPACE");
}

bool reindexes_outside(const sql::Statement& statement) {
  TokenReader reader(statement.text, most_tokens, true);
  if (!reader.accept("REINDEX")) return false;
  if (contains_ignoring_case(statement.text.substr(0, statement.text.find(')')), "(concurrently"))
    return true;
  reader.skip_parentheses();
  if (!reader.accept("INDEX") && !reader.accept("TABLE")) return true;  // SCHEMA, DATABASE, SYSTEM
  return reader.accept("CONCURRENTLY");
}

// CLUSTER without a table goes through all of them, each in a transaction of its own.
bool clusters_everything(const sql::Statement& statement) {
  TokenReader reader(statement.text, most_tokens, true);
  if (!reader.accept("CLUSTER")) return false;
  reader.skip_parentheses();
  reader.accept("VERBOSE");
  return !reader.name();
}

// ALTER TABLE a VALIDATE CONSTRAINT b, VALIDATE CONSTRAINT c, and ALTER DOMAIN; with any other
// action the lock may be a strong one.
bool only_validates(const sql::Statement& statement) {
  TokenReader reader(statement.text, most_tokens, true);
  if (reader.accept("ALTER TABLE")) {
    reader.accept("IF EXISTS");
    reader.accept("ONLY");
  } else if (!reader.accept("ALTER DOMAIN")) {
    return false;
  }
  if (!reader.name()) return false;
  do {
    if (!reader.accept("VALIDATE CONSTRAINT") || !reader.name()) return false;
  } while (reader.accept_symbol(','));
  return reader.at_end();
}

// A value that means "off" is a setting as any other; what cannot be read is taken to mean
// "on".
bool forbids_writing(const sql::Statement& statement) {
  TokenReader reader(statement.text, most_tokens, true);
  if (!reader.accept("SET")) return false;
  if (reader.accept("SESSION CHARACTERISTICS AS TRANSACTION") || reader.accept("TRANSACTION") ||
      reader.accept("LOCAL TRANSACTION")) {
    return contains_ignoring_case(statement.text, "only");
  }
  if (!reader.accept("SESSION")) reader.accept("LOCAL");
  if (!reader.accept("DEFAULT_TRANSACTION_READ_ONLY") && !reader.accept("TRANSACTION_READ_ONLY")) {
    return false;
  }
  if (!reader.accept_symbol('=')) reader.accept("TO");
  for (const std::string_view off : {"OFF", "FALSE", "NO", "DEFAULT"}) {
    if (reader.accept(off)) return false;
  }
  if (reader.accept_symbol('0')) return false;
  const std::string value = reader.string().value_or("on");
  return value != "off" && value != "false" && value != "no" && value != "0";
}

}  // namespace

StatementNature nature(const sql::Statement& statement) {
  if (detaches_concurrently(statement) || moves_database(statement) ||
      reindexes_outside(statement) || clusters_everything(statement)) {
    return outside;
  }
  if (only_validates(statement)) return StatementNature::long_scan;
  if (forbids_writing(statement)) return StatementNature::read_only;
  for (const NatureRule& rule : rules) {
    if (sql::starts_with(statement, rule.words)) return rule.nature;
  }
  return transactional;
}

std::optional<SessionSetting> session_setting(const sql::Statement& statement) {
  TokenReader reader(statement.text, most_tokens, true);
  const bool changed = reader.accept("SET");
  if (!changed && !reader.accept("RESET")) return std::nullopt;
  const auto reset_of = [&](std::string_view name) {
    return SessionSetting{fmt::format("RESET {}", name), changed};
  };
  if (!reader.accept("SESSION AUTHORIZATION") && !reader.accept("LOCAL")) reader.accept("SESSION");
  if (reader.accept("CONSTRAINTS") || reader.accept("TRANSACTION") ||
      reader.accept("CHARACTERISTICS"))
    return std::nullopt;
  if (reader.accept("ROLE")) return reset_of("ROLE");
  if (contains_ignoring_case(statement.text.substr(0, most_tokens), "session authorization"))
    return reset_of("SESSION AUTHORIZATION");
  if (reader.accept("TIME ZONE")) return reset_of("timezone");
  if (reader.accept("NAMES")) return reset_of("client_encoding");
  const std::optional<QualifiedName> name = reader.name();
  if (!name) return std::nullopt;
  return reset_of(dialect().quote(*name));
}

std::optional<std::string> own_role_again(const sql::Statement& statement) {
  for (const std::string_view scope : {"SET ", "SET LOCAL ", "SET SESSION "}) {
    if (sql::starts_with(statement, std::string(scope) + "ROLE")) return "SET LOCAL ROLE NONE";
    if (sql::starts_with(statement, std::string(scope) + "SESSION AUTHORIZATION")) {
      return "SET LOCAL SESSION AUTHORIZATION DEFAULT";
    }
  }
  return std::nullopt;
}

}  // namespace limbeck::postgres
