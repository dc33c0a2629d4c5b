#include "dialect/postgres/connect.h"

#include <cstdlib>
#include <string_view>
#include <vector>

#include "dialect/postgres/errors.h"

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
  std::vector<const char*> keywords{"dbname", "application_name", "client_encoding"};
  std::vector<const char*> values{url.target().c_str(), options.application_name.c_str(), "UTF8"};
  if (!has_timeout(parsed.get())) {
    keywords.push_back("connect_timeout");
    values.push_back("10");
  }
  if (!options.database.empty()) {  // the last one counts, and is not taken apart
    keywords.push_back("dbname");
    values.push_back(options.database.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  constexpr int expand_url_in_dbname = 1;
  Handle<PGconn> connection(
      libpq().PQconnectdbParams(keywords.data(), values.data(), expand_url_in_dbname));
  if (!connection) throw std::bad_alloc();
  if (libpq().PQstatus(connection.get()) != CONNECTION_OK) {
    throw connect_error(libpq().PQerrorMessage(connection.get()));
  }
  return connection;
}

}  // namespace limbeck::postgres
