// The interpreter of PostgreSQL's DDL: each statement's tree, as the server's own parser makes it,
// is applied to a schema.
//
// What the parser does not take (it is that of PostgreSQL 15) is an error at its place.
#pragma once

#include <memory>
#include <span>

#include "dialect/interpreter.h"

namespace limbeck::postgres {

namespace memory {

class Tree;

// A text without a tree, at its place. The grammar is that of PostgreSQL 15.
SyntaxError not_parsed(const sql::Statement& statement, const Tree& tree);

}  // namespace memory

// What a new database holds.
Interpreted new_database();

std::unique_ptr<Interpreter> make_interpreter(Interpreted from);

// All the statements, in order.
Interpreted interpret(std::span<const sql::Statement> statements,
                      Interpreted from = new_database());

}  // namespace limbeck::postgres
