// Errors: what stops a command, as data.
//
// An error says what happened, where, what state the database is in and what to do next. Layers
// that know more add to the report with catch, modify and rethrow. Outcomes that a caller expects
// (pending revisions, findings) are values, never errors. A report never holds a password.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "limbeck/exit_code.h"

namespace limbeck {

// A place in a text file. Lines and columns count from 1; columns count code points. 0 means
// unknown.
struct Place {
  std::string file = {};
  int line = 0;
  int column = 0;
  std::string source_line = {};  // its text, for the caret; passwords are stars; may be empty

  bool operator==(const Place&) const = default;
};

// "file:12:5", with the parts that are known.
std::string to_string(const Place& place);

struct ErrorReport {
  ExitCode code = ExitCode::internal_error;
  std::string message = {};         // one sentence: what happened
  std::optional<Place> place = {};  // where
  std::string detail = {};          // what the database or the system said beyond the message
  std::string state = {};           // what state the database is in now
  std::string hint = {};            // what to do next
  std::vector<std::string> context =
      {};  // outer layers, innermost first: "while applying revision 5b1d"
};

class Error : public std::exception {
 public:
  explicit Error(ErrorReport report);

  const char* what() const noexcept override { return report_.message.c_str(); }
  const ErrorReport& report() const noexcept { return report_; }
  ErrorReport& report() noexcept { return report_; }
  ExitCode code() const noexcept { return report_.code; }

 private:
  ErrorReport report_;
};

// What a database server said about a statement that failed. Empty means that the server did not
// say.
struct SqlFailure {
  std::string sqlstate = {};  // five characters; SQLite's result codes are written "SQLITE_BUSY"
  std::string message = {};
  std::string detail = {};
  std::string hint = {};
  std::string schema = {};
  std::string table = {};
  std::string column = {};
  std::string constraint = {};
  int position = 0;         // of the fault in the statement, in characters from 1; 0 when unknown
  std::size_t command = 0;  // index of the failed command among those that were sent together
  bool retryable =
      false;  // a lock was not granted in time, or a deadlock: the same work may succeed later
};

// A statement failed. Whatever transaction it was in has been rolled back, unless the thrower says
// otherwise.
class DatabaseError : public Error {
 public:
  DatabaseError(ErrorReport report, SqlFailure failure);

  const SqlFailure& failure() const noexcept { return failure_; }
  SqlFailure& failure() noexcept { return failure_; }

 private:
  SqlFailure failure_;
};

// The connection broke. When a COMMIT was on its way its outcome is unknown until the journal is
// read again.
class ConnectionLost : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

// The connection broke, or was given up, after a COMMIT had been sent and before its answer:
// whether the transaction took effect is not known. Whoever runs it again may do the work twice.
class CommitUnknown : public ConnectionLost {
 public:
  using ConnectionLost::ConnectionLost;
};

// No connection could be made.
class CannotConnect : public Error {
 public:
  CannotConnect(ErrorReport report, std::string sqlstate)
      : Error(std::move(report)), sqlstate_(std::move(sqlstate)) {}

  // What the server said, where it did: "28P01"; 08001 when no server answered; "SQLITE_CANTOPEN".
  const std::string& sqlstate() const noexcept { return sqlstate_; }

 private:
  std::string sqlstate_;
};

// A deadline passed: while a connection was waited for, or while a statement ran, which was then
// cancelled. After a statement outside of a transaction report().state says what is known of it.
class DeadlineExceeded : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

// Somebody asked to stop (Ctrl-C, a stop token) and the running statement was cancelled.
class Interrupted : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

}  // namespace limbeck
