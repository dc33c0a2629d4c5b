// Changes of one table that are made together, as an Alembic script asks for them on SQLite.
//
// Names are raw; types, defaults and definitions are SQL text. It is only what was asked: how it is
// made is the diff's business.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schema/constraint.h"

namespace limbeck {

struct AddColumn {
  std::string name = {};
  std::string definition = {};  // what follows the name in CREATE TABLE
  std::string after = {};       // a column; empty: not said
  std::string before = {};
  bool in_key = false;  // of the primary key, where no other columns are one in the end
};

struct DropColumn {
  std::string name = {};
  bool key_stays = false;  // a primary key that it is in keeps its other columns
  // By the database's own ALTER TABLE where it can: the rest of the table's text stays as it is.
  bool in_place = false;
};

// What is absent stays as it is.
struct AlterColumn {
  std::string name = {};
  std::optional<std::string> new_name = {};
  std::optional<std::string> type = {};
  std::optional<bool> nullable = {};
  std::optional<std::optional<std::string>> default_value = {};  // an inner nothing: none any more
};

struct AddConstraint {
  std::string name = {};  // empty: without one
  ConstraintType type = ConstraintType::check;
  std::string definition = {};  // without CONSTRAINT and the name
  bool unless_there = false;    // one of the same name, or the same when it has none
};

struct DropConstraint {
  std::string name = {};                  // empty: it has none
  std::vector<std::string> columns = {};  // of one without a name
  std::optional<ConstraintType> type = {};
};

struct RenameTable {
  std::string new_name = {};
};

// A statement of its own that belongs between the other changes: CREATE INDEX, DROP INDEX.
struct IndexStatement {
  std::string sql = {};
};

struct DropIndex {
  std::string name = {};
};

// What the table is taken to be, before the other changes: its columns and constraints. Indexes and
// triggers stay.
struct DefineTable {
  std::string sql = {};  // CREATE TABLE
};

// Each list: these columns in this order. The others stay in theirs.
struct OrderColumns {
  std::vector<std::vector<std::string>> lists = {};
};

// Whether the key of one column gives no number again (AUTOINCREMENT).
struct SetAutoincrement {
  bool on = true;
};

using TableChange =
    std::variant<AddColumn, DropColumn, AlterColumn, AddConstraint, DropConstraint, RenameTable,
                 IndexStatement, DropIndex, DefineTable, OrderColumns, SetAutoincrement>;

struct TableChanges {
  std::string table = {};
  std::vector<TableChange> changes = {};
};

}  // namespace limbeck
