// What the session is set to, what it should be set to, and the statements that lead from one to
// the other.
//
// It never talks to the server: the connection sends pending() in front of whatever it sends next,
// so that settings cost no round trip.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dialect/connection.h"

namespace limbeck::postgres {

class Session {
 public:
  // baseline: settings that hold for the whole connection. guards: those that protect the server
  // from a runner that dies in the middle; a session that only reads does without them.
  explicit Session(std::vector<std::string> baseline, std::vector<std::string> guards = {})
      : baseline_(std::move(baseline)), guards_(std::move(guards)) {}

  // A statement was run for a revision: whether it may have changed the session is judged from its
  // first word, on the safe side.
  void ran(const Command& command);
  // The same for a statement of the tool's own reading.
  void queried(const Command& command);

  void request_reset();
  void set_timeouts(const Timeouts& timeouts) { wanted_ = timeouts; }
  // From now on what is sent may change something, or holds a transaction open.
  void want_guards() { guards_wanted_ = guards_wanted_ || !guarded_; }

  // What to send before the next statement.
  std::vector<std::string> pending() const;
  // It was sent, and has succeeded.
  void applied();
  // It was undone by a rollback.
  void undone();
  // Everything was set back to what a new session has.
  void discarded();

  // Grows with every statement that may have changed the session.
  std::uint64_t touches() const { return touches_; }

 private:
  std::vector<std::string> baseline_;
  std::vector<std::string> guards_;
  bool baseline_wanted_ = true;
  bool guards_wanted_ = false;
  bool guarded_ = false;
  bool touched_ = false;
  bool reset_wanted_ = false;
  std::uint64_t touches_ = 0;
  std::optional<Timeouts> wanted_;
  std::optional<Timeouts> on_server_;
};

}  // namespace limbeck::postgres
