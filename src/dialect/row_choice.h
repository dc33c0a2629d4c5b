// Which rows of a table a condition takes, as far as its text and the schema show.
//
// How the databases' conditions are read is in their folders; no row is looked at.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace limbeck {

enum class RowChoice : std::uint8_t {
  none,    // false for each row
  some,    // it asks for something that differs from row to row, or comes to NULL
  either,  // the same for each row, and what it comes to is not known: every row, or none
  every,   // true for each row
};

// One that every row may be taken by, as far as is known.
constexpr bool may_take_every_row(RowChoice choice) {
  return choice == RowChoice::either || choice == RowChoice::every;
}

constexpr RowChoice negated(RowChoice choice) {
  if (choice == RowChoice::none) return RowChoice::every;
  if (choice == RowChoice::every) return RowChoice::none;
  return choice;
}

// Of conditions that stand between ANDs, and between ORs.
inline RowChoice all_of(const std::vector<RowChoice>& parts) {
  return parts.empty() ? RowChoice::every : *std::min_element(parts.begin(), parts.end());
}
inline RowChoice any_of(const std::vector<RowChoice>& parts) {
  return parts.empty() ? RowChoice::none : *std::max_element(parts.begin(), parts.end());
}

}  // namespace limbeck
