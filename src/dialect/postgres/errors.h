// What PostgreSQL said about a failure, as errors of ours.
//
// No message holds a password.
#pragma once

#include <string>
#include <string_view>

#include "limbeck/error.h"

#include "dialect/interrupt.h"
#include "dialect/postgres/handle.h"

namespace limbeck::postgres {

// The first failure of what was sent together.
struct Failed {
  SqlFailure failure = {};
  std::string context = {};  // where in functions it happened
  bool stale_plan = false;  // a prepared statement is gone or out of date: preparing it again helps
};

// offset: how many characters stand before the author's text in what was sent.
Failed failure_of(const PGresult* result, std::size_t command, int offset);

// Whether the server says that it ends the connection. Class 08 does not: it is also what a wrong
// number of parameters has, or another server behind this one; the channel knows of our own.
bool is_connection_loss(std::string_view sqlstate);

// In what circumstances it failed.
struct Circumstances {
  bool connection_lost = false;
  bool given_up = false;         // lost because the server did not answer in time
  Ending ending = Ending::none;  // why it was cancelled, or given up
  bool commit_sent = false;      // and no answer to it came
};

// Throws Interrupted, DeadlineExceeded, CommitUnknown, ConnectionLost or DatabaseError.
[[noreturn]] void raise(Failed failed, const Circumstances& circumstances);

// Why a connection could not be made, from libpq's message, which may be a verbose one: the
// SQLSTATE is taken out of it. unreported: the SQLSTATE where the message has none.
CannotConnect connect_error(std::string_view message, std::string_view unreported = {});

}  // namespace limbeck::postgres
