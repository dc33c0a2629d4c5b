// The chain: a project's revisions as loaded, graph and files side by side.
//
// It never runs anything; it reads a body only when asked.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "limbeck/error.h"

#include "plan/step.h"
#include "revision/direction.h"
#include "revision/directory.h"
#include "revision/graph.h"

namespace limbeck {

class Dialect;
class ScriptHost;
class Scripts;
struct Recording;
struct ScriptDelegation;
struct ScriptRequest;

// A revision as it is to be run in one direction, on one kind of database.
struct PlannedRevision {
  RevisionFile file;
  std::vector<Step> steps = {};
  // Set for a script whose statements are not known before it runs; there are no steps then. Runs
  // it against the host. The chain must live on.
  std::function<Recording(ScriptHost&)> live = {};
  std::string live_because = {};  // of such a script
  Place live_place = {};
  bool live_is_table_change = false;
  // Set for a script that only the project's own Alembic can run.
  std::shared_ptr<const ScriptDelegation> delegation = {};
  std::vector<std::string> notes = {};  // what the script has to say, for people
};

// A script has come, at its turn, to what only the project's own Alembic can run.
class ApplicationNeeded : public Error {
 public:
  ApplicationNeeded(ErrorReport report, std::shared_ptr<const ScriptDelegation> delegation)
      : Error(std::move(report)), delegation_(std::move(delegation)) {}

  // How it would be run there; null: the project does not allow it.
  const std::shared_ptr<const ScriptDelegation>& delegation() const { return delegation_; }

 private:
  std::shared_ptr<const ScriptDelegation> delegation_;
};

// What a plan is made for: a script is told when it is not run but written down.
enum class PlanUse { run, offline };

class Chain {
 public:
  // scripts: those of another tool that count as revisions, too; folders of these need not be
  // there yet. cache: as of read_revision_headers. Throws what that and RevisionGraph throw.
  static Chain load(std::span<const std::filesystem::path> folders, bool recursive,
                    const ScriptFormat* scripts = nullptr, const std::filesystem::path& cache = {});
  // Of revisions that were read already.
  // squashed: what read_squashed() gives.
  static Chain of(std::vector<RevisionSource> sources, std::vector<RevisionSource> squashed = {});

  const RevisionGraph& graph() const { return graph_; }
  const std::string& path(RevisionGraph::Index index) const { return sources_[index].path; }
  // All of them, to make another chain of.
  std::vector<RevisionSource> sources() const;
  // The squashed revisions: those it was made with, and those in the folders that it was loaded
  // from.
  std::vector<RevisionSource> read_squashed() const;
  // The whole revision, checked to be the same as in the graph.
  RevisionFile read(RevisionGraph::Index index) const;
  // Reads it and plans it. Throws what read, plan_revision and plan_script throw, and Error
  // (ExitCode::invalid_project) for a script that nothing here can run.
  // stop: set when nobody waits for it any more; it throws Interrupted then, at a script.
  PlannedRevision plan(RevisionGraph::Index index, Direction direction, const Dialect& dialect,
                       PlanUse use = PlanUse::run, const std::atomic<bool>* stop = nullptr) const;
  // Throws Error (ExitCode::invalid_project) when the project's own Alembic is not there to run
  // what was delegated to it.
  void check_delegation() const;
  // These will be planned: their scripts may be read ahead. Says of each whether it may be planned
  // when its turn comes: it is a script of which nothing but statements can come, for it uses
  // neither the application nor what may not be there.
  std::vector<bool> announce(std::span<const RevisionGraph::Index> revisions, Direction direction,
                             const Dialect& dialect, PlanUse use = PlanUse::run) const;
  // What is asked of whoever runs scripts, for one that is a script. file: as read() gives it.
  ScriptRequest script_request(RevisionGraph::Index index, const RevisionFile& file,
                               Direction direction, PlanUse use) const;
  // What runs the scripts among the revisions; without it each of them is refused.
  void set_scripts(std::shared_ptr<Scripts> scripts);
  bool has_scripts() const { return scripts_ != nullptr; }
  // The hash of its file, as RevisionFile has it.
  std::string hash(RevisionGraph::Index index) const;
  // Whether this is known to be the hash of the file as it is: nothing is read for that.
  bool is_known_hash(RevisionGraph::Index index, std::string_view hash) const;
  // Whether this is a hash of the file as it is. A script may be laid out and commented
  // differently.
  bool has_hash(RevisionGraph::Index index, const std::string& hash) const;

 private:
  RevisionFile read_script(RevisionGraph::Index index) const;
  std::string hash_of(RevisionGraph::Index index, std::string_view bytes) const;
  bool runs_live_at_once(const RevisionFile& file, Direction direction, PlanUse use) const;
  bool misses_engine(std::string_view source, Direction direction) const;

  RevisionGraph graph_;
  std::vector<RevisionSource> sources_;  // their revisions moved into the graph
  std::vector<RevisionSource> squashed_;
  std::vector<std::filesystem::path> folders_;
  bool recursive_ = false;
  std::optional<ScriptFormat> script_format_;
  std::shared_ptr<Scripts> scripts_;
};

}  // namespace limbeck
