// A PostgreSQL server of our own: made by initdb in a temporary folder, on a Unix socket alone, and
// gone with its object, whatever happens.
//
// It keeps nothing safe: no file is flushed to disk.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "dialect/database_url.h"

namespace limbeck::postgres {

class PrivateCluster {
 public:
  // major: the wanted version ("15"); another one is taken when there is none, unless exact. Throws
  // Error (ExitCode::cannot_connect) when no initdb is found, or the server does not start.
  PrivateCluster(const std::string& major, const std::atomic<bool>* interrupt);
  PrivateCluster(const PrivateCluster&) = delete;
  PrivateCluster& operator=(const PrivateCluster&) = delete;
  ~PrivateCluster();

  // The version of the server that would be started when any will do.
  static std::string identity();

  // Its database "postgres", as a superuser.
  DatabaseUrl url() const;

 private:
  void start(const std::filesystem::path& programs, const std::atomic<bool>* interrupt);
  void stop() noexcept;

  std::filesystem::path folder_;
  int server_ = 0;  // its process
};

}  // namespace limbeck::postgres
