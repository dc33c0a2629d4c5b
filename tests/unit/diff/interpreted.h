// Schemas of PostgreSQL for tests without a server: declared SQL, interpreted in memory.
#pragma once

#include <string>

#include "dialect/dialect.h"
#include "dialect/interpreter.h"
#include "sql/splitter.h"

namespace limbeck::test {

inline Schema interpreted(const std::string& text) {
  const auto interpreter = make_interpreter("postgresql");
  for (const sql::Statement& statement :
       sql::split(text, dialect_named("postgresql").lexical_rules(), {.file = "a.sql"}))
    interpreter->apply(statement);
  return interpreter->take().schema;
}

}  // namespace limbeck::test
