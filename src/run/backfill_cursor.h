// How far a backfill has come, as the journal keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"

namespace limbeck {

struct BackfillCursor {
  std::int64_t seen = 0;        // rows looked at
  std::string columns = {};     // the key's columns, as SQL: a cursor counts for them alone
  std::vector<Value> key = {};  // of the last of them; empty before the first batch
  bool complete = false;        // every row has been looked at

  // "20000;c:%22id%22;i:20000;t:abc": the columns, then a type letter for each value; bytes other
  // than letters and digits as %XX. "20000;c:%22id%22;end" when complete.
  std::string to_text() const;
  static std::optional<BackfillCursor> parse(std::string_view text);

  bool operator==(const BackfillCursor&) const = default;
};

}  // namespace limbeck
