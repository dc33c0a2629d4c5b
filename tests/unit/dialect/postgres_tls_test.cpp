#include <doctest/doctest.h>

#include "dialect/postgres/tls.h"

namespace limbeck::test {

using postgres::are_local;

TEST_CASE("sockets and loopback addresses are on this machine") {
  for (const std::string_view host :
       {"", "/run/postgresql", "@abstract", "localhost", "127.0.0.1", "127.8.9.10", "::1",
        "localhost,127.0.0.1,/tmp", ",", "0:0:0:0:0:0:0:1"}) {
    CAPTURE(host);
    CHECK(are_local(host, ""));
  }
}

TEST_CASE("whatever else there is may be anywhere") {
  for (const std::string_view host :
       {"db", "db.example.org", "10.0.0.1", "0.0.0.0", "128.0.0.1", "127.0.0.1.example.org",
        "127.example.org", "localhost.example.org", "::2", "2001:db8::1", "localhost,db",
        "db,localhost", " localhost", "127.1"}) {
    CAPTURE(host);
    CHECK_FALSE(are_local(host, ""));
  }
}

TEST_CASE("an address counts before a name") {
  CHECK(are_local("db.example.org", "127.0.0.1"));
  CHECK_FALSE(are_local("localhost", "10.0.0.1"));
  CHECK(are_local("db,localhost", "::1,"));
  CHECK_FALSE(are_local("localhost,db", "127.0.0.1,"));
  CHECK_FALSE(are_local("localhost", "127.0.0.1,10.0.0.1"));
}

}  // namespace limbeck::test
