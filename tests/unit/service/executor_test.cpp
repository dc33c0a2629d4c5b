#include "limbeck/executor.h"

#include <doctest/doctest.h>
#include <latch>

#include "limbeck/retry.h"

#include "unit/service/service_databases.h"

namespace limbeck::test {

TEST_CASE("work gives its result, or what it threw, in a future") {
  on_each_database([](const std::string& url) {
    Pool pool(url, {.size = 2});
    Executor executor(pool, {.threads = 2});
    std::future<std::int64_t> number =
        executor.submit([](Database& database) { return integer(database, "SELECT 40 + 2"); });
    std::future<void> failure =
        executor.submit([](Database& database) { database.query("SELECT nonsense FROM nowhere"); });
    std::future<int> without = executor.submit([] { return 7; });
    CHECK(number.get() == 42);
    CHECK_THROWS_AS(failure.get(), DatabaseError);
    CHECK(without.get() == 7);
    CHECK(pool.wait_until_unused({}));
  });
}

TEST_CASE("work may be what is retried") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  Executor executor(pool, {.threads = 1});
  auto done = executor.submit([&pool] {
    return retry(pool, RetryPolicy{}, [](Database& database) {
      database.execute("CREATE TABLE t (id integer)");
      return std::string("made");
    });
  });
  CHECK(done.get() == "made");
}

TEST_CASE("a callback gets a future that is ready") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  std::promise<std::int64_t> told;
  std::promise<bool> failed;
  Executor executor(pool, {.threads = 1});
  executor.submit([](Database& database) { return integer(database, "SELECT 3"); }, {},
                  [&](std::future<std::int64_t> result) {
                    told.set_value(result.get());
                    throw 1;  // is lost, and hurts nobody
                  });
  executor.submit([](Database&) { throw std::runtime_error("no"); }, {},
                  [&](std::future<void> result) {
                    try {
                      result.get();
                    } catch (const std::runtime_error&) {
                      failed.set_value(true);
                    }
                  });
  CHECK(told.get_future().get() == 3);
  CHECK(failed.get_future().get());
}

TEST_CASE("a full queue refuses, and a closed one ends what waits") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  std::latch go(1);
  std::latch begun(1);
  std::future<int> running;
  std::future<int> waiting;
  {
    Executor executor(pool, {.threads = 1, .queue = 1});
    running = executor.submit([&] {
      begun.count_down();
      go.wait();
      return 1;
    });
    begun.wait();
    waiting = executor.submit([] { return 2; });
    CHECK(executor.waiting() == 1);
    CHECK_THROWS_AS(executor.submit([] { return 3; }), WorkRefused);
    executor.close();
    CHECK_THROWS_AS(executor.submit([] { return 4; }), WorkRefused);
    go.count_down();
  }
  CHECK(running.get() == 1);
  CHECK_THROWS_AS(waiting.get(), WorkRefused);
}

TEST_CASE("work whose time is over is not begun") {
  const SqliteFile file;
  Pool pool(file.url, {.size = 1});
  Executor executor(pool, {.threads = 1});
  std::latch go(1);
  auto running = executor.submit([&] { go.wait(); });
  bool has_begun = false;
  auto late = executor.submit([&] { has_begun = true; },
                              {.deadline = Deadline::in(milliseconds(10)), .stop = {}});
  std::stop_source source;
  auto stopped =
      executor.submit([&] { has_begun = true; }, {.deadline = {}, .stop = source.get_token()});
  source.request_stop();
  std::this_thread::sleep_for(milliseconds(20));
  go.count_down();
  running.get();
  CHECK_THROWS_AS(late.get(), DeadlineExceeded);
  CHECK_THROWS_AS(stopped.get(), Interrupted);
  CHECK_FALSE(has_begun);
}

TEST_CASE("many pieces of work from many threads") {
  on_each_database([](const std::string& url) {
    Pool pool(url, {.size = 3});
    Executor executor(pool, {.threads = 4, .queue = 10'000});
    std::vector<std::future<std::int64_t>> submitters;
    for (int t = 0; t < 4; ++t) {
      submitters.push_back(std::async(std::launch::async, [&, t] {
        std::vector<std::future<std::int64_t>> futures;
        for (int i = 0; i < 50; ++i) {
          futures.push_back(executor.submit([t, i](Database& database) {
            return integer(database, "SELECT " + std::to_string(t * 50 + i));
          }));
        }
        std::int64_t sum = 0;
        for (auto& future : futures) sum += future.get();
        return sum;
      }));
    }
    std::int64_t sum = 0;
    for (auto& each : submitters) sum += each.get();
    CHECK(sum == 199 * 200 / 2);
  });
}

TEST_CASE("an executor of nothing is refused") {
  Pool pool("sqlite:///nowhere.db");
  CHECK_THROWS_AS(Executor(pool, {.threads = 0}), Error);
  CHECK_THROWS_AS(Executor(pool, {.threads = 1, .queue = 0}), Error);
}

}  // namespace limbeck::test
