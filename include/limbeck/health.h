// Whether a service can work with its database: is it there, how fast does it answer, is the pool
// free, are the revisions applied that the program expects.
//
// A check never throws for what it is there to find out, changes nothing and takes no lock. It
// holds one connection for a few round trips at the most. No text in it holds a password.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/exit_code.h"
#include "limbeck/pool.h"

namespace limbeck {

class Revisions;

struct Health {
  std::string database = {};  // its url without a password
  bool reachable = false;
  std::string fault = {};                   // why it is not, or cannot be read; empty: nothing
  std::string detail = {};                  // what the server said beyond that; may be empty
  std::string hint = {};                    // what to do about it; may be empty
  std::chrono::microseconds latency{};      // of one round trip
  std::string server_version = {};          // "PostgreSQL 15.18"
  std::optional<PoolStatistics> pool = {};  // without the connection of the check itself
  // The revisions that the version table names, sorted; empty: none is applied.
  std::vector<std::string> current = {};
  // In the order in which an upgrade runs them; nothing when no revisions were given to compare.
  std::optional<std::vector<std::string>> pending = {};
  // Those of current that the program does not have: the database is newer than the program.
  std::vector<std::string> unknown = {};
  // Who brings the pending ones, in words: a run is at work. Empty: nobody, or nothing is pending.
  std::string running = {};
};

struct HealthOptions {
  // For the whole check, the wait for a connection of the pool included.
  std::chrono::milliseconds timeout{5'000};
  std::string version_table = "limbeck_version";
  std::string version_table_schema = {};  // PostgreSQL; empty: where an unqualified name is made
};

Health check_health(Pool& pool, const HealthOptions& options = {});
// Says what is pending, too. Throws Error (ExitCode::invalid_project) for revisions that are wrong.
Health check_health(Pool& pool, const Revisions& revisions, const HealthOptions& options = {});

// cannot_connect, findings (the database is newer), pending, or ok.
ExitCode exit_code_of(const Health& health);

// One object on one line, whose keys docs/service.md describes.
std::string to_json(const Health& health);

}  // namespace limbeck
