// A step: a part of a revision that is committed as one, and how it is to be run.
//
// It never runs anything. The plan of a revision is its steps in order; the journal counts them
// from 1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "revision/direction.h"
#include "revision/revision_file.h"
#include "sql/statement.h"

namespace limbeck {

class Dialect;

// The class of a step fixes its timeouts and whether it is tried again. docs/running.md has the
// table.
enum class StepClass {
  long_scan,   // reads a whole table under a lock that lets others read and write: as short_lock,
               // without a statement timeout
  short_lock,  // takes short exclusive locks: lock timeout, tried again with growing pauses
  concurrent,  // outside a transaction, never under a lock timeout; the catalog is asked what
               // became of it
  batched,     // a backfill: a transaction for each batch, its cursor in the journal
};

enum class StepKind {
  transaction,  // all statements in one transaction
  statement,    // one statement, committed alone together with its journal row
  outside,      // one statement that no transaction can hold
  setting,      // one statement that changes the session; run again when the revision is resumed
  backfill,     // one statement, in batches
};

std::string_view to_string(StepKind kind);

struct Step {
  StepKind kind = StepKind::transaction;
  std::vector<sql::Statement> statements = {};
  BackfillOptions backfill = {};
  bool long_scan = false;  // all of its statements are long scans under a weak lock
  Place place = {};        // of the section's marker
};

// "sha256:..." of what it runs: a step that is done is recognised by it.
std::string hash_of(const Step& step);

StepClass class_of(const Step& step);

}  // namespace limbeck
