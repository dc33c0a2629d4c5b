// What became of the values of tables, between two looks at them.
#pragma once

#include <string>
#include <vector>

#include "verify/contents.h"
#include "verify/said.h"

namespace limbeck {

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
