#include "dialect/postgres/trace.h"

#include <string>
#include <vector>

#include "dialect/postgres/observer.h"
#include "dialect/tokens.h"

namespace limbeck::postgres {
namespace {

// CREATE TEMP TABLE ... ON COMMIT DROP.
bool makes_table_until_commit(const sql::Statement& statement) {
  if (!sql::starts_with(statement, "CREATE")) return false;
  std::string words;
  for (const Token& token : first_tokens(statement.text, statement.text.size()))
    if (token.kind == Token::Kind::word) words += token.text + ' ';
  return contains_ignoring_case(words, "on commit drop ");
}

// Whether what it does ends with its transaction.
bool lasts_until_commit(const sql::Statement& statement) {
  return sql::starts_with(statement, "SET LOCAL") ||
         sql::starts_with(statement, "SET CONSTRAINTS") || sql::starts_with(statement, "DECLARE") ||
         makes_table_until_commit(statement);
}

class PostgresTracer final : public Tracer {
 public:
  PostgresTracer(const std::optional<DatabaseUrl>& server, const ConnectOptions& options)
      : dialect_(scratch_dialect_named("postgresql")) {
    ConnectOptions writing = options;
    writing.read_only = false;
    writing.notice = nullptr;
    scratch_ = dialect_.create(server, writing);
    observer_ = make_observer(connection());
  }

  Impacts observe(const sql::Statement& statement, bool alone) override {
    observer_->look_around();
    if (alone) {
      observer_->begin(alone);
      connection().run_alone(statement.text);
      return observer_->after(statement, alone).impacts;
    }
    begin();
    observer_->begin(alone);
    const Command command{.sql = statement.text, .copy_data = statement.copy_data};
    connection().run({&command, 1}, Wrap::open_transaction);
    Impacts impacts = observer_->after(statement, alone).impacts;
    connection().commit();
    if (lasts_until_commit(statement)) until_commit_.push_back({.sql = statement.text});
    // Who only reads is in nobody's way.
    std::erase_if(impacts, [](const auto& each) {
      return each.second.lock <= LockLevel::access_share && !each.second.is_long();
    });
    return impacts;
  }

  void end_transaction() override { until_commit_.clear(); }
  void reset_session() override { dialect_.reset_session(connection()); }
  Scratch& scratch() override { return *scratch_; }

 private:
  Connection& connection() { return scratch_->connection(); }

  // What statements before it have done until the commit is done again: theirs have ended.
  void begin() {
    connection().begin();
    if (until_commit_.empty()) return;
    try {
      connection().run(until_commit_, Wrap::open_transaction);
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Interrupted&) {
      throw;
    } catch (const DatabaseError&) {  // what it stands on is no more
      connection().rollback();
      until_commit_.clear();
      connection().begin();
    }
  }

  const ScratchDialect& dialect_;
  std::unique_ptr<Scratch> scratch_;
  std::unique_ptr<Observer> observer_;
  std::vector<Command> until_commit_;
};

}  // namespace

std::unique_ptr<Tracer> make_tracer(const std::optional<DatabaseUrl>& server,
                                    const ConnectOptions& options) {
  return std::make_unique<PostgresTracer>(server, options);
}

}  // namespace limbeck::postgres
