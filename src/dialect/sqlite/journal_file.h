// The rollback journal of a SQLite file, kept from one transaction to the next.
//
// SQLite creates the journal for each transaction and removes it at the end of it (mode DELETE),
// which is about a tenth of the time of a short one. In the mode PERSIST the end of a transaction
// overwrites the journal's header with zeros instead, which is as safe:
// https://www.sqlite.org/pragma.html#pragma_journal_mode. The mode is that of the connection;
// others may work on the file in theirs.
//
// It never changes any other mode: WAL is a property of the file, and the rest is somebody's
// choice. It keeps no more than a megabyte: what a large transaction needed is given back.
#pragma once

#include <cstdint>

#include "dialect/sqlite/handle.h"

namespace limbeck::sqlite {

class JournalFile {
 public:
  // For the transactions to come. Nothing where there is no file, or somebody has locked it. Not in
  // a transaction.
  void keep(sqlite3* database) noexcept;
  // As it was: the journal is removed, unless somebody else has locked the file; its header is
  // zeros then, which means nothing to anybody, and the next one who writes removes it. Nothing
  // when it is not kept. Not in a transaction.
  void let_go(sqlite3* database) noexcept;
  bool kept() const { return kept_; }

 private:
  bool kept_ = false;
  std::int64_t size_limit_ = -1;  // the one before; -1: none
};

}  // namespace limbeck::sqlite
