// Gives an object of a schema another name, everywhere that name stands: in ids, in references and
// in the texts of what depends on it.
//
// Texts are rewritten token by token, where the object stands that depends on what is renamed. A
// token that only looks like the name is rewritten too; the text then differs from the declared one
// and its object is made anew, which costs time but never data.
#pragma once

#include <span>

#include "schema/schema.h"
#include "sql/splitter.h"

namespace limbeck {

// to: the same kind, in the same table; its schema, name or part differs.
Schema with_new_name(const Schema& schema, const ObjectId& from, const ObjectId& to,
                     const sql::LexicalRules& rules);

struct NewName {
  ObjectId from = {};
  ObjectId to = {};
};
// The same for many constraints, indexes and sequences at once, in one pass. No name is among the
// old ones and the new ones.
Schema with_new_names(const Schema& schema, std::span<const NewName> names,
                      const sql::LexicalRules& rules);

}  // namespace limbeck
