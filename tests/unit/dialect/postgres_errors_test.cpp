#include <doctest/doctest.h>
#include <string>

#include "dialect/postgres/errors.h"

namespace limbeck::postgres {

TEST_CASE("each reason why a login fails has its hint") {
  const auto hint = [](const char* message) { return connect_error(message).report().hint; };
  CHECK(hint("FATAL:  password authentication failed for user \"u\"").find("PGPASSWORD") !=
        std::string::npos);
  CHECK(hint("fe_sendauth: no password supplied").find("PGPASSWORD") != std::string::npos);
  CHECK(hint("FATAL:  role \"u\" does not exist").find("user name") != std::string::npos);
  CHECK(hint("FATAL:  sorry, too many clients already").find("max_connections") !=
        std::string::npos);
  CHECK(hint("timeout expired").find("connect_timeout") != std::string::npos);
  CHECK(hint("FATAL:  no pg_hba.conf entry for host").find("pg_hba.conf") != std::string::npos);
  CHECK(hint("something new").empty());
}

TEST_CASE("several hosts give several lines, none of them with a password") {
  const Error error = connect_error("postgresql://u:s3cret@h: Connection refused\nanother line\n");
  CHECK(error.code() == ExitCode::cannot_connect);
  CHECK(error.report().message == "cannot connect to the PostgreSQL server");
  CHECK(error.report().detail == "postgresql://u:***@h: Connection refused\nanother line");
}

TEST_CASE("which states of the server are a lost connection") {
  for (const char* state : {"57P01", "57P02", "57P03"}) CHECK(is_connection_loss(state));
  for (const char* state : {"57014", "40P01", "08P01", "08006", ""})
    CHECK_FALSE(is_connection_loss(state));
}

TEST_CASE("the SQLSTATE of a refused connection is taken out of a verbose message") {
  const auto check = [](const char* message, const char* sqlstate, const char* shown) {
    const CannotConnect error = connect_error(message, "08001");
    CHECK(error.sqlstate() == sqlstate);
    CHECK(error.report().message ==
          std::string("cannot connect to the PostgreSQL server: ") + shown);
  };
  check(
      "failed: FATAL:  53300: sorry, too many clients already\nLOCATION:  InitProcess, proc.c:1\n",
      "53300", "failed: FATAL:  sorry, too many clients already");
  check("failed: FATAL:  the database system is starting up", "08001",
        "failed: FATAL:  the database system is starting up");
  check("Connection refused", "08001", "Connection refused");
  for (const char* cut : {"FATAL:  ", "FATAL:  533", "FATAL:  53300", "FATAL:  53300:", ":  "}) {
    CHECK(connect_error(cut, "08001").sqlstate() == "08001");
  }
}

}  // namespace limbeck::postgres
