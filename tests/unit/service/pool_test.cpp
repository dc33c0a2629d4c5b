#include <atomic>
#include <doctest/doctest.h>
#include <future>
#include <mutex>
#include <vector>

#include "unit/service/service_databases.h"

namespace limbeck::test {
namespace {

// Another thread that wants a connection and then holds it until told.
std::future<void> acquire_in_thread(Pool& pool, const std::function<void()>& when_served) {
  return std::async(std::launch::async, [&pool, when_served] {
    const Lease lease = pool.acquire();
    when_served();
  });
}

Limits within(int ms) {
  return {.deadline = Deadline::in(milliseconds(ms)), .stop = {}};
}

}  // namespace

TEST_CASE("a pool connects when a connection is first wanted, and uses it again") {
  on_each_database([](const std::string& url) {
    Pool pool(url, {.size = 3});
    CHECK(pool.statistics().connected == 0);
    for (int i = 0; i < 5; ++i) {
      const Lease lease = pool.acquire();
      CHECK(integer(*lease, "SELECT 1 + 1") == 2);
      CHECK(pool.statistics().in_use == 1);
    }
    const PoolStatistics statistics = pool.statistics();
    CHECK(statistics.connected == 1);
    CHECK(statistics.acquired == 5);
    CHECK(statistics.idle == 1);
    CHECK(statistics.in_use == 0);
    CHECK(statistics.waiting == 0);
  });
}

TEST_CASE("more than the size are never out, whatever the threads do") {
  on_each_database([](const std::string& url) {
    constexpr int size = 3;
    constexpr int threads = 8;
    constexpr int rounds = 40;
    Pool pool(url, {.size = size});
    std::atomic<int> out = 0;
    std::atomic<int> most = 0;
    std::atomic<int> sum = 0;
    std::vector<std::future<void>> running;
    for (int t = 0; t < threads; ++t) {
      running.push_back(std::async(std::launch::async, [&] {
        for (int i = 0; i < rounds; ++i) {
          const Lease lease = pool.acquire();
          const int now = ++out;
          int seen = most;
          while (now > seen && !most.compare_exchange_weak(seen, now)) {
          }
          sum += static_cast<int>(integer(*lease, "SELECT 1"));
          --out;
        }
      }));
    }
    for (auto& each : running) each.get();
    CHECK(sum == threads * rounds);
    CHECK(most <= size);
    const PoolStatistics statistics = pool.statistics();
    CHECK(statistics.connected <= size);
    CHECK(statistics.acquired == threads * rounds);
    CHECK(statistics.in_use == 0);
    CHECK(statistics.idle == static_cast<int>(statistics.connected));
  });
}

TEST_CASE("who waits is served in the order of coming") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  Lease first = pool.acquire();
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::future<void>> waiting;
  for (int i = 0; i < 6; ++i) {
    waiting.push_back(acquire_in_thread(pool, [&, i] {
      const std::lock_guard lock(mutex);
      order.push_back(i);
    }));
    REQUIRE(eventually([&] { return pool.statistics().waiting == i + 1; }));
  }
  first.release();
  for (auto& each : waiting) each.get();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4, 5});
  CHECK(pool.statistics().waited == 6);
}

TEST_CASE("one who comes while others wait does not overtake them") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  Lease first = pool.acquire();
  std::atomic<bool> served = false;
  auto waiting = acquire_in_thread(pool, [&] { served = true; });
  REQUIRE(eventually([&] { return pool.statistics().waiting == 1; }));
  first.release();
  // Either it waits its turn, or the other has had it already.
  const Lease second = pool.acquire();
  CHECK(served);
  waiting.get();
}

