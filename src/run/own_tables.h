// What went wrong with the version table and the journal, in words that lead out.
//
// The server says of them what it says of any table. Only here is it known whose they are, and what
// becomes of a run without them. Messages of others are kept: nothing is taken away.
#pragma once

#include <string_view>
#include <utility>

#include "limbeck/error.h"

#include "run/target_database.h"

namespace limbeck {

// What to do where a session may only read.
inline constexpr std::string_view way_out_of_read_only =
    "the server is a standby, or default_transaction_read_only is on for this database or role: "
    "connect to the primary server, or let the session write";

// They could not be read, before anything was changed.
void explain_unreadable(DatabaseError& error, TargetDatabase& database);

// They could not be made or written. The state is left to who knows what else was in the
// transaction.
void explain_unwritable(DatabaseError& error, const TargetDatabase& database);

// Does work before which nothing was changed, and which changes nothing when it fails: an error
// that does not tell the state says so.
template <class Work>
decltype(auto) with_nothing_changed(const Work& work) {
  try {
    return work();
  } catch (Error& error) {
    if (error.report().state.empty()) error.report().state = "nothing was changed";
    throw;
  }
}

// The same, where the work writes the tables.
template <class Work>
auto with_own_tables(const TargetDatabase& database, const Work& work) {
  return with_nothing_changed([&] {
    try {
      return work();
    } catch (DatabaseError& error) {
      explain_unwritable(error, database);
      throw;
    }
  });
}

}  // namespace limbeck
