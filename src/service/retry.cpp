#include "limbeck/retry.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <fmt/format.h>
#include <mutex>
#include <string_view>

namespace limbeck {
namespace {

// After each of these nothing of the transaction is there, and the reason passes. 08007 (the
// outcome of a transaction is unknown) is none of them.
constexpr std::array<std::string_view, 18> transient_codes{
    // PostgreSQL
    "40001",  // serialization_failure
    "40P01",  // deadlock_detected
    "55P03",  // lock_not_available
    "53300",  // too_many_connections
    "57P01",  // admin_shutdown
    "57P02",  // crash_shutdown
    "57P03",  // cannot_connect_now
    "57P05",  // idle_session_timeout
    "25P03",  // idle_in_transaction_session_timeout
    "08000",  // connection_exception
    "08001",  // sqlclient_unable_to_establish_sqlconnection
    "08003",  // connection_does_not_exist
    "08004",  // sqlserver_rejected_establishment_of_sqlconnection
    "08006",  // connection_failure
    // SQLite
    "SQLITE_BUSY", "SQLITE_LOCKED",
    // A prepared statement is out of date, and is prepared anew.
    "26000", "SQLITE_SCHEMA"};

bool is_transient_code(std::string_view code) {
  return std::find(transient_codes.begin(), transient_codes.end(), code) != transient_codes.end();
}

template <class Kind>
const Kind* as(const Error& error) {
  return dynamic_cast<const Kind*>(&error);
}

// Whether the pause ended by itself.
bool pause_within(std::chrono::milliseconds duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace

std::chrono::milliseconds longest_pause(const RetryPolicy& policy, int n) {
  std::chrono::milliseconds longest = std::max(policy.base, std::chrono::milliseconds(0));
  for (int i = 0; i < n && longest < policy.cap; ++i) longest *= 2;
  return std::min(longest, policy.cap);
}

bool is_transient(const Error& error) {
  if (as<CommitUnknown>(error) != nullptr || as<DeadlineExceeded>(error) != nullptr ||
      as<Interrupted>(error) != nullptr) {
    return false;
  }
  if (as<ConnectionLost>(error) != nullptr) return true;
  if (const auto* refused = as<CannotConnect>(error)) return is_transient_code(refused->sqlstate());
  const auto* failed = as<DatabaseError>(error);
  return failed != nullptr &&
         (failed->failure().retryable || is_transient_code(failed->failure().sqlstate));
}

namespace detail {

Attempts::Attempts(const RetryPolicy& policy, const Limits& limits)
    : policy_(policy), limits_(limits), random_(std::random_device{}()) {}

std::chrono::milliseconds Attempts::next_pause() {
  const auto longest = longest_pause(policy_, failures_++);
  std::uniform_int_distribution<std::int64_t> any(0, longest.count());
  return std::chrono::milliseconds(any(random_));
}

void Attempts::after_failure(Error& error) {
  const bool is_last = failures_ + 1 >= policy_.attempts;
  if (is_transient(error) && !is_last) {
    const std::chrono::milliseconds pause = next_pause();
    if (pause < limits_.deadline.left() && pause_within(pause, limits_.stop)) return;
  } else {
    ++failures_;
  }
  if (failures_ > 1) error.report().context.push_back(fmt::format("after {} attempts", failures_));
  throw;
}

}  // namespace detail
}  // namespace limbeck
