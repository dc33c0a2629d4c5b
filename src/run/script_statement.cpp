#include "run/script_statement.h"

#include <algorithm>
#include <array>
#include <span>

namespace limbeck {
namespace {

bool begins_with_any(const sql::Statement& statement, std::span<const char* const> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return sql::starts_with(statement, word); });
}

bool has_rows(const sql::Statement& statement) {
  constexpr std::array words{"SELECT",  "WITH",    "VALUES",  "TABLE",  "SHOW",  "PRAGMA",
                             "INSERT",  "REPLACE", "UPDATE",  "DELETE", "MERGE", "FETCH",
                             "EXECUTE", "CALL",    "EXPLAIN", "("};
  return begins_with_any(statement, words);
}

}  // namespace

bool only_reads(const sql::Statement& statement) {
  constexpr std::array words{"SELECT", "VALUES", "TABLE", "SHOW", "PRAGMA", "EXPLAIN"};
  return begins_with_any(statement, words);
}

ResultSet send(Connection& connection, const sql::Statement& statement,
               const std::vector<Value>& parameters) {
  const Command command{
      .sql = statement.text, .parameters = parameters, .copy_data = statement.copy_data};
  if (has_rows(statement)) return connection.query(command);
  ResultSet result;
  result.affected = connection.run({&command, 1}, Wrap::open_transaction).front();
  return result;
}

}  // namespace limbeck