TEST_CASE("a wait in vain ends at its time, and says why") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1, .acquire_timeout = milliseconds(80)});
  const Lease first = pool.acquire();
  const Stopwatch watch;
  try {
    pool.acquire();
    FAIL("there is no second connection");
  } catch (const DeadlineExceeded& error) {
    CHECK(std::string(error.what()).find("1 of 1 are in use") != std::string::npos);
    CHECK(error.code() == ExitCode::cannot_connect);
  }
  CHECK(watch.elapsed() >= milliseconds(80));
  CHECK_THROWS_AS(pool.acquire(within(20)), DeadlineExceeded);
  CHECK(pool.statistics().timed_out == 2);
  CHECK(pool.statistics().waiting == 0);
}

TEST_CASE("a stop ends a wait at once") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  const Lease first = pool.acquire();
  std::stop_source source;
  auto waiting = std::async(std::launch::async, [&] {
    CHECK_THROWS_AS(pool.acquire({.deadline = {}, .stop = source.get_token()}), Interrupted);
  });
  REQUIRE(eventually([&] { return pool.statistics().waiting == 1; }));
  const Stopwatch watch;
  source.request_stop();
  waiting.get();
  CHECK(watch.elapsed() < milliseconds(2'000));
  CHECK_THROWS_AS(pool.acquire({.deadline = {}, .stop = source.get_token()}), Interrupted);
}

TEST_CASE("a closed pool refuses at once, and leases finish") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  Lease lease = pool.acquire();
  auto waiting =
      std::async(std::launch::async, [&] { CHECK_THROWS_AS(pool.acquire(), PoolClosed); });
  REQUIRE(eventually([&] { return pool.statistics().waiting == 1; }));
  pool.close();
  waiting.get();
  CHECK_THROWS_AS(pool.acquire(), PoolClosed);
  CHECK(integer(*lease, "SELECT 7") == 7);
  CHECK_FALSE(pool.wait_until_unused(within(10)));
  lease.release();
  CHECK(pool.wait_until_unused({}));
  CHECK(pool.statistics().idle == 0);
  CHECK(pool.statistics().discarded == 1);
}

TEST_CASE("a lease may outlive its pool") {
  const SqliteFile file;
  Lease lease;
  {
    Pool pool(file.url);
    lease = pool.acquire();
  }
  CHECK(integer(*lease, "SELECT 7") == 7);
}

TEST_CASE("no connection comes back in a transaction") {
  on_each_database([](const std::string& url) {
    Pool pool(url, {.size = 1});
    {
      const Lease lease = pool.acquire();
      lease->execute("CREATE TABLE t (id integer)");
      detail::connection_of(*lease).begin();
      lease->execute("INSERT INTO t VALUES (1)");
    }
    CHECK(pool.statistics().rolled_back == 1);
    const Lease lease = pool.acquire();
    CHECK(integer(*lease, "SELECT count(*) FROM t") == 0);
    CHECK(pool.statistics().connected == 1);
    // One that has failed, too.
    detail::connection_of(*lease).begin();
    CHECK_THROWS_AS(lease->execute("INSERT INTO not_there VALUES (1)"), DatabaseError);
  });
}

TEST_CASE("no session carries over what its last user set") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase scratch(*server);
  Pool pool(scratch.url(), {.size = 1});
  {
    const Lease lease = pool.acquire();
    Database& database = *lease;
    database.execute("SET search_path = nowhere");
    database.execute("CREATE TEMPORARY TABLE leftover (id integer)");
    database.query("SELECT pg_advisory_lock(4711)");
    database.execute("LISTEN somebody");
    database.execute("PREPARE question AS SELECT 1");
    database.query("SELECT set_config('my.setting', 'mine', false)");
    database.execute("SET ROLE pg_monitor");
  }
  CHECK(integer_of(ask(const_cast<ScratchDatabase&>(scratch).server(),
                       "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = "
                       "4711")) == 0);
  const Lease lease = pool.acquire();
  Database& database = *lease;
  CHECK(text_of(database.query("SHOW search_path").rows.at(0).at(0)) == "\"$user\", public");
  CHECK(integer(database, "SELECT count(*) FROM pg_class WHERE relname = 'leftover'") == 0);
  CHECK(integer(database, "SELECT count(*) FROM pg_listening_channels()") == 0);
  CHECK(integer(database, "SELECT count(*) FROM pg_prepared_statements WHERE name = 'question'") ==
        0);
  CHECK(text_of(database.query("SELECT current_setting('my.setting', true)").rows.at(0).at(0)) ==
        "");
  CHECK(text_of(database.query("SELECT current_user").rows.at(0).at(0)) == "limbeck");
  // What Limbeck itself sets for every session is set again.
  CHECK(text_of(database.query("SHOW lock_timeout").rows.at(0).at(0)) == "5s");
  CHECK(text_of(database.query("SHOW idle_in_transaction_session_timeout").rows.at(0).at(0)) ==
        "5min");
  CHECK(pool.statistics().connected == 1);
}

