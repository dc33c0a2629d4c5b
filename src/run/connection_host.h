// Runs a script on a connection that is nobody's production: a scratch database. Nothing is
// journaled, and what the script does to its transaction is passed over.
#pragma once

#include <functional>
#include <string>

#include "dialect/connection.h"
#include "dialect/dialect.h"
#include "plan/script.h"

namespace limbeck {

class ConnectionHost : public ScriptHost {
 public:
  // Called before each statement: false passes over it.
  using Filter = std::function<bool(const sql::Statement&)>;
  // Told each statement that has run and is no question.
  using OnStatement = std::function<void(const sql::Statement&)>;

  // All must outlive it. A transaction must be open.
  ConnectionHost(Connection& connection, const Dialect& dialect, const RevisionFile& file,
                 Filter filter = {}, OnStatement on_statement = {})
      : connection_(connection),
        dialect_(dialect),
        file_(file),
        filter_(std::move(filter)),
        on_statement_(std::move(on_statement)) {}

  ResultSet execute(const ScriptStatement& statement) override;
  void autocommit(const ScriptAutocommit& /*boundary*/) override {}
  void commit(const ScriptCommit& /*mark*/) override {}
  void change_table(const ScriptTableChanges& changes) override;

 protected:
  Connection& connection_;
  const Dialect& dialect_;
  const RevisionFile& file_;
  Filter filter_;
  OnStatement on_statement_;
};

}  // namespace limbeck
