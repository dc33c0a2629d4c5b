#include "alembic/python_body.h"

#include <doctest/doctest.h>

using namespace limbeck;
using alembic::execute_literal;
using alembic::python_body;

TEST_CASE("SQL comes out of op.execute() as it went in") {
  CHECK(execute_literal("SELECT 1") == R"("""SELECT 1""")");
  // What SQLAlchemy would take for a parameter has a backslash before it, and so has a backslash.
  CHECK(execute_literal("SELECT ':a', x::int, a[1:2], '12:30', ' :x:'") ==
        R"("""SELECT '\\:a', x::int, a[1:2], '12:30', ' :x:'""")");
  CHECK(execute_literal(R"(SELECT '\d', '\:')") == R"("""SELECT '\\d', '\\\\:'""")");
  CHECK(execute_literal(R"(SELECT """a""" AS "b")") == R"("""SELECT \"""a\""" AS "b\"""")");
  CHECK(execute_literal("a\nb\r\n%") == "\"\"\"a\nb\\r\n%\"\"\"");
}

TEST_CASE("sections become the bodies of upgrade() and downgrade()") {
  RevisionBody body;
  body.upgrade = R"(-- DECIDE: is it so?
CREATE TABLE a (
    id integer
);
CREATE TABLE b (id integer);

-- limbeck:upgrade no-transaction
CREATE INDEX CONCURRENTLY i ON a (id);

-- limbeck:upgrade sqlite
CREATE INDEX i ON a (id);
)";
  body.downgrade = "DROP TABLE a;\n";
  const alembic::PythonBody result = python_body(body);
  CHECK(result.upgrade == R"py(# DECIDE: is it so?
    op.execute("""CREATE TABLE a (
    id integer
)""")
    op.execute("""CREATE TABLE b (id integer)""")
    with op.get_context().autocommit_block():
        op.execute("""CREATE INDEX CONCURRENTLY i ON a (id)""")
    if op.get_context().dialect.name == "sqlite":
        op.execute("""CREATE INDEX i ON a (id)"""))py");
  CHECK(result.downgrade == R"py(op.execute("""DROP TABLE a"""))py");
  CHECK(python_body({}).upgrade.empty());
}
