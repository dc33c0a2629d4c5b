// A backfill statement cut into batches: the author's UPDATE or DELETE with a range of keys added
// to its condition.
//
// Pure text work on the statement's tokens. Nothing of the author's text changes but what is added:
// its own condition goes into parentheses.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "revision/revision_file.h"
#include "sql/splitter.h"
#include "sql/statement.h"

namespace limbeck {

// Where an UPDATE or DELETE names its table, and where a condition can be added to it.
struct BatchShape {
  std::string table;  // as written, perhaps with a schema
  std::string
      alias;  // what its columns are to be qualified with: the alias, or the table as written
  std::size_t condition =
      0;  // the first character of its condition in the text; its end when there is none
  std::size_t end = 0;  // one past the condition: RETURNING begins here, or the text ends
  bool has_condition = false;
};

// Nothing when the statement is not one UPDATE or DELETE, or has a form that cannot be cut (WITH,
// ORDER BY, LIMIT, WHERE CURRENT OF).
std::optional<BatchShape> batch_shape(const sql::Statement& statement,
                                      const sql::LexicalRules& rules);

// Why the statement cannot be a backfill with these options; nothing when it can.
std::optional<std::string> backfill_fault(const sql::Statement& statement,
                                          const BackfillOptions& options,
                                          const sql::LexicalRules& rules);

// Where an UPDATE gives a new value to a column of the key that its batches go by.
struct KeyAssignment {
  std::string column;      // as written there
  std::size_t offset = 0;  // of the column in the statement's text
};

// key: the columns as written in SQL. Rows whose key grows come again in a later batch, without
// end: such a statement cannot be a backfill.
std::optional<KeyAssignment> assigned_key(const sql::Statement& statement,
                                          std::span<const std::string> key,
                                          const sql::LexicalRules& rules);

// Throws Error (ExitCode::invalid_project) at the column when the statement assigns to the key.
void check_key_is_kept(const RevisionFile& file, const sql::Statement& statement,
                       std::span<const std::string> key, const sql::LexicalRules& rules);

// The statement, restricted to rows that also satisfy the condition.
std::string restricted(const sql::Statement& statement, const BatchShape& shape,
                       std::string_view condition);

}  // namespace limbeck
