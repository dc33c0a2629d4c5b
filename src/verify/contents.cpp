#include "verify/contents.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "base/terminal.h"

namespace limbeck {
namespace {

constexpr std::size_t shown_width = 40;

std::string quoted(const Dialect& dialect, const RelationName& table) {
  return dialect.quote(QualifiedName{{table.schema}, {table.name}});
}

bool holds_rows(const Object& object) {
  if (object.id.kind != Kind::table) return false;
  const auto& table = as<Table>(object);
  return table.partition_key.empty() && !table.foreign;
}

std::vector<std::string> key_of(const Schema& schema, const ObjectId& table) {
  for (const Object* part : parts_of(schema, Kind::constraint, table.schema, table.name)) {
    if (as<Constraint>(*part).type == ConstraintType::primary_key)
      return as<Constraint>(*part).columns;
  }
  return {};
}

std::vector<std::vector<Cell>> read_rows(Connection& connection, const std::string& sql) {
  std::vector<std::vector<Cell>> rows;
  for (const Row& row : connection.query({.sql = sql}).rows) {
    std::vector<Cell> cells;
    cells.reserve(row.size());
    for (const Value& value : row) cells.push_back(is_null(value) ? Cell{} : Cell{text_of(value)});
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::string as_text(const Dialect& dialect, const std::string& column) {
  return fmt::format("CAST({} AS text)", dialect.quote(Identifier{column}));
}

std::optional<std::size_t> index_of(const std::vector<std::string>& names,
                                    const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::optional<double> number(const Cell& cell) {
  if (!cell) return std::nullopt;
  double value = 0;
  const char* end = cell->data() + cell->size();
  const auto [rest, error] = std::from_chars(cell->data(), end, value);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

// 1 and 1.0 are one number.
bool same(const Cell& a, const Cell& b, bool as_numbers) {
  if (a == b) return true;
  if (!as_numbers) return false;
  const auto x = number(a);
  return x && x == number(b);
}

std::string shown(const Cell& cell) {
  return cell ? "'" + shorten(printable(*cell), shown_width) + "'" : std::string("NULL");
}

std::string example_of(const Cell& before, const Cell& after) {
  return fmt::format("{} became {}", shown(before), shown(after));
}

// Which row of the new contents a row of the old ones is.
struct Matching {
  std::vector<std::optional<std::size_t>> rows = {};
  std::size_t lost = 0;
};

using Key = std::vector<Cell>;

Key key_in(const std::vector<Cell>& row, const std::vector<std::size_t>& columns) {
  Key key;
  for (const std::size_t column : columns) key.push_back(row[column]);
  return key;
}

class TableComparison {
 public:
  TableComparison(const RelationName& name, const TableContents& before, const RelationName& now,
                  const TableContents& after, const Said& said)
      : name_(name), now_(now), before_(before), after_(after), said_(said) {}

  std::vector<DataChange> compare(Connection& connection, const Dialect& dialect) {
    match_columns();
    const Matching matching = match_rows();
    if (matching.lost > 0) {
      add({.kind = DataChange::Kind::rows_lost,
           .rows = matching.lost,
           .said = said_.deletes_from(name_.name) || said_.deletes_from(now_.name)});
    }
    for (std::size_t i = 0; i < before_.columns.size(); ++i) {
      if (columns_[i])
        compare_column(i, *columns_[i], matching, connection, dialect);
      else
        lose_column(i);
    }
    compare_sequence();
    return std::move(changes_);
  }

 private:
  void add(DataChange change) {
    change.table = name_;
    changes_.push_back(std::move(change));
  }

  void match_columns() {
    for (const std::string& column : before_.columns) {
      const std::string name = said_.name_of_column(name_.name, column);
      auto found = index_of(after_.columns, name);
      // Two columns that take each other's names: who reads them finds the other's values.
      const bool taken_over = index_of(before_.columns, name) && index_of(after_.columns, column);
      if (!found || taken_over) found = index_of(after_.columns, column);
      columns_.push_back(found);
    }
  }

  // By the primary key where it lives on; else in the order of all that lives on.
  Matching match_rows() const {
    std::vector<std::size_t> old_key;
    std::vector<std::size_t> new_key;
    for (const std::string& column : before_.key) {
      const auto i = index_of(before_.columns, column);
      if (!i || !columns_[*i]) break;
      old_key.push_back(*i);
      new_key.push_back(*columns_[*i]);
    }
    Matching matching;
    matching.rows.resize(before_.rows.size());
    if (!old_key.empty() && old_key.size() == before_.key.size()) {
      std::map<Key, std::size_t> rows;
      for (std::size_t i = 0; i < after_.rows.size(); ++i)
        rows.emplace(key_in(after_.rows[i], new_key), i);
      for (std::size_t i = 0; i < before_.rows.size(); ++i) {
        const auto found = rows.find(key_in(before_.rows[i], old_key));
        if (found == rows.end())
          ++matching.lost;
        else
          matching.rows[i] = found->second;
      }
      if (matching.lost < before_.rows.size() || after_.rows.empty()) return matching;
      matching.lost = 0;  // the key itself was changed
      match_by_likeness(matching);
      return matching;
    }
    match_in_order(matching);
    return matching;
  }

  std::size_t likeness(const std::vector<Cell>& before, const std::vector<Cell>& after) const {
    std::size_t equal = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i] && before[i] && before[i] == after[*columns_[i]]) ++equal;
    return equal;
  }

  // Each row with the one that shares most values with it; where none does, in their order.
  void match_by_likeness(Matching& matching) const {
    std::vector<std::size_t> free(after_.rows.size());
    for (std::size_t i = 0; i < free.size(); ++i) free[i] = i;
    for (std::size_t row = 0; row < before_.rows.size(); ++row) {
      const auto likest =
          std::max_element(free.begin(), free.end(), [&](std::size_t a, std::size_t b) {
            return likeness(before_.rows[row], after_.rows[a]) <
                   likeness(before_.rows[row], after_.rows[b]);
          });
      if (likest == free.end()) {
        ++matching.lost;
        continue;
      }
      matching.rows[row] = *likest;
      free.erase(likest);
    }
  }

  void match_in_order(Matching& matching) const {
    std::vector<std::size_t> old_columns;
    std::vector<std::size_t> new_columns;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i]) continue;
      old_columns.push_back(i);
      new_columns.push_back(*columns_[i]);
    }
    const auto ordered = [](const std::vector<std::vector<Cell>>& rows,
                            const std::vector<std::size_t>& columns) {
      std::vector<std::size_t> order(rows.size());
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return key_in(rows[a], columns) < key_in(rows[b], columns);
      });
      return order;
    };
    const auto old_order = ordered(before_.rows, old_columns);
    const auto new_order = ordered(after_.rows, new_columns);
    for (std::size_t i = 0; i < old_order.size(); ++i) {
      if (i < new_order.size())
        matching.rows[old_order[i]] = new_order[i];
      else
        ++matching.lost;
    }
  }

  void lose_column(std::size_t i) {
    const auto held = static_cast<std::size_t>(
        std::count_if(before_.rows.begin(), before_.rows.end(),
                      [&](const std::vector<Cell>& row) { return row[i].has_value(); }));
    if (held == 0) return;
    add({.kind = DataChange::Kind::column_lost,
         .column = before_.columns[i],
         .rows = held,
         .said = said_.drops_column(name_.name, before_.columns[i])});
  }

  void compare_column(std::size_t i, std::size_t now, const Matching& matching,
                      Connection& connection, const Dialect& dialect) {
    if (before_.computed[i] && after_.computed[now]) return;
    const bool other_type = before_.types[i] != after_.types[now];
    DataChange change{.column = before_.columns[i]};
    std::vector<std::size_t> changed;
    for (std::size_t row = 0; row < before_.rows.size(); ++row) {
      if (!matching.rows[row]) continue;
      const Cell& old = before_.rows[row][i];
      const Cell& current = after_.rows[*matching.rows[row]][now];
      if (same(old, current, other_type || dialect.is_file())) continue;
      if (old && current && said_.renames_value(*old, *current)) continue;
      changed.push_back(row);
      if (change.example.empty()) change.example = example_of(old, current);
    }
    if (changed.empty()) return;
    change.rows = changed.size();
    change.said = said_.updates(name_.name, change.column) ||
                  said_.updates(now_.name, after_.columns[now]) ||
                  (after_.has_triggers && said_.updates_table(now_.name));
    if (other_type && !change.said) {
      if (comes_back(i, now, matching, connection, dialect)) return;
      change.kind = DataChange::Kind::type_loses;
      change.said = said_.computes(name_.name, change.column) ||
                    said_.computes(now_.name, after_.columns[now]);
    }
    add(std::move(change));
  }

  static std::optional<double> largest(const TableContents& table, std::size_t column) {
    std::optional<double> most;
    for (const std::vector<Cell>& row : table.rows) {
      const auto value = number(row[column]);
      if (value && (!most || *most < *value)) most = value;
    }
    return most;
  }

  // The numbers of a primary key that go on among the rows that were there. Rows that a revision
  // brings along with numbers of its own are no fault of the sequence.
  void compare_sequence() {
    if (after_.key.size() != 1) return;
    const auto now = index_of(after_.columns, after_.key[0]);
    const auto next = after_.next.find(after_.key[0]);
    const auto then = std::find(columns_.begin(), columns_.end(), now);
    if (!now || next == after_.next.end() || then == columns_.end()) return;
    const auto i = static_cast<std::size_t>(then - columns_.begin());
    const auto before = largest(before_, i);
    const auto after = largest(after_, *now);
    if (!before || !after) return;
    const auto old_next = before_.next.find(before_.columns[i]);
    if (old_next != before_.next.end() && static_cast<double>(old_next->second) <= *before) return;
    const double limit = std::min(*before, *after);
    if (static_cast<double>(next->second) > limit) return;
    const auto taken =
        std::count_if(after_.rows.begin(), after_.rows.end(), [&](const std::vector<Cell>& row) {
          const auto value = number(row[*now]);
          return value && *value <= limit && *value >= static_cast<double>(next->second);
        });
    add({.kind = DataChange::Kind::sequence_behind,
         .column = before_.columns[i],
         .rows = static_cast<std::size_t>(taken),
         .example = std::to_string(next->second)});
  }

  // Whether the values are the old ones when they are cast to the old type: then the change is one
  // of form alone.
  bool comes_back(std::size_t i, std::size_t now, const Matching& matching, Connection& connection,
                  const Dialect& dialect) const {
    const std::string column = dialect.quote(Identifier{after_.columns[now]});
    for (const char* way :
         {"CAST(CAST({0} AS {1}) AS text)", "CAST(CAST(CAST({0} AS text) AS {1}) AS text)"}) {
      try {
        const auto back = read_rows(
            connection, fmt::format("SELECT {} FROM {} ORDER BY {}",
                                    fmt::format(fmt::runtime(way), column, before_.types[i]),
                                    quoted(dialect, now_), order_of_reading(dialect, after_)));
        if (back.size() != after_.rows.size()) continue;
        bool all = true;
        for (std::size_t row = 0; row < before_.rows.size() && all; ++row) {
          if (matching.rows[row])
            all = same(before_.rows[row][i], back[*matching.rows[row]][0], true);
        }
        if (all) return true;
      } catch (const ConnectionLost&) {
        throw;
      } catch (const DatabaseError&) {
        continue;  // the old type is gone, or there is no such cast
      }
    }
    return false;
  }

 public:
  // All columns as text: so that a table is read in one order however often.
  static std::string order_of_reading(const Dialect& dialect, const TableContents& table) {
    std::vector<std::string> columns;
    for (const std::string& column : table.columns) columns.push_back(as_text(dialect, column));
    return fmt::format("{}", fmt::join(columns, ", "));
  }

 private:
  const RelationName& name_;
  const RelationName& now_;
  const TableContents& before_;
  const TableContents& after_;
  const Said& said_;
  std::vector<std::optional<std::size_t>> columns_ = {};  // of before in after
  std::vector<DataChange> changes_ = {};
};

}  // namespace

