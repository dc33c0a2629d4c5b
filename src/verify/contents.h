// What the tables of a scratch database hold, as text; and what becomes of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "schema/schema.h"
#include "verify/said.h"

namespace limbeck {

using Cell = std::optional<std::string>;  // nothing: NULL

struct TableContents {
  std::vector<std::string> columns = {};
  std::vector<std::string> types = {};  // of the columns
  std::vector<bool> computed = {};      // generated: what they hold follows from the others
  bool has_triggers = false;            // what an UPDATE changes besides is theirs
  std::vector<std::string> key = {};    // columns of the primary key; empty: none
  std::map<std::string, std::int64_t> next = {};  // of columns that a sequence fills
  std::vector<std::vector<Cell>> rows = {};
};
using Contents = std::map<RelationName, TableContents>;

// Of all tables that hold their rows themselves.
Contents read_contents(Connection& connection, const Dialect& dialect,
                       const ScratchDialect& scratch_dialect, const Schema& schema);

// What happened to values, for people and for programs.
struct DataChange {
  enum class Kind {
    table_lost,
    column_lost,
    rows_lost,
    values_changed,
    type_loses,       // the values do not come back from the new type
    sequence_behind,  // the next numbers of the primary key are those of rows
  };
  Kind kind = Kind::values_changed;
  RelationName table = {};  // before
  std::string column = {};
  std::size_t rows = 0;      // that it happened to
  std::string example = {};  // "'abcdef' became 'abc'"
  bool said = false;         // the text of the revision says so: nothing is wrong

  auto operator<=>(const DataChange&) const = default;
};

// before: the contents, and after: the database as it is now, with the schema that it has.
std::vector<DataChange> changes_of(const Contents& before, const Contents& after, const Said& said,
                                   Connection& connection, const Dialect& dialect);

}  // namespace limbeck
