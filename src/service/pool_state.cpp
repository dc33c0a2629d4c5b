#include "service/pool_state.h"

#include <algorithm>
#include <fmt/format.h>
#include <random>
#include <utility>

#include "model/database_state.h"
#include "service/slot.h"

namespace limbeck::detail {
namespace {

using std::chrono::milliseconds;

Error wrong_options(std::string message, std::string hint = {}) {
  return Error({.code = ExitCode::usage, .message = std::move(message), .hint = std::move(hint)});
}

PoolOptions checked(PoolOptions options, const DatabaseUrl& url) {
  if (options.size < 1) {
    throw wrong_options(fmt::format("a pool has one connection at least, not {}", options.size));
  }
  if (!url.is_in_memory()) return options;
  if (options.size > 1) {
    throw wrong_options("a database in memory belongs to one connection: it has no pool of several",
                        "make the pool of size 1, or name a file in the url");
  }
  // Its connection is the database.
  options.maximum_age = options.maximum_idle = milliseconds::max();
  return options;
}

Limits within(const Limits& limits, milliseconds duration) {
  return {.deadline = std::min(limits.deadline, Deadline::in(duration)), .stop = limits.stop};
}

int whole_milliseconds(milliseconds duration) {
  return static_cast<int>(std::clamp<std::int64_t>(duration.count(), 0, 2'000'000'000));
}

// In the unit of the options, which may be as long as the unit allows.
milliseconds since(Deadline::Clock::time_point then, Deadline::Clock::time_point now) {
  return std::chrono::floor<milliseconds>(now - then);
}

// Somewhere in the last tenth.
Deadline::Clock::time_point end_of_life(milliseconds maximum_age) {
  std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> part(0.9, 1.0);
  const Deadline latest = Deadline::in(maximum_age);
  if (latest.is_never()) return latest.when();
  const auto age = static_cast<double>(maximum_age.count()) * part(random);
  return Deadline::in(milliseconds(static_cast<std::int64_t>(age))).when();
}

}  // namespace

PoolState::PoolState(std::string_view url, PoolOptions options)
    : url_(DatabaseUrl::parse(url)),
      options_(checked(std::move(options), url_)),
      queue_(static_cast<std::size_t>(options_.size)) {
  if (url_.is_in_memory()) return;
  keeper_ = std::jthread([this](const std::stop_token& stop) { close_outworn(stop); });
}

PoolState::~PoolState() {
  keeper_ = {};
  close();
}

void PoolState::close() {
  for (std::unique_ptr<Slot>& slot : queue_.close()) discard(std::move(slot));
}

std::unique_ptr<Slot> PoolState::acquire(const Limits& limits) {
  std::unique_ptr<Slot> slot = take(limits);  // and with it, a permit
  try {
    if (slot) slot = revive(std::move(slot), limits);
    if (!slot) slot = connect(limits);
  } catch (...) {
    queue_.give_back(nullptr);
    throw;
  }
  slot->connection->set_timeouts({.lock_ms = whole_milliseconds(options_.lock_timeout),
                                  .statement_ms = whole_milliseconds(options_.statement_timeout)});
  slot->connection->set_limits(limits);
  ++acquired_;
  return slot;
}

std::unique_ptr<Slot> PoolState::take(const Limits& limits) {
  SlotQueue::Taken taken = queue_.take(within(limits, options_.acquire_timeout));
  if (taken.waited) ++waited_;
  if (!taken.refusal) return std::move(taken.slot);
  switch (*taken.refusal) {
    case SlotQueue::Refusal::closed:
      throw PoolClosed({.code = ExitCode::cannot_connect,
                        .message = "the pool is closed",
                        .state = "nothing was run"});
    case SlotQueue::Refusal::stop:
      throw Interrupted(
          {.code = ExitCode::interrupted,
           .message = "interrupted: a stop was requested before a connection was free",
           .state = "nothing was run"},
          {});
    case SlotQueue::Refusal::deadline:
      break;
  }
  ++timed_out_;
  const SlotQueue::Counts counts = queue_.counts();
  throw DeadlineExceeded(
      {.code = ExitCode::cannot_connect,
       .message = fmt::format("no connection of the pool became free in time: {} of {} are in use, "
                              "{} callers wait",
                              counts.in_use, options_.size, counts.waiting),
       .state = "nothing was run",
       .hint = "use a larger pool, hold connections for a shorter time, or wait longer"},
      {});
}

bool PoolState::is_outworn(const Slot& slot, Clock::time_point now) const {
  return now >= slot.ends || since(slot.idle_since, now) >= options_.maximum_idle;
}

bool PoolState::answers(Slot& slot, const Limits& limits) {
  try {
    slot.connection->set_limits(within(limits, options_.connect_timeout));
    slot.connection->query({.sql = "SELECT 1"});
    slot.is_suspect = false;
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::unique_ptr<Slot> PoolState::revive(std::unique_ptr<Slot> slot, const Limits& limits) {
  const Clock::time_point now = Clock::now();
  if (is_outworn(*slot, now)) {
    discard(std::move(slot));
    return nullptr;
  }
  const bool is_questionable =
      slot->is_suspect || since(slot->idle_since, now) >= options_.validate_after;
  if (slot->connection->reusable() && (!is_questionable || answers(*slot, limits))) return slot;
  discard(std::move(slot));
  suspect_the_others();
  return nullptr;
}

std::unique_ptr<Slot> PoolState::connect(const Limits& limits) {
  const Limits connecting = within(limits, options_.connect_timeout);
  auto slot = std::make_unique<Slot>();
  slot->ends = end_of_life(options_.maximum_age);
  slot->database = detail::connect(
      url_,
      {.application_name = options_.application_name, .for_program = true, .limits = &connecting});
  slot->connection = &connection_of(*slot->database);
  ++connected_;
  return slot;
}

void PoolState::give_back(std::unique_ptr<Slot> slot, bool is_wanted) noexcept {
  if (is_wanted && clean(*slot)) {
    slot->idle_since = Clock::now();
  } else {
    discard(std::move(slot));
  }
  if (auto unwanted = queue_.give_back(std::move(slot))) discard(std::move(unwanted));
}

bool PoolState::clean(Slot& slot) noexcept {
  Connection& connection = *slot.connection;
  try {
    connection.set_limits(within({}, options_.connect_timeout));
    if (!connection.reusable()) {
      suspect_the_others();
      return false;
    }
    if (connection.in_transaction()) {
      ++rolled_back_;
      connection.rollback();
      if (connection.in_transaction()) return false;
    }
    DatabaseState& state = state_of(*slot.database);
    state.depth = 0;
    state.failed = false;
    connection.clean_session();
    return Clock::now() < slot.ends;
  } catch (...) {
    return false;
  }
}

void PoolState::discard(std::unique_ptr<Slot> slot) noexcept {
  slot.reset();
  ++discarded_;
}

// A server that has ended one session has probably ended all.
void PoolState::suspect_the_others() {
  queue_.remove([](Slot& slot) {
    slot.is_suspect = true;
    return false;
  });
}

void PoolState::close_outworn(const std::stop_token& stop) {
  const milliseconds pause = std::clamp(std::min(options_.maximum_age, options_.maximum_idle) / 4,
                                        milliseconds(10), milliseconds(30'000));
  std::unique_lock lock(pause_mutex_);
  while (!stop.stop_requested()) {
    pause_.wait_for(lock, stop, pause, [] { return false; });
    const Clock::time_point now = Clock::now();
    for (auto& slot : queue_.remove([&](Slot& it) { return is_outworn(it, now); })) {
      discard(std::move(slot));
    }
  }
}

PoolStatistics PoolState::statistics() const {
  const SlotQueue::Counts counts = queue_.counts();
  return {.size = options_.size,
          .in_use = static_cast<int>(counts.in_use),
          .idle = static_cast<int>(counts.idle),
          .waiting = static_cast<int>(counts.waiting),
          .closed = counts.closed,
          .acquired = acquired_,
          .waited = waited_,
          .timed_out = timed_out_,
          .connected = connected_,
          .discarded = discarded_,
          .rolled_back = rolled_back_};
}

}  // namespace limbeck::detail
