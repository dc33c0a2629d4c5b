// The SQL that pg_restore writes, run as it comes, in the open transaction of a connection.
//
// It is no client: a line that begins with a backslash is never a command. Of rows it keeps no more
// than a few megabytes at a time.
#pragma once

#include <string>
#include <string_view>

#include "dialect/connection.h"

namespace limbeck::postgres {

class DumpScript {
 public:
  // REQUIRES: a transaction is open.
  explicit DumpScript(Connection& connection) : connection_(connection) {}

  // The next bytes. Throws DatabaseError.
  void take(std::string_view bytes);
  // After the last ones. Throws Error when they end within a statement.
  void finish();

 private:
  void take_line(std::string_view line);
  void take_row(std::string_view line);
  void run_statement();
  void run_rows();

  Connection& connection_;
  std::string line_;       // as much of it as has come
  std::string statement_;  // the same
  std::string copy_;       // the COPY whose rows are coming; empty: none
  std::string rows_;       // not yet sent
};

}  // namespace limbeck::postgres
