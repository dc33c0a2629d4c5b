// An Alembic revision as a Limbeck revision in SQL: same id, same place in the graph, the script's
// own comments.
//
// It runs no script against a database and writes no file. What a script can only do with a
// database's answers, or with its application, becomes a section that refuses to run and says what
// it needs.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plan/script.h"
#include "revision/direction.h"
#include "run/chain.h"
#include "run/offline_replay.h"

namespace limbeck {

struct ImportedRevision {
  std::string text = {};  // of the revision file
  // "downgrade on sqlite: it asks the database (SELECT count(*) FROM t)", for what could not be
  // converted.
  std::vector<std::string> manual = {};
};

class AlembicImport {
 public:
  // dialects: not empty. All must outlive it.
  AlembicImport(const Chain& chain, Scripts& scripts, std::vector<std::string> dialects);

  // The revisions must be asked for in an order in which parents come first.
  ImportedRevision revision(RevisionGraph::Index index);

 private:
  struct Part {
    bool alone = false;       // each statement is committed alone
    std::string sql = {};     // statements with their semicolons, and comments
    std::string manual = {};  // why there are none
    bool operator==(const Part&) const = default;
  };
  using Parts = std::vector<Part>;

  Parts convert(RevisionGraph::Index index, Direction direction, const Dialect& dialect);
  // comments: of the script, as SQL.
  Parts looked_at(RevisionGraph::Index index, Direction direction, const Dialect& dialect,
                  std::string comments);
  std::string section_text(RevisionGraph::Index index, Direction direction,
                           std::vector<std::string>& manual);

  const Chain& chain_;
  Scripts& scripts_;
  std::vector<std::string> dialects_;
  std::map<std::string, std::unique_ptr<OfflineReplay>> replays_;  // of those without a server
};

}  // namespace limbeck
