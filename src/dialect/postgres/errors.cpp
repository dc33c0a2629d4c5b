#include "dialect/postgres/errors.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

#include "dialect/database_url.h"

namespace limbeck::postgres {
namespace {

std::string field(const PGresult* result, int code) {
  const char* text = libpq().PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(text);
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return std::string(text);
}

bool is_lock_failure(std::string_view sqlstate) {
  return sqlstate == "55P03" || sqlstate == "40P01";
}

struct ConnectHint {
  std::string_view part;  // of libpq's or the server's message
  std::string_view hint;
};

// The first row that fits counts. A server that speaks another language than English gives no hint,
// only its message.
constexpr std::array<ConnectHint, 13> connect_hints{{
    {"no password supplied", "give the password with PGPASSWORD, a ~/.pgpass file or the url"},
    {"password authentication failed",
     "check the user name and the password; PGPASSWORD, ~/.pgpass and the url are looked at"},
    {"authentication failed", "check the user name and the server's pg_hba.conf"},
    {"no pg_hba.conf entry",
     "the server does not accept this user from this host: see its pg_hba.conf"},
    {"role \"", "check the user name in the url"},
    {"database \"", "create the database first, or check its name in the url"},
    {"could not translate host name", "check the host name in the url"},
    {"Connection refused", "check that the server runs and that host and port are right"},
    {"No such file or directory",
     "check that the server runs on this machine, or give a host in the url"},
    {"timeout expired",
     "check host, port and firewall; connect_timeout in the url changes how long is waited"},
    {"too many clients",
     "the server has no free connection: try again later, or raise max_connections"},
    {"remaining connection slots", "the server has no free connection: try again later"},
    {"starting up", "the server is starting: try again in a moment"},
}};

}  // namespace

Failed failure_of(const PGresult* result, std::size_t command, int offset) {
  Failed failed;
  SqlFailure& failure = failed.failure;
  failure.sqlstate = field(result, PG_DIAG_SQLSTATE);
  failure.message = redact(field(result, PG_DIAG_MESSAGE_PRIMARY));
  // libpq's own errors, such as a broken connection, have text alone.
  if (failure.message.empty())
    failure.message = redact(trimmed(libpq().PQresultErrorMessage(result)));
  failure.detail = redact(field(result, PG_DIAG_MESSAGE_DETAIL));
  failure.hint = redact(field(result, PG_DIAG_MESSAGE_HINT));
  failure.schema = field(result, PG_DIAG_SCHEMA_NAME);
  failure.table = field(result, PG_DIAG_TABLE_NAME);
  failure.column = field(result, PG_DIAG_COLUMN_NAME);
  failure.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  const std::string position = field(result, PG_DIAG_STATEMENT_POSITION);
  if (!position.empty()) failure.position = std::max(std::atoi(position.c_str()) - offset, 0);
  failure.command = command;
  failure.retryable = is_lock_failure(failure.sqlstate);
  failed.context = redact(field(result, PG_DIAG_CONTEXT));
  failed.stale_plan = failure.sqlstate == "26000" ||
                      (failure.sqlstate == "0A000" &&
                       field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery");
  return failed;
}

bool is_connection_loss(std::string_view sqlstate) {
  return sqlstate == "57P01" || sqlstate == "57P02" || sqlstate == "57P03" ||
         sqlstate.substr(0, 2) == "08";
}

void raise(Failed failed, bool connection_lost, bool interrupted) {
  SqlFailure& failure = failed.failure;
  ErrorReport report{.code = ExitCode::failed_rolled_back,
                     .message = failure.message,
                     .detail = failure.detail,
                     .hint = failure.hint};
  if (!failed.context.empty()) {
    report.detail += fmt::format("{}{}", report.detail.empty() ? "" : "\n", failed.context);
  }
  if (connection_lost || is_connection_loss(failure.sqlstate)) {
    report.code = ExitCode::cannot_connect;
    report.message = "the connection to the server was lost: " + report.message;
    throw ConnectionLost(std::move(report), std::move(failure));
  }
  if (interrupted && failure.sqlstate == "57014") {
    report.code = ExitCode::interrupted;
    report.message = "interrupted: the running statement was cancelled";
    throw Interrupted(std::move(report), std::move(failure));
  }
  if (is_lock_failure(failure.sqlstate)) report.code = ExitCode::lock_not_acquired;
  throw DatabaseError(std::move(report), std::move(failure));
}

Error connect_error(std::string_view message) {
  const std::string text = redact(trimmed(message));
  ErrorReport report{.code = ExitCode::cannot_connect,
                     .message = "cannot connect to the PostgreSQL server",
                     .detail = text};
  for (const ConnectHint& row : connect_hints) {
    if (text.find(row.part) == std::string::npos) continue;
    report.hint = row.hint;
    break;
  }
  // The last line alone says the reason when there was one host; several hosts give several lines.
  if (!text.empty() && text.find('\n') == std::string::npos) {
    report.message += ": " + text;
    report.detail.clear();
  }
  return Error(std::move(report));
}

}  // namespace limbeck::postgres
