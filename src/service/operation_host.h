// What stands behind Operations while a revision in C++ runs.
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "dialect/schema_dialect.h"
#include "plan/script.h"
#include "service/definition_text.h"

namespace limbeck {

struct OperationHost {
  ScriptHost& host;
  const Dialect& dialect;
  int line = 0;  // where the revision was added
  DefinitionText text;
  bool alters_tables = true;  // false: a table is built anew
  std::vector<std::string> notes = {};
  std::exception_ptr failure = {};  // of the first operation that failed

  bool is_postgres() const { return dialect.name() == "postgresql"; }

  // Every use of host. A failure ends the revision, whatever the revision makes of it: SQLite would
  // go on without the operation, and the revision be recorded as done.
  template <class Work>
  auto attempt(Work work) {
    require_working();
    try {
      return work();
    } catch (...) {
      failure = std::current_exception();
      throw;
    }
  }
  // Throws the failure, if there is one.
  void require_working() const {
    if (failure) std::rethrow_exception(failure);
  }

  ResultSet run(std::string sql, std::vector<Value> parameters = {}) {
    return attempt([&] {
      return host.execute(
          {.sql = std::move(sql), .line = line, .parameters = std::move(parameters)});
    });
  }
  // Only where tables cannot be altered.
  void change(const TableName& table, std::vector<TableChange> changes) {
    attempt([&] {
      host.change_table(
          {.changes = {.table = table.name, .changes = std::move(changes)}, .line = line});
    });
  }
};

}  // namespace limbeck
