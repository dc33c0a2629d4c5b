// How a run behaves. Durations are milliseconds; 0 is without limit, but where it says otherwise.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "revision/direction.h"

namespace limbeck {

// What is backed up before revisions are run. A database that is a file is always copied whole.
enum class BackupScope {
  off,
  touched,  // the tables that the statements name, with what hangs on them
  full,
};

// "off", "touched" or "full".
std::optional<BackupScope> backup_scope_named(std::string_view name);

struct BackupSettings {
  BackupScope sqlite = BackupScope::full;
  BackupScope postgresql = BackupScope::off;
  std::filesystem::path folder = {};  // empty: beside an SQLite file; "backups" in the project
  int keep = 0;                       // how many of a database stay when a new one is made; 0: all
  int keep_days = 0;                  // those that are older go; 0: none
  std::string engine = {};            // which of a project's databases it is; empty: not known

  BackupScope of(std::string_view dialect) const {
    return dialect == "sqlite" ? sqlite : postgresql;
  }
};

// Whether statements may take rows with them that nobody has approved of.
struct DataLossSettings {
  bool accept_in_upgrade = false;
  bool accept_in_downgrade = true;  // which takes back what an upgrade has made, with its rows

  bool accepts(Direction direction) const {
    return direction == Direction::upgrade ? accept_in_upgrade : accept_in_downgrade;
  }
};

struct RunSettings {
  int lock_timeout_ms = 2'000;        // each try of a step that takes short locks
  int lock_retry_ms = 60'000;         // how long such a step is tried again; 0: one try
  int statement_timeout_ms = 0;       // each statement, but for concurrent steps
  int runner_lock_wait_ms = 600'000;  // how long to wait for another runner; 0: not at all
  bool single_transaction = false;    // all revisions in one transaction
  bool accept_changed = false;        // go on although an applied revision's file has changed
  BackupSettings backup = {};
  DataLossSettings data_loss = {};
};

}  // namespace limbeck
