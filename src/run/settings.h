// How a run behaves. Durations are milliseconds; 0 is without limit, but where it says otherwise.
#pragma once

#include <filesystem>
#include <string>

namespace limbeck {

struct RunSettings {
  int lock_timeout_ms = 2'000;        // each try of a step that takes short locks
  int lock_retry_ms = 60'000;         // how long such a step is tried again; 0: one try
  int statement_timeout_ms = 0;       // each statement, but for concurrent steps
  int runner_lock_wait_ms = 600'000;  // how long to wait for another runner; 0: not at all
  bool single_transaction = false;    // all revisions in one transaction
  bool accept_changed = false;        // go on although an applied revision's file has changed
  bool backup = true;                 // copy an SQLite file before the first revision runs
  std::filesystem::path backup_folder = {};  // empty: beside the database
};

}  // namespace limbeck
