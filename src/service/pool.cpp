#include "limbeck/pool.h"

#include <utility>

#include "service/pool_state.h"
#include "service/slot.h"

namespace limbeck {

const detail::PoolState& detail::state_of(const Pool& pool) {
  return *pool.state_;
}

Lease::Lease(std::shared_ptr<detail::PoolState> pool, std::unique_ptr<detail::Slot> slot)
    : pool_(std::move(pool)), slot_(std::move(slot)) {}

Lease::Lease() noexcept = default;

Lease::Lease(Lease&& other) noexcept = default;

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  release();
  pool_ = std::move(other.pool_);
  slot_ = std::move(other.slot_);
  return *this;
}

Database& Lease::operator*() const {
  return *slot_->database;
}

Lease::~Lease() {
  release();
}

void Lease::release() noexcept {
  if (slot_) pool_->give_back(std::move(slot_), true);
  pool_.reset();
}

void Lease::discard() noexcept {
  if (slot_) pool_->give_back(std::move(slot_), false);
  pool_.reset();
}

Pool::Pool(std::string_view url, PoolOptions options)
    : state_(std::make_shared<detail::PoolState>(url, std::move(options))) {}

Pool::~Pool() {
  state_->close();
}

Lease Pool::acquire(const Limits& limits) {
  return Lease(state_, state_->acquire(limits));
}

void Pool::close() {
  state_->close();
}

bool Pool::wait_until_unused(const Limits& limits) {
  return state_->wait_until_unused(limits);
}

PoolStatistics Pool::statistics() const {
  return state_->statistics();
}

const PoolOptions& Pool::options() const {
  return state_->options();
}

std::string Pool::redacted_url() const {
  return state_->url().redacted();
}

}  // namespace limbeck
