// The status of a project: where its database is, what is pending, what is wrong, and what to type
// next.
//
// Reading it changes nothing and takes no lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "limbeck/error.h"

#include "base/terminal.h"
#include "project/project.h"
#include "run/chain.h"
#include "run/checks.h"
#include "run/observation.h"
#include "run/repair.h"
#include "run/state.h"
#include "run/target_database.h"

namespace limbeck {

// A revision that stopped between its steps.
struct StoppedRevision {
  std::string id = {};
  std::string direction = {};  // or "apply": a plan that is no revision
  std::size_t done = 0;        // steps that are complete
  std::size_t total = 0;       // 0: unknown, its file is gone or has changed
  std::string message = {};    // what the database said; empty when the run was killed
  StoppedFile file = StoppedFile::as_it_was;
};

struct Status {
  std::string project_file;
  std::string engine;                      // as it is shown; empty: the project has one database
  std::string database;                    // its url without a password
  bool missing_file = false;               // an SQLite file that the first upgrade creates
  std::string server_version;              // empty when it was not reached
  std::optional<ErrorReport> unreachable;  // why it was not reached
  std::vector<RevisionGraph::Index> current;
  std::vector<std::string> unknown;  // revisions that the database is at and no file has
  std::vector<RevisionGraph::Index> heads;
  // In the order in which an upgrade runs them; none when some are unknown: what stands below these
  // is not known either.
  std::vector<RevisionGraph::Index> pending;
  std::optional<StoppedRevision> stopped;
  std::optional<RunAtWork> running;
  std::vector<Ailment> ailments;
  std::optional<JournalEntry> last_change;
  std::vector<std::string> next;  // commands to type
};

// What is known without a database.
Status project_status(const Project& project, const Chain& chain, const DatabaseUrl& url);
// Adds what the database says.
void read_database_status(const Chain& chain, TargetDatabase& database, Status& status);

// ok, pending, findings or cannot_connect.
ExitCode exit_code_of(const Status& status);

// Why a database was not reached, and what to do about it, in lines of their own.
std::string unreachable_text(const ErrorReport& report, const Painter& paint);
// all: the pending revisions are listed without a limit.
std::string status_text(const Status& status, const Chain& chain, const Painter& paint, bool all);
std::string status_json(const Status& status, const Chain& chain);

}  // namespace limbeck
