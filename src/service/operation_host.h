// What stands behind Operations while a revision in C++ runs.
#pragma once

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

  bool is_postgres() const { return dialect.name() == "postgresql"; }

  ResultSet run(std::string sql, std::vector<Value> parameters = {}) {
    return host.execute({.sql = std::move(sql), .line = line, .parameters = std::move(parameters)});
  }
  // Only where tables cannot be altered.
  void change(const TableName& table, std::vector<TableChange> changes) {
    host.change_table(
        {.changes = {.table = table.name, .changes = std::move(changes)}, .line = line});
  }
};

}  // namespace limbeck
