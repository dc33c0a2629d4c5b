// Judges the statements of revisions, one revision after the other, on the schema as it stands
// before each of them.
//
// It reads no chain and plans nothing: it gets steps.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lint/allowance.h"
#include "lint/copies.h"
#include "lint/finding_of.h"
#include "lint/lint.h"
#include "lint/naming.h"
#include "lint/rule.h"

namespace limbeck {

// A revision that is looked at, in one direction.
struct LintedRevision {
  const std::string& id;
  const RevisionFile& file;
  const std::vector<Step>& steps;
  Direction direction = Direction::upgrade;
  std::string_view crossing = {};  // why the history is no line here; empty: it is
};

class Linter {
 public:
  // reader: at the schema before the first revision.
  Linter(const Dialect& dialect, const LintSettings& settings,
         std::unique_ptr<EffectReader> reader);

  // Follows what it does to the schema, and says nothing.
  void pass(const LintedRevision& revision) { look(revision, false); }
  void judge(const LintedRevision& revision) { look(revision, true); }
  // It is not run, and the error says why; its statements are still judged.
  void judge_refused(const LintedRevision& revision, const Error& error, std::string_view rule);
  // What it does is known when it runs.
  void pass_unknown() { unknown_code_ = true; }
  void judge_unknown(NotLinted revision);
  // The scratch database does not have what the revision, or one before it, needs. Whether that is
  // so because no revision makes it: then nothing is traced from here on.
  bool stops_tracing(const DatabaseError& error, const std::string& revision);

  LintReport take() { return std::move(report_); }

 private:
  Severity severity_of(const LintRule& rule) const;
  void choose_rules();
  void begin(const LintedRevision& revision, bool judged);
  void look(const LintedRevision& revision, bool judged);
  void note_crossing(const LintedRevision& revision);
  void look_at_steps();
  void look_at(const Step& step);
  void look_at(const sql::Statement& statement, const Step& step);
  void ask_rules(const StatementEffects& effects, const sql::Statement& statement,
                 const Step& step);
  void trace(const StatementEffects& effects, const sql::Statement& statement, const Step& step,
             std::size_t first);
  void apply(const sql::Statement& statement);
  void judge_names();
  void tell_assumed(const sql::Statement& statement);
  void add(const LintRule& rule, Hit hit, const Effect* effect = nullptr,
           const sql::Statement* statement = nullptr);
  void add_error(std::string_view rule, const Error& error, Certainty certainty);
  void follow_names(const StatementEffects& effects);
  void allow();
  void complain(const Allowance& allowance, const std::set<std::string>& used);

  const Dialect& dialect_;
  const LintSettings& settings_;
  Tracer* tracer_;  // null once it cannot go on
  std::unique_ptr<EffectReader> reader_;
  std::map<EffectKind, std::vector<const LintRule*>> by_kind_;
  std::vector<const LintRule*> of_statement_;
  std::vector<const LintRule*> of_revision_;
  LintReport report_;
  bool unknown_code_ = false;  // something has run of which nothing is known
  bool assumed_ = false;       // something was met that no revision makes
  NamesMade names_;            // of the revision at hand
  // By their names now, in one run: the names that tables had before it.
  std::map<RelationName, RelationName> first_names_;

  // Of the revision that is looked at.
  const LintedRevision* revision_ = nullptr;
  bool judged_ = false;
  RevisionPast past_;
  std::set<RelationName> replaced_;
  Copies copies_;
  std::vector<StatementLines> lines_;
  std::size_t first_finding_ = 0;
};

}  // namespace limbeck