TEST_CASE("a pragma of SQLite does not carry over") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  {
    const Lease lease = pool.acquire();
    lease->query("CREATE TEMP TABLE leftover (id integer)");
    lease->query("PRAGMA query_only = 1");
  }
  const Lease lease = pool.acquire();
  CHECK(integer(*lease, "PRAGMA query_only") == 0);
  CHECK(integer(*lease, "SELECT count(*) FROM sqlite_temp_master") == 0);
}

TEST_CASE("a connection that the server has ended is replaced before anybody gets it") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase scratch(*server);
  Pool pool(scratch.url(), {.size = 2});
  Lease first = pool.acquire();
  Lease second = pool.acquire();
  const std::int64_t pid = integer(*first, "SELECT pg_backend_pid()");
  first.release();
  second->query("SELECT pg_terminate_backend(" + std::to_string(pid) + ")");
  second.discard();
  REQUIRE(eventually([&] {
    return integer_of(ask(
               const_cast<ScratchDatabase&>(scratch).server(),
               "SELECT count(*) FROM pg_stat_activity WHERE pid = " + std::to_string(pid))) == 0;
  }));
  const Lease third = pool.acquire();
  CHECK(integer(*third, "SELECT pg_backend_pid()") != pid);
}

TEST_CASE("a connection is closed when it is too old or was not used for long") {
  const SqliteFile file;
  Pool old(file.url, {.size = 1, .maximum_age = milliseconds(60)});
  {
    const Lease lease = old.acquire();
    std::this_thread::sleep_for(milliseconds(80));
    CHECK(integer(*lease, "SELECT 1") == 1);  // whoever has it keeps it
  }
  CHECK(old.statistics().idle == 0);
  CHECK(old.statistics().discarded == 1);

  Pool unused(file.url, {.size = 2, .maximum_idle = milliseconds(40)});
  unused.acquire().release();
  CHECK(unused.statistics().idle == 1);
  CHECK(eventually([&] { return unused.statistics().idle == 0; }));  // without being asked
  CHECK(eventually([&] { return unused.statistics().discarded == 1; }));
}

