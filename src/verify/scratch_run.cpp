#include "verify/scratch_run.h"

#include <algorithm>
#include <chrono>

#include "base/source.h"
#include "base/text_place.h"
#include "plan/script.h"
#include "run/connection_host.h"

namespace limbeck {
namespace {

constexpr int max_roles = 100;  // that one step names and nobody has made

double seconds_since(std::chrono::steady_clock::time_point time) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - time).count();
}

void locate(DatabaseError& error, const sql::Statement& statement, const RevisionFile& file,
            const std::string& path) {
  if (error.report().place) return;
  const std::size_t offset = byte_of_character(statement.text, error.failure().position);
  Place place = place_at(statement.text, offset, statement.place);
  place.file = path;
  // A script makes its SQL: its columns are not those of the file.
  if (file.is_script)
    place = place_of_line(file, place.line);
  else
    place.source_line = source_line(file.text, place.line);
  error.report().place = std::move(place);
}

void merge(std::vector<HeldLock>& all, const std::vector<HeldLock>& found) {
  for (const HeldLock& lock : found) {
    const auto known = std::find_if(all.begin(), all.end(), [&](const HeldLock& other) {
      return other.schema == lock.schema && other.table == lock.table;
    });
    if (known == all.end())
      all.push_back(lock);
    else if (known->strength < lock.strength)
      *known = lock;
  }
}

}  // namespace

WatchedRun ScratchRun::run(const RevisionStep& step) {
  WatchedRun watched;
  chain_.announce({&step.revision, 1}, step.direction, dialect_);
  const PlannedRevision planned = chain_.plan(step.revision, step.direction, dialect_);
  const auto begin = std::chrono::steady_clock::now();
  if (planned.live) {
    run_live(planned, watched);
  } else {
    for (const Step& part : planned.steps) run_step(part, planned, step, watched);
  }
  watched.seconds = seconds_since(begin);
  scratch_dialect_.reset_session(scratch_.connection());
  return watched;
}

void ScratchRun::note_locks(WatchedRun& watched) {
  merge(watched.locks, scratch_dialect_.held_locks(scratch_.connection()));
}

bool ScratchRun::make_missing_role(const DatabaseError& error) {
  const auto role = scratch_dialect_.missing_role(error.failure());
  if (!role || !scratch_.owns_server()) return false;
  scratch_dialect_.create_role(scratch_.connection(), *role);
  return true;
}

void ScratchRun::run_live(const PlannedRevision& planned, WatchedRun& watched) {
  const auto filter = [&](const sql::Statement& statement) {
    const bool refused =
        scratch_dialect_.use_of(statement, scratch_.owns_server()) == ScratchUse::refuse;
    if (refused) watched.passed_over.insert(sql::beginning(statement, dialect_.lexical_rules(), 4));
    return !refused && dialect_.nature(statement) != StatementNature::transaction_control;
  };
  Connection& connection = scratch_.connection();
  connection.begin();
  try {
    ConnectionHost host(connection, dialect_, planned.file, filter,
                        [&](const std::string& text) { watched.texts.push_back(text); });
    planned.live(host);
    note_locks(watched);
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
  for (int attempt = 0;; ++attempt) {
    const sql::Statement* current = nullptr;
    try {
      if (!alone) connection.begin();
      for (const sql::Statement& statement : step.statements) {
        current = &statement;
        run_statement(statement, !alone, watched);
      }
      if (alone) return;
      note_locks(watched);
      connection.commit();
      return;
    } catch (const ConnectionLost&) {
      throw;
    } catch (DatabaseError& error) {
      if (!alone) connection.rollback();
      if (attempt < max_roles && make_missing_role(error)) continue;
      scratch_dialect_.reset_session(connection);
      if (current != nullptr)
        locate(error, *current, planned.file, chain_.path(revision.revision).string());
      throw;
    }
  }
}

void ScratchRun::run_statement(const sql::Statement& statement, bool in_transaction,
                               WatchedRun& watched) {
  if (dialect_.nature(statement) == StatementNature::transaction_control) return;
  if (scratch_dialect_.use_of(statement, scratch_.owns_server()) == ScratchUse::refuse) {
    watched.passed_over.insert(sql::beginning(statement, dialect_.lexical_rules(), 4));
    return;
  }
  if (sql::starts_with(statement, "COPY") && !statement.copy_data) return;
  watched.texts.push_back(statement.text);
  Connection& connection = scratch_.connection();
  if (!in_transaction) return connection.run_alone(statement.text);
  const Command command{.sql = statement.text, .copy_data = statement.copy_data};
  connection.run({&command, 1}, Wrap::open_transaction);
}

}  // namespace limbeck
