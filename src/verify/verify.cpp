#include "verify/verify.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

#include "base/terminal.h"
#include "dialect/schema_dialect.h"
#include "revision/walk.h"
#include "source/rehearse.h"
#include "verify/contents.h"
#include "verify/data_findings.h"
#include "verify/fill.h"
#include "verify/schema_findings.h"
#include "verify/scratch_run.h"

namespace limbeck {
namespace {

constexpr std::size_t max_faults = 20;  // of one comparison

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

std::vector<RevisionStep> chosen_steps(const Chain& chain, const VerifyOptions& options,
                                       std::vector<RevisionStep>& prefix) {
  const RevisionGraph& graph = chain.graph();
  std::vector<RevisionStep> all = upgrade_steps(graph, options.last, options.current);
  if (options.first.empty()) return all;
  const std::vector<RevisionStep> up_to = upgrade_steps(graph, options.first, options.current);
  if (up_to.empty()) return all;
  std::vector<RevisionStep> chosen;
  for (const RevisionStep& step : all) {
    const bool below = std::find(up_to.begin(), up_to.end() - 1, step) != up_to.end() - 1;
    (below ? prefix : chosen).push_back(step);
  }
  return chosen;
}

RevisionStep down(const RevisionStep& step) {
  return {.revision = step.revision, .direction = Direction::downgrade};
}

class Verifier {
 public:
  Verifier(const Chain& chain, const Dialect& dialect, const VerifyOptions& options)
      : chain_(chain),
        dialect_(dialect),
        scratch_dialect_(scratch_dialect_named(dialect.name())),
        schema_dialect_(schema_dialect_named(dialect.name())),
        options_(options),
        steps_(chosen_steps(chain, options, prefix_)) {}

  Verification verify() {
    learn();
    renew(0);
    Schema before = introspect();
    start_ = before;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (options_.progress) options_.progress(revision(i), i + 1, steps_.size());
      verify_revision(i, before);
    }
    result_.schema = before;
    if (!steps_.empty()) verify_way_back();
    for (Finding& finding : result_.findings) finding.fingerprint = fingerprint_of(finding);
    return std::move(result_);
  }

 private:
  const Revision& revision(std::size_t i) const { return chain_.graph().at(steps_[i].revision); }

  Schema introspect() {
    return schema_dialect_.introspect(scratch_->connection(), {.privileges = true});
  }

  Contents read(const Schema& schema) {
    return read_contents(scratch_->connection(), dialect_, scratch_dialect_, schema);
  }

  // A new scratch database in which `count` of the steps have run, without rows.
  void renew(std::size_t count) {
    scratch_.reset();
    scratch_ = scratch_dialect_.create(options_.server, options_.connect);
    if (options_.schema)
      build_schema(*scratch_, schema_dialect_, *options_.schema, dialect_.lexical_rules());
    for (const RevisionStep& step : prefix_) run(step);
    for (std::size_t i = 0; i < count; ++i) run(steps_[i]);
    filled_.clear();
  }

  WatchedRun run(const RevisionStep& step) {
    WatchedRun watched = ScratchRun(chain_, dialect_, scratch_dialect_, *scratch_).run(step);
    result_.passed_over.insert(watched.passed_over.begin(), watched.passed_over.end());
    return watched;
  }

