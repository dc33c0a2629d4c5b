#include "verify/scratch_run.h"

#include <algorithm>

#include "base/redact.h"
#include "base/source.h"
#include "base/text_place.h"
#include "plan/script.h"
#include "run/connection_host.h"

namespace limbeck {
namespace {

constexpr int max_roles = 100;            // that one step names and nobody has made
constexpr std::size_t shown_tokens = 10;  // of a statement

double seconds_of(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

// How it begins, for people.
std::string beginning_of(const sql::Statement& statement, const sql::LexicalRules& rules) {
  std::string text = sql::beginning(statement, rules, shown_tokens);
  const bool cut = sql::beginning(statement, rules, shown_tokens + 1).size() > text.size();
  return redact(text) + (cut ? " ..." : "");
}

// A script makes its SQL: its columns are not those of the file.
Place place_of(const sql::Statement& statement, const RevisionFile& file) {
  if (file.is_script) return place_of_line(file, statement.place.line);
  Place place = statement.place;
  place.file = file.revision.place.file;
  return place;
}

void locate(DatabaseError& error, const sql::Statement& statement, const RevisionFile& file,
            const std::string& path) {
  if (error.report().place) return;
  const std::size_t offset = byte_of_character(statement.text, error.failure().position);
  Place place = place_at(statement.text, offset, statement.place);
  place.file = path;
  if (file.is_script)
    place = place_of_line(file, place.line);
  else
    place.source_line = source_line(file.text, place.line);
  error.report().place = std::move(place);
}

}  // namespace

std::map<RelationName, LockLevel> strongest_locks(std::span<const WatchedStatement> statements) {
  std::map<RelationName, LockLevel> strongest;
  for (const WatchedStatement& statement : statements) {
    for (const auto& [table, impact] : statement.seen.impacts) {
      if (impact.lock == LockLevel::none) continue;
      LockLevel& lock = strongest[table];
      lock = std::max(lock, impact.lock);
    }
  }
  return strongest;
}

WatchedRun ScratchRun::run(const RevisionStep& step) {
  WatchedRun watched;
  chain_.announce({&step.revision, 1}, step.direction, dialect_);
  const PlannedRevision planned = chain_.plan(step.revision, step.direction, dialect_);
  watched.delegated = planned.delegation != nullptr;
  if (observer_ != nullptr) observer_->look_around();
  const auto begin = Clock::now();
  watching_ = {};
  if (planned.live) {
    run_live(planned, watched);
  } else {
    for (const Step& part : planned.steps) run_step(part, planned, step, watched);
  }
  watched.seconds = seconds_of(Clock::now() - begin - watching_);
  scratch_dialect_.reset_session(scratch_.connection());
  return watched;
}

// ---- watching ----

void ScratchRun::begin_watching(bool alone) {
  if (observer_ == nullptr) return;
  const auto begin = Clock::now();
  observer_->begin(alone);
  watching_ += Clock::now() - begin;
}

void ScratchRun::note(const sql::Statement& statement, Place place, Clock::time_point begin,
                      bool alone, WatchedRun& watched) {
  const auto end = Clock::now();
  WatchedStatement noted{.place = std::move(place),
                         .text = beginning_of(statement, dialect_.lexical_rules()),
                         .seconds = seconds_of(end - begin)};
  if (observer_ != nullptr) {
    noted.seen = observer_->after(statement, alone);
    watching_ += Clock::now() - end;
  } else if (dialect_.is_file() && !alone) {
    // Its transactions write from their beginning: others read, and wait to write.
    noted.seen.held[{}] = LockLevel::exclusive;
    noted.seen.impacts[{}].lock = LockLevel::exclusive;
  }
  watched.texts.push_back(statement.text);
  watched.statements.push_back(std::move(noted));
}

bool ScratchRun::make_missing_role(const DatabaseError& error) {
  const auto role = scratch_dialect_.missing_role(error.failure());
  if (!role || !scratch_.owns_server()) return false;
  scratch_dialect_.create_role(scratch_.connection(), *role);
  return true;
}

// ---- running ----

void ScratchRun::run_live(const PlannedRevision& planned, WatchedRun& watched) {
  auto begin = Clock::now();
  const auto filter = [&](const sql::Statement& statement) {
    const bool refused =
        scratch_dialect_.use_of(statement, scratch_.owns_server()) == ScratchUse::refuse;
    if (refused) watched.passed_over.insert(sql::beginning(statement, dialect_.lexical_rules(), 4));
    begin = Clock::now();
    return !refused && dialect_.nature(statement) != StatementNature::transaction_control;
  };
  Connection& connection = scratch_.connection();
  connection.begin();
  try {
    begin_watching(false);
    ConnectionHost host(connection, dialect_, planned.file, filter,
                        [&](const sql::Statement& statement) {
                          note(statement, statement.place, begin, false, watched);
                          begin = Clock::now();
                        });
    planned.live(host);
    connection.commit();
  } catch (...) {
    connection.rollback();
    scratch_dialect_.reset_session(connection);
    throw;
  }
}

void ScratchRun::run_step(const Step& step, const PlannedRevision& planned,
                          const RevisionStep& revision, WatchedRun& watched) {
  const bool alone = step.kind == StepKind::outside || step.kind == StepKind::setting;
  Connection& connection = scratch_.connection();
  const std::size_t before = watched.statements.size();
  for (int attempt = 0;; ++attempt) {
    const sql::Statement* current = nullptr;
    watched.statements.resize(before);
    watched.texts.resize(before);
    try {
      if (!alone) connection.begin();
      if (!alone) begin_watching(alone);
      for (const sql::Statement& statement : step.statements) {
        current = &statement;
        run_statement(statement, planned.file, alone, watched);
      }
      if (!alone) connection.commit();
      return;
    } catch (const ConnectionLost&) {
      throw;
    } catch (DatabaseError& error) {
      if (!alone) connection.rollback();
      if (attempt < max_roles && make_missing_role(error)) continue;
      scratch_dialect_.reset_session(connection);
      if (current != nullptr) locate(error, *current, planned.file, chain_.path(revision.revision));
      throw;
    }
  }
}

void ScratchRun::run_statement(const sql::Statement& statement, const RevisionFile& file,
                               bool alone, WatchedRun& watched) {
  if (dialect_.nature(statement) == StatementNature::transaction_control) return;
  const ScratchUse use = scratch_dialect_.use_of(statement, scratch_.owns_server());
  if (use == ScratchUse::refuse) {
    watched.passed_over.insert(sql::beginning(statement, dialect_.lexical_rules(), 4));
    return;
  }
  // Rows of the revision's own are put in; a file of the server is left alone.
  if (use == ScratchUse::skip && sql::starts_with(statement, "COPY") && !statement.copy_data)
    return;
  if (alone) begin_watching(alone);
  const auto begin = Clock::now();
  Connection& connection = scratch_.connection();
  if (alone) {
    connection.run_alone(statement.text);
  } else {
    const Command command{.sql = statement.text, .copy_data = statement.copy_data};
    connection.run({&command, 1}, Wrap::open_transaction);
  }
  note(statement, place_of(statement, file), begin, alone, watched);
}

}  // namespace limbeck
