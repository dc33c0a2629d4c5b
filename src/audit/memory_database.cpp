#include "audit/memory_database.h"

#include <fmt/format.h>

#include "base/terminal.h"

namespace limbeck {

MemoryDatabase::MemoryDatabase(const Dialect& dialect) : dialect_(&dialect) {
  interpreter_ = make_interpreter(dialect.name());
  if (!interpreter_)
    scratch_ = scratch_dialect_named(dialect.name()).create(std::nullopt, ConnectOptions{});
}

void MemoryDatabase::end_session() {
  if (interpreter_)
    interpreter_->reset_session();
  else
    scratch_->connection().reset_session();
}

void MemoryDatabase::apply(const sql::Statement& statement) {
  if (interpreter_) return interpreter_->apply(statement);
  const ScratchUse use = scratch_dialect_named(dialect_->name()).use_of(statement, true);
  if (use == ScratchUse::skip || use == ScratchUse::refuse) return;
  try {
    if (use == ScratchUse::setting) return scratch_->connection().run_alone(statement.text);
    const Command command{.sql = statement.text};
    scratch_->connection().run({&command, 1}, Wrap::own_transaction);
  } catch (Error& error) {
    error.report().place = statement.place;
    throw;
  }
}

std::vector<std::string> MemoryDatabase::take_unknown() {
  std::vector<std::string> unknown;
  if (!interpreter_) return unknown;
  const std::vector<NotInterpreted>& all = interpreter_->state().not_interpreted;
  for (; told_ < all.size(); ++told_)
    unknown.push_back(fmt::format("{} ({}): {}", printable(all[told_].what),
                                  printable(to_string(all[told_].place)), all[told_].why));
  return unknown;
}

SchemaFacts MemoryDatabase::schema() const {
  if (interpreter_) return {interpreter_->state().schema, interpreter_->state().uncertain};
  return {schema_dialect_named(dialect_->name()).introspect(scratch_->connection(), {}), {}};
}

}  // namespace limbeck
