// A convention for names: its patterns, and what statements make that does not follow them.
#include "lint/naming.h"

#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include "sql/lexical_rules.h"
#include "sql/splitter.h"

namespace limbeck {
namespace {

const NameParts parts_of_a_key{.table = "orders",
                               .columns = {"customer_id", "day"},
                               .referred_table = "customers",
                               .referred_columns = {"id", "day"}};

NamePattern pattern(const std::string& text) {
  std::string unknown;
  const auto parsed = NamePattern::parse(text, unknown);
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

const std::map<std::string, std::string> convention{
    {"table", "%(snake_case)s"},
    {"column", "%(snake_case)s"},
    {"pk", "pk_%(table_name)s"},
    {"uq", "uq_%(table_name)s_%(column_0_N_name)s"},
    {"ix", "ix_%(column_0_label)s"},
    {"fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"},
    {"ck", "ck_%(table_name)s_%(constraint_name)s"},
    {"ex", "ex_%(table_name)s*"}};

struct Made {
  std::string dialect;
  std::string sql;
  std::vector<std::string> found = {};  // what is misnamed by the last statement
  bool together = false;                // by all of them, which are one revision
};

std::vector<std::string> misnamed_in(const Made& it) {
  const auto reader = make_effect_reader(it.dialect, {});
  const sql::LexicalRules& rules = it.dialect == "sqlite" ? sql::sqlite_rules : sql::postgres_rules;
  NamesMade names;
  const std::vector<sql::Statement> statements = sql::split(it.sql, rules, {});
  for (const sql::Statement& statement : statements) {
    if (!it.together) names = {};
    names.before(reader->effects(statement), *reader);
    reader->apply(statement);
    names.after(statement, *reader);
  }
  std::vector<std::string> objects;
  for (const auto& misnamed : names.misnamed(read_naming_convention(convention, {}), *reader))
    objects.push_back(misnamed.hit.object.value_or("") + ": " + misnamed.hit.message);
  return objects;
}

}  // namespace

TEST_CASE("a pattern stands for the names that are made of it") {
  struct Row {
    const char* pattern;
    const char* fits;
    const char* expected;
  };
  const std::vector<Row> rows{
      {"pk_%(table_name)s", "pk_orders", "pk_orders"},
      {"%(column_0_name)s_%(column_1_name)s", "customer_id_day", "customer_id_day"},
      {"ix_%(column_0_label)s", "ix_orders_customer_id", "ix_orders_customer_id"},
      {"%(column_0N_name)s", "customer_idday", "customer_idday"},
      {"%(column_0_N_name)s", "customer_id_day", "customer_id_day"},
      {"%(column_0_N_label)s", "orders_customer_id_orders_day", "orders_customer_id_orders_day"},
      {"%(table_name)s_%(referred_table_name)s_%(referred_column_0_N_name)s",
       "orders_customers_id_day", "orders_customers_id_day"},
      {"ck_%(table_name)s_%(constraint_name)s", "ck_orders_x", "ck_orders_%(constraint_name)s"},
      {"%(snake_case)s", "order_lines2", "%(snake_case)s"},
      {"%(camelCase)s", "orderLines2", "%(camelCase)s"},
      {"%(PascalCase)s", "OrderLines", "%(PascalCase)s"},
      {"*_%(table_name)s*", "my_orders", "*_orders*"},
      {"a*b*c", "a1b2b3c", "a*b*c"},
      {"50%%", "50%", "50%"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CHECK(pattern(row.pattern).fits(row.fits, parts_of_a_key));
    CHECK(pattern(row.pattern).expected(parts_of_a_key) == row.expected);
  }
}

TEST_CASE("a pattern does not stand for others") {
  const std::vector<std::pair<const char*, const char*>> rows{
      {"pk_%(table_name)s", "pk_order"},
      {"pk_%(table_name)s", "pk_orders2"},
      {"pk_%(table_name)s", ""},
      {"ck_%(table_name)s_%(constraint_name)s", "ck_orders_"},
      {"%(snake_case)s", "orderLines"},
      {"%(snake_case)s", "2orders"},
      {"%(camelCase)s", "OrderLines"},
      {"%(PascalCase)s", "Order_Lines"},
      {"a*b", "ac"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    CHECK_FALSE(pattern(row.first).fits(row.second, parts_of_a_key));
  }
}

TEST_CASE("what is not known of a name may be anything") {
  CHECK(pattern("ix_%(table_name)s_%(column_0_name)s")
            .fits("ix_t_lower_a", {.table = "t", .columns = {""}}));
  CHECK_FALSE(pattern("ix_%(table_name)s_%(column_0_name)s")
                  .fits("ix_u_x", {.table = "t", .columns = {""}}));
  CHECK(pattern("%(column_1_name)s").expected({.columns = {"a"}}) == "%(column_1_name)s");
}

TEST_CASE("a long name may be cut off with a hash behind it") {
  const NameParts parts{.table = std::string(40, 't'), .columns = {std::string(40, 'c')}};
  const NamePattern index = pattern("ix_%(column_0_label)s");
  const std::string whole = index.expected(parts);
  CHECK(index.fits(whole, parts));
  CHECK(index.fits(whole.substr(0, 55) + "_1a2b", parts));
  CHECK_FALSE(index.fits(whole.substr(0, 54) + "_1a2b", parts));
  CHECK_FALSE(index.fits(whole.substr(0, 55), parts));
}

TEST_CASE("a token that there is none of is said") {
  for (const char* text : {"%(column_name)s", "%(table_nam)s", "%(table_name)", "100%",
                           "%(column_0)s", "%(column_0_N)s", "%d"}) {
    CAPTURE(text);
    std::string unknown;
    CHECK_FALSE(NamePattern::parse(text, unknown));
    CHECK_FALSE(unknown.empty());
    CHECK_THROWS_AS(read_naming_convention({{"ix", text}}, {}), Error);
  }
  CHECK_THROWS_AS(read_naming_convention({{"index", "x"}}, {}), Error);
}

TEST_CASE("names that a statement makes are held against the convention") {
  const std::string orders =
      "CREATE TABLE customers (id integer, CONSTRAINT pk_customers PRIMARY KEY (id));"
      "CREATE TABLE orders (id integer, customer_id integer, note text,"
      " CONSTRAINT pk_orders PRIMARY KEY (id));";
  const std::vector<Made> rows{
      {"postgresql", orders, {}},
      {"postgresql",
       "CREATE TABLE \"Orders\" (\"Id\" integer)",
       {"Orders: the table Orders has another name than the convention asks for: %(snake_case)s",
        "Orders.Id: the column Id of Orders has another name than the convention asks for: "
        "%(snake_case)s"}},
      {"postgresql",
       "CREATE TABLE t (id integer PRIMARY KEY, a integer UNIQUE CHECK (a > 0))",
       {"t.t_a_check: the check t_a_check of t has another name than the convention asks for: "
        "ck_t_%(constraint_name)s",
        "t.t_a_key: the unique constraint t_a_key of t has another name than the convention asks "
        "for: uq_t_a",
        "t.t_pkey: the primary key t_pkey of t has another name than the convention asks for: "
        "pk_t"}},
      {"postgresql", orders + "CREATE INDEX ix_orders_note ON orders (note)", {}},
      {"postgresql",
       orders + "CREATE INDEX by_note ON orders (note)",
       {"orders.by_note: the index by_note of orders has another name than the convention asks "
        "for: ix_orders_note"}},
      {"postgresql",
       orders + "CREATE INDEX ix_orders_note ON orders (note); "
                "ALTER INDEX ix_orders_note RENAME TO by_note",
       {"orders.by_note: the index by_note of orders has another name than the convention asks "
        "for: ix_orders_note"}},
      {"postgresql",
       orders + "ALTER TABLE orders ADD CONSTRAINT fk_orders_customer_id_customers "
                "FOREIGN KEY (customer_id) REFERENCES customers",
       {}},
      {"postgresql",
       orders + "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers",
       {"orders.orders_customer_id_fkey: the foreign key orders_customer_id_fkey of orders has "
        "another name than the convention asks for: fk_orders_customer_id_customers"}},
      // only what it makes
      {"postgresql",
       orders + "CREATE INDEX by_note ON orders (note); CREATE INDEX ix_orders_id ON orders (id)",
       {}},
      {"postgresql", orders + "ALTER TABLE orders RENAME TO purchases", {}},
      {"postgresql",
       orders + "ALTER TABLE orders RENAME COLUMN note TO \"Note\"",
       {"orders.Note: the column Note of orders has another name than the convention asks for: "
        "%(snake_case)s"}},
      {"postgresql", "CREATE TEMPORARY TABLE \"T\" (\"A\" integer)", {}},
      {"postgresql",
       "CREATE TABLE e (id integer, CONSTRAINT pk_e PRIMARY KEY (id)) PARTITION BY RANGE (id);"
       "CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM (1) TO (2)",
       {}},
      {"sqlite", orders, {}},
      {"sqlite",
       "CREATE TABLE \"Orders\" (\"Id\" integer)",
       {"Orders: the table Orders has another name than the convention asks for: %(snake_case)s",
        "Orders.Id: the column Id of Orders has another name than the convention asks for: "
        "%(snake_case)s"}},
      {"sqlite",
       "CREATE TABLE t (a integer REFERENCES t (a))",
       {"t.: a foreign key of t has no name, where the convention asks for fk_t_a_t"}},
      {"sqlite",
       orders + "CREATE INDEX by_note ON orders (note)",
       {"orders.by_note: the index by_note of orders has another name than the convention asks "
        "for: ix_orders_note"}},
      {"sqlite",
       orders + "ALTER TABLE orders ADD COLUMN \"Size\" integer",
       {"orders.Size: the column Size of orders has another name than the convention asks for: "
        "%(snake_case)s"}},
      {"sqlite", orders + "ALTER TABLE orders RENAME TO purchases", {}},
      {"sqlite", orders + "CREATE TEMP TABLE orders (\"A\" integer)", {}},
  };
  for (const Made& row : rows) {
    CAPTURE(row.dialect);
    CAPTURE(row.sql);
    CHECK(fmt::format("{}", fmt::join(misnamed_in(row), "\n")) ==
          fmt::format("{}", fmt::join(row.found, "\n")));
  }
}

TEST_CASE("names that a revision makes on the way are not held against the convention") {
  const std::string made_anew =
      "ALTER TABLE t RENAME TO \"Aside\";\n"
      "CREATE TABLE t (id integer CONSTRAINT pk_t PRIMARY KEY, \"N\" text);\n"
      "DROP TABLE \"Aside\";\n";
  const std::string put_in_place =
      "CREATE TABLE \"New\" (id integer CONSTRAINT pk_t PRIMARY KEY, n text, \"M\" text);\n"
      "CREATE INDEX ix_t_n ON \"New\" (n);\nCREATE INDEX \"I\" ON \"New\" (id);\n"
      "DROP INDEX \"I\";\nALTER TABLE \"New\" RENAME TO t;\n";
  for (const std::string dialect : {"postgresql", "sqlite"}) {
    CAPTURE(dialect);
    CHECK(misnamed_in({.dialect = dialect, .sql = put_in_place, .together = true}) ==
          std::vector<std::string>{
              "t.M: the column M of t has another name than the convention asks for: "
              "%(snake_case)s"});
  }
  CHECK(misnamed_in({.dialect = "sqlite",
                     .sql = "CREATE TABLE t (id integer CONSTRAINT pk_t PRIMARY KEY);" + made_anew,
                     .together = true}) ==
        std::vector<std::string>{
            "t.N: the column N of t has another name than the convention asks for: "
            "%(snake_case)s"});
}

}  // namespace limbeck