namespace {

// A table of that name in another schema: it was moved there.
Contents::const_iterator moved(const Contents& contents, const RelationName& name) {
  return std::find_if(contents.begin(), contents.end(),
                      [&](const auto& entry) { return entry.first.name == name.name; });
}

}  // namespace

Contents read_contents(Connection& connection, const Dialect& dialect,
                       const ScratchDialect& scratch_dialect, const Schema& schema) {
  Contents contents;
  for (const auto& [id, object] : schema.objects) {
    if (!holds_rows(object)) continue;
    TableContents table{.key = key_of(schema, id)};
    for (const Object* column : columns_of(schema, id.schema, id.name)) {
      table.columns.push_back(column->id.part);
      table.types.push_back(as<Column>(*column).type);
      table.computed.push_back(as<Column>(*column).generated.has_value());
    }
    if (table.columns.empty()) continue;
    table.has_triggers = !parts_of(schema, Kind::trigger, id.schema, id.name).empty();
    const RelationName name{id.schema, id.name};
    const std::string columns = TableComparison::order_of_reading(dialect, table);
    table.rows = read_rows(connection, fmt::format("SELECT {} FROM {} ORDER BY {}", columns,
                                                   quoted(dialect, name), columns));
    contents.emplace(name, std::move(table));
  }
  for (const DrawnColumn& drawn : scratch_dialect.drawn_columns(connection)) {
    const auto table = contents.find({drawn.schema, drawn.table});
    if (table != contents.end()) table->second.next[drawn.column] = drawn.next;
  }
  return contents;
}

std::vector<DataChange> changes_of(const Contents& before, const Contents& after, const Said& said,
                                   Connection& connection, const Dialect& dialect) {
  std::vector<DataChange> changes;
  for (const auto& [name, table] : before) {
    if (table.rows.empty()) continue;
    auto now = after.find({name.schema, said.name_of_table(name.name)});
    if (now == after.end()) now = after.find(name);
    if (now == after.end()) now = moved(after, name);
    if (now == after.end()) {
      changes.push_back({.kind = DataChange::Kind::table_lost,
                         .table = name,
                         .rows = table.rows.size(),
                         .said = said.drops_table(name.name)});
      continue;
    }
    auto found =
        TableComparison(name, table, now->first, now->second, said).compare(connection, dialect);
    changes.insert(changes.end(), found.begin(), found.end());
  }
  return changes;
}

}  // namespace limbeck
