// Elaboration: runs statements in a scratch database, so that the database itself says what they
// mean.
//
// It never runs anything in another database than the scratch that it is given.
#pragma once

#include <set>
#include <span>

#include "dialect/scratch.h"
#include "schema/schema.h"
#include "source/declared.h"

namespace limbeck {

// Files declare in any order: what fails for want of something is tried again after the others.
// Returns what was not run, for people. Throws DatabaseError (ExitCode::invalid_project) with the
// place of the statement that is at fault.
std::set<Unmodelled> run_declared(Scratch& scratch, const ScratchDialect& dialect,
                                  std::span<const SqlFile> files);

// Statements that mean something only in their order: those of a revision.
std::set<Unmodelled> run_in_order(Scratch& scratch, const ScratchDialect& dialect,
                                  std::span<const sql::Statement> statements,
                                  const SqlText& source);

}  // namespace limbeck
