#include "run/single_transaction.h"

#include "run/live_run.h"
#include "run/own_tables.h"
#include "run/version_table.h"

namespace limbeck {
namespace {

constexpr std::size_t many_rows = 100;
constexpr const char* rolled_back = "rolled back: the database is as it was before this command";

}  // namespace

SingleTransaction::SingleTransaction(Run& run) : run_(run) {
  with_retry(run_, [&] { run_.connection().begin(); });
}

SingleTransaction::~SingleTransaction() {
  run_.connection().rollback();
}

void SingleTransaction::run(const RevisionRun& work) {
  const PreparedRevision& revision = work.revision;
  const RunSettings& settings = run_.settings();
  run_.connection().set_timeouts(
      {.lock_ms = settings.lock_timeout_ms, .statement_ms = settings.statement_timeout_ms});
  if (revision.live) {
    const Clock::time_point start = Clock::now();
    run_live(run_, work, Wrap::open_transaction);
    done_.push_back({revision, start, Clock::now()});
    return;
  }
  const std::vector<Command> commands = revision_commands(work);
  if (!revision.steps.empty()) tell_statements(run_, revision.steps.front().statements);
  const Clock::time_point began = Clock::now();
  run_.crash.pass();
  try {
    run_.connection().run(commands, Wrap::open_transaction);
  } catch (DatabaseError& error) {
    locate_failure(error, revision);
    throw;
  }
  run_.crash.pass();
  done_.push_back({revision, began, Clock::now()});
}

std::vector<Command> SingleTransaction::take_rows() {
  const Clock::time_point now = Clock::now();
  const auto seconds_since = [&](Clock::time_point time) {
    return std::chrono::duration<double>(now - time).count();
  };
  std::vector<Command> rows;
  rows.reserve(done_.size());
  for (const Done& done : done_) {
    rows.push_back(run_.journal.add(
        revision_entry(done.revision),
        Ago{.started = seconds_since(done.began), .finished = seconds_since(done.ended)}));
  }
  done_.clear();
  return rows;
}

void SingleTransaction::write(const std::vector<Command>& commands) {
  try {
    run_.connection().run(commands, Wrap::open_transaction);
  } catch (DatabaseError& error) {
    error.report().state = rolled_back;
    error.report().context.emplace_back("in the rows of the version table and the journal");
    explain_unwritable(error, run_.database);
    throw;
  }
}

void SingleTransaction::write_rows_when_many() {
  if (done_.size() >= many_rows) write(take_rows());
}

void SingleTransaction::commit(const HeadChange& change) {
  std::vector<Command> commands = take_rows();
  for (Command& command : version_commands(run_.database, change)) {
    commands.push_back(std::move(command));
  }
  write(commands);
  run_.crash.pass();
  try {
    at_commit([&] { run_.connection().commit(); });
  } catch (ConnectionLost& error) {
    error.report().state = "unknown: the connection broke while everything was being committed";
    error.report().hint = "when the server is back, \"limbeck status\" says where the database is";
    throw;
  } catch (DatabaseError& error) {
    error.report().state = rolled_back;
    if (error.report().hint.empty()) {
      error.report().hint =
          "run it without --single-transaction: the revision that leads to this is named then, and "
          "those before it stay";
    }
    throw;
  }
  run_.crash.pass();
}

}  // namespace limbeck
