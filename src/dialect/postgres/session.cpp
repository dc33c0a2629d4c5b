#include "dialect/postgres/session.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "dialect/tokens.h"

namespace limbeck::postgres {
namespace {

template <std::size_t n>
bool is_one_of(std::string_view word, const std::array<std::string_view, n>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Statements that change the catalog run no code that sets something for the session, and the
// runner's own rows, which are written with parameters, do not either. Any other statement may call
// a function that does.
bool may_change_session(const Command& command) {
  static constexpr std::array<std::string_view, 6> definitions{"ALTER", "COMMENT", "CREATE",
                                                               "DROP",  "GRANT",   "REVOKE"};
  static constexpr std::array<std::string_view, 3> changes{"DELETE", "INSERT", "UPDATE"};
  if (contains_ignoring_case(command.sql, "set_config")) return true;
  const std::string word = leading_word(command.sql);
  if (word == "CREATE" && contains_ignoring_case(command.sql, "temp")) return true;
  if (is_one_of(word, definitions)) return false;
  return command.parameters.empty() || !is_one_of(word, changes);
}

}  // namespace

void Session::ran(const Command& command) {
  if (!may_change_session(command)) return;
  touched_ = true;
  ++touches_;
}

void Session::queried(const Command& command) {
  static constexpr std::array<std::string_view, 5> reads{"DELETE", "INSERT", "SELECT", "UPDATE",
                                                         "WITH"};
  if (!is_one_of(leading_word(command.sql), reads)) ran(command);
  if (contains_ignoring_case(command.sql, "set_config")) ran(command);
}

void Session::request_reset() {
  if (touched_) reset_wanted_ = true;
  touched_ = false;
}

std::vector<std::string> Session::pending() const {
  std::vector<std::string> statements;
  // Not DISCARD ALL: it would drop the prepared statements and the lock, and cannot be sent with
  // others.
  if (reset_wanted_) {
    statements = {"RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL", "DISCARD TEMP"};
  }
  if (reset_wanted_ || baseline_wanted_) {
    statements.insert(statements.end(), baseline_.begin(), baseline_.end());
  }
  if (guards_wanted_ || (reset_wanted_ && guarded_)) {
    statements.insert(statements.end(), guards_.begin(), guards_.end());
  }
  if (!wanted_) return statements;
  const bool unknown = reset_wanted_ || !on_server_;
  if (unknown || wanted_->lock_ms != on_server_->lock_ms) {
    statements.push_back(fmt::format("SET lock_timeout = {}", wanted_->lock_ms));
  }
  if (unknown || wanted_->statement_ms != on_server_->statement_ms) {
    statements.push_back(fmt::format("SET statement_timeout = {}", wanted_->statement_ms));
  }
  return statements;
}

void Session::applied() {
  guarded_ = guarded_ || guards_wanted_;
  reset_wanted_ = baseline_wanted_ = guards_wanted_ = false;
  on_server_ = wanted_;
}

void Session::undone() {
  reset_wanted_ = true;
  on_server_.reset();
}

void Session::discarded() {
  baseline_wanted_ = true;
  guards_wanted_ = guarded_ = false;
  touched_ = reset_wanted_ = false;
  ++touches_;
  on_server_.reset();
}

}  // namespace limbeck::postgres