  // Runs all of them on empty tables: which constraints come when, and how far the chain goes.
  void learn() {
    renew(0);
    Schema before = introspect();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      try {
        run(steps_[i]);
      } catch (const Interrupted&) {
        throw;
      } catch (DatabaseError& error) {
        Finding finding = failure(i, "upgrade-fails", "the upgrade fails", error);
        result_.findings.push_back(std::move(finding));
        steps_.resize(i);  // what comes after it cannot be run
        return;
      }
      Schema after = introspect();
      for (const auto& [id, object] : after.objects) {
        if (id.kind == Kind::constraint && before.find(id) == nullptr)
          to_come_.emplace_back(i, object);
      }
      before = std::move(after);
    }
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
    const Contents rows_before = read(before);
    for (const auto& [table, contents] : rows_before) verified.rows += contents.rows.size();
    WatchedRun up;
    const bool with_rows = go_up(i, up);
    verified.up_seconds = up.seconds;
    verified.locks = locks_before(up.locks, before);
    Schema after = introspect();
    if (with_rows) {
      const Contents rows_after = read(after);
      tell_changes(
          i, changes_of(rows_before, rows_after, Said(up.texts), scratch_->connection(), dialect_),
          Passage::up);
      there_and_back(i, verified, before, after, &rows_before, &rows_after, up.texts);
    } else {
      there_and_back(i, verified, before, after, nullptr, nullptr, up.texts);
    }
    // A way back that does not make it again has been told of.
    if (!verified.down_seconds) tell_taken(i, before, after, Said(up.texts));
    before = std::move(after);
    result_.revisions.push_back(std::move(verified));
  }

  void tell_taken(std::size_t i, const Schema& before, const Schema& after, const Said& said) {
    for (const ObjectId& id : taken_along(before, after, said)) {
      const bool holds_values = id.kind == Kind::table || id.kind == Kind::column;
      if (holds_values && told_.contains({i, {id.schema, id.name}, id.part})) continue;
      Finding finding = about(i, "object-lost", Severity::error);
      finding.object = to_string(id);
      finding.message = fmt::format("{} is gone, and no statement drops it", finding.object);
      finding.rewrite =
          "name what is dropped: a DROP ... CASCADE takes along what it does not name";
      result_.findings.push_back(std::move(finding));
    }
  }

  void fill(std::size_t i, const Schema& schema) {
    const Schema later = later_than(i);
    Filler filler(scratch_->connection(), dialect_, schema, later);
    for (const auto& [table, reason] : filler.fill(filled_)) {
      if (!unfilled_.insert(table).second) continue;
      Finding finding = about(i, "no-rows", Severity::notice);
      finding.object = table.schema.empty() ? table.name : table.schema + "." + table.name;
      finding.message =
          fmt::format("no row could be generated for table {}: {}", finding.object, reason);
      result_.findings.push_back(std::move(finding));
    }
  }

  // Whether it ran with the rows. If not, it has run on empty tables.
  bool go_up(std::size_t i, WatchedRun& up) {
    try {
      up = run(steps_[i]);
      return true;
    } catch (const Interrupted&) {
      throw;
    } catch (const ConnectionLost&) {
      throw;
    } catch (DatabaseError& error) {
      Finding finding =
          failure(i, "upgrade-fails-on-rows", "the upgrade fails when the tables hold rows", error);
      if (depends_on_rows_alone(error.failure())) {
        finding.rule = "rows-may-fail";
        finding.severity = Severity::notice;
        finding.message = "rows that break the new constraint make the upgrade fail: " +
                          printable(error.failure().message);
      }
      finding.rewrite = "mend the rows in the same revision, before the statement that fails";
      result_.findings.push_back(std::move(finding));
      renew(i);
      up = run(steps_[i]);
      return false;
    }
  }

  void there_and_back(std::size_t i, VerifiedRevision& verified, const Schema& before,
                      const Schema& after, const Contents* rows_before, const Contents* rows_after,
                      const std::vector<std::string>& up_texts) {
    const auto way_down = go_down(i, verified);
    if (!way_down) return;
    const Schema returned = introspect();
    std::vector<SchemaFault> faults = schema_faults(before, returned);
    if (way_down->texts.empty()) verified.leaves = tell_left(i, Said(up_texts), faults);
    tell_faults(i, "downgrade-differs", "after the downgrade, {} {}",
                "the downgrade has to undo all that the upgrade does", faults);
    std::vector<std::string> texts = up_texts;
    texts.insert(texts.end(), way_down->texts.begin(), way_down->texts.end());
    const Said said(texts);
    if (rows_before != nullptr && faults.empty()) {
      const Contents rows = read(returned);
      tell_changes(i, changes_of(*rows_before, rows, said, scratch_->connection(), dialect_),
                   Passage::there_and_back);
    }
    try {
      run(steps_[i]);
    } catch (const Interrupted&) {
      throw;
    } catch (DatabaseError& error) {
      result_.findings.push_back(
          failure(i, "upgrade-fails-again", "the upgrade fails after the downgrade", error));
      renew(i + 1);
      return;
    }
    const Schema again = introspect();
    const std::vector<SchemaFault> differences = schema_faults(after, again);
    tell_faults(i, "upgrade-differs", "after upgrade, downgrade and upgrade, {} {}",
                "the second upgrade has to build what the first one built", differences);
    if (!differences.empty()) return renew(i + 1);
    if (rows_after != nullptr && faults.empty())
      compare_again(i, *rows_after, *rows_before, again, said);
  }

