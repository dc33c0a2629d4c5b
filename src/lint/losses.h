// Which rows a statement would take with it: of which tables, as far as rules say so.
//
// Whether there are any is not known here; run_review asks the database.
#pragma once

#include <vector>

#include "lint/rule.h"

namespace limbeck {

// Whether the rule is about rows that are lost as such.
bool takes_rows(const LintRule& rule);
// The tables whose rows, or values in whose rows, are lost when the rule has hit the effect.
std::vector<RelationName> tables_losing_rows(const LintRule& rule, const Effect& effect);
// Whether it takes what cannot be looked at before: another database, whatever a role owns, or the
// columns of an extension's types. effect: what the rule has hit; nullptr: none.
bool takes_unseen_rows(const LintRule& rule, const Effect* effect);
// By its words: false for a statement that takes none. It reads no more than it must.
bool may_take_rows(const sql::Statement& statement);
// Whether it runs code that may take rows and that nobody looks into: CALL, and a DO block in which
// a word says so.
bool may_hide_losses(const sql::Statement& statement);

}  // namespace limbeck
