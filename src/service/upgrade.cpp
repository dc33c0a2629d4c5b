#include "limbeck/upgrade.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/time.h"
#include "lint/run_review.h"
#include "model/database_state.h"
#include "project/project.h"
#include "run/checks.h"
#include "run/observation.h"
#include "run/own_tables.h"
#include "run/runner.h"
#include "service/connection_away.h"
#include "service/progress.h"
#include "service/revision_chain.h"

namespace limbeck {
namespace {

RunSettings settings_of(const UpgradeOptions& options) {
  return {.lock_timeout_ms = whole_milliseconds(options.table_lock_timeout),
          .lock_retry_ms = whole_milliseconds(options.table_lock_retry),
          .statement_timeout_ms = whole_milliseconds(options.statement_timeout),
          .runner_lock_wait_ms = whole_milliseconds(options.lock_wait),
          .single_transaction = options.single_transaction,
          .accept_changed = options.accept_changed,
          .backup = {.sqlite = options.backup ? BackupScope::full : BackupScope::off,
                     .folder = options.backup_folder},
          .data_loss = {.accept_in_upgrade = options.accept_data_loss}};
}

DatabaseSettings database_settings_of(const UpgradeOptions& options) {
  return {.version_table = {{options.version_table_schema}, {options.version_table}}};
}

TargetDatabase open(const DatabaseUrl& url, const UpgradeOptions& options, bool read_only) {
  ConnectOptions connect{
      .application_name = application_name(), .interrupt = options.cancel, .read_only = read_only};
  if (const EventSink sink = progress_sink(options.progress); sink && !read_only)
    connect.notice = [sink](const std::string& text) { sink(ServerNotice{text}); };
  const DatabaseSettings settings = database_settings_of(options);
  if (read_only) return open_database(url, settings, connect);
  // A file is made with the first thing that is written into it. Where its folder is missing, to
  // open it says so.
  const std::filesystem::path folder = std::filesystem::path(url.target()).parent_path();
  std::error_code ignored;
  const bool is_to_be_made =
      is_missing_file(url) && (folder.empty() || is_directory(folder, ignored));
  return with_nothing_changed([&] {
    return is_to_be_made ? stand_in_for(url, settings, connect)
                         : open_database(url, settings, connect);
  });
}

UpgradeResult result_of(RunReport report) {
  UpgradeResult result{
      .outcome = report.revisions.empty() ? UpgradeOutcome::nothing_to_do : UpgradeOutcome::done,
      .heads = std::move(report.heads),
      .backup_file = std::move(report.backup_file)};
  for (RanRevision& revision : report.revisions) result.revisions.push_back(std::move(revision.id));
  return result;
}

struct Request {
  const Revisions& revisions;
  Direction direction;
  std::string_view target;
  const UpgradeOptions& options;
};

RunReport run(const Request& request, const Chain& chain, TargetDatabase& database,
              DatabaseState seen) {
  const RunSettings settings = settings_of(request.options);
  const std::unique_ptr<RunReview> review = make_run_review(
      {.warn =
           [&request](const std::string& text) {
             if (request.options.progress)
               request.options.progress({.kind = Progress::Kind::notice, .text = text});
           },
       .data_loss = settings.data_loss,
       .lock_timeout_ms = settings.lock_timeout_ms,
       .way_out = "call Operations::accept_data_loss() in a revision in C++, or set "
                  "UpgradeOptions::accept_data_loss"});
  const RunContext context{.chain = chain,
                           .database = database,
                           .settings = settings,
                           .sink = progress_sink(request.options.progress),
                           .interrupt = request.options.cancel,
                           .review = review.get()};
  return request.direction == Direction::upgrade
             ? upgrade(context, request.target, std::move(seen))
             : downgrade(context, request.target, std::move(seen));
}

UpgradeResult run(const Request& request, const Chain& chain, TargetDatabase& database) {
  try {
    DatabaseState seen = read_state(database);
    const std::optional<Chain> within_squash = chain_at(chain, request.revisions, seen);
    return result_of(
        run(request, within_squash ? *within_squash : chain, database, std::move(seen)));
  } catch (const UnknownRevisions& error) {
    return {.outcome = UpgradeOutcome::database_is_newer,
            .heads = read_current(database),
            .unknown = error.revisions()};
  } catch (const ChangedRevisions& error) {
    return {.outcome = UpgradeOutcome::applied_revision_changed,
            .heads = read_current(database),
            .changed = error.revisions()};
  }
}

UpgradeResult run(const Request& request, const DatabaseUrl& url) {
  const Chain chain = chain_of(request.revisions);  // no file is made for revisions that are wrong
  TargetDatabase database = open(url, request.options, false);
  return run(request, chain, database);
}

// The only connection to a database in memory, lent to the runner and given back at the end, with
// foreign keys not enforced meanwhile: revisions find what they find everywhere.
class LentConnection {
 public:
  explicit LentConnection(detail::DatabaseState& owner) : owner_(owner) {
    auto away = std::make_unique<ConnectionAway>();
    enforced_ =
        integer_of(owner.connection->query({.sql = "PRAGMA foreign_keys"}).rows.at(0).at(0)) != 0;
    if (enforced_) owner.connection->run_alone("PRAGMA foreign_keys = OFF");
    database_.url = owner.url;
    database_.dialect = owner.dialect;
    database_.options = owner.options;
    database_.connection = std::exchange(owner.connection, std::move(away));
  }
  LentConnection(const LentConnection&) = delete;
  LentConnection& operator=(const LentConnection&) = delete;
  ~LentConnection() {
    owner_.connection = std::move(database_.connection);
    // After an exception that is none of ours, the transaction may be open still.
    if (owner_.connection->in_transaction()) owner_.connection->rollback();
    try {
      if (enforced_) owner_.connection->run_alone("PRAGMA foreign_keys = ON");
    } catch (const Error&) {  // it is in memory: there is nothing to reach
    }
  }

