// A PostgreSQL database that lives as long as a test, on the server that LIMBECK_TEST_POSTGRES
// names.
#pragma once

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include "dialect/dialect.h"
#include "sql/splitter.h"

namespace limbeck::test {

inline std::string with_database(const std::string& url, const std::string& database) {
  const std::size_t path = url.find('/', url.find("://") + 3);
  const std::size_t query = url.find('?');
  return url.substr(0, path) + '/' + database +
         (query == std::string::npos ? "" : url.substr(query));
}

inline std::string with_option(const std::string& url, const std::string& option) {
  return url + (url.find('?') == std::string::npos ? '?' : '&') + option;
}

inline std::optional<std::string> server_url() {
  const char* url = std::getenv("LIMBECK_TEST_POSTGRES");
  if (url == nullptr || *url == '\0') {
    MESSAGE("skipped: LIMBECK_TEST_POSTGRES is not set");
    return std::nullopt;
  }
  return std::string(url);
}

class ScratchDatabase {
 public:
  explicit ScratchDatabase(const std::string& server)
      : server_(dialect().connect(DatabaseUrl::parse(server), {})),
        name_(fmt::format("limbeck_unit_{}_{}", getpid(), ++counter())),
        url_(with_database(server, name_)) {
    server_->run_alone("CREATE DATABASE " + name_ + " STRATEGY file_copy");  // half the time
  }
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  ~ScratchDatabase() {
    try {
      server_->run_alone("DROP DATABASE " + name_ + " WITH (FORCE)");
    } catch (const Error& error) {
      MESSAGE(std::string(error.what()));
    }
  }

  static const Dialect& dialect() { return dialect_named("postgresql"); }
  std::unique_ptr<Connection> connect(const ConnectOptions& options = {}) const {
    return dialect().connect(DatabaseUrl::parse(url_), options);
  }
  const std::string& name() const { return name_; }
  const std::string& url() const { return url_; }
  // A connection to the server's own database.
  Connection& server() { return *server_; }

 private:
  static int& counter() {
    static int count = 0;
    return count;
  }

  std::unique_ptr<Connection> server_;
  std::string name_;
  std::string url_;
};

inline Value ask(Connection& connection, const std::string& sql) {
  const ResultSet result = connection.query({.sql = sql});
  REQUIRE(result.rows.size() == 1);
  return result.rows[0].at(0);
}

inline std::string ask_text(Connection& connection, const std::string& sql) {
  return text_of(ask(connection, sql));
}

inline std::int64_t ask_integer(Connection& connection, const std::string& sql) {
  return integer_of(ask(connection, sql));
}

inline sql::Statement statement_of(const Dialect& dialect, const std::string& text) {
  std::vector<sql::Statement> statements = sql::split(text, dialect.lexical_rules(), {});
  REQUIRE(statements.size() == 1);
  return statements[0];
}

// What run() of the commands throws; fails when it throws nothing.
inline DatabaseError failure_of_run(Connection& connection, const std::vector<Command>& commands,
                                    Wrap wrap) {
  try {
    connection.run(commands, wrap);
  } catch (const DatabaseError& error) {
    return error;
  }
  FAIL("run() threw nothing");
  throw std::logic_error("not reached");
}

}  // namespace limbeck::test