TEST_CASE("a connection that was idle for long is asked whether it lives") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase scratch(*server);
  // The question is a statement, which the server counts.
  const auto last_query = [&](std::int64_t pid) {
    return ask_text(const_cast<ScratchDatabase&>(scratch).server(),
                    "SELECT query FROM pg_stat_activity WHERE pid = " + std::to_string(pid));
  };
  for (const bool is_asked : {true, false}) {
    Pool pool(scratch.url(), {.size = 1, .validate_after = milliseconds(is_asked ? 0 : 60'000)});
    Lease lease = pool.acquire();
    const std::int64_t pid = integer(*lease, "SELECT pg_backend_pid()");
    lease.release();
    const Lease again = pool.acquire();
    CHECK(last_query(pid) == (is_asked ? "SELECT 1" : "SELECT pg_backend_pid()"));
  }
}

TEST_CASE("a deadline ends the running statement, and no other begins") {
  on_each_database([](const std::string& url) {
    const bool is_sqlite = url.rfind("sqlite", 0) == 0;
    const std::string slow =
        is_sqlite ? "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT "
                    "count(*) FROM c"
                  : "SELECT pg_sleep(30)";
    Pool pool(url, {.size = 1});
    {
      const Lease lease = pool.acquire(within(200));
      const Stopwatch watch;
      CHECK_THROWS_AS(lease->query(slow), DeadlineExceeded);
      CHECK(watch.elapsed() < milliseconds(5'000));
      CHECK_THROWS_AS(lease->query("SELECT 1"), DeadlineExceeded);
    }
    const Lease lease = pool.acquire();  // the pool is as good as before
    CHECK(integer(*lease, "SELECT 1") == 1);
  });
}

TEST_CASE("a deadline that passes inside a transaction rolls it back") {
  on_each_database([](const std::string& url) {
    Pool pool(url, {.size = 1});
    pool.acquire()->execute("CREATE TABLE t (id integer)");
    {
      const Lease lease = pool.acquire(within(150));
      Transaction transaction(*lease);
      lease->execute("INSERT INTO t VALUES (1)");
      std::this_thread::sleep_for(milliseconds(200));
      CHECK_THROWS_AS(transaction.commit(), DeadlineExceeded);
    }
    CHECK(integer(*pool.acquire(), "SELECT count(*) FROM t") == 0);
  });
}

TEST_CASE("a stop from another thread cancels the running statement") {
  on_each_database([](const std::string& url) {
    const bool is_sqlite = url.rfind("sqlite", 0) == 0;
    const std::string slow =
        is_sqlite ? "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT "
                    "count(*) FROM c"
                  : "SELECT pg_sleep(30)";
    Pool pool(url, {.size = 1});
    std::stop_source source;
    std::jthread stopper([&] {
      std::this_thread::sleep_for(milliseconds(150));
      source.request_stop();
    });
    const Stopwatch watch;
    const Lease lease = pool.acquire({.deadline = {}, .stop = source.get_token()});
    CHECK_THROWS_AS(lease->query(slow), Interrupted);
    CHECK(watch.elapsed() < milliseconds(5'000));
    CHECK_THROWS_AS(lease->query("SELECT 1"), Interrupted);
  });
}

TEST_CASE("a pool that cannot connect keeps its room") {
  Pool pool("sqlite:////no/such/folder/a.db", {.size = 1});
  for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(pool.acquire(), CannotConnect);
  CHECK(pool.statistics().in_use == 0);

  Pool nobody("postgresql://u:s3cret@127.0.0.1:1/d", {.size = 1});
  try {
    nobody.acquire();
    FAIL("nobody listens there");
  } catch (const CannotConnect& error) {
    CHECK(error.sqlstate() == "08001");
    CHECK(error.report().message.find("s3cret") == std::string::npos);
  }
  CHECK(nobody.redacted_url().find("s3cret") == std::string::npos);
}

TEST_CASE("a server that refuses says its SQLSTATE") {
  const auto server = server_url();
  if (!server) return;
  const auto state_of = [](const std::string& url) {
    try {
      Pool(url).acquire();
    } catch (const CannotConnect& error) {
      CHECK(error.report().message.find("LOCATION") == std::string::npos);
      CHECK(error.report().message.find(error.sqlstate()) == std::string::npos);
      return error.sqlstate();
    }
    return std::string("connected");
  };
  CHECK(state_of(with_database(*server, "not_there")) == "3D000");
  std::string nobody = *server;
  nobody.replace(nobody.find("limbeck@"), 8, "nobody_at_all@");
  CHECK(state_of(nobody) == "28000");
}

TEST_CASE("options that make no sense are refused") {
  CHECK_THROWS_AS(Pool("sqlite:///a.db", {.size = 0}), Error);
  CHECK_THROWS_AS(Pool("sqlite://", {.size = 2}), Error);
  CHECK_THROWS_AS(Pool("nonsense"), Error);
  Pool memory("sqlite://", {.size = 1});
  memory.acquire()->execute("CREATE TABLE t (id integer)");
  CHECK(integer(*memory.acquire(), "SELECT count(*) FROM t") == 0);
}

}  // namespace limbeck::test
