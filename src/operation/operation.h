// An operation: one change of a schema, holding what was and what is to be.
//
// Because each holds both sides, every operation has a reverse, and a generated revision has a
// working downgrade. An operation never holds SQL of its own but where a person wrote it: a dialect
// renders it (dialect/schema_dialect.h).
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "schema/object.h"

namespace limbeck {

// `parts` are made by the same statement: the columns, defaults and constraints of a table, the
// default of a column, the checks of a domain.
struct Create {
  Object object = {};
  std::vector<Object> parts = {};
};

// `parts` go with the object: those of a table, and the sequences that its columns own; of an
// index, the keys of partitions that belong to it.
struct Drop {
  Object object = {};
  std::vector<Object> parts = {};
};

// Changes an object in place: every field that differs, and the comment, owner and privileges.
struct Alter {
  Object from = {};
  Object to = {};
};

struct Rename {
  Object from = {};
  Object to = {};  // differs in the id alone
};

struct RecastColumn {
  Object from = {};  // a column
  Object to = {};
};
struct TypePair {
  Object from = {};
  Object to = {};
};

// Replaces types that columns use by others of the same names, and gives every such column the new
// type, its values kept: an enum that loses or reorders labels, a domain over such an enum. The old
// types are set aside under other names, the new ones made, the columns recast, the old ones
// dropped. Defaults, views and whatever else depends on them are dropped before and made again
// after by operations of their own.
struct ReplaceTypes {
  std::vector<TypePair> types = {};  // each before those that use it
  std::vector<RecastColumn> columns = {};
  // Constraints of domains that are made with their domain, because arrays or rows of it would be
  // in the way of adding them afterwards.
  std::vector<Object> old_constraints = {};
  std::vector<Object> new_constraints = {};
};

// The whole table anew, with its rows: what ALTER TABLE cannot do on SQLite. Each side is the table
// and its parts, with the indexes and triggers that the rebuild makes again.
struct RebuildTable {
  std::vector<Object> from = {};
  std::vector<Object> to = {};
  std::vector<std::pair<std::string, std::string>> copied = {};  // columns: old name, new name
};

using Operation = std::variant<Create, Drop, Alter, Rename, ReplaceTypes, RebuildTable>;

// What the operation is about.
const ObjectId& subject(const Operation& operation);

Operation reverse(const Operation& operation);

// "create table public.users", "alter column public.users.email: type, not_null". For people.
std::string describe(const Operation& operation);

}  // namespace limbeck
