// What a pool and its leases share. Internal to src/service.
//
// It makes connections, judges them and cleans them; SlotQueue says who gets which. It never holds
// the queue's lock while it talks to a database.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "limbeck/pool.h"

#include "dialect/database_url.h"
#include "service/slot_queue.h"

namespace limbeck::detail {

class PoolState {
 public:
  // Throws what Pool throws.
  PoolState(std::string_view url, PoolOptions options);
  PoolState(const PoolState&) = delete;
  PoolState& operator=(const PoolState&) = delete;
  ~PoolState();

  std::unique_ptr<Slot> acquire(const Limits& limits);
  // is_wanted: whether anybody else may have the connection.
  void give_back(std::unique_ptr<Slot> slot, bool is_wanted) noexcept;
  void close();
  bool wait_until_unused(const Limits& limits) { return queue_.wait_until_unused(limits); }

  PoolStatistics statistics() const;
  const PoolOptions& options() const { return options_; }
  const DatabaseUrl& url() const { return url_; }

 private:
  using Clock = Deadline::Clock;

  std::unique_ptr<Slot> take(const Limits& limits);
  // Makes something of a slot that was free: nothing when its connection is of no use any more.
  std::unique_ptr<Slot> revive(std::unique_ptr<Slot> slot, const Limits& limits);
  std::unique_ptr<Slot> connect(const Limits& limits);
  bool is_outworn(const Slot& slot, Clock::time_point now) const;
  bool answers(Slot& slot, const Limits& limits);
  bool clean(Slot& slot) noexcept;
  void discard(std::unique_ptr<Slot> slot) noexcept;
  void suspect_the_others();
  void close_outworn(const std::stop_token& stop);

  const DatabaseUrl url_;
  const PoolOptions options_;
  SlotQueue queue_;
  std::atomic<std::uint64_t> acquired_ = 0;
  std::atomic<std::uint64_t> waited_ = 0;
  std::atomic<std::uint64_t> timed_out_ = 0;
  std::atomic<std::uint64_t> connected_ = 0;
  std::atomic<std::uint64_t> discarded_ = 0;
  std::atomic<std::uint64_t> rolled_back_ = 0;
  // Closes what nobody has used for long; ends before anything else goes.
  std::mutex pause_mutex_;
  std::condition_variable_any pause_;
  std::jthread keeper_;
};

}  // namespace limbeck::detail
