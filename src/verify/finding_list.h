// What there is to say of the revisions that are verified, gathered in the order in which it was
// seen.
//
// It compares nothing: who adds to it says what was found.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/scratch.h"
#include "lint/finding.h"
#include "run/chain.h"
#include "verify/data_change.h"
#include "verify/data_findings.h"
#include "verify/said.h"
#include "verify/schema_findings.h"

namespace limbeck {

class FindingList {
 public:
  using Index = RevisionGraph::Index;

  explicit FindingList(const Chain& chain) : chain_(chain) {}

  void add(Finding finding) { findings_.push_back(std::move(finding)); }
  Finding about(Index revision, std::string rule, Severity severity) const;
  Finding failure(Index revision, std::string rule, std::string_view what,
                  const DatabaseError& error) const;

  // What became of values; of a column that has been told of once, nothing more.
  void tell_changes(Index revision, const std::vector<DataChange>& changes, Passage passage,
                    const AllowedLosses& allowed);
  // How a schema differs from what it should be. message: with two places, for the object and what
  // is the matter with it. revision: nothing for all of them together.
  void tell_faults(std::optional<Index> revision, const std::string& rule, std::string_view message,
                   const std::string& hint, const std::vector<SchemaFault>& faults);
  // Of an upgrade that makes what is missing, and a downgrade that says that it has nothing to
  // undo: takes what is left out of the faults. Whether there was any.
  bool tell_left(Index revision, const Said& said, std::vector<SchemaFault>& faults);
  // What went with something else that was dropped.
  void tell_taken(Index revision, const Schema& before, const Schema& after, const Said& said);
  // Of columns that became NOT NULL, those of which statistics alone say that no row holds NULL: no
  // statement mends them before.
  void tell_sampled(Index revision, const Schema& before, const Schema& after, const Said& said,
                    std::span<const TableStatistics> statistics);

  bool has_error(const std::function<bool(const Finding&)>& test) const;
  // With their fingerprints.
  std::vector<Finding> take();

 private:
  struct Told {
    Index revision = 0;
    RelationName table = {};
    std::string column = {};
    auto operator<=>(const Told&) const = default;
  };

  const Chain& chain_;
  std::vector<Finding> findings_ = {};
  std::set<Told> told_ = {};
};

}  // namespace limbeck
