// What somebody sees of a database who only looks: its state, and the run that is at work on it.
//
// Looking takes no lock and waits for none.
#pragma once

#include <optional>
#include <string>

#include "run/state.h"

namespace limbeck {

struct RunAtWork {
  LockHolder holder = {};
  // What it is between the steps of; nothing when its work is one transaction, of which no other
  // sees anything yet.
  std::optional<JournalEntry> revision = {};
};

struct SeenDatabase {
  DatabaseState state = {};  // its open_revision stopped: one that is being run is in running
  std::optional<RunAtWork> running = {};
};

SeenDatabase observe(TargetDatabase& database);

// "process 4711, user deploy, build-7, since 2026-..."
std::string describe(const LockHolder& holder);
// "the upgrade of revision 5b1d, by process 4711, ..."
std::string describe(const RunAtWork& running);

}  // namespace limbeck
