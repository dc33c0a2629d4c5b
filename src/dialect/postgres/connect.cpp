#include "dialect/postgres/connect.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <poll.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/interrupt.h"
#include "dialect/postgres/errors.h"
#include "dialect/postgres/session_options.h"
#include "dialect/postgres/tls.h"

namespace limbeck::postgres {
namespace {

// Whether the user has said how long to wait, in the url, the environment or, perhaps, a service
// file.
bool has_timeout(const PQconninfoOption* options) {
  for (; options->keyword != nullptr; ++options) {
    const std::string_view keyword = options->keyword;
    if ((keyword == "connect_timeout" || keyword == "service") && options->val != nullptr)
      return true;
  }
  return std::getenv("PGCONNECT_TIMEOUT") != nullptr || std::getenv("PGSERVICE") != nullptr;
}

using Keywords = std::vector<std::pair<const char*, std::string>>;

// The names and values as libpq takes them. parameters must outlive the result.
struct KeywordArrays {
  explicit KeywordArrays(const Keywords& parameters) {
    for (const auto& [keyword, value] : parameters) {
      keywords.push_back(keyword);
      values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
  }
  std::vector<const char*> keywords;
  std::vector<const char*> values;
};
constexpr int expand_url_in_dbname = 1;

Handle<PGconn> connect(const Keywords& parameters) {
  const KeywordArrays arrays(parameters);
  Handle<PGconn> connection(libpq().PQconnectdbParams(arrays.keywords.data(), arrays.values.data(),
                                                      expand_url_in_dbname));
  if (!connection) throw std::bad_alloc();
  if (libpq().PQstatus(connection.get()) != CONNECTION_OK) {
    throw connect_error(libpq().PQerrorMessage(connection.get()));
  }
  return connection;
}

// Waits for the socket, a part of a second at most; whether it is ready.
bool await(PGconn* connection, PostgresPollingStatusType status, const Limits& limits,
           const std::atomic<bool>* interrupt) {
  constexpr std::chrono::milliseconds longest{100};
  if (limits.stop.stop_requested()) refuse(Ending::stop);
  if (interrupt != nullptr && interrupt->load()) refuse(Ending::user);
  if (limits.deadline.passed()) {
    throw connect_error("the server did not answer in time: timeout expired", "08001");
  }
  const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
  pollfd socket{libpq().PQsocket(connection), events, 0};
  return poll(&socket, 1, static_cast<int>(std::min(limits.deadline.left(), longest).count())) > 0;
}

// The same as connect(), but never beyond the limits; a failure says its SQLSTATE. To look a host
// up is the only thing in it that waits for as long as the system does.
Handle<PGconn> connect_within(const Limits& limits, const std::atomic<bool>* interrupt,
                              const Keywords& parameters) {
  const KeywordArrays arrays(parameters);
  Handle<PGconn> connection(libpq().PQconnectStartParams(
      arrays.keywords.data(), arrays.values.data(), expand_url_in_dbname));
  if (!connection) throw std::bad_alloc();
  PGconn* const raw = connection.get();
  libpq().PQsetErrorVerbosity(raw, PQERRORS_VERBOSE);
  auto status =
      libpq().PQstatus(raw) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) {
      const bool needs_password = libpq().PQconnectionNeedsPassword(raw) == 1;
      throw connect_error(libpq().PQerrorMessage(raw), needs_password ? "28P01" : "08001");
    }
    if (await(raw, status, limits, interrupt)) status = libpq().PQconnectPoll(raw);
  }
  libpq().PQsetErrorVerbosity(raw, PQERRORS_DEFAULT);
  return connection;
}

// connect_timeout of the url is of no effect without the blocking call, which would look at it.
Limits within_seconds(const Limits& limits, std::string_view seconds) {
  int count = 0;
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), count);
  if (count <= 0) return limits;
  Limits shorter = limits;
  shorter.deadline = std::min(limits.deadline, Deadline::in(std::chrono::seconds(count)));
  return shorter;
}

// libpq knows no other way to go from one host to the next than its own timeout, in seconds.
int whole_seconds(const Limits& limits) {
  constexpr int least = 2;  // libpq takes 1 for 2
  constexpr int most = 10;
  const auto left = std::chrono::ceil<std::chrono::seconds>(limits.deadline.left()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, least, most));
}

}  // namespace

Handle<PGconn> open(const DatabaseUrl& url, const ConnectOptions& options) {
  char* reason = nullptr;
  const Handle<PQconninfoOption> parsed(libpq().PQconninfoParse(url.target().c_str(), &reason));
  if (!parsed) {
    // The reason may repeat any part of the url, so that it is not shown.
    libpq().PQfreemem(reason);
    throw Error({.code = ExitCode::cannot_connect,
                 .message = "libpq does not understand the database url " + url.redacted(),
                 .hint = "check its options; special characters are written %40 (@), %2F (/), %3A "
                         "(:), %23 (#)"});
  }
  Keywords parameters{{"dbname", url.target()},
                      {"application_name", options.application_name},
                      {"client_encoding", "UTF8"}};
  if (auto own = session_options(url, option_value(parsed.get(), "options")); !own.empty())
    parameters.emplace_back("options", std::move(own));
  for (auto& parameter : tls_defaults(url)) parameters.push_back(std::move(parameter));
  const bool limited = options.limits != nullptr;
  const bool has_several_hosts =
      option_value(parsed.get(), "host").find(',') != std::string_view::npos ||
      option_value(parsed.get(), "hostaddr").find(',') != std::string_view::npos;
  if (limited && has_several_hosts) {
    parameters.emplace_back("connect_timeout", std::to_string(whole_seconds(*options.limits)));
  } else if (!has_timeout(parsed.get())) {
    parameters.emplace_back("connect_timeout", "10");
  }
  // The last one counts, and is not taken apart.
  if (!options.database.empty()) parameters.emplace_back("dbname", options.database);
  if (!limited || has_several_hosts) return connect(parameters);
  const Limits limits =
      within_seconds(*options.limits, option_value(parsed.get(), "connect_timeout"));
  return connect_within(limits, options.interrupt, parameters);
}

}  // namespace limbeck::postgres
