#include "verify/verify.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/terminal.h"
#include "revision/walk.h"
#include "verify/data_change.h"
#include "verify/estimate.h"
#include "verify/finding_list.h"
#include "verify/workplace.h"

namespace limbeck {
namespace {

// The rows that were generated, and not the migration, are what such a failure may be due to: an
// author may know that no such row exists.
bool depends_on_rows_alone(const SqlFailure& failure) {
  return failure.sqlstate == "23505" || failure.sqlstate == "23503" ||
         failure.sqlstate == "23514" || failure.sqlstate == "23P01" ||
         failure.message.starts_with("UNIQUE constraint") ||
         failure.message.starts_with("FOREIGN KEY constraint") ||
         failure.message.starts_with("CHECK constraint");
}

// A constraint that rows break, NOT NULL among them.
bool is_about_rows(const SqlFailure& failure) {
  return failure.sqlstate.starts_with("23") ||
         failure.message.find("constraint failed") != std::string::npos;
}

std::vector<double> times_of(const WatchedRun& run) {
  std::vector<double> seconds;
  for (const WatchedStatement& it : run.statements) seconds.push_back(it.seconds);
  return seconds;
}

// Whether there is no downgrade: then nothing of it has run.
bool is_irreversible(const Error& error) {
  return error.report().message.find("irreversible") != std::string::npos;
}

RevisionStep down(const RevisionStep& step) {
  return {.revision = step.revision, .direction = Direction::downgrade};
}

class Verifier {
 public:
  Verifier(const Chain& chain, const Dialect& dialect, const VerifyOptions& options)
      : chain_(chain),
        dialect_(dialect),
        options_(options),
        work_(chain, dialect, options),
        steps_(work_.steps()),
        findings_(chain) {}

  Verification verify() {
    learn();
    work_.renew(0);
    Schema before = work_.introspect();
    start_ = before;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (options_.progress) options_.progress(revision(i), i + 1, steps_.size());
      verify_revision(i, before);
    }
    result_.schema = before;
    if (!steps_.empty()) verify_way_back();
    result_.findings = findings_.take();
    result_.passed_over = work_.passed_over();
    return std::move(result_);
  }

 private:
  using Watch = Workplace::Watch;

  const Revision& revision(std::size_t i) const { return chain_.graph().at(steps_[i].revision); }

  // Runs all of them on empty tables: which constraints come when, and how far the chain goes.
  void learn() {
    work_.renew(0);
    Schema before = work_.introspect();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      try {
        up_on_empty_.push_back(times_of(work_.run(steps_[i])));
      } catch (const Interrupted&) {
        throw;
      } catch (DatabaseError& error) {
        findings_.add(
            findings_.failure(steps_[i].revision, "upgrade-fails", "the upgrade fails", error));
        work_.end_at(i);  // what comes after it cannot be run
        return;
      }
      Schema after = work_.introspect();
      for (const auto& [id, object] : after.objects) {
        if (id.kind == Kind::constraint && before.find(id) == nullptr)
          to_come_.emplace_back(i, object);
      }
      if (!options_.statistics.empty()) learn_way_back(i, after);
      before = std::move(after);
    }
  }

  // How long the downgrade takes on empty tables, which estimates of it need. after: the schema
  // that the step has made, which is there again afterwards.
  void learn_way_back(std::size_t i, const Schema& after) {
    down_on_empty_.emplace_back();
    bool is_as_before = false;
    try {
      down_on_empty_.back() = times_of(work_.run(down(steps_[i])));
      work_.run(steps_[i]);
      is_as_before = work_.introspect().objects == after.objects;
    } catch (const Interrupted&) {
      throw;
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Error& error) {  // it is told of when rows are there
      is_as_before = is_irreversible(error);
    }
    if (!is_as_before) work_.renew(i + 1);
  }

  Schema later_than(std::size_t i) const {
    Schema later;
    for (const auto& [introduced, constraint] : to_come_) {
      if (introduced >= i) later.put(constraint);
    }
    return later;
  }

  // ---- one revision ----

  void verify_revision(std::size_t i, Schema& before) {
    VerifiedRevision verified{.id = revision(i).id, .message = revision(i).message};
    fill(i, before);
    const Contents rows_before = work_.read(before);
    for (const auto& [table, contents] : rows_before) verified.rows += contents.rows.size();
    WatchedRun up;
    const bool with_rows = go_up(i, up);
    if (up.delegated) tell_delegated(i);
    if (with_rows && !options_.statistics.empty()) estimate(up_on_empty_[i], rows_before, up);
    verified.up_seconds = up.seconds;
    verified.up = up.statements;
    allowed_ = {};
    allow(i, Direction::upgrade, up);
    Schema after = work_.introspect();
    if (with_rows) {
      findings_.tell_sampled(steps_[i].revision, before, after, Said(up.texts),
                             options_.statistics);
      const Contents rows_after = work_.read(after);
      findings_.tell_changes(steps_[i].revision,
                             work_.compare(rows_before, rows_after, Said(up.texts)), Passage::up,
                             allowed_);
      there_and_back(i, verified, before, after, &rows_before, &rows_after, up.texts);
    } else {
      there_and_back(i, verified, before, after, nullptr, nullptr, up.texts);
    }
    // A way back that does not make it again has been told of.
    if (!verified.down_seconds)
      findings_.tell_taken(steps_[i].revision, before, after, Said(up.texts));
    before = std::move(after);
    result_.revisions.push_back(std::move(verified));
  }

