#include "limbeck/health.h"

#include <fmt/format.h>
#include <optional>
#include <utility>

#include "base/json_writer.h"
#include "model/database_state.h"
#include "project/project.h"
#include "run/observation.h"
#include "run/state.h"
#include "run/unsquash.h"
#include "service/health_check.h"
#include "service/pool_state.h"
#include "service/revision_chain.h"
#include "service/slot.h"

namespace limbeck {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_of(std::chrono::microseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

void write_pool(const std::optional<PoolStatistics>& pool, JsonWriter& json) {
  json.key("pool");
  if (!pool) {
    json.null();
    return;
  }
  json.begin_object()
      .member("size", pool->size)
      .member("in_use", pool->in_use)
      .member("idle", pool->idle)
      .member("waiting", pool->waiting)
      .member("closed", pool->closed)
      .member("acquired", pool->acquired)
      .member("waited", pool->waited)
      .member("timed_out", pool->timed_out)
      .member("connected", pool->connected)
      .member("discarded", pool->discarded)
      .member("rolled_back", pool->rolled_back)
      .end_object();
}

const char* status_name(const Health& health) {
  switch (exit_code_of(health)) {
    case ExitCode::ok:
      return "ok";
    case ExitCode::pending:
      return "pending";
    case ExitCode::findings:
      return "newer_than_program";
    default:
      return "cannot_connect";
  }
}

}  // namespace

void require_file(const DatabaseUrl& url) {
  if (!is_missing_file(url)) return;
  throw CannotConnect({.code = ExitCode::cannot_connect,
                       .message = fmt::format("the file of {} is not there", url.redacted()),
                       .hint = "\"limbeck upgrade\" makes it"},
                      "SQLITE_CANTOPEN");
}

void measure_latency(Connection& connection, Health& health) {
  const auto began = Clock::now();
  connection.query({.sql = "SELECT 1"});
  health.latency = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
  health.server_version = connection.server_version();
  health.reachable = true;
}

void read_revisions(Connection& connection, const Dialect& dialect,
                    const QualifiedName& version_table, const Chain* chain, Health& health,
                    const Revisions* carried) {
  DatabaseState state;
  state.current = read_current(connection, dialect, version_table);
  health.current = state.current;
  if (chain == nullptr) return;
  const std::optional<Chain> within_squash =
      carried != nullptr ? chain_at(*chain, *carried, state) : unsquashed(*chain, state);
  const Chain& seen = within_squash ? *within_squash : *chain;
  health.unknown = unknown_revisions(seen, state);
  health.pending.emplace();
  for (const auto index : pending_revisions(seen.graph(), known_current(seen, state)))
    health.pending->push_back(seen.graph().id(index));
  if (health.pending->empty()) return;
  if (const auto holder = dialect.lock_holder(connection, version_table))
    health.running = describe(*holder);
}

void set_fault(Health& health, const Error& error) {
  health.reachable = false;
  health.fault = error.report().message;
  health.detail = error.report().detail;
  health.hint = error.report().hint;
}

namespace {

// The server's words alone do not tell what could not be read.
void explain_unreadable_revisions(DatabaseError& error) {
  ErrorReport& report = error.report();
  if (report.code != ExitCode::failed_rolled_back) return;
  report.message = "the revisions of the database cannot be read: " + report.message;
  if (report.hint.empty()) {
    report.hint =
        "HealthOptions name the version table; the user of the url must be allowed to "
        "read it";
  }
}

// chain: null when there are no revisions to compare with; carried: what it was made of.
Health check(Pool& pool, const Chain* chain, const Revisions* carried,
             const HealthOptions& options) {
  Health health{.database = pool.redacted_url(), .pool = pool.statistics()};
  try {
    require_file(detail::state_of(pool).url());
    const Lease lease = pool.acquire({.deadline = Deadline::in(options.timeout), .stop = {}});
    Connection& connection = detail::connection_of(*lease);
    const Dialect& dialect = detail::dialect_of(*lease);
    measure_latency(connection, health);
    const QualifiedName named{{options.version_table_schema}, {options.version_table}};
    try {
      read_revisions(connection, dialect, dialect.locate(connection, named), chain, health,
                     carried);
    } catch (DatabaseError& error) {
      explain_unreadable_revisions(error);
      throw;
    }
  } catch (const DatabaseError& error) {
    set_fault(health, error);
  } catch (const CannotConnect& error) {
    set_fault(health, error);
  } catch (const PoolClosed& error) {
    set_fault(health, error);
  }
  return health;
}

}  // namespace

Health check_health(Pool& pool, const HealthOptions& options) {
  return check(pool, nullptr, nullptr, options);
}

Health check_health(Pool& pool, const Revisions& revisions, const HealthOptions& options) {
  const Chain chain = chain_of(revisions);
  return check(pool, &chain, &revisions, options);
}

ExitCode exit_code_of(const Health& health) {
  if (!health.reachable) return ExitCode::cannot_connect;
  if (!health.unknown.empty()) return ExitCode::findings;
  return health.pending && !health.pending->empty() ? ExitCode::pending : ExitCode::ok;
}

std::string to_json(const Health& health) {
  JsonWriter json;
  json.begin_object()
      .member("status", status_name(health))
      .member("reachable", health.reachable)
      .member("database", health.database)
      .optional_member("fault", health.fault)
      .optional_member("detail", health.detail)
      .optional_member("hint", health.hint)
      .optional_member("server_version", health.server_version)
      .key("latency_ms");
  if (health.reachable) {
    json.value(milliseconds_of(health.latency));
  } else {
    json.null();
  }
  write_pool(health.pool, json);
  json.member("current", health.current).key("pending");
  if (health.pending) {
    json.value(*health.pending);
  } else {
    json.null();
  }
  json.member("unknown", health.unknown).optional_member("running", health.running).end_object();
  return json.text();
}

}  // namespace limbeck
