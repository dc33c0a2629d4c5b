#include "dialect/postgres/pooler.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <poll.h>

#include "dialect/postgres/connect.h"

namespace limbeck::postgres {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A pooler that has a session to give gives it at once.
constexpr milliseconds time_to_answer{1'000};

// A session that another client took between two questions is back by one of the next.
constexpr int rounds = 4;

enum class Answer { given, none_in_time, failed };

// Until something can be read, or the time is over.
bool can_read(PGconn* connection, Clock::time_point end) {
  const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
  if (left.count() <= 0) return false;
  pollfd socket{libpq().PQsocket(connection), POLLIN, 0};
  const int ready = poll(&socket, 1, static_cast<int>(left.count()));
  return ready > 0 || (ready < 0 && errno == EINTR);
}

// Sends statements by the simple protocol and keeps the last number that comes back.
Answer ask(PGconn* connection, const char* sql, std::int64_t& number) {
  if (libpq().PQsendQuery(connection, sql) != 1) return Answer::failed;
  const Clock::time_point end = Clock::now() + time_to_answer;
  Answer answer = Answer::given;
  for (;;) {
    while (libpq().PQflush(connection) == 1 || libpq().PQisBusy(connection) == 1) {
      if (!can_read(connection, end)) return Answer::none_in_time;
      if (libpq().PQconsumeInput(connection) != 1) return Answer::failed;
    }
    const Handle<PGresult> result(libpq().PQgetResult(connection));
    if (!result) return answer;
    const ExecStatusType status = libpq().PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK && libpq().PQntuples(result.get()) == 1)
      number = std::atoll(libpq().PQgetvalue(result.get(), 0, 0));
    else if (status != PGRES_COMMAND_OK)
      answer = Answer::failed;
  }
}

constexpr const char* which = "SELECT pg_catalog.pg_backend_pid()";
constexpr const char* which_and_keep = "BEGIN; SELECT pg_catalog.pg_backend_pid()";

}  // namespace

bool may_be_shared(PGconn* connection, std::int64_t backend_pid, const DatabaseUrl& url,
                   const ConnectOptions& options) {
  try {
    const Handle<PGconn> other = open(url, options);
    for (int round = 0; round < rounds; ++round) {
      std::int64_t theirs = 0;
      const Answer answer = ask(other.get(), which_and_keep, theirs);
      if (answer == Answer::failed || theirs == backend_pid) return true;
      // Who is asked after one that waits, and answers before it, has a session of its own.
      std::int64_t ours = 0;
      if (ask(connection, which, ours) != Answer::given || ours != backend_pid) return true;
      if (answer == Answer::none_in_time) return false;
      if (ask(other.get(), "ROLLBACK", theirs) != Answer::given) return true;
    }
    return false;
  } catch (const Error&) {
    return true;
  }
}

}  // namespace limbeck::postgres
