#include "dialect/postgres/trace.h"

#include "dialect/postgres/observer.h"

namespace limbeck::postgres {
namespace {

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
    connection().begin();
    observer_->begin(alone);
    const Command command{.sql = statement.text, .copy_data = statement.copy_data};
    connection().run({&command, 1}, Wrap::open_transaction);
    Impacts impacts = observer_->after(statement, alone).impacts;
    connection().commit();
    // Who only reads is in nobody's way.
    std::erase_if(impacts, [](const auto& each) {
      return each.second.lock <= LockLevel::access_share && !each.second.is_long();
    });
    return impacts;
  }

  void reset_session() override { dialect_.reset_session(connection()); }
  Scratch& scratch() override { return *scratch_; }

 private:
  Connection& connection() { return scratch_->connection(); }

  const ScratchDialect& dialect_;
  std::unique_ptr<Scratch> scratch_;
  std::unique_ptr<Observer> observer_;
};

}  // namespace

std::unique_ptr<Tracer> make_tracer(const std::optional<DatabaseUrl>& server,
                                    const ConnectOptions& options) {
  return std::make_unique<PostgresTracer>(server, options);
}

}  // namespace limbeck::postgres