  // on_empty: the times of its statements on empty tables.
  void estimate(const std::vector<double>& on_empty, const Contents& rows, WatchedRun& run) const {
    if (on_empty.size() != run.statements.size()) return;  // a script that goes by the rows
    for (std::size_t k = 0; k < on_empty.size(); ++k)
      run.statements[k].there =
          estimate_of(run.statements[k], run.texts[k], on_empty[k], rows, options_.statistics);
  }

  void allow(std::size_t i, Direction direction, const WatchedRun& run) {
    allowed_.add(chain_.read(steps_[i].revision), direction, dialect_, run);
  }

  void tell_delegated(std::size_t i) {
    Finding finding = findings_.about(steps_[i].revision, "not-verified", Severity::notice);
    finding.message =
        "it needs the application, and the project's own Alembic runs it: it is "
        "passed over here";
    findings_.add(std::move(finding));
  }

  void fill(std::size_t i, const Schema& schema) {
    for (const auto& [table, reason] : work_.fill(schema, later_than(i))) {
      if (!unfilled_.insert(table).second) continue;
      Finding finding = findings_.about(steps_[i].revision, "no-rows", Severity::notice);
      finding.object = table.schema.empty() ? table.name : table.schema + "." + table.name;
      finding.message =
          fmt::format("no row could be generated for table {}: {}", finding.object, reason);
      findings_.add(std::move(finding));
    }
  }

  // Whether it ran with the rows. If not, it has run on empty tables.
  bool go_up(std::size_t i, WatchedRun& up) {
    try {
      up = work_.run(steps_[i], Watch::everything);
      return true;
    } catch (const Interrupted&) {
      throw;
    } catch (const ConnectionLost&) {
      throw;
    } catch (DatabaseError& error) {
      Finding finding = findings_.failure(steps_[i].revision, "upgrade-fails-on-rows",
                                          "the upgrade fails when the tables hold rows", error);
      if (depends_on_rows_alone(error.failure())) {
        finding.rule = "rows-may-fail";
        finding.severity = Severity::notice;
        finding.message = "rows that break the new constraint make the upgrade fail: " +
                          printable(error.failure().message);
      }
      finding.rewrite = "mend the rows in the same revision, before the statement that fails";
      findings_.add(std::move(finding));
      work_.renew(i);
      up = work_.run(steps_[i], Watch::everything);
      return false;
    }
  }

  void there_and_back(std::size_t i, VerifiedRevision& verified, const Schema& before,
                      const Schema& after, const Contents* rows_before, const Contents* rows_after,
                      const std::vector<std::string>& up_texts) {
    const auto way_down = go_down(i, verified, rows_after);
    if (!way_down) return;
    allow(i, Direction::downgrade, *way_down);
    const RevisionGraph::Index index = steps_[i].revision;
    const Schema returned = work_.introspect();
    std::vector<SchemaFault> faults = schema_faults(before, returned);
    if (way_down->texts.empty())
      verified.leaves = findings_.tell_left(index, Said(up_texts), faults);
    findings_.tell_faults(index, "downgrade-differs", "after the downgrade, {} {}",
                          "the downgrade has to undo all that the upgrade does", faults);
    std::vector<std::string> texts = up_texts;
    texts.insert(texts.end(), way_down->texts.begin(), way_down->texts.end());
    const Said said(texts);
    if (rows_before != nullptr && faults.empty()) {
      const Contents rows = work_.read(returned);
      findings_.tell_changes(index, work_.compare(*rows_before, rows, said),
                             Passage::there_and_back, allowed_);
    }
    try {
      work_.run(steps_[i]);
    } catch (const Interrupted&) {
      throw;
    } catch (DatabaseError& error) {
      findings_.add(findings_.failure(index, "upgrade-fails-again",
                                      "the upgrade fails after the downgrade", error));
      work_.renew(i + 1);
      return;
    }
    const Schema again = work_.introspect();
    const std::vector<SchemaFault> differences = schema_faults(after, again);
    findings_.tell_faults(index, "upgrade-differs", "after upgrade, downgrade and upgrade, {} {}",
                          "the second upgrade has to build what the first one built", differences);
    if (!differences.empty()) return work_.renew(i + 1);
    if (rows_after != nullptr && faults.empty())
      compare_again(i, *rows_after, *rows_before, again, said);
  }

