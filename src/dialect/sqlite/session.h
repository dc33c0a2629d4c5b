// What a revision may set for a SQLite session, and how it is taken back.
//
// It costs nothing until a revision runs the first PRAGMA, ATTACH, DETACH or CREATE TEMP: only then
// are the settings read.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dialect/sqlite/handle.h"

namespace limbeck::sqlite {

class Session {
 public:
  // Called before a statement is run.
  void before(sqlite3* database, const std::string& sql);
  // Sets everything to what it was before the first such statement. REQUIRES: no transaction is
  // open. Throws DatabaseError when it cannot be done.
  void reset(sqlite3* database);
  bool touched() const { return touched_; }

 private:
  bool touched_ = false;
  bool has_snapshot_ = false;
  bool like_was_set_ = false;
  std::vector<std::pair<std::string, std::string>> pragmas_;  // name, value
  std::vector<std::string> databases_;                        // attached
};

}  // namespace limbeck::sqlite
