// What comments say of types, and what statements write out.
#include <doctest/doctest.h>
#include <string>

#include "audit/column_text.h"
#include "audit/type_claims.h"
#include "sql/lexical_rules.h"

namespace limbeck {
namespace {

std::string text_of(const std::vector<TypeClaim>& claims) {
  std::string text;
  for (const TypeClaim& it : claims)
    text += (text.empty() ? "" : "; ") + std::to_string(it.line) + " " +
            (it.table.empty() ? "" : it.table + ".") + it.column + " " + it.type;
  return text;
}

std::string claims(std::string_view sql) {
  return text_of(type_claims_of_sql(sql, sql::postgres_rules));
}

TEST_CASE("sentences about types") {
  CHECK(claims("-- user_id is UUID but references user.id (INTEGER)") ==
        "1 user_id UUID; 1 user.id INTEGER");
  CHECK(claims("SELECT 1;\n/* total is a\n   price = numeric */") == "3 price numeric");
  CHECK(claims("-- a.x, b.y and z are UUID.") == "1 z UUID; 1 b.y UUID; 1 a.x UUID");
  CHECK(claims("-- \"Code\": VARCHAR, as ever") == "1 code VARCHAR");
  CHECK(claims("-- public.users.id is still an INTEGER") == "1 users.id INTEGER");
}

TEST_CASE("what is no sentence about a type") {
  CHECK(claims("-- the uuid of the user") == "");
  CHECK(claims("-- (integer)") == "");
  CHECK(claims("-- is integer") == "");
  CHECK(claims("-- note is text that people write") == "");
  CHECK(claims("SELECT '-- id is UUID';") == "");
  CHECK(claims("SELECT $$ -- id is UUID $$;") == "");
  CHECK(claims("SELECT 'open -- id is UUID") == "");
}

TEST_CASE("comments of scripts") {
  CHECK(text_of(type_claims_of_script("\"\"\"Add it\n\nuser_id is UUID\n\"\"\"\n"
                                      "x = 1  # total is NUMERIC\n"
                                      "op.execute(\"\"\"\n"
                                      "  -- id is INTEGER\n"
                                      "  CREATE TABLE t (id is UUID)\n"
                                      "\"\"\")\n"
                                      "# code is VARCHAR\n")) ==
        "3 user_id UUID; 5 total NUMERIC; 7 id INTEGER; 10 code VARCHAR");
  CHECK(text_of(type_claims_of_script("\"\"\"id is UUID\"\"\"\nid is INTEGER\n")) == "1 id UUID");
}

std::string columns(std::string sql) {
  sql::Statement statement;
  statement.text = std::move(sql);
  statement.place = {.file = "a.sql", .line = 10, .column = 1};
  std::string text;
  for (const ColumnText& it : column_texts(statement, sql::postgres_rules, true))
    text += (text.empty() ? "" : "; ") + std::to_string(it.place.line) + " " +
            (it.table.schema.empty() ? "" : it.table.schema + ".") + it.table.name + "." +
            it.column + " " + it.type;
  return text;
}

TEST_CASE("columns that statements write out") {
  CHECK(columns("CREATE TABLE IF NOT EXISTS Shop.\"Order\" (\n  Id INTEGER PRIMARY KEY,\n"
                "  total numeric(10, 2) CHECK (total > 0, 1), -- a comma, here\n"
                "  \"User Id\" pg_catalog.uuid,\n  CONSTRAINT c CHECK (id > 0),\n"
                "  UNIQUE (id, total), note text)") ==
        "11 shop.Order.id integer; 12 shop.Order.total numeric; 13 shop.Order.User Id uuid; "
        "15 shop.Order.note text");
  CHECK(columns("ALTER TABLE ONLY t ADD COLUMN a int, ADD b text, ALTER c TYPE uuid USING c::uuid, "
                "ADD CONSTRAINT d UNIQUE (a), ALTER COLUMN e SET DATA TYPE bigint") ==
        "10 t.a int; 10 t.b text; 10 t.c uuid; 10 t.e bigint");
  CHECK(columns("CREATE TABLE t AS SELECT 1") == "");
  CHECK(columns("CREATE TABLE") == "");
  CHECK(columns("CREATE TABLE t (") == "");
  CHECK(columns("ALTER TABLE t ADD") == "");
  CHECK(columns("CREATE TABLE t (a int, 'open") == "");
}

}  // namespace
}  // namespace limbeck
