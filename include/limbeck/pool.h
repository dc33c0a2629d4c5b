// A pool of connections to one database, for a program of many threads.
//
// It holds so many connections at most, and makes them when they are first wanted. Who waits is
// served in the order of coming. A connection comes back without a transaction and with a session
// as new, or not at all. Every member may be called by any thread; a Lease belongs to one at a
// time. No wait is without end unless the limits say so.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "limbeck/deadline.h"
#include "limbeck/error.h"

namespace limbeck {

class Database;
class Pool;

namespace detail {
class PoolState;
struct Slot;
const PoolState& state_of(const Pool& pool);
}  // namespace detail

struct PoolOptions {
  int size = 10;  // connections at most
  // How long acquire() waits for a connection when the limits do not say less.
  std::chrono::milliseconds acquire_timeout{30'000};
  // How long one attempt to connect may take, and what a connection is asked between two users.
  std::chrono::milliseconds connect_timeout{10'000};
  // Of each statement, and of its wait for a lock, on the server; 0 is without limit. SQLite waits
  // for lock_timeout when another process writes.
  std::chrono::milliseconds statement_timeout{0};
  std::chrono::milliseconds lock_timeout{5'000};
  // A connection that is older is closed when nobody uses it. Up to a tenth earlier, so that not
  // all end at once.
  std::chrono::milliseconds maximum_age{30 * 60'000};
  // So long unused: closed.
  std::chrono::milliseconds maximum_idle{10 * 60'000};
  // So long unused: asked whether it lives before it is given to anybody.
  std::chrono::milliseconds validate_after{30'000};
  std::string application_name = "limbeck";  // as the server shows it
};

struct PoolStatistics {
  int size = 0;     // connections at most
  int in_use = 0;   // leased, or being made for somebody
  int idle = 0;     // connected, and free
  int waiting = 0;  // callers of acquire()
  bool closed = false;
  // Since the pool was made:
  std::uint64_t acquired = 0;
  std::uint64_t waited = 0;       // of those, how many had to wait
  std::uint64_t timed_out = 0;    // waited in vain
  std::uint64_t connected = 0;    // connections made
  std::uint64_t discarded = 0;    // connections closed: too old, unused, broken
  std::uint64_t rolled_back = 0;  // given back with a transaction open
};

// The pool was closed.
class PoolClosed : public Error {
 public:
  using Error::Error;
};

// A connection of a pool, until it is destroyed or released. It may outlive the pool.
class Lease {
 public:
  Lease() noexcept;  // empty
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease();

  // REQUIRES: not empty.
  Database& operator*() const;
  Database* operator->() const { return &**this; }
  explicit operator bool() const { return slot_ != nullptr; }

  // Gives the connection back: an open transaction is rolled back, what was set for the session is
  // undone. Afterwards the lease is empty.
  void release() noexcept;
  // Closes the connection instead, whatever state it is in.
  void discard() noexcept;

 private:
  friend class Pool;
  Lease(std::shared_ptr<detail::PoolState> pool, std::unique_ptr<detail::Slot> slot);

  std::shared_ptr<detail::PoolState> pool_;
  std::unique_ptr<detail::Slot> slot_;
};

class Pool {
 public:
  // Connects to nothing yet. url: as the command line takes it. Throws Error (ExitCode::usage) for
  // a url or options that make no sense: sqlite:// (in memory) belongs to one connection alone.
  explicit Pool(std::string_view url, PoolOptions options = {});
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  // Closes it.
  ~Pool();

  // A connection that nobody else has. The limits hold for the wait, for connecting, and for every
  // statement that is run with the lease: it is cancelled when they are over. Throws
  // DeadlineExceeded, Interrupted (a stop was requested), PoolClosed, CannotConnect.
  Lease acquire(const Limits& limits = {});

  // From now on nobody gets a connection: who waits gets PoolClosed at once. Leases go on, and
  // their connections are closed when they come back.
  void close();
  // Waits until every lease has come back; whether they have.
  bool wait_until_unused(const Limits& limits);

  PoolStatistics statistics() const;
  const PoolOptions& options() const;
  // The url without a password.
  std::string redacted_url() const;

 private:
  friend const detail::PoolState& detail::state_of(const Pool& pool);
  std::shared_ptr<detail::PoolState> state_;
};

}  // namespace limbeck
