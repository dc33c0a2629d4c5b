#include "verify/data_change.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "base/terminal.h"
#include "dialect/tokens.h"
#include "verify/row_matching.h"
#include "verify/row_statements.h"

namespace limbeck {
namespace {

constexpr std::size_t shown_width = 40;

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

bool holds_text(std::string_view type) {
  constexpr std::array names = std::to_array<std::string_view>({"char", "text", "clob", "string"});
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return contains_ignoring_case(type, name); });
}

// Whether it is a part of what was there, and more than blanks are gone.
bool is_cut_off(const Cell& before, const Cell& after) {
  if (!before || !after || after->empty()) return false;
  const std::size_t at = before->find(*after);
  if (at == std::string::npos) return false;
  const std::string gone = before->substr(0, at) + before->substr(at + after->size());
  return gone.find_first_not_of(" \t\r\n") != std::string::npos;
}

std::string shown(const Cell& cell) {
  return cell ? "'" + shorten(printable(*cell), shown_width) + "'" : std::string("NULL");
}

std::string example_of(const Cell& before, const Cell& after) {
  return fmt::format("{} became {}", shown(before), shown(after));
}

class TableComparison {
 public:
  TableComparison(const RelationName& name, const TableContents& before, const RelationName& now,
                  const TableContents& after, const Said& said)
      : name_(name),
        now_(now),
        before_(before),
        after_(after),
        said_(said),
        replaced_(replaces(name.name) || replaces(now.name)) {}

  std::vector<DataChange> compare(Connection& connection, const Dialect& dialect) {
    match_columns();
    const RowMatching matching = match_rows(before_, after_, columns_, replaced_);
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
  // Rows are deleted and others inserted: one with the same key may be another one.
  bool replaces(const std::string& table) const {
    return said_.deletes_from(table) && said_.inserts_into(table);
  }

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

  void lose_column(std::size_t i) {
    const auto held = static_cast<std::size_t>(
        std::count_if(before_.rows.begin(), before_.rows.end(),
                      [&](const Cells& row) { return row[i].has_value(); }));
    if (held == 0) return;
    add({.kind = DataChange::Kind::column_lost,
         .column = before_.columns[i],
         .rows = held,
         .said = said_.drops_column(name_.name, before_.columns[i])});
  }

  void compare_column(std::size_t i, std::size_t now, const RowMatching& matching,
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
    change.said = replaced_ || said_.updates(name_.name, change.column) ||
                  said_.updates(now_.name, after_.columns[now]) ||
                  (after_.has_triggers && said_.updates_table(now_.name));
    if (other_type && !change.said) {
      if (comes_back(i, now, matching, connection, dialect)) return;
      change.kind = DataChange::Kind::type_loses;
      change.said = says_how(i, now, matching);
    }
    add(std::move(change));
  }

  // Whether the text says how the values of the new type are made. A function that cuts texts off
  // loses what it cuts off as the type would, and says as little of it.
  bool says_how(std::size_t i, std::size_t now, const RowMatching& matching) const {
    using Conversion = Said::Conversion;
    Conversion conversion = said_.conversion(name_.name, before_.columns[i]);
    if (conversion == Conversion::plain)
      conversion = said_.conversion(now_.name, after_.columns[now]);
    const bool of_text = holds_text(before_.types[i]) && holds_text(after_.types[now]);
    if (conversion != Conversion::computed || !of_text) return conversion != Conversion::plain;
    for (std::size_t row = 0; row < before_.rows.size(); ++row) {
      if (matching.rows[row] &&
          is_cut_off(before_.rows[row][i], after_.rows[*matching.rows[row]][now]))
        return false;
    }
    return true;
  }

  static std::optional<double> largest(const TableContents& table, std::size_t column) {
    std::optional<double> most;
    for (const Cells& row : table.rows) {
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
    const auto taken = std::count_if(after_.rows.begin(), after_.rows.end(), [&](const Cells& row) {
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
  bool comes_back(std::size_t i, std::size_t now, const RowMatching& matching,
                  Connection& connection, const Dialect& dialect) const {
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
      } catch (const Interrupted&) {
        throw;
      } catch (const DatabaseError&) {
        continue;  // the old type is gone, or there is no such cast
      }
    }
    return false;
  }

  const RelationName& name_;
  const RelationName& now_;
  const TableContents& before_;
  const TableContents& after_;
  const Said& said_;
  const bool replaced_;
  std::vector<std::optional<std::size_t>> columns_ = {};  // of before in after
  std::vector<DataChange> changes_ = {};
};

// A table of that name in another schema: it was moved there.
Contents::const_iterator moved(const Contents& contents, const RelationName& name) {
  return std::find_if(contents.begin(), contents.end(),
                      [&](const auto& entry) { return entry.first.name == name.name; });
}

}  // namespace

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
