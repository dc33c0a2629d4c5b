#include "limbeck/transaction.h"

#include <fmt/format.h>

#include "model/database_state.h"

namespace limbeck {
namespace {

std::string savepoint_of(int depth) {
  return fmt::format("limbeck_{}", depth);
}

void run_sql(detail::DatabaseState& state, std::string sql) {
  state.connection->query({.sql = std::move(sql)});
}

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error({.code = ExitCode::usage, .message = std::move(message), .hint = std::move(hint)});
}

}  // namespace

void detail::DatabaseState::require_working() const {
  if (failed) refuse("a statement of the open transaction has failed", "roll it back first");
}

Transaction::Transaction(Database& database, const TransactionOptions& options)
    : state_(&detail::state_of(database)), depth_(state_->depth + 1) {
  const bool outermost = depth_ == 1;
  if (!outermost && options != TransactionOptions()) {
    refuse("a transaction inside another one has the isolation of that one",
           "give the options to the outermost limbeck::Transaction");
  }
  state_->require_working();
  if (outermost) {
    state_->connection->begin(options);
  } else {
    run_sql(*state_, "SAVEPOINT " + savepoint_of(depth_));
  }
  state_->depth = depth_;
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    rollback();
  } catch (const Error&) {
    // The connection is gone, and the server rolls back by itself.
  }
}

void Transaction::require_innermost() const {
  if (!open_) refuse("the transaction has ended before", "end each one once");
  if (depth_ != state_->depth) {
    refuse("a transaction inside of this one is open still", "end the innermost one first");
  }
}

void Transaction::leave() noexcept {
  open_ = false;
  state_->failed = false;
  state_->depth = depth_ - 1;
}

void Transaction::commit() {
  require_innermost();
  if (state_->failed) {
    rollback();
    throw Error({.code = ExitCode::failed_rolled_back,
                 .message = "a statement of the transaction failed before its commit",
                 .state = "the transaction was rolled back"});
  }
  if (depth_ > 1) {
    run_sql(*state_, "RELEASE SAVEPOINT " + savepoint_of(depth_));
    leave();
    return;
  }
  leave();
  state_->connection->commit();
}

void Transaction::rollback() {
  require_innermost();
  const bool is_savepoint = depth_ > 1;
  leave();
  if (!is_savepoint) {
    state_->connection->rollback();
    return;
  }
  // SQLite rolls back as a whole after some failures: then there is nothing left to go back to.
  if (!state_->connection->in_transaction()) {
    state_->failed = true;
    return;
  }
  const std::string name = savepoint_of(depth_);
  run_sql(*state_, "ROLLBACK TO SAVEPOINT " + name);
  run_sql(*state_, "RELEASE SAVEPOINT " + name);
}

}  // namespace limbeck
