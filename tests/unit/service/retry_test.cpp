#include "limbeck/retry.h"

#include <atomic>
#include <doctest/doctest.h>
#include <future>

#include "unit/service/service_databases.h"

namespace limbeck::test {
namespace {

DatabaseError failed_with(const std::string& sqlstate) {
  return DatabaseError({.code = ExitCode::failed_rolled_back, .message = "failed"},
                       {.sqlstate = sqlstate});
}

constexpr RetryPolicy quick{.attempts = 4, .base = milliseconds(1), .cap = milliseconds(5)};

}  // namespace

TEST_CASE("the longest pause doubles, up to a cap") {
  const RetryPolicy policy{.attempts = 9, .base = milliseconds(50), .cap = milliseconds(1'000)};
  std::vector<std::int64_t> longest;
  for (int n = 0; n < 8; ++n) longest.push_back(longest_pause(policy, n).count());
  CHECK(longest == std::vector<std::int64_t>{50, 100, 200, 400, 800, 1'000, 1'000, 1'000});
  CHECK(longest_pause(policy, 1'000'000) == milliseconds(1'000));
  CHECK(longest_pause({.base = milliseconds(7'000), .cap = milliseconds(100)}, 0) ==
        milliseconds(100));
}

TEST_CASE("a pause is anything between nothing and the longest, each as likely") {
  const RetryPolicy policy{.attempts = 9, .base = milliseconds(100), .cap = milliseconds(400)};
  constexpr int samples = 4'000;
  for (int n = 0; n < 4; ++n) {
    const auto longest = longest_pause(policy, n).count();
    std::vector<int> quarters(4);
    std::int64_t least = longest;
    std::int64_t most = 0;
    for (int i = 0; i < samples; ++i) {
      detail::Attempts attempts(policy, {});
      std::int64_t pause = 0;
      for (int k = 0; k <= n; ++k) pause = attempts.next_pause().count();
      REQUIRE(pause >= 0);
      REQUIRE(pause <= longest);
      least = std::min(least, pause);
      most = std::max(most, pause);
      ++quarters[static_cast<std::size_t>(pause * 4 / (longest + 1))];
    }
    CHECK(least <= longest / 50);
    CHECK(most >= longest - longest / 50);
    // A quarter of the samples each; 5 standard deviations are 137.
    for (const int count : quarters) CHECK(std::abs(count - samples / 4) < 150);
  }
}

TEST_CASE("only what passes is transient") {
  for (const char* code :
       {"40001", "40P01", "55P03", "53300", "57P01", "57P03", "08006", "08001", "SQLITE_BUSY"}) {
    CHECK_MESSAGE(is_transient(failed_with(code)), code);
  }
  for (const char* code : {"23505", "42601", "57014", "08007", "28P01", "25P02", "22012", "LB001",
                           "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CORRUPT", "SQLITE_FULL", ""}) {
    CHECK_MESSAGE(!is_transient(failed_with(code)), code);
  }
  CHECK(is_transient(CannotConnect({.message = "refused"}, "08001")));
  CHECK(is_transient(CannotConnect({.message = "too many clients"}, "53300")));
  CHECK_FALSE(is_transient(CannotConnect({.message = "wrong password"}, "28P01")));
  CHECK_FALSE(is_transient(CannotConnect({.message = "no such database"}, "3D000")));
  CHECK(is_transient(ConnectionLost({.message = "gone"}, {})));
  CHECK_FALSE(is_transient(CommitUnknown({.message = "gone"}, {.sqlstate = "57P01"})));
  CHECK_FALSE(is_transient(DeadlineExceeded({.message = "late"}, {})));
  CHECK_FALSE(is_transient(Interrupted({.message = "stopped"}, {})));
  CHECK_FALSE(is_transient(PoolClosed({.message = "closed"})));
}

TEST_CASE("a transaction is run anew as a whole until it succeeds") {
  on_each_database([](const std::string& url) {
    Pool pool(url, {.size = 1});
    pool.acquire()->execute("CREATE TABLE t (id integer)");
    int calls = 0;
    const int result = retry(pool, quick, [&](Database& database) {
      database.execute("INSERT INTO t VALUES (1)");
      if (++calls < 3) throw failed_with("40001");
      return 42;
    });
    CHECK(result == 42);
    CHECK(calls == 3);
    CHECK(integer(*pool.acquire(), "SELECT count(*) FROM t") == 1);
  });
}

TEST_CASE("attempts are bounded, and the error says how many there were") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  int calls = 0;
  try {
    retry(pool, quick, [&](Database&) {
      ++calls;
      throw failed_with("40001");
    });
    FAIL("it never succeeds");
  } catch (const DatabaseError& error) {
    CHECK(error.report().context == std::vector<std::string>{"after 4 attempts"});
  }
  CHECK(calls == 4);
  CHECK(pool.statistics().in_use == 0);
}

TEST_CASE("what does not pass is thrown at once") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  int calls = 0;
  const auto fails_with = [&](auto error) {
    calls = 0;
    try {
      retry(pool, quick, [&](Database&) {
        ++calls;
        throw error;
      });
    } catch (const std::exception&) {
    }
    return calls;
  };
  CHECK(fails_with(failed_with("23505")) == 1);
  CHECK(fails_with(CommitUnknown({.message = "gone"}, {})) == 1);
  CHECK(fails_with(std::runtime_error("of the program")) == 1);
  CHECK(fails_with(ConnectionLost({.message = "gone"}, {})) == quick.attempts);
}

TEST_CASE("a deadline ends the attempts") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  const RetryPolicy endless{
      .attempts = 1'000'000, .base = milliseconds(10), .cap = milliseconds(20)};
  const Stopwatch watch;
  CHECK_THROWS_AS(retry(pool, endless, [](Database&) { throw failed_with("40001"); },
                        {.deadline = Deadline::in(milliseconds(150)), .stop = {}}),
                  DatabaseError);
  CHECK(watch.elapsed() < milliseconds(5'000));
}

TEST_CASE("a stop ends a pause") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  std::stop_source source;
  const RetryPolicy slow{
      .attempts = 1'000, .base = milliseconds(60'000), .cap = milliseconds(60'000)};
  std::jthread stopper([&] {
    std::this_thread::sleep_for(milliseconds(50));
    source.request_stop();
  });
  const Stopwatch watch;
  CHECK_THROWS_AS(retry(pool, slow, [](Database&) { throw failed_with("40001"); },
                        {.deadline = {}, .stop = source.get_token()}),
                  DatabaseError);
  CHECK(watch.elapsed() < milliseconds(10'000));
}

TEST_CASE("two transactions that lock each other both succeed") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase scratch(*server);
  Pool pool(scratch.url(), {.size = 2});
  {
    const Lease lease = pool.acquire();
    lease->execute("CREATE TABLE accounts (id integer PRIMARY KEY, balance integer)");
    lease->execute("INSERT INTO accounts VALUES (1, 0), (2, 0)");
  }
  std::atomic<int> calls = 0;
  std::atomic<int> arrived = 0;
  const auto both = [&](int first, int second) {
    retry(pool, RetryPolicy{}, [&](Database& database) {
      const bool is_first_try = ++calls <= 2;
      const std::string update = "UPDATE accounts SET balance = balance + 1 WHERE id = $1";
      database.execute(update, {std::int64_t{first}});
      // Both hold one row before either asks for the other.
      ++arrived;
      if (is_first_try) REQUIRE(eventually([&] { return arrived >= 2; }));
      database.execute(update, {std::int64_t{second}});
    });
  };
  auto other = std::async(std::launch::async, [&] { both(2, 1); });
  both(1, 2);
  other.get();
  CHECK(calls >= 3);
  CHECK(integer(*pool.acquire(), "SELECT min(balance) FROM accounts") == 2);
}

TEST_CASE("a database that another one writes is waited for") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 2, .lock_timeout = milliseconds(20)});
  pool.acquire()->execute("CREATE TABLE t (id integer)");
  Lease writer = pool.acquire();
  detail::connection_of(*writer).begin();
  std::atomic<int> calls = 0;
  auto other = std::async(std::launch::async, [&] {
    const RetryPolicy patient{.attempts = 1'000, .base = milliseconds(1), .cap = milliseconds(10)};
    retry(pool, patient, [&](Database& database) {
      ++calls;
      database.execute("INSERT INTO t VALUES (1)");
    });
  });
  std::this_thread::sleep_for(milliseconds(150));
  CHECK(calls == 0);  // BEGIN itself is refused
  writer.release();
  other.get();
  CHECK(calls == 1);
  CHECK(integer(*pool.acquire(), "SELECT count(*) FROM t") == 1);
}

TEST_CASE("reading is repeated without a transaction") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  int calls = 0;
  const std::int64_t two = retry_idempotent(pool, quick, [&](Database& database) {
    if (++calls == 1) throw ConnectionLost({.message = "gone"}, {});
    return integer(database, "SELECT 2");
  });
  CHECK(two == 2);
  CHECK(calls == 2);
}

}  // namespace limbeck::test
