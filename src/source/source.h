// A source: where a schema comes from, as a user names it on the command line.
//
//   postgresql://..., "host=... dbname=...", sqlite:///app.db, app.db    a database
//   schema.sql, schema/                                                 SQL in a file or a folder
//   revisions, revisions@SELECTOR                                       what the project's chain
//                                                                       builds
//   schema.json                                                         a snapshot
//   cmd:PROGRAM                                                         what a program prints
//
// Naming a source touches nothing but the names of files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "dialect/database_url.h"

namespace limbeck {

struct DatabaseSource {
  DatabaseUrl url;
};
struct SqlSource {
  std::filesystem::path path;  // a file, or a folder
};
struct SnapshotSource {
  std::filesystem::path path;
};
struct RevisionsSource {
  std::string selector = "heads";
};
struct ProgramSource {
  std::string command;  // for the shell
};

using Source =
    std::variant<DatabaseSource, SqlSource, SnapshotSource, RevisionsSource, ProgramSource>;

// Throws Error (ExitCode::usage) for a text that is none of these.
Source parse_source(std::string_view text);

// For people: without a password.
std::string describe(const Source& source);

}  // namespace limbeck
