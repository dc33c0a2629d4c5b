#include "dialect/postgres/channel.h"

#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <poll.h>
#include <system_error>
#include <thread>
#include <utility>

namespace limbeck::postgres {
namespace {

constexpr std::chrono::milliseconds poll_time{100};
constexpr Oid bytea_type = 17;

void refuse_nul(std::string_view text, std::string_view what) {
  if (text.find('\0') == std::string_view::npos) return;
  throw Error({.code = ExitCode::invalid_project,
               .message = fmt::format("a {} holds a NUL byte, which PostgreSQL cannot take", what),
               .hint = "take it out: a text of PostgreSQL holds none, a bytea does"});
}

// Parameters as libpq wants them: text, of the type that the server infers; bytes in binary.
class Parameters {
 public:
  explicit Parameters(const std::vector<Value>& values) {
    texts_.reserve(values.size());
    for (const Value& value : values) {
      const bool is_blob = std::holds_alternative<Blob>(value);
      texts_.push_back(std::holds_alternative<double>(value)
                           ? fmt::format("{}", std::get<double>(value))
                           : text_of(value));
      pointers.push_back(is_null(value) ? nullptr : texts_.back().c_str());
      lengths.push_back(static_cast<int>(texts_.back().size()));
      formats.push_back(is_blob ? 1 : 0);
      types.push_back(is_blob ? bytea_type : 0);
    }
  }

  int count() const { return static_cast<int>(pointers.size()); }

  std::vector<const char*> pointers;
  std::vector<int> lengths;
  std::vector<int> formats;
  std::vector<Oid> types;

