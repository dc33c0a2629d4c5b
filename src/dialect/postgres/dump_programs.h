// pg_dump and pg_restore: found, given a way into the database, and run.
//
// No password is ever in their arguments or their environment: it is in a file that is in memory
// alone and open to the one process.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/database_url.h"

namespace limbeck::postgres {

// The folder of those for a server of this version: of the same one, else the newest. Throws Error
// (ExitCode::failed_rolled_back): there are none, or only older ones. major: 0 for the newest.
std::filesystem::path dump_programs(int major);

// "15" of "PostgreSQL 15.18".
int major_of_server(const std::string& server_version);

struct DumpProgram {
  std::filesystem::path path = {};
  std::vector<std::string> arguments = {};
  // Where it works; null for one that reads a file alone.
  const DatabaseUrl* url = nullptr;
  std::string database = {};  // another one of that server; empty: the url's
  std::string use_list = {};  // of a backup's contents, those to restore; empty: all
  const std::atomic<bool>* interrupt = nullptr;
  // Gets what it prints, as it comes; what this throws ends the program. Empty: it is returned.
  std::function<void(std::string_view)> take = {};
};

// Runs it and returns what it printed. what: "the backup failed". Throws Error
// (ExitCode::failed_rolled_back) with what the program said, Interrupted.
std::string run_dump_program(const DumpProgram& program, const std::string& what);

}  // namespace limbeck::postgres
