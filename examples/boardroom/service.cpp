#include "service.h"

#include <chrono>
#include <utility>

#include "limbeck/retry.h"
#include "limbeck/rows.h"
#include "limbeck/upgrade.h"
#include "limbeck/verify.h"

#include "boardroom_revisions.h"

namespace boardroom {
namespace {

using limbeck::Database;

// Nobody waits longer than this for an answer, however often the work is tried.
limbeck::Limits one_request() {
  return {.deadline = limbeck::Deadline::in(std::chrono::seconds(5)), .stop = {}};
}

const limbeck::RetryPolicy retry_policy{.attempts = 5};

template <class T>
T insert_one(limbeck::Pool& pool, const T& row) {
  return limbeck::retry(
      pool, retry_policy, [&](Database& database) { return limbeck::insert(database, row); },
      one_request());
}

[[noreturn]] void refuse(std::string message, std::string detail) {
  throw limbeck::Error({.code = limbeck::ExitCode::findings,
                        .message = std::move(message),
                        .detail = std::move(detail)});
}

}  // namespace

Service::Service(std::string url)
    : url_(std::move(url)),
      revisions_(boardroom_revisions()),
      pool_(url_, {.size = 10, .application_name = "boardroom"}) {}

std::vector<std::string> Service::start() {
  const limbeck::UpgradeResult result = limbeck::upgrade(url_, revisions_);
  if (result.outcome == limbeck::UpgradeOutcome::database_is_newer)
    refuse("the database belongs to a newer version of this service", result.unknown.front());
  if (!result.ok()) refuse("a revision is not what it was when it was run", result.changed.front());

  const limbeck::Lease lease = pool_.acquire(one_request());
  const std::vector<limbeck::Mismatch> mismatches = limbeck::verify(*lease, tables());
  if (!mismatches.empty())
    refuse("the database is not what the models declare", to_string(mismatches.front()));
  return result.revisions;
}

User Service::add_user(const User& user) {
  return insert_one(pool_, user);
}

Boardroom Service::open_room(const Boardroom& room) {
  return insert_one(pool_, room);
}

Session Service::begin_session(const Session& session) {
  return insert_one(pool_, session);
}

Thread Service::add_thread(const Thread& thread) {
  return insert_one(pool_, thread);
}

bool Service::end_session(const limbeck::Uuid& id) {
  const auto end = [&](Database& database) {
    auto session = limbeck::find<Session>(database, id);
    if (!session) return false;
    session->status = "completed";
    session->ended_at = std::max(limbeck::now(), session->started_at);
    // Another may have ended it meanwhile.
    if (!limbeck::update_if(database, *session, "status = 'active'")) return false;
    for (Thread& thread : limbeck::find_where<Thread>(
             database, "session_id = $1 AND status = 'active'", session->id)) {
      thread.status = "closed";
      limbeck::update(database, thread);
    }
    return true;
  };
  return limbeck::retry(pool_, retry_policy, end, one_request());
}

std::vector<Thread> Service::open_threads(const limbeck::Uuid& session) {
  const auto read = [&](Database& database) {
    return limbeck::find_where<Thread>(database,
                                       {.condition = "session_id = $1 AND status = 'active'",
                                        .order_by = "priority DESC, created_at"},
                                       session);
  };
  return limbeck::retry_idempotent(pool_, retry_policy, read, one_request());
}

bool Service::remove_user(const limbeck::Uuid& user) {
  return limbeck::retry(
      pool_, retry_policy, [&](Database& database) { return limbeck::erase<User>(database, user); },
      one_request());
}

std::int64_t Service::count_threads() {
  const auto count = [](Database& database) {
    return limbeck::integer_of(database.query("SELECT count(*) FROM threads").rows[0][0]);
  };
  return limbeck::retry_idempotent(pool_, retry_policy, count, one_request());
}

limbeck::Health Service::health() {
  return limbeck::check_health(pool_, revisions_);
}

}  // namespace boardroom