 private:
  std::vector<std::string> texts_;
};

// What libpq would print to the standard error goes to the caller instead, or nowhere.
void receive_notice(void* argument, const PGresult* result) noexcept {
  const auto& notice = *static_cast<const std::function<void(const std::string&)>*>(argument);
  if (!notice) return;
  try {
    const char* severity = libpq().PQresultErrorField(result, PG_DIAG_SEVERITY);
    const char* message = libpq().PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (message == nullptr) message = libpq().PQresultErrorMessage(result);
    notice(fmt::format("{}{}{}", severity != nullptr ? severity : "",
                       severity != nullptr ? ": " : "", message));
  } catch (...) {
    // libpq is C: no exception may pass through it, and a notice is not worth more.
  }
}

}  // namespace

Channel::Channel(Handle<PGconn> connection, const ConnectOptions& options)
    : connection_(std::move(connection)), watch_(options.interrupt) {
  if (options.limits != nullptr) watch_.set_limits(*options.limits);
  libpq().PQsetNoticeReceiver(
      get(), receive_notice, const_cast<std::function<void(const std::string&)>*>(&options.notice));
  require(libpq().PQsetnonblocking(get(), 1) == 0 ? 1 : 0);
}

void Channel::require(int sent) {
  if (sent == 1) return;
  Failed failed;
  failed.failure.message = libpq().PQerrorMessage(get());
  raise(std::move(failed), {.connection_lost = true});
}

void Channel::refuse_unsendable(const Command& command) {
  refuse_nul(command.sql, "statement");
  for (const Value& value : command.parameters) {
    if (const auto* text = std::get_if<std::string>(&value)) refuse_nul(*text, "parameter");
  }
}

void Channel::send(const std::string& sql, const std::vector<Value>& parameters,
                   const std::string& prepared) {
  const Parameters p(parameters);
  require(prepared.empty()
              ? libpq().PQsendQueryParams(get(), sql.c_str(), p.count(), p.types.data(),
                                          p.pointers.data(), p.lengths.data(), p.formats.data(), 0)
              : libpq().PQsendQueryPrepared(get(), prepared.c_str(), p.count(), p.pointers.data(),
                                            p.lengths.data(), p.formats.data(), 0));
}

void Channel::send_prepare(const std::string& name, const std::string& sql) {
  require(libpq().PQsendPrepare(get(), name.c_str(), sql.c_str(), 0, nullptr));
}

void Channel::send_simple(const std::string& sql) {
  require(libpq().PQsendQuery(get(), sql.c_str()));
}

bool Channel::wait(short events) {
  if (watch_.due()) cancel();
  if (watch_.hopeless()) {
    given_up_ = true;
    return false;
  }
  pollfd socket{libpq().PQsocket(get()), events, 0};
  if (socket.fd < 0) return false;
  const int ready = poll(&socket, 1, static_cast<int>(watch_.wait_time(poll_time).count()));
  if (ready < 0 && errno != EINTR) return false;
  const bool readable = ready > 0 && (socket.revents & (POLLIN | POLLHUP | POLLERR)) != 0;
  return !readable || libpq().PQconsumeInput(get()) == 1;
}

namespace {

// When it cannot be delivered the statement goes on, and the request is repeated.
void deliver(const Handle<PGcancel>& request) {
  std::array<char, 256> reason{};
  if (request) libpq().PQcancel(request.get(), reason.data(), static_cast<int>(reason.size()));
}

}  // namespace

void Channel::cancel() {
  Handle<PGcancel> request(libpq().PQgetCancel(get()));
  if (!watch_.limited()) return deliver(request);
  // A server that does not answer does not answer to this either, and PQcancel knows no deadline.
  // The request holds all that it needs.
  try {
    std::thread([request = std::move(request)] { deliver(request); }).detach();
  } catch (const std::system_error&) {
    // There is no thread to be had now: the request is repeated.
  }
}

bool Channel::closed_by_server() {
  if (lost()) return true;
  // Nothing was asked, so that there is nothing to read but the server's last words, or the end.
  pollfd socket{libpq().PQsocket(get()), POLLIN, 0};
  return poll(&socket, 1, 0) > 0;
}

Handle<PGresult> Channel::receive() {
  // The server may have to be read from before it reads on: neither side ever waits for the other.
  while (libpq().PQflush(get()) == 1) {
    if (!wait(POLLIN | POLLOUT)) break;
  }
  while (!given_up_ && libpq().PQisBusy(get()) == 1) {
    if (!wait(POLLIN)) break;
  }
  if (given_up_) return nullptr;
  return Handle<PGresult>(libpq().PQgetResult(get()));
}

void Channel::put_copy(std::string_view rows) {
  constexpr std::size_t chunk = 65'536;
  while (!rows.empty()) {
    const std::string_view part = rows.substr(0, chunk);
    const int sent = libpq().PQputCopyData(get(), part.data(), static_cast<int>(part.size()));
    // A failure here is told by the result that follows.
    if (sent < 0) return;
    if (sent == 1) rows.remove_prefix(part.size());
    while (libpq().PQflush(get()) == 1) {
      if (!wait(POLLIN | POLLOUT)) return;
    }
  }
}

void Channel::end_copy(const char* error) {
  while (libpq().PQputCopyEnd(get(), error) == 0) {
    if (!wait(POLLOUT)) return;
  }
}

void Channel::drain_copy() {
  for (;;) {
    char* row = nullptr;
    const int size = libpq().PQgetCopyData(get(), &row, 1);
    if (size > 0) libpq().PQfreemem(row);
    if (size < 0) return;
    if (size == 0 && !wait(POLLIN)) return;
  }
}

Reply receive_reply(Channel& channel, const std::optional<std::string>& rows) {
  Reply reply;
  for (;;) {
    Handle<PGresult> result = channel.receive();
    if (!result) return reply;
    const ExecStatusType status = libpq().PQresultStatus(result.get());
    if (status == PGRES_COPY_IN) {
      if (rows) channel.put_copy(*rows);
      channel.end_copy(rows ? nullptr : "COPY FROM STDIN needs its rows after the statement");
    } else if (status == PGRES_COPY_OUT) {
      channel.drain_copy();
    }
    if (!reply.failed) {
      reply.failed = status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
      reply.result = std::move(result);
    }
    if (channel.lost()) return reply;
  }
}

}  // namespace limbeck::postgres
