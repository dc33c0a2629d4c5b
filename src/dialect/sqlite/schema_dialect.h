// Schemas on SQLite: introspection from the statements that it keeps, changes in place where ALTER
// TABLE can make them, tables built anew where it cannot.
//
// Conventions: everything of the main database stands in the schema "". Letter case of names is
// kept, and never makes two objects of one. The order of columns is no difference by itself; but a
// table whose columns stand in the declared order keeps to it when columns are added.
#pragma once

#include "dialect/schema_dialect.h"

namespace limbeck::sqlite {

const SchemaDialect& schema_dialect();

// ---- its parts ----
// change.cpp
Change change(const Object& from, const Object& to);
bool needs_rebuild(const RebuildTable& change);
std::vector<std::string> occupied_names(const Object& object);
// rendering.cpp
std::vector<SqlStatement> render(const Operation& operation, const Schema& from, const Schema& to);
// A whole CREATE TABLE statement.
std::string table_sql(const Object& table, const std::vector<Object>& parts);
// CREATE INDEX, VIEW, TRIGGER, VIRTUAL TABLE.
std::string create_sql(const Object& object);
// rebuild.cpp
std::vector<SqlStatement> rebuild(const RebuildTable& operation, const Schema& from,
                                  const Schema& to);
PlanFrame frame(const std::vector<Operation>& operations, const Schema& from, const Schema& to);

// table_changes.cpp
std::vector<SqlStatement> change_table(const Schema& now, const TableChanges& changes);

}  // namespace limbeck::sqlite
