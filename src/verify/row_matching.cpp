#include "verify/row_matching.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace limbeck {
namespace {

// Each row is compared with each one: too much for large tables.
constexpr std::size_t most_rows_by_likeness = 500;

using Key = Cells;

Key key_in(const Cells& row, const std::vector<std::size_t>& columns) {
  Key key;
  key.reserve(columns.size());
  for (const std::size_t column : columns) key.push_back(row[column]);
  return key;
}

class RowMatcher {
 public:
  RowMatcher(const TableContents& before, const TableContents& after,
             const std::vector<std::optional<std::size_t>>& columns, bool replaced)
      : before_(before), after_(after), columns_(columns), replaced_(replaced) {}

  RowMatching match() const {
    std::vector<std::size_t> old_key;
    std::vector<std::size_t> new_key;
    for (const std::string& column : before_.key) {
      const auto i = index_of(before_.columns, column);
      if (!i || !columns_[*i]) break;
      old_key.push_back(*i);
      new_key.push_back(*columns_[*i]);
    }
    RowMatching matching;
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
      if (matching.lost < before_.rows.size() || after_.rows.empty() || replaced_) return matching;
      matching.lost = 0;  // the key itself was changed
      if (std::max(before_.rows.size(), after_.rows.size()) <= most_rows_by_likeness) {
        match_by_likeness(matching);
        return matching;
      }
    }
    match_without_key(matching);
    return matching;
  }

 private:
  std::size_t likeness(const Cells& before, const Cells& after) const {
    std::size_t equal = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i] && before[i] && before[i] == after[*columns_[i]]) ++equal;
    return equal;
  }

  // Each row with the one that shares most values with it; where none does, in their order.
  void match_by_likeness(RowMatching& matching) const {
    std::vector<std::size_t> free(after_.rows.size());
    std::iota(free.begin(), free.end(), std::size_t{0});
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

  using Numbers = std::vector<std::size_t>;

  // The columns that are still there: their numbers before and after.
  std::pair<Numbers, Numbers> common_columns() const {
    std::pair<Numbers, Numbers> common;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i]) continue;
      common.first.push_back(i);
      common.second.push_back(*columns_[i]);
    }
    return common;
  }

  // Rows that are the same first; what is left, in the order of what it holds.
  void match_without_key(RowMatching& matching) const {
    const auto [old_columns, new_columns] = common_columns();
    std::multimap<Key, std::size_t> same;
    for (std::size_t i = 0; i < after_.rows.size(); ++i)
      same.emplace(key_in(after_.rows[i], new_columns), i);
    std::multimap<Key, std::size_t> left;
    for (std::size_t i = 0; i < before_.rows.size(); ++i) {
      Key key = key_in(before_.rows[i], old_columns);
      const auto found = same.find(key);
      if (found == same.end()) {
        left.emplace(std::move(key), i);
        continue;
      }
      matching.rows[i] = found->second;
      same.erase(found);
    }
    if (replaced_) same.clear();
    auto next = same.begin();
    for (const auto& [key, i] : left) {
      if (next == same.end())
        ++matching.lost;
      else
        matching.rows[i] = (next++)->second;
    }
  }

  const TableContents& before_;
  const TableContents& after_;
  const std::vector<std::optional<std::size_t>>& columns_;
  const bool replaced_;
};

}  // namespace

RowMatching match_rows(const TableContents& before, const TableContents& after,
                       const std::vector<std::optional<std::size_t>>& columns, bool replaced) {
  return RowMatcher(before, after, columns, replaced).match();
}

}  // namespace limbeck
