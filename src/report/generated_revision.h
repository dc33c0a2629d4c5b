// A revision's SQL from the difference of two schemas, as a person will review it: the way up, the
// way down, and before each statement what has to be known or decided.
//
// It compares nothing and writes no file.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "diff/diff.h"
#include "revision/template.h"

namespace limbeck {

// One direction. from and to: the schemas that its operations lead between. Statements that
// have to be committed before what follows stand in sections of their own, without a transaction.
// section: "limbeck:upgrade" or "limbeck:downgrade", for the markers of further sections.
std::string generated_section(const std::vector<Operation>& operations,
                              const SchemaDialect& dialect, const Schema& from, const Schema& to,
                              std::string_view section);

// What one dialect's schemas are before and after.
struct SchemaChange {
  std::string dialect = {};
  Schema from = {};
  Schema to = {};
  std::vector<RenameRequest> renames = {};
};

// What leads from its one side to the other. Throws what diff() throws.
std::vector<Operation> operations_of(const SchemaChange& change);

// Both directions, with the declared renames taken back on the way down. Sections that name their
// dialect where there are several and they need different SQL. Empty texts when nothing differs.
// Throws what diff() throws.
RevisionBody generated_revision(std::span<const SchemaChange> changes);

}  // namespace limbeck
