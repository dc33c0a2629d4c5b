// Which row of a table's new contents a row of its old ones is.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "verify/contents.h"

namespace limbeck {

struct RowMatching {
  std::vector<std::optional<std::size_t>> rows = {};  // of before, in after
  std::size_t lost = 0;
};

// columns: of before, in after. By the primary key where it lives on; else by what else the rows
// hold.
// replaced: rows may have been taken away and others put in their place, so that none is taken for
// another because it is like it.
RowMatching match_rows(const TableContents& before, const TableContents& after,
                       const std::vector<std::optional<std::size_t>>& columns, bool replaced);

}  // namespace limbeck
