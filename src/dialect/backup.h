// Copies of a database in files: what is asked for, and what came of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dialect/identifier.h"

namespace limbeck {

struct BackupRequest {
  // Only these, with their rows; empty: the whole database. Not for a database that is a file.
  std::vector<QualifiedName> tables = {};
  int lock_wait_ms = 0;  // for those who change the tables at the moment; 0: without limit
  const std::atomic<bool>* interrupt = nullptr;
};

struct RestoreRequest {
  // The file holds these alone, and they take the place of those that are there; empty: all of a
  // database.
  std::vector<QualifiedName> tables = {};
  // Where the database cannot be put aside: drop and make again what the backup holds, in one
  // transaction. What it does not hold stays.
  bool in_place = false;
  bool is_damaged = false;       // what is there cannot be read: it is replaced as a file
  bool owners = true;            // give objects to the roles that had them, with their privileges
  std::int64_t own_process = 0;  // the server process of the caller's connection
  std::function<void()> leave = {};  // closes that connection; called before databases are swapped
  const std::atomic<bool>* interrupt = nullptr;
};

struct RestoreResult {
  // The database that holds what was there before, on the same server; empty: none was made.
  std::string kept_database = {};
};

}  // namespace limbeck
