// Reads back what SQL has made in a scratch database.
#pragma once

#include <doctest/doctest.h>
#include <memory>
#include <string>

#include "dialect/postgres/introspection.h"
#include "unit/dialect/scratch_database.h"

namespace limbeck::test {

inline void load(Connection& connection, const std::string& text) {
  const Dialect& dialect = ScratchDatabase::dialect();
  for (const sql::Statement& statement : sql::split(text, dialect.lexical_rules(), {}))
    connection.run_alone(statement.text);
}

inline Schema introspected(const ScratchDatabase& database, const std::string& text,
                           const IntrospectionOptions& options = {}) {
  const auto connection = database.connect();
  load(*connection, text);
  return postgres::introspect(*connection, options);
}

// The object's definition; a failure names what is missing.
template <class Definition>
const Definition& definition_of(const Schema& schema, const ObjectId& id) {
  const Object* object = schema.find(id);
  REQUIRE_MESSAGE(object != nullptr, to_string(id));
  return as<Definition>(*object);
}

inline std::string comment_on(const Schema& schema, const ObjectId& id) {
  const Object* object = schema.find(id);
  REQUIRE_MESSAGE(object != nullptr, to_string(id));
  return object->comment;
}

inline bool depends(const Schema& schema, const ObjectId& dependent, const ObjectId& on) {
  return schema.dependencies.count({dependent, on}) == 1;
}

inline std::string unmodelled_in(const Schema& schema) {
  std::string text;
  for (const Unmodelled& item : schema.unmodelled) text += item.what + '\n';
  return text;
}

}  // namespace limbeck::test
