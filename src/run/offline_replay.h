// The schema as it stands while an offline script is written, in a scratch database: for changes
// that have to be looked at before their SQL can be known. Internal to src/run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dialect/scratch.h"
#include "run/chain.h"

namespace limbeck {

class OfflineReplay {
 public:
  // Only for a dialect whose scratch databases need no server. Both must outlive it.
  OfflineReplay(const Chain& chain, const Dialect& dialect);

  // Every upgrade that leads to these heads.
  void go_to(const std::vector<std::string>& heads);
  // The statements that the revision runs, which are run here too.
  std::vector<std::string> run(const PlannedRevision& planned);
  // The same, and undone at once.
  std::vector<std::string> try_out(const PlannedRevision& planned);

 private:
  std::vector<std::string> statements(const PlannedRevision& planned);

  const Chain& chain_;
  const Dialect& dialect_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace limbeck