  TargetDatabase& database() { return database_; }

 private:
  detail::DatabaseState& owner_;
  bool enforced_ = false;
  TargetDatabase database_;
};

void require_no_transaction(const Database& database) {
  if (!database.in_transaction()) return;
  throw Error({.code = ExitCode::usage,
               .message = "revisions cannot be run while a transaction is open",
               .state = "nothing was changed",
               .hint = "commit it first: every revision is a transaction of its own"});
}

UpgradeResult run(const Request& request, Database& database) {
  require_no_transaction(database);
  detail::DatabaseState& state = detail::state_of(database);
  if (!state.url.is_in_memory()) return run(request, state.url);
  const Chain chain = chain_of(request.revisions);
  LentConnection lent(state);
  place_tables(lent.database(), database_settings_of(request.options));
  return run(request, chain, lent.database());
}

RevisionStatus status_of(const Chain& chain, const SeenDatabase& seen) {
  const DatabaseState& state = seen.state;
  const RevisionGraph& graph = chain.graph();
  RevisionStatus status{.current = state.current, .unknown = unknown_revisions(chain, state)};
  for (const RevisionGraph::Index head : graph.real_heads()) status.heads.push_back(graph.id(head));
  if (state.open_revision) status.stopped = state.open_revision->revision;
  if (seen.running) status.running = describe(*seen.running);
  for (const ChangedRevision& it : changed_revisions(chain, state))
    status.changed.push_back(graph.id(it.revision));
  if (!status.unknown.empty()) return status;
  for (const RevisionStep& step : upgrade_steps(graph, "heads", state.current)) {
    const Revision& revision = graph.at(step.revision);
    status.pending.push_back({.id = revision.id, .message = revision.message});
  }
  return status;
}

RevisionStatus status_of(const Chain& chain, const Revisions& revisions, TargetDatabase& database) {
  const SeenDatabase seen = observe(database);
  const std::optional<Chain> within_squash = chain_at(chain, revisions, seen.state);
  return status_of(within_squash ? *within_squash : chain, seen);
}

RevisionStatus status_of(const DatabaseUrl& url, const Revisions& revisions,
                         const UpgradeOptions& options) {
  const Chain chain = chain_of(revisions);
  // Reading must not create the file; in its place stands an empty database.
  TargetDatabase database =
      open(is_missing_file(url) ? DatabaseUrl::parse("sqlite://") : url, options, true);
  return status_of(chain, revisions, database);
}

}  // namespace

UpgradeResult upgrade(std::string_view url, const Revisions& revisions,
                      const UpgradeOptions& options) {
  return run({revisions, Direction::upgrade, options.target, options}, DatabaseUrl::parse(url));
}

UpgradeResult upgrade(Database& database, const Revisions& revisions,
                      const UpgradeOptions& options) {
  return run({revisions, Direction::upgrade, options.target, options}, database);
}

UpgradeResult downgrade(std::string_view url, const Revisions& revisions, std::string_view target,
                        const UpgradeOptions& options) {
  return run({revisions, Direction::downgrade, target, options}, DatabaseUrl::parse(url));
}

UpgradeResult downgrade(Database& database, const Revisions& revisions, std::string_view target,
                        const UpgradeOptions& options) {
  return run({revisions, Direction::downgrade, target, options}, database);
}

RevisionStatus revision_status(std::string_view url, const Revisions& revisions,
                               const UpgradeOptions& options) {
  return status_of(DatabaseUrl::parse(url), revisions, options);
}

RevisionStatus revision_status(Database& database, const Revisions& revisions,
                               const UpgradeOptions& options) {
  require_no_transaction(database);
  detail::DatabaseState& state = detail::state_of(database);
  if (!state.url.is_in_memory()) return status_of(state.url, revisions, options);
  const Chain chain = chain_of(revisions);
  LentConnection lent(state);
  place_tables(lent.database(), database_settings_of(options));
  return status_of(chain, revisions, lent.database());
}

}  // namespace limbeck
