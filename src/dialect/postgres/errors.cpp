#include "dialect/postgres/errors.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

#include "base/redact.h"

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

// What helps against the two timeouts, which the server names and gives no hint for. 57014 is also
// a cancel request; a server that speaks another language gets no hint.
std::string timeout_hint(const SqlFailure& failure) {
  if (failure.sqlstate == "57014" &&
      failure.message.find("statement timeout") != std::string::npos) {
    return "give it more time in limbeck.toml (timeouts.statement), or do less in one statement";
  }
  if (failure.sqlstate == "55P03") {
    return "another session holds a lock on it: pg_blocking_pids() and pg_stat_activity say which "
           "while it waits; run the command again when that one has ended, or raise timeouts.lock "
           "in limbeck.toml";
  }
  return {};
}

struct ConnectHint {
  std::string_view part;  // of libpq's or the server's message
  std::string_view hint;
};

// The first row that fits counts. A server that speaks another language than English gives no hint,
// only its message.
constexpr std::string_view tls_hint =
    "a server on another machine has to show who it is (sslmode=verify-full): name the "
    "certificates "
    "to trust with sslrootcert=FILE in the url, or say there that less is enough: sslmode=require, "
    "sslmode=disable";

constexpr std::array<ConnectHint, 36> connect_hints{{
    {"does not support SSL", tls_hint},
    {"root certificate file", tls_hint},
    {"certificate verify failed", tls_hint},
    {"does not match host name", tls_hint},
    {"no password supplied", "give the password with PGPASSWORD, a ~/.pgpass file or the url"},
    {"password authentication failed",
     "check the user name and the password; PGPASSWORD, ~/.pgpass and the url are looked at"},
    {"authentication failed", "check the user name and the server's pg_hba.conf"},
    {"no pg_hba.conf entry",
     "the server does not accept this user from this host: see its pg_hba.conf"},
    {"could not translate host name", "check the host name in the url"},
    {"Connection refused", "check that the server runs and that host and port are right"},
    {"No such file or directory",
     "check that the server runs on this machine, or give a host in the url"},
    {"timeout expired",
     "check host, port and firewall; connect_timeout in the url changes how long is waited"},
    {"too many clients",
     "the server has no free connection: try again later, or raise max_connections"},
    {"remaining connection slots", "the server has no free connection: try again later"},
    {"too many connections for",
     "the role or the database has a limit of connections (CONNECTION LIMIT): try again later, or "
     "raise it"},
    {"starting up", "the server is starting: try again in a moment"},
    {"shutting down", "the server is being stopped: try again when it runs"},
    {"in recovery mode", "the server recovers after a crash: try again in a moment"},
    {"not accepting connections", "the server or the database takes nobody: ask who runs it"},
    {"permission denied for database",
     "its owner can allow it: GRANT CONNECT ON DATABASE ... TO the user of the url"},
    {"is not permitted to log in", "a superuser can allow it: ALTER ROLE ... LOGIN"},
    {"Permission denied",
     "this user may not open the server's socket: give another host in the url"},
    {"Network is unreachable", "check the host in the url, and the network"},
    {"No route to host", "check the host in the url, and the network"},
    {"Connection timed out", "check host, port and firewall"},
    {"Connection reset by peer",
     "something else than PostgreSQL may listen there: check host and "
     "port; or see the server's log"},
    {"server closed the connection unexpectedly",
     "something else than PostgreSQL may listen there: check host and port; or see the server's "
     "log"},
    {"received invalid response",
     "something else than PostgreSQL listens there: check host and port"},
    {"expected authentication request",
     "something else than PostgreSQL listens there: check host and port"},
    {"invalid connection option", "take that option out of the url, or correct its name"},
    {"invalid sslmode value",
     "sslmode is disable, allow, prefer, require, verify-ca or verify-full"},
    {"invalid integer value", "correct that number in the url"},
    {"invalid URI query parameter", "take that option out of the url, or correct its name"},
    // Named in other messages, too.
    {"permission denied to set role",
     "GRANT that role to the login, or take it out of the options of the url"},
    {"role \"", "check the user name in the url"},
    {"database \"", "create the database first, or check its name in the url"},
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
  return sqlstate == "57P01" || sqlstate == "57P02" || sqlstate == "57P03";
}

namespace {

[[noreturn]] void raise_loss(ErrorReport report, SqlFailure failure,
                             const Circumstances& circumstances) {
  constexpr std::string_view silence = "the server did not answer to the request to cancel";
  const bool is_given_up = circumstances.given_up;
  report.code = ExitCode::cannot_connect;
  // libpq says in further lines what it takes for likely, and what it tried afterwards.
  const std::string first_line = report.message.substr(0, report.message.find('\n'));
  report.message =
      "the connection to the server was lost: " + std::string(is_given_up ? silence : first_line);
  if (circumstances.commit_sent) {
    report.state = "whether the transaction was committed is not known";
    throw CommitUnknown(std::move(report), std::move(failure));
  }
  constexpr const char* what_is_known =
      "an open transaction is rolled back; what a statement outside of one did is not known";
  if (is_given_up && circumstances.ending == Ending::deadline) {
    report.message = fmt::format("the deadline passed: {}", silence);
    report.state = what_is_known;
    throw DeadlineExceeded(std::move(report), std::move(failure));
  }
  if (is_given_up && circumstances.ending == Ending::stop) {
    report.code = ExitCode::interrupted;
    report.message = fmt::format("interrupted: {}", silence);
    report.state = what_is_known;
    throw Interrupted(std::move(report), std::move(failure));
  }
  throw ConnectionLost(std::move(report), std::move(failure));
}

[[noreturn]] void raise_ending(ErrorReport report, SqlFailure failure, Ending ending) {
  if (ending == Ending::deadline) {
    report.code = ExitCode::failed_rolled_back;
    report.message = "the deadline passed: the running statement was cancelled";
    throw DeadlineExceeded(std::move(report), std::move(failure));
  }
  report.code = ExitCode::interrupted;
  report.message = "interrupted: the running statement was cancelled";
  throw Interrupted(std::move(report), std::move(failure));
}

}  // namespace

void raise(Failed failed, const Circumstances& circumstances) {
  SqlFailure& failure = failed.failure;
  ErrorReport report{.code = ExitCode::failed_rolled_back,
                     .message = failure.message,
                     .detail = failure.detail,
                     .hint = failure.hint.empty() ? timeout_hint(failure) : failure.hint};
  if (!failed.context.empty()) {
    report.detail += fmt::format("{}{}", report.detail.empty() ? "" : "\n", failed.context);
  }
  if (circumstances.connection_lost || is_connection_loss(failure.sqlstate)) {
    raise_loss(std::move(report), std::move(failure), circumstances);
  }
  if (circumstances.ending != Ending::none && failure.sqlstate == "57014") {
    raise_ending(std::move(report), std::move(failure), circumstances.ending);
  }
  if (is_lock_failure(failure.sqlstate)) report.code = ExitCode::lock_not_acquired;
  throw DatabaseError(std::move(report), std::move(failure));
}

namespace {

bool is_sqlstate(std::string_view text) {
  constexpr std::string_view characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return text.find_first_not_of(characters) == std::string_view::npos;
}

// A verbose message is "FATAL:  53300: sorry, too many clients" and, on a line of its own, the
// place in the server's sources. What is left is what a message is otherwise; the code of the last
// host counts.
std::string take_sqlstate(std::string& text) {
  constexpr std::string_view before = ":  ";
  constexpr std::size_t length = 5;
  std::string sqlstate;
  for (std::size_t at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
    at += before.size();
    if (text.size() < at + length) break;
    if (text.compare(at + length, 2, ": ") != 0 ||
        !is_sqlstate(std::string_view(text).substr(at, length))) {
      continue;
    }
    sqlstate = text.substr(at, length);
    text.erase(at, length + 2);
  }
  for (std::size_t line = text.find("\nLOCATION:  "); line != std::string::npos;
       line = text.find("\nLOCATION:  ")) {
    const std::size_t end = text.find('\n', line + 1);
    text.erase(line, end == std::string::npos ? end : end - line);
  }
  return sqlstate;
}

}  // namespace

CannotConnect connect_error(std::string_view message, std::string_view unreported) {
  std::string text = redact(trimmed(message));
  std::string sqlstate = take_sqlstate(text);
  if (sqlstate.empty()) sqlstate = unreported;
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
  return CannotConnect(std::move(report), std::move(sqlstate));
}

}  // namespace limbeck::postgres
