// Lint: what the statements of revisions will do to a database that is in use, said before they
// run.
//
// Each statement is judged on the schema as it stands before it, replayed from the chain without a
// server; with a tracer it is run on a scratch database, too, and what it does is seen. No database
// of a user's is written.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/effect.h"
#include "dialect/live_facts.h"
#include "dialect/trace.h"
#include "lint/finding.h"
#include "lint/naming.h"
#include "revision/walk.h"
#include "run/chain.h"

namespace limbeck {

struct LintSettings {
  std::map<std::string, Severity> severities = {};  // by the rule's name; else the rule's own
  NamingConvention names = {};                      // empty: none
  EffectSettings server = {};
  std::optional<LiveFacts> live = {};  // of the database that the revisions are meant for
  // When it holds what the revisions before the range make: it is read in their place, with what
  // else is in it.
  Connection* database = nullptr;
  Tracer* tracer = nullptr;  // its scratch database is empty
  // The revisions are about to be run one after the other: a table that one of them makes is no
  // hazard in those after it, and what takes rows is said even where its rule is off.
  bool one_run = false;
};

// A revision of which nothing can be said.
struct NotLinted {
  std::string revision = {};
  std::string why = {};
  Place place = {};
};

struct LintReport {
  std::vector<Finding> findings = {};  // in the order of the statements
  std::vector<NotLinted> not_linted = {};
  std::optional<NotLinted> not_traced = {};  // from where on, in spite of a tracer
  int revisions = 0;
  int statements = 0;
  int allowed = 0;  // findings that a comment allows
  int known = 0;    // findings that the baseline holds
  int stale = 0;    // lines of the baseline that match none
};

// before: the revisions that are applied when the range begins. Throws what reading the chain
// throws.
LintReport lint(const Chain& chain, const Dialect& dialect, std::span<const RevisionStep> before,
                std::span<const RevisionStep> range, const LintSettings& settings);

// Takes away those whose rule is off, which are there in a run alone.
void leave_out_unwanted(LintReport& report);

// The highest severity among the findings; off when there are none.
Severity worst(const LintReport& report);

// Throws Error (ExitCode::invalid_project) at `place` for a rule or severity that there is none of.
std::map<std::string, Severity> read_severities(const std::map<std::string, std::string>& named,
                                                const Place& place);

}  // namespace limbeck
