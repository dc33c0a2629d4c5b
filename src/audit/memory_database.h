// A database without a server that statements are tried in, one after the other: a schema in memory
// for PostgreSQL, a database in memory for SQLite.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audit/schema_facts.h"
#include "dialect/dialect.h"
#include "dialect/interpreter.h"
#include "dialect/schema_dialect.h"
#include "dialect/scratch.h"

namespace limbeck {

class MemoryDatabase {
 public:
  explicit MemoryDatabase(const Dialect& dialect);

  // SET and its like hold no longer.
  void end_session();
  // Throws Error when the statement would fail on what is there; nothing of it is left then.
  void apply(const sql::Statement& statement);
  // What has been applied and cannot be followed, since the last call: "DO: what it does is known
  // only when it runs".
  std::vector<std::string> take_unknown();
  SchemaFacts schema() const;

 private:
  const Dialect* dialect_;
  std::unique_ptr<Interpreter> interpreter_ = {};
  std::unique_ptr<Scratch> scratch_ = {};
  std::size_t told_ = 0;  // of what could not be interpreted
};

}  // namespace limbeck
