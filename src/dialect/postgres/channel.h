// The wire to one server: sends and receives without ever blocking where the user could not
// interrupt it.
//
// It never interprets a result.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "dialect/interrupt.h"
#include "dialect/postgres/errors.h"
#include "dialect/postgres/handle.h"

namespace limbeck::postgres {

class Channel {
 public:
  // Switches the connection to non-blocking. The flag of options must outlive the channel.
  Channel(Handle<PGconn> connection, const ConnectOptions& options);

  PGconn* get() const { return connection_.get(); }
  // Broken, or given up because the server did not answer in time.
  bool lost() const { return given_up_ || libpq().PQstatus(get()) == CONNECTION_BAD; }

  bool given_up() const { return given_up_; }

  InterruptWatch& watch() { return watch_; }
  const InterruptWatch& watch() const { return watch_; }
  // Whether the server has closed the connection meanwhile, or said something unasked. It is not
  // asked.
  bool closed_by_server();

  // Throws Error (ExitCode::invalid_project) for a NUL byte, which would cut the text off. Asked
  // before anything is sent.
  static void refuse_unsendable(const Command& command);

  // Sends one command by the extended protocol, which takes one statement only. prepared: send it
  // by this name; else by its text.
  void send(const std::string& sql, const std::vector<Value>& parameters,
            const std::string& prepared = {});
  void send_prepare(const std::string& name, const std::string& sql);
  // Sends one statement by the simple protocol.
  void send_simple(const std::string& sql);
  // Throws ConnectionLost when a PQsend function has failed.
  void require(int sent);

  // The next result; null at the end of those of one command. Waits for it.
  Handle<PGresult> receive();

  void put_copy(std::string_view rows);
  // error: null, or why the rows end here.
  void end_copy(const char* error);
  void drain_copy();

 private:
  // Waits until the socket is ready, 100 ms pass, or the connection breaks; cancels when the watch
  // says so. False when there is nothing more to wait for.
  bool wait(short events);
  void cancel();

  Handle<PGconn> connection_;
  InterruptWatch watch_;
  bool given_up_ = false;
};

// The results of one command up to its end. The first failure is kept; COPY FROM gets rows, what
// COPY TO sends is dropped.
struct Reply {
  Handle<PGresult> result;  // the last one
  bool failed = false;      // result is an error
};
Reply receive_reply(Channel& channel, const std::optional<std::string>& rows);

}  // namespace limbeck::postgres
