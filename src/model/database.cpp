#include "limbeck/database.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/time.h"
#include "dialect/tokens.h"
#include "model/database_state.h"

namespace limbeck {
namespace detail {

void DeleteDatabaseState::operator()(DatabaseState* state) const noexcept {
  delete state;
}

DatabaseState& state_of(Database& database) {
  return database.state();
}

Database database_of(DatabaseStatePointer state) {
  return Database(std::move(state));
}

Database connect(const DatabaseUrl& url, const ConnectOptions& options) {
  DatabaseStatePointer state(new DatabaseState);
  state->url = url;
  state->options = options;
  state->options.limits = nullptr;  // of connecting alone
  state->dialect = &dialect_named(url.dialect());
  state->wire = state->dialect->name() == "sqlite" ? model::Wire::sqlite : model::Wire::postgresql;
  state->connection = state->dialect->connect(url, options);
  return database_of(std::move(state));
}

Connection& connection_of(Database& database) {
  return *state_of(database).connection;
}

const Dialect& dialect_of(Database& database) {
  return *state_of(database).dialect;
}

}  // namespace detail

namespace {

// Behind the back of a Transaction they would end it.
void refuse_transaction_control(const std::string& sql) {
  static constexpr std::array<std::string_view, 8> words{
      "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"};
  const std::string word = leading_word(sql);
  const bool prepares = word == "PREPARE" && contains_ignoring_case(sql, "transaction");
  if (!prepares && std::find(words.begin(), words.end(), word) == words.end()) return;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("{} is not to be run as a statement", word),
               .hint = "a limbeck::Transaction begins, commits and rolls back"});
}

}  // namespace

Database::Database(std::string_view url, const DatabaseOptions& options)
    : Database(
          detail::connect(DatabaseUrl::parse(url), {.application_name = options.application_name,
                                                    .interrupt = options.interrupt,
                                                    .read_only = options.read_only,
                                                    .for_program = true})) {
  state_->connection->set_timeouts({.lock_ms = whole_milliseconds(options.lock_timeout),
                                    .statement_ms = whole_milliseconds(options.statement_timeout)});
}

detail::DatabaseState& Database::state() const {
  if (state_) return *state_;
  throw Error({.code = ExitCode::usage,
               .message = "the Database has been moved from: it has no connection any more"});
}

ResultSet Database::query(std::string_view sql, std::vector<Value> parameters) {
  const Command command{.sql = std::string(sql), .parameters = std::move(parameters)};
  refuse_transaction_control(command.sql);
  return state().run([&](Connection& connection) { return connection.query(command); });
}

std::int64_t Database::execute(std::string_view sql, std::vector<Value> parameters) {
  return query(sql, std::move(parameters)).affected;
}

bool Database::in_transaction() const {
  return state().connection->in_transaction();
}

model::Wire Database::wire() const {
  return state().wire;
}

std::string_view Database::dialect() const {
  return state().dialect->name();
}

std::string Database::server_version() const {
  return state().connection->server_version();
}

}  // namespace limbeck
