// Renames that the declared SQL states itself, in comments:
//
//   -- limbeck:renamed-from users
//   CREATE TABLE people (
//     id integer PRIMARY KEY,
//     email text  -- limbeck:renamed-from mail
//   );
//
// Above a CREATE statement, or at the end of its first line, the comment is about what it creates;
// inside, about the column or the label of its line, or of the next line when it has one of its
// own.
#pragma once

#include <span>
#include <vector>

#include "diff/rename.h"
#include "source/declared.h"

namespace limbeck {

// In the order of the text, each marked as declared: it means nothing once it is done. Inside of
// the statements the comments become ordinary ones, as they would be faulty markers in a revision
// into which SQLite's own text of a statement is written. Throws Error
// (ExitCode::invalid_project) at a comment that says no name or stands at nothing that has one.
std::vector<RenameRequest> declared_renames(std::span<SqlFile> files,
                                            const sql::LexicalRules& rules);

}  // namespace limbeck