  // Only columns that were there before the upgrade: what it made is made anew.
  void compare_again(std::size_t i, const Contents& first, const Contents& before,
                     const Schema& again, const Said& said) {
    const Contents rows = work_.read(again);
    auto changes = work_.compare(first, rows, said);
    std::erase_if(changes, [&](const DataChange& change) {
      const auto table = before.find(change.table);
      if (table == before.end()) return true;
      const auto& columns = table->second.columns;
      return !change.column.empty() &&
             std::find(columns.begin(), columns.end(), change.column) == columns.end();
    });
    findings_.tell_changes(steps_[i].revision, changes, Passage::again, allowed_);
  }

  // rows: that are there; null: none.
  std::optional<WatchedRun> go_down(std::size_t i, VerifiedRevision& verified,
                                    const Contents* rows) {
    const RevisionGraph::Index index = steps_[i].revision;
    try {
      WatchedRun watched = work_.run(down(steps_[i]), Watch::everything);
      if (rows != nullptr && !options_.statistics.empty())
        estimate(down_on_empty_[i], *rows, watched);
      verified.down_seconds = watched.seconds;
      verified.down = watched.statements;
      return watched;
    } catch (const Interrupted&) {
      throw;
    } catch (const ConnectionLost&) {
      throw;
    } catch (DatabaseError& error) {
      findings_.add(findings_.failure(index, "downgrade-fails", "the downgrade fails", error));
      work_.renew(i + 1);
    } catch (const Error& error) {
      if (!is_irreversible(error)) throw;
      verified.irreversible = true;
      Finding finding = findings_.about(index, "irreversible", Severity::notice);
      finding.message = error.report().message;
      findings_.add(std::move(finding));
    }
    return std::nullopt;
  }

  // ---- all of them ----

  // From the last one down to the beginning, as far as there is a way, and up again. Rows that came
  // after a revision may not fit what was before it: then it is done without rows.
  void verify_way_back() {
    std::size_t current = 0;
    for (const bool rows : {true, false}) {
      try {
        go_back_and_forth(current);
        result_.way_back = true;
        return;
      } catch (const Interrupted&) {
        throw;
      } catch (const ConnectionLost&) {
        throw;
      } catch (DatabaseError& error) {
        if (findings_.has_error(
                [&](const Finding& it) { return it.revision == revision(current).id; }))
          return;
        Finding finding = findings_.failure(steps_[current].revision, "way-back-fails",
                                            "the way back from the last revision fails", error);
        if (rows && is_about_rows(error.failure())) {
          finding.rule = "rows-may-fail";
          finding.severity = Severity::notice;
          finding.message =
              fmt::format("rows that later revisions allow make the downgrade fail: {}",
                          printable(error.failure().message));
        }
        const bool wrong = finding.severity != Severity::notice;
        findings_.add(std::move(finding));
        if (wrong) return;
        work_.renew(steps_.size());
      }
    }
  }

  void go_back_and_forth(std::size_t& current) {
    std::size_t at = steps_.size();
    while (at > 0 && !result_.revisions[at - 1].irreversible && !result_.revisions[at - 1].leaves) {
      current = at - 1;
      work_.run(down(steps_[current]));
      --at;
    }
    if (at == 0)
      tell_way_back("after all downgrades, {} {}", schema_faults(start_, work_.introspect()));
    for (; at < steps_.size(); ++at) {
      current = at;
      work_.run(steps_[at]);
    }
    tell_way_back("after all downgrades and upgrades, {} {}",
                  schema_faults(result_.schema, work_.introspect()));
  }

  // Unless a revision that does not undo itself has been told of.
  void tell_way_back(std::string_view message, const std::vector<SchemaFault>& faults) {
    if (findings_.has_error([](const Finding& it) { return it.rule.ends_with("-differs"); }))
      return;
    findings_.tell_faults(
        std::nullopt, "way-back-differs", message,
        "each revision by itself leads there and back: what stays is of several together", faults);
  }

  const Chain& chain_;
  const Dialect& dialect_;
  const VerifyOptions& options_;
  Workplace work_;
  const std::vector<RevisionStep>& steps_;
  FindingList findings_;
  Schema start_ = {};
  std::vector<std::pair<std::size_t, Object>> to_come_ = {};  // which step makes which constraint
  // How long the statements of each step took on empty tables; of a downgrade only for estimates.
  std::vector<std::vector<double>> up_on_empty_ = {};
  std::vector<std::vector<double>> down_on_empty_ = {};
  std::set<RelationName> unfilled_ = {};
  AllowedLosses allowed_ = {};  // by the revision at hand
  Verification result_ = {};
};

}  // namespace

bool Verification::clean() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity != Severity::error; });
}

Verification verify(const Chain& chain, const Dialect& dialect, const VerifyOptions& options) {
  return Verifier(chain, dialect, options).verify();
}

}  // namespace limbeck
