// The exit codes of the limbeck program, and the kind of every error of the library.
//
// A code never changes its meaning: deployment scripts branch on it. docs/exit-codes.md holds the
// same table for people; a test compares the two.
#pragma once

namespace limbeck {

enum class ExitCode : int {
  ok = 0,                  // done, or nothing to do
  internal_error = 1,      // a fault in Limbeck itself
  usage = 2,               // the command line is wrong
  pending = 3,             // revisions are pending, or the database is not where it was asked to be
  findings = 4,            // a check ran and found something
  lock_not_acquired = 5,   // another runner holds the lock, or a table lock was not granted in time
  failed_rolled_back = 6,  // the work failed; the database is as it was before the failed revision
  failed_between_steps = 7,  // the work stopped inside a revision; the next run resumes there
  tampered_revision = 8,     // an applied revision's file has changed
  cannot_connect = 9,        // the database cannot be reached or read, or refuses the login
  invalid_project = 10,      // the configuration, a revision file or the revision graph is wrong
  interrupted = 130,         // Ctrl-C; the database is as it was before the interrupted revision
};

}  // namespace limbeck
