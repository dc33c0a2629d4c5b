// The statements of one operation while they are collected, and the schemas that it stands between.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dialect/postgres/reparsing.h"
#include "dialect/schema_dialect.h"
#include "schema/schema.h"

namespace limbeck::postgres {

struct Script {
  const Schema& from;
  const Schema& to;
  std::vector<SqlStatement> statements = {};

  void add(std::string sql) { statements.push_back({.sql = reparsable(std::move(sql))}); }

  // The table of a part, in one of the schemas; nothing when it is a view or not there.
  static const Table* table(const Schema& schema, const std::string& schema_name,
                            const std::string& name) {
    const Object* object = schema.find({Kind::table, schema_name, name, ""});
    return object == nullptr ? nullptr : &as<Table>(*object);
  }
  static const Table* table_of(const Schema& schema, const ObjectId& part) {
    return table(schema, part.schema, part.name);
  }
};

}  // namespace limbeck::postgres
