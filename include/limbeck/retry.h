// Runs a transaction again when it failed for a reason that passes: a deadlock, a server that was
// restarted, no free connection on it.
//
// It never runs one again whose commit may have taken effect (CommitUnknown), nor anything else
// than what is_transient() names. It is bounded by a number of attempts and by a deadline, and
// waits between them with exponential backoff and full jitter, holding no connection meanwhile.
#pragma once

#include <chrono>
#include <random>
#include <type_traits>
#include <utility>

#include "limbeck/database.h"
#include "limbeck/pool.h"

namespace limbeck {

struct RetryPolicy {
  int attempts = 5;  // in all, the first one too
  // The pause after failure n (from 0) is anything between nothing and the lesser of cap and
  // base * 2^n, each as likely as the other.
  std::chrono::milliseconds base{50};
  std::chrono::milliseconds cap{5'000};
};

// The longest pause after failure n, counted from 0.
std::chrono::milliseconds longest_pause(const RetryPolicy& policy, int n);

// Whether the same work, done anew as a whole, may succeed a moment later. REQUIRES: what failed
// was a whole transaction, or had not begun.
bool is_transient(const Error& error);

namespace detail {

class Attempts {
 public:
  Attempts(const RetryPolicy& policy, const Limits& limits);

  // Called where error is caught. Pauses and returns when another attempt is to be made; else
  // throws it on, with the number of attempts in its context.
  void after_failure(Error& error);
  std::chrono::milliseconds next_pause();

 private:
  RetryPolicy policy_;
  Limits limits_;
  int failures_ = 0;
  std::minstd_rand random_;
};

// Runs work in a transaction of its own, and commits it.
template <class Work>
auto in_transaction(Database& database, Work& work, const TransactionOptions& options) {
  Transaction transaction(database, options);
  if constexpr (std::is_void_v<std::invoke_result_t<Work&, Database&>>) {
    work(database);
    transaction.commit();
  } else {
    auto result = work(database);
    transaction.commit();
    return result;
  }
}

}  // namespace detail

// Runs work(Database&) in a transaction on a connection of the pool, commits it, and returns what
// work returned. work may be called several times: what it does outside of the database must bear
// that. The limits hold for all attempts together.
template <class Work>
auto retry(Pool& pool, const RetryPolicy& policy, Work&& work, const Limits& limits = {},
           const TransactionOptions& options = {}) -> std::invoke_result_t<Work&, Database&> {
  detail::Attempts attempts(policy, limits);
  for (;;) {
    try {
      const Lease lease = pool.acquire(limits);
      return detail::in_transaction(*lease, work, options);
    } catch (Error& error) {
      attempts.after_failure(error);
    }
  }
}

// The same without a transaction around it: for reading, and for statements that do no harm when
// they are run twice. A statement whose connection broke is run again although it may have taken
// effect.
template <class Work>
auto retry_idempotent(Pool& pool, const RetryPolicy& policy, Work&& work, const Limits& limits = {})
    -> std::invoke_result_t<Work&, Database&> {
  detail::Attempts attempts(policy, limits);
  for (;;) {
    try {
      const Lease lease = pool.acquire(limits);
      return work(*lease);
    } catch (Error& error) {
      attempts.after_failure(error);
    }
  }
}

}  // namespace limbeck
