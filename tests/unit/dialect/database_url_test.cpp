#include "dialect/database_url.h"

#include <doctest/doctest.h>
#include <stdexcept>

#include "limbeck/error.h"

#include "base/redact.h"

namespace limbeck {
namespace {

std::string target(std::string_view text) {
  return DatabaseUrl::parse(text).target();
}

Error refusal(std::string_view text) {
  try {
    DatabaseUrl::parse(text);
  } catch (const Error& error) {
    return error;
  }
  FAIL("accepted: " << text);
  throw std::logic_error("not reached");
}

}  // namespace

TEST_CASE("every way to name a sqlite file") {
  CHECK(target("sqlite:///app.db") == "app.db");
  CHECK(target("sqlite:////var/lib/app.db") == "/var/lib/app.db");
  CHECK(target("sqlite+aiosqlite:///app.db") == "app.db");
  CHECK(target("sqlite+pysqlite:///a%20b.db?timeout=10") == "a b.db");
  CHECK(target("sqlite:///100%.db") == "100%.db");
  CHECK(target("sqlite://") == ":memory:");
  CHECK(target("sqlite:///") == ":memory:");
  CHECK(target("sqlite:///:memory:") == ":memory:");
  CHECK(target("data/app.sqlite3") == "data/app.sqlite3");
  CHECK(target("C:/a=b/app.db") == "C:/a=b/app.db");
  CHECK(DatabaseUrl::parse("app.db").dialect() == "sqlite");
}

TEST_CASE("a relative path is taken from a folder, an absolute one is not") {
  CHECK(DatabaseUrl::parse("sqlite:///app.db").relative_to("/srv/x").target() == "/srv/x/app.db");
  CHECK(DatabaseUrl::parse("sqlite:////app.db").relative_to("/srv/x").target() == "/app.db");
  CHECK(DatabaseUrl::parse("sqlite://").relative_to("/srv/x").target() == ":memory:");
}

TEST_CASE("the driver of SQLAlchemy is dropped, what libpq knows is kept") {
  CHECK(target("postgresql://u@h:5432/d?sslmode=require") ==
        "postgresql://u@h:5432/d?sslmode=require");
  CHECK(target("postgresql+asyncpg://u@h/d?ssl=require") == "postgresql://u@h/d?sslmode=require");
  CHECK(target("postgres://u@/d?host=/tmp/s") == "postgresql://u@/d?host=/tmp/s");
  CHECK(target("postgresql+psycopg2://[::1]:5432,h2:5433/d") ==
        "postgresql://[::1]:5432,h2:5433/d");
  CHECK(target("host=/tmp dbname=x") == "host=/tmp dbname=x");
  CHECK(DatabaseUrl::parse("host = /tmp").dialect() == "postgresql");
}

TEST_CASE("a password with special characters reaches libpq encoded") {
  CHECK(target("postgresql://u:p@ss:w#rd@h/d") == "postgresql://u:p%40ss%3Aw%23rd@h/d");
  CHECK(target("postgresql://u:p%40ss@h/d") == "postgresql://u:p%40ss@h/d");
  CHECK(target("postgresql://u:100%@h/d") == "postgresql://u:100%25@h/d");
}

TEST_CASE("a url that cannot be right is refused, and not repeated") {
  for (const std::string_view text :
       {"postgresql://u:s/cret@h/d", "postgresql://u:12/cret@h/d", "postgresql://u:s?cret@h/d",
        "postgresql://h:s3cret/d", "mysql://u:s3cret@h/d", "sqlite://cret.db", "cret", "",
        "http//cret:x@y", "://cret", "postgresql:/u:cret@h", "sqlite:cret.db",
        "sqlite+pysqlite:/cret.db"}) {
    CAPTURE(text);
    const Error error = refusal(text);
    CHECK(error.code() == ExitCode::usage);
    CHECK(error.report().message.find("cret") == std::string::npos);
    CHECK(error.report().hint.find("cret") == std::string::npos);
  }
}

TEST_CASE("the placeholder of a new project is recognised") {
  CHECK(refusal("driver://user:pass@localhost/dbname").report().message.find("not configured") !=
        std::string::npos);
}

TEST_CASE("a NUL byte in a url does not cut it off") {
  CHECK(refusal(std::string_view("sqlite:///a\0b.db", 16)).code() == ExitCode::usage);
  CHECK(refusal("sqlite:///a%00b.db").code() == ExitCode::usage);
}

TEST_CASE("no form of a password survives redaction") {
  for (const std::string_view text : {
           "postgresql://u:s3cret@h/d",
           "postgresql://u:s3@cret@h/d",
           "postgresql://u:s3/cret#s3:cret@h/d?x=y",
           "postgresql://u:s3 cret@h/d",
           "postgresql://u:s3cret",
           "connecting to postgresql+asyncpg://u:s3cret@h/d failed, as did postgres://v:s3cret@h/d",
           "host=h password=s3cret user=u",
           "host=h password = 's3 cret\\' s3cret' user=u",
           "host=h password='s3''cret' user=u",
           "host=h password='s3cret never closed",
           "postgresql://u@h/d?sslpassword=s3cret&sslmode=require",
           "postgresql://h/d?user=u&password=s3cret",
           "PGPASSWORD=s3cret",
           "Password = s3cret password: s3cret",
           "ALTER USER u PASSWORD 's3cret'",
           "ALTER USER u PASSWORD E's3\\'cret'",
           "CREATE USER u IDENTIFIED BY 's3cret'",
           "{\"password\": \"s3cret\"}",
           "url = \"postgresql://u:s3cret@h/d\"",
       }) {
    const std::string redacted = redact(text);
    CAPTURE(redacted);
    CHECK(redacted.find("cret") == std::string::npos);
    CHECK(redacted.find("***") != std::string::npos);
  }
}

TEST_CASE("redaction leaves alone what holds no password") {
  for (const std::string_view text :
       {"postgresql://u@h:5432/d?sslmode=require", "postgresql://h:5432/d",
        "postgresql://[::1]:5432/d", "sqlite:////var/lib/app.db",
        "password authentication failed for user \"u\"", "no password supplied",
        "see https://example.org/a:b", ""}) {
    CHECK(redact(text) == text);
  }
}

TEST_CASE("what is not the password is still to be read") {
  CHECK(DatabaseUrl::parse("postgresql://u:p@h/d?password=x&sslmode=require").redacted() ==
        "postgresql://u:***@h/d?password=***&sslmode=require");
  CHECK(redact("host=h password=x user=u") == "host=h password=*** user=u");
}

}  // namespace limbeck
