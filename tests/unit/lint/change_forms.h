// The forms of a change that the prediction tests draw from. $words are filled in by the generator,
// the same word with the same text wherever it stands in one form.
#pragma once

#include <span>
#include <string_view>

namespace limbeck::test {

struct ChangeForm {
  int weight = 1;
  std::string_view text;
};

// What stands behind ALTER TABLE t.
std::span<const ChangeForm> alter_table_forms();
// Whole statements.
std::span<const ChangeForm> statement_forms();

}  // namespace limbeck::test
