// The databases that the tests of the service run against: one of each kind, with a counting table.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "limbeck/database.h"
#include "limbeck/pool.h"

#include "dialect/connection.h"
#include "model/database_state.h"
#include "unit/dialect/scratch_database.h"
#include "unit/temporary_folder.h"

namespace limbeck::test {

using std::chrono::milliseconds;

inline std::int64_t integer(Database& database, const std::string& sql) {
  return integer_of(database.query(sql).rows.at(0).at(0));
}

// Asks again and again until it is so, or ten seconds have passed.
inline bool eventually(const std::function<bool()>& condition) {
  const Deadline deadline = Deadline::in(milliseconds(10'000));
  while (!condition()) {
    if (deadline.passed()) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

class Stopwatch {
 public:
  milliseconds elapsed() const {
    return std::chrono::duration_cast<milliseconds>(Deadline::Clock::now() - began_);
  }

 private:
  Deadline::Clock::time_point began_ = Deadline::Clock::now();
};

struct SqliteFile {
  TemporaryFolder folder;
  std::string url = "sqlite:///" + (folder.path() / "test.db").string();
};

// Runs the test with the url of a database of each kind.
inline void on_each_database(const std::function<void(const std::string& url)>& test) {
  {
    const SqliteFile file;
    INFO("sqlite");
    test(file.url);
  }
  if (const auto server = server_url()) {
    const ScratchDatabase database(*server);
    INFO("postgresql");
    test(database.url());
  }
}

}  // namespace limbeck::test
