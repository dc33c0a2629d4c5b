// A service in small, which tests/end_to_end/service_test.py puts before servers that stop, refuse,
// freeze and cut it off. It uses nothing but public headers, and prints a line for each outcome.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "limbeck/health.h"
#include "limbeck/retry.h"

namespace {

using limbeck::Database;
using limbeck::Deadline;
using limbeck::Limits;
using std::chrono::milliseconds;

Limits within(int ms) {
  return {.deadline = Deadline::in(milliseconds(ms)), .stop = {}};
}

// What became of work: "done", or the kind of its error.
template <class Work>
std::string outcome_of(const Work& work) {
  try {
    work();
    return "done";
  } catch (const limbeck::CommitUnknown&) {
    return "unknown";
  } catch (const limbeck::ConnectionLost&) {
    return "lost";
  } catch (const limbeck::DeadlineExceeded&) {
    return "deadline";
  } catch (const limbeck::CannotConnect& error) {
    return "refused " + error.sqlstate();
  } catch (const limbeck::Error& error) {
    return std::string("failed: ") + error.what();
  }
}

void say(const std::string& text) {
  std::puts(text.c_str());
  std::fflush(stdout);
}

// Inserts 1 to count, each in a transaction of its own, by four threads.
void insert(const std::string& url, int count) {
  limbeck::Pool pool(url, {.size = 4, .connect_timeout = milliseconds(2'000)});
  const limbeck::RetryPolicy policy{
      .attempts = 10'000, .base = milliseconds(10), .cap = milliseconds(300)};
  std::atomic<int> next = 1;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = next++; i <= count; i = next++) {
        const std::string outcome = outcome_of([&] {
          limbeck::retry(
              pool, policy,
              [&](Database& database) {
                database.execute("INSERT INTO numbers VALUES ($1)", {std::int64_t{i}});
              },
              within(90'000));
        });
        say(outcome + " " + std::to_string(i));
      }
    });
  }
}

// A statement that takes a minute, with a deadline.
void sleep(const std::string& url, int ms) {
  limbeck::Pool pool(url);
  const auto began = Deadline::Clock::now();
  {
    const limbeck::Lease lease = pool.acquire(within(ms));
    say("backend " + limbeck::text_of(lease->query("SELECT pg_backend_pid()").rows.at(0).at(0)));
    say(outcome_of([&] { lease->query("SELECT pg_sleep(60)"); }));
  }
  const auto took = std::chrono::duration_cast<milliseconds>(Deadline::Clock::now() - began);
  say(std::to_string(took.count()));
}

void connect(const std::string& url, int ms) {
  limbeck::Pool pool(url);
  const auto began = Deadline::Clock::now();
  say(outcome_of([&] { pool.acquire(within(ms)); }));
  const auto took = std::chrono::duration_cast<milliseconds>(Deadline::Clock::now() - began);
  say(std::to_string(took.count()));
}

void health(const std::string& url, int ms) {
  limbeck::Pool pool(url, {.size = 2});
  const limbeck::Lease used = pool.acquire();
  say(limbeck::to_json(limbeck::check_health(pool, {.timeout = milliseconds(ms)})));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const std::string url = arguments[2];
  const int number = std::atoi(arguments[3]);
  const struct {
    const char* name;
    void (*run)(const std::string&, int);
  } scenarios[] = {{"insert", insert}, {"sleep", sleep}, {"connect", connect}, {"health", health}};
  for (const auto& scenario : scenarios) {
    if (std::strcmp(scenario.name, arguments[1]) == 0) {
      scenario.run(url, number);
      return 0;
    }
  }
  return 2;
}