  // An upgrade that makes what is missing, and a downgrade that says that it has nothing to undo.
  bool tell_left(std::size_t i, const Said& said, std::vector<SchemaFault>& faults) {
    const auto is_left = [&](const SchemaFault& fault) {
      return fault.left && said.makes_if_missing(fault.id.name);
    };
    for (const SchemaFault& fault : faults) {
      if (!is_left(fault)) continue;
      Finding finding = about(i, "left-in-place", Severity::notice);
      finding.object = fault.object;
      finding.message = fmt::format(
          "the downgrade leaves {}, which the upgrade makes only if it is not there", fault.object);
      result_.findings.push_back(std::move(finding));
    }
    return std::erase_if(faults, is_left) > 0;
  }

  // Only columns that were there before the upgrade: what it made is made anew.
  void compare_again(std::size_t i, const Contents& first, const Contents& before,
                     const Schema& again, const Said& said) {
    const Contents rows = read(again);
    auto changes = changes_of(first, rows, said, scratch_->connection(), dialect_);
    std::erase_if(changes, [&](const DataChange& change) {
      const auto table = before.find(change.table);
      if (table == before.end()) return true;
      const auto& columns = table->second.columns;
      return !change.column.empty() &&
             std::find(columns.begin(), columns.end(), change.column) == columns.end();
    });
    tell_changes(i, changes, Passage::again);
  }

  std::optional<WatchedRun> go_down(std::size_t i, VerifiedRevision& verified) {
    try {
      WatchedRun watched = run(down(steps_[i]));
      verified.down_seconds = watched.seconds;
      return watched;
    } catch (const Interrupted&) {
      throw;
    } catch (const ConnectionLost&) {
      throw;
    } catch (DatabaseError& error) {
      result_.findings.push_back(failure(i, "downgrade-fails", "the downgrade fails", error));
      renew(i + 1);
    } catch (const Error& error) {
      if (error.report().message.find("irreversible") == std::string::npos) throw;
      verified.irreversible = true;
      Finding finding = about(i, "irreversible", Severity::notice);
      finding.message = error.report().message;
      result_.findings.push_back(std::move(finding));
    }
    return std::nullopt;
  }

