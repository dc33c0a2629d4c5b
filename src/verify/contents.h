// What the tables of a scratch database hold, as text.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "schema/schema.h"

namespace limbeck {

using Cell = std::optional<std::string>;  // nothing: NULL
using Cells = std::vector<Cell>;

struct TableContents {
  std::vector<std::string> columns = {};
  std::vector<std::string> types = {};  // of the columns
  std::vector<bool> computed = {};      // generated: what they hold follows from the others
  bool has_triggers = false;            // what an UPDATE changes besides is theirs
  std::vector<std::string> key = {};    // columns of the primary key; empty: none
  std::map<std::string, std::int64_t> next = {};  // of columns that a sequence fills
  std::vector<Cells> rows = {};
};
using Contents = std::map<RelationName, TableContents>;

// Of all tables that hold their rows themselves.
Contents read_contents(Connection& connection, const Dialect& dialect,
                       const ScratchDialect& scratch_dialect, const Schema& schema);

// All columns as text: so that a table is read in one order however often.
std::string order_of_reading(const Dialect& dialect, const TableContents& table);
// What an SQL text selects.
std::vector<Cells> read_rows(Connection& connection, const std::string& sql);

std::optional<std::size_t> index_of(const std::vector<std::string>& names, const std::string& name);

}  // namespace limbeck
