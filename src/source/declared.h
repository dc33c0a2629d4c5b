// Declared SQL: the statements of a file, of a folder of files, or of what a program has printed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sql/splitter.h"
#include "sql/statement.h"

namespace limbeck {

struct SqlText {
  std::string file = {};  // for places: a path, or the program's name
  std::string text = {};
};

// One file, or every .sql file below a folder, in the order of their names (by bytes, folder by
// folder). Hidden files and folders are passed over. Throws Error (ExitCode::invalid_project):
// nothing there, no .sql file in it, unreadable.
std::vector<SqlText> read_sql(const std::filesystem::path& path);

struct SqlFile {
  SqlText source = {};
  std::vector<sql::Statement> statements = {};
};

// Throws what sql::split throws.
std::vector<SqlFile> split_files(std::vector<SqlText> texts, const sql::LexicalRules& rules);

// What the statements say of access, told from their tokens.
struct AccessStated {
  bool owners = false;      // OWNER TO, AUTHORIZATION
  bool privileges = false;  // GRANT, REVOKE, ALTER DEFAULT PRIVILEGES
};
AccessStated access_stated(const std::vector<SqlFile>& files, const sql::LexicalRules& rules);

}  // namespace limbeck
