// What a revision's author allows it to do to values, in comments as lint's:
//
//   -- limbeck:allow type-loses-values: nobody has more than five characters
//   ALTER TABLE people ALTER COLUMN name TYPE varchar(5) USING left(name, 5);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "revision/revision_file.h"
#include "verify/said.h"
#include "verify/scratch_run.h"

namespace limbeck {

class AllowedLosses {
 public:
  // Those of one direction. run: of that direction.
  void add(const RevisionFile& file, Direction direction, const Dialect& dialect,
           const WatchedRun& run);

  // Why this is allowed to become of the table, or its column; nothing when it is not. The comment
  // stands above a statement that names them, or in the header of the file.
  std::optional<std::string> reason(std::string_view rule, std::string_view table,
                                    std::string_view column) const;

 private:
  struct Entry {
    std::vector<std::string> rules = {};
    std::string reason = {};
    std::optional<Said> statement = {};  // nothing: the whole revision
  };

  std::vector<Entry> entries_ = {};
};

}  // namespace limbeck