  static std::vector<HeldLock> locks_before(const std::vector<HeldLock>& locks,
                                            const Schema& before) {
    std::vector<HeldLock> kept;
    for (const HeldLock& lock : locks) {
      const bool table = before.find({Kind::table, lock.schema, lock.table, {}}) != nullptr;
      const bool view =
          before.find({Kind::materialized_view, lock.schema, lock.table, {}}) != nullptr;
      if (table || view) kept.push_back(lock);
    }
    return kept;
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
        if (has_finding([&](const Finding& it) { return it.revision == revision(current).id; }))
          return;
        Finding finding =
            failure(current, "way-back-fails", "the way back from the last revision fails", error);
        if (rows && is_about_rows(error.failure())) {
          finding.rule = "rows-may-fail";
          finding.severity = Severity::notice;
          finding.message =
              fmt::format("rows that later revisions allow make the downgrade fail: {}",
                          printable(error.failure().message));
        }
        result_.findings.push_back(finding);
        if (finding.severity != Severity::notice) return;
        renew(steps_.size());
      }
    }
  }

  void go_back_and_forth(std::size_t& current) {
    std::size_t at = steps_.size();
    while (at > 0 && !result_.revisions[at - 1].irreversible && !result_.revisions[at - 1].leaves) {
      current = at - 1;
      run(down(steps_[current]));
      --at;
    }
    if (at == 0) tell_way_back("after all downgrades, {} {}", schema_faults(start_, introspect()));
    for (; at < steps_.size(); ++at) {
      current = at;
      run(steps_[at]);
    }
    tell_way_back("after all downgrades and upgrades, {} {}",
                  schema_faults(result_.schema, introspect()));
  }

  // Unless a revision that does not undo itself has been told of.
  void tell_way_back(std::string_view message, const std::vector<SchemaFault>& faults) {
    if (has_finding([](const Finding& it) { return it.rule.ends_with("-differs"); })) return;
    tell_faults(std::nullopt, "way-back-differs", message,
                "each revision by itself leads there and back: what stays is of several together",
                faults);
  }

  template <class Test>
  bool has_finding(const Test& test) const {
    return std::any_of(result_.findings.begin(), result_.findings.end(),
                       [&](const Finding& finding) {
                         return finding.severity == Severity::error && test(finding);
                       });
  }

  // ---- findings ----

  Finding about(std::size_t i, std::string rule, Severity severity) const {
    return {.rule = std::move(rule),
            .severity = severity,
            .certainty = Certainty::proved,
            .place = {chain_.path(steps_[i].revision).string(), 0, 0, {}},
            .revision = revision(i).id};
  }

  Finding failure(std::size_t i, std::string rule, std::string_view what,
                  const DatabaseError& error) const {
    Finding finding = about(i, std::move(rule), Severity::error);
    finding.message = fmt::format("{}: {}", what, printable(error.failure().message));
    if (error.report().place) finding.place = *error.report().place;
    return finding;
  }

  void tell_changes(std::size_t i, const std::vector<DataChange>& changes, Passage passage) {
    for (const DataChange& change : changes) {
      // On the way back only what is not known from the way up.
      const auto [known, is_new] = told_.insert({i, change.table, change.column});
      if (!is_new) continue;
      Finding finding = finding_of(change, passage);
      finding.place = {chain_.path(steps_[i].revision).string(), 0, 0, {}};
      finding.revision = revision(i).id;
      result_.findings.push_back(std::move(finding));
    }
  }

  // i: of a revision; nothing: about all of them.
  void tell_faults(std::optional<std::size_t> i, const std::string& rule, std::string_view message,
                   const std::string& hint, const std::vector<SchemaFault>& faults) {
    for (std::size_t fault = 0; fault < std::min(faults.size(), max_faults); ++fault) {
      Finding finding =
          i ? about(*i, rule, Severity::error)
            : Finding{.rule = rule, .severity = Severity::error, .certainty = Certainty::proved};
      finding.object = faults[fault].object;
      finding.message =
          fmt::format(fmt::runtime(message), faults[fault].object, faults[fault].message);
      finding.rewrite = hint;
      result_.findings.push_back(std::move(finding));
    }
  }

  struct Told {
    std::size_t revision = 0;
    RelationName table = {};
    std::string column = {};
    auto operator<=>(const Told&) const = default;
  };

  const Chain& chain_;
  const Dialect& dialect_;
  const ScratchDialect& scratch_dialect_;
  const SchemaDialect& schema_dialect_;
  const VerifyOptions& options_;
  std::vector<RevisionStep> prefix_ = {};
  std::vector<RevisionStep> steps_;
  std::unique_ptr<Scratch> scratch_ = nullptr;
  Schema start_ = {};
  std::vector<std::pair<std::size_t, Object>> to_come_ = {};  // which step makes which constraint
  std::map<RelationName, std::string> filled_ = {};
  std::set<RelationName> unfilled_ = {};
  std::set<Told> told_ = {};
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
