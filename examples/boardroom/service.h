// The service in front of the database: what the application does with boardrooms, each in one
// transaction that is run again when its failure passes. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "limbeck/health.h"
#include "limbeck/pool.h"
#include "limbeck/revisions.h"

#include "models.h"

namespace boardroom {

class Service {
 public:
  // Connects to nothing yet.
  explicit Service(std::string url);

  // Brings the database up to date and makes sure that it is what models.h declares; throws
  // limbeck::Error when it cannot be. Returns the revisions that were run.
  std::vector<std::string> start();

  User add_user(const User& user);
  Boardroom open_room(const Boardroom& room);
  Session begin_session(const Session& session);
  Thread add_thread(const Thread& thread);

  // Ends a session, and with it its open threads. Whether it was still going on.
  bool end_session(const limbeck::Uuid& session);
  // The most urgent first.
  std::vector<Thread> open_threads(const limbeck::Uuid& session);
  // The user's rooms go too, and the sessions and threads in them.
  bool remove_user(const limbeck::Uuid& user);
  std::int64_t count_threads();

  limbeck::Health health();

 private:
  std::string url_;
  limbeck::Revisions revisions_;
  limbeck::Pool pool_;
};

}  // namespace boardroom
