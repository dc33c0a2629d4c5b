// What lint has to say of a run before it begins: its findings, and which statements would take
// rows with them that nobody has approved of.
//
// It judges the pending revisions alone, on what the database holds: the chain is not replayed. A
// database without tables is not looked at further: nothing in it is in use, and nothing can be
// lost. It only reads.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lint/lint.h"
#include "run/review.h"
#include "run/settings.h"

namespace limbeck {

struct RunReviewSettings {
  std::map<std::string, Severity> severities = {};
  NamingConvention names = {};          // empty: none
  std::filesystem::path baseline = {};  // empty: none
  // Gets what there is to say of an upgrade; empty: nothing is said.
  std::function<void(const LintReport&)> tell = {};
  // Gets a sentence on what may take rows and is not looked into, once in a run; empty: not said.
  std::function<void(const std::string&)> warn = {};
  // Shown what would be lost, a sentence each, somebody says whether that is meant; empty: nobody
  // is there to be asked.
  std::function<bool(const std::vector<std::string>&)> ask = {};
  DataLossSettings data_loss = {};
  int lock_timeout_ms = 0;   // how long a lock is waited for where rows may be lost; 0: for ever
  std::string way_out = {};  // what accepts a loss, beside a comment: a part of a sentence
};

// So many of the pending revisions are looked at for what there is to say.
inline constexpr std::size_t most_told_revisions = 100;

std::unique_ptr<RunReview> make_run_review(RunReviewSettings settings);

}  // namespace limbeck
