// A finding: what a check has to say about a place in a project, as data.
//
// It never stops anything: who asked decides what a finding means. Errors are another thing
// (include/limbeck/error.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

#include "schema/object_id.h"

namespace limbeck {

enum class Severity : std::uint8_t { off, notice, warning, error };

// "warning"
std::string_view to_string(Severity severity);
std::optional<Severity> severity_named(std::string_view name);

enum class Certainty : std::uint8_t {
  text,      // from the statement alone: what it is about is not known
  inferred,  // from the schema as the revisions build it
  proved,    // seen while it ran on a server
};

std::string_view to_string(Certainty certainty);

// For how long others wait, as a class.
enum class Duration : std::uint8_t {
  none,         // nobody waits for it
  instant,      // as long as the lock is not granted, and then no time
  scan,         // as long as it takes to read the whole table
  index_build,  // as long as it takes to build an index
  rewrite,      // as long as it takes to write the whole table and its indexes again
};

std::string_view to_string(Duration duration);

struct Finding {
  std::string rule = {};
  Severity severity = Severity::warning;
  Certainty certainty = Certainty::text;
  Place place = {};
  std::string revision = {};  // its id; empty: not about a revision
  std::string message = {};   // one sentence: what happens
  std::string object = {};    // "public.orders"
  std::string lock = {};      // "ACCESS EXCLUSIVE"; empty: none that matters
  std::string blocks = {};    // "reads and writes"
  Duration duration = Duration::none;
  std::string why = {};      // why that matters
  std::string rewrite = {};  // what to write in its place, or to do about it
  bool loses_data = false;
  // In a run: the tables that lose rows or values, if they hold any, by the names that they have
  // before it. Those that the run itself makes are none.
  std::vector<RelationName> takes_rows_of = {};
  bool takes_unseen = false;     // in a run: rows that cannot be looked at before they are gone
  std::string fingerprint = {};  // the same for the same finding in a later run
};

// Of its rule, its revision, what it is about and what it says: a line may move.
std::string fingerprint_of(const Finding& finding);

}  // namespace limbeck
