// Who gets which connection of a pool: at most so many are out, first come, first served.
//
// It never makes, uses or closes a connection: a slot is taken or given back, and a permit without
// a slot is the right to make one. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "limbeck/deadline.h"

namespace limbeck::detail {

struct Slot;

class SlotQueue {
 public:
  enum class Refusal { deadline, stop, closed };
  struct Taken {
    std::unique_ptr<Slot> slot;  // null: the permit to make one
    std::optional<Refusal> refusal = {};
    bool waited = false;
  };
  using Slots = std::vector<std::unique_ptr<Slot>>;

  explicit SlotQueue(std::size_t size) : size_(size) {}

  // Of several free slots the one that was used last, so that those beyond the need grow old.
  Taken take(const Limits& limits);
  // Gives the permit back, with its slot or, when there is none any more, without. What comes out
  // is wanted by nobody: the queue is closed.
  std::unique_ptr<Slot> give_back(std::unique_ptr<Slot> slot);
  // Removes those free slots.
  Slots remove(const std::function<bool(Slot&)>& unwanted);
  // Every wait ends with a refusal. The free slots come out.
  Slots close();
  // Waits until no permit is out; whether that is so.
  bool wait_until_unused(const Limits& limits);

  struct Counts {
    std::size_t in_use = 0;
    std::size_t idle = 0;
    std::size_t waiting = 0;
    bool closed = false;
  };
  Counts counts() const;

 private:
  struct Waiter {
    std::condition_variable_any served_now;
    bool served = false;
    std::unique_ptr<Slot> slot;
  };

  std::size_t size_;
  mutable std::mutex mutex_;
  std::deque<std::unique_ptr<Slot>> idle_;
  std::list<Waiter*> waiters_;
  std::size_t permits_ = 0;  // out
  bool closed_ = false;
  std::condition_variable_any unused_;
};

}  // namespace limbeck::detail
