"""What would take rows with it is refused before anything is changed, unless somebody has approved of it."""
import json
import pathlib
import subprocess
import unittest

from harness import Case, Postgres, Sqlite, chain, current, limbeck

TABLES = ("-- limbeck:upgrade\nCREATE TABLE orders (id integer PRIMARY KEY, note text, price numeric(10,2));\n"
          "CREATE TABLE old (id integer);\n"
          "-- limbeck:downgrade\nDROP TABLE orders;\nDROP TABLE old;")
ROWS = "INSERT INTO orders VALUES (1, 'first', 10.25), (2, 'second', 20.50);\nINSERT INTO old VALUES (1);"

# What loses, by the rule that says so, and what the message says of it.
LOSSES = {
    "drop-table": ("DROP TABLE old;", "the rows of old are lost"),
    "drop-column": ("ALTER TABLE orders DROP COLUMN note;", "the values of note in orders are lost"),
    "delete-all-rows": ("DELETE FROM orders;", "the rows of orders are lost"),
}
POSTGRES_LOSSES = {
    "truncate": ("TRUNCATE orders;", "the rows of orders are lost"),
    "drop-schema": ("DROP SCHEMA public CASCADE;", "everything in the schema public is lost"),
    "type-change-loses-values": ("ALTER TABLE orders ALTER COLUMN price TYPE numeric(10,1);",
                                 "what numeric(10,1) cannot hold is lost from price"),
}


def upgrade(body):
    return f"-- limbeck:upgrade\n{body}"


class DataLoss:
    kind = None
    losses = LOSSES

    def begin(self, *bodies, rows=ROWS):
        """A project at its first revision, with rows, and with more revisions to come."""
        files = chain(TABLES, *bodies)
        self.work = pathlib.Path(self.project(files))
        self.db = self.database(self.kind)
        self.limbeck("upgrade", "r1", check=0)
        if rows:
            self.db.script(rows)

    def limbeck(self, *arguments, check=None):
        return limbeck(*arguments, "--url", self.db.url, folder=self.work, check=check)

    def refused(self, *arguments):
        before = self.db.fingerprint()
        result = self.limbeck("upgrade", *arguments, check=4)
        self.assertEqual(before, self.db.fingerprint())
        return result.stderr

    def test_a_loss_is_refused_and_nothing_is_changed(self):
        for rule, (statement, what) in self.losses.items():
            with self.subTest(rule=rule):
                self.begin(upgrade("CREATE TABLE more (id integer);"), upgrade("\n" + statement))
                said = self.refused()
                for part in (what, f"[{rule}]", "r3.sql:8:1", "nothing was changed", f"-- limbeck:allow {rule}: REASON",
                             "--accept-data-loss", "hold"):
                    self.assertIn(part, said)
                self.assertEqual(["r1"], current(self.db, self.work))

    def test_rows_that_a_part_of_a_statement_deletes(self):
        if self.kind is Sqlite:
            self.skipTest("there are no such statements")
        for statement in ("MERGE INTO orders USING old ON true WHEN MATCHED THEN DELETE;",
                          "INSERT INTO old WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone;",
                          "CREATE TABLE kept AS WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone;",
                          "INSERT INTO old WITH gone AS (DELETE FROM orders) SELECT 7;",
                          "CREATE TABLE kept AS WITH gone AS (DELETE FROM orders) SELECT 1 AS one;",
                          "(WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone);",
                          "EXPLAIN ANALYZE DELETE FROM orders;", "EXPLAIN (ANALYZE, VERBOSE) DELETE FROM orders;",
                          "COPY (DELETE FROM orders RETURNING *) TO '/dev/null';", "PREPARE p AS DELETE FROM orders;\nEXECUTE p;",
                          "SELECT count(*) FROM (SELECT 1) one;\nWITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone;"):
            with self.subTest(statement=statement):
                self.begin(upgrade(statement))
                self.assertIn("the rows of orders are lost, and orders holds rows [delete-all-rows]", self.refused())

    def test_rows_that_no_part_of_a_statement_deletes(self):
        if self.kind is Sqlite:
            self.skipTest("there are no such statements")
        for statement in ("EXPLAIN DELETE FROM orders;", "EXPLAIN (ANALYZE, ANALYZE off) DELETE FROM orders;",
                          "PREPARE p (integer) AS DELETE FROM orders WHERE id = $1;\nEXECUTE p (7);\nEXPLAIN ANALYZE EXECUTE p (8);",
                          "PREPARE p AS SELECT count(*) FROM orders;\nCREATE TABLE kept AS EXECUTE p;\nDEALLOCATE p;"):
            with self.subTest(statement=statement):
                self.begin(upgrade(statement))
                self.limbeck("upgrade", check=0)
                self.assertEqual([("2",)], [(str(row[0]),) for row in self.db.query("SELECT count(*) FROM orders")])

    def test_a_condition_that_asks_nothing_of_a_row(self):
        for condition in ("true AND 1=1", "NOT (1 = 0)", "id IS NOT NULL", "EXISTS (SELECT 1 FROM old WHERE old.id = 1)"):
            with self.subTest(condition=condition):
                self.begin(upgrade(f"DELETE FROM orders WHERE {condition};"))
                self.assertIn("the rows of orders are lost, and orders holds rows [delete-all-rows]", self.refused())
        self.begin(upgrade("DELETE FROM orders WHERE id IN (SELECT id FROM old);\nDELETE FROM orders WHERE 1 = 0;"))
        self.limbeck("upgrade", check=0)
        self.assertEqual([("1",)], [(str(row[0]),) for row in self.db.query("SELECT count(*) FROM orders")])

    def test_rows_that_go_through_a_view(self):
        view = ROWS + "\nCREATE VIEW shown AS SELECT * FROM orders;"
        if self.kind is Sqlite:
            view += "\nCREATE TRIGGER gone INSTEAD OF DELETE ON shown BEGIN DELETE FROM orders WHERE id = old.id; END;"
        self.begin(upgrade("DELETE FROM shown;"), rows=view)
        self.assertIn("the rows of shown are lost", self.refused())
        self.begin(upgrade("DELETE FROM shown;"), rows=view.replace("FROM orders;", "FROM orders WHERE id > 5;", 1))
        self.limbeck("upgrade", check=0)

    def test_values_that_go_with_an_attribute_of_their_type(self):
        if self.kind is Sqlite:
            self.skipTest("there are no such types")
        tables = {"CREATE TABLE people (home address);": "the values of home.street in people are lost",
                  "CREATE TABLE people (home address[]);": "the values of home.street in people are lost",
                  "CREATE DOMAIN home AS address; CREATE TABLE people (at home);": "the values of at.street in people are lost",
                  "CREATE TABLE people OF address;": "the values of street in people are lost"}
        for table, lost in tables.items():
            with self.subTest(table=table):
                self.begin(upgrade("ALTER TYPE address ADD ATTRIBUTE land text CASCADE;\nALTER TYPE address DROP ATTRIBUTE street CASCADE;"),
                           rows=f"CREATE TYPE address AS (street text, town text); {table} INSERT INTO people VALUES (NULL);")
                self.assertIn(f"{lost}, and people holds rows [drop-column]", self.refused())
                self.db.script("DELETE FROM people")
                self.limbeck("upgrade", check=0)

    def test_columns_that_go_with_an_extension(self):
        if self.kind is Sqlite:
            self.skipTest("there are no extensions")
        self.begin(upgrade("DROP EXTENSION hstore CASCADE;"))
        self.db.script("CREATE EXTENSION hstore; CREATE TABLE pairs AS SELECT 'a=>1'::hstore AS them")
        self.assertIn("CASCADE drops whatever depends on hstore, and what that is cannot be looked at [drop-schema]", self.refused())
        self.begin(upgrade("DROP EXTENSION IF EXISTS hstore;"))
        self.limbeck("upgrade", check=0)

    def test_an_empty_table_loses_nothing(self):
        for rule, (statement, _) in self.losses.items():
            if rule == "drop-schema":  # with the version table
                continue
            with self.subTest(rule=rule):
                self.begin(upgrade(statement), rows="")
                self.limbeck("upgrade", check=0)
                self.assertEqual(["r2"], current(self.db, self.work))

    def test_a_comment_at_the_statement_approves(self):
        for rule, (statement, _) in self.losses.items():
            if rule == "drop-schema":
                continue
            with self.subTest(rule=rule):
                self.begin(upgrade(f"-- limbeck:allow {rule}: nobody reads it\n{statement}"))
                self.limbeck("upgrade", check=0)

    def test_a_comment_for_another_rule_or_statement_does_not(self):
        self.begin(upgrade("-- limbeck:allow drop-table: not this one\nALTER TABLE orders DROP COLUMN note;"))
        self.refused()
        self.begin(upgrade("-- limbeck:allow drop-table: the other one\nCREATE TABLE more (id integer);\nDROP TABLE old;"))
        self.refused()

    def test_the_option_and_the_configuration_approve(self):
        self.begin(upgrade("DROP TABLE old;"), upgrade("ALTER TABLE orders DROP COLUMN note;"))
        self.limbeck("upgrade", "r2", "--accept-data-loss", check=0)
        self.refused()
        (self.work / "limbeck.toml").write_text('[data_loss]\nupgrade = "accept"\n')
        self.limbeck("upgrade", check=0)
        self.assertNotIn("note", self.db.columns("orders"))

    def test_a_rule_that_is_off_does_not_approve(self):
        self.begin(upgrade("DROP TABLE old;"))
        (self.work / "limbeck.toml").write_text('[lint]\nshow = false\n[lint.rules]\ndrop-table = "off"\n')
        self.assertIn("[drop-table]", self.refused())

    def test_a_table_of_the_same_run_is_no_loss(self):
        self.begin(upgrade("CREATE TABLE work (id integer, name text);\nINSERT INTO work SELECT id, note FROM orders;"),
                   upgrade("ALTER TABLE work DROP COLUMN name;"), upgrade("ALTER TABLE work RENAME TO done;\nDROP TABLE done;"))
        self.limbeck("upgrade", check=0)

    def test_a_table_that_the_run_renames_is_the_same_table(self):
        self.begin(upgrade("ALTER TABLE old RENAME TO older;"), upgrade("DROP TABLE older;"))
        said = self.refused()
        self.assertIn("the rows of older are lost, and old holds rows", said)

    def test_a_table_that_is_made_anew_keeps_its_rows(self):
        copy = ("CREATE TABLE new_orders (id integer PRIMARY KEY, {columns}price numeric(10,2));\n"
                "INSERT INTO new_orders SELECT id, {columns}price FROM orders;\nDROP TABLE orders;\n"
                "ALTER TABLE new_orders RENAME TO orders;")
        self.begin(upgrade(copy.replace("{columns}price n", "note text, price n").replace("{columns}", "note, ")))
        self.limbeck("upgrade", check=0)
        self.assertEqual([("2",)], [(str(row[0]),) for row in self.db.query("SELECT count(*) FROM orders")])
        # The new one has its rows: in a later revision of the same run it is no new table.
        self.begin(upgrade(copy.replace("{columns}price n", "note text, price n").replace("{columns}", "note, ")),
                   upgrade("DROP TABLE orders;"))
        self.assertIn("orders holds rows", self.refused())

    def copy(self, query, insert="INSERT INTO"):
        """The table is made anew with what the query gives."""
        self.begin(upgrade("CREATE TABLE new_orders (id integer, note text, price numeric(10,2));\n"
                           f"{insert} new_orders {query};\nDROP TABLE orders;\nALTER TABLE new_orders RENAME TO orders;"))

    def test_rows_that_are_left_out_of_a_new_table_are_lost(self):
        for part in ("FROM orders WHERE id > 1", "FROM orders LIMIT 1", "FROM orders GROUP BY id, note, price HAVING id > 1",
                     "FROM orders EXCEPT SELECT 1, note, price FROM orders", "FROM (SELECT * FROM orders LIMIT 1) AS o",
                     "FROM orders GROUP BY id, note, price", "FROM orders UNION SELECT 1, 'x', 2",
                     "FROM orders JOIN (SELECT 1 AS one) AS x ON one = id", "FROM (SELECT 1 AS one) AS x LEFT JOIN orders ON one = id",
                     "FROM orders, (SELECT 1 AS one) AS x", "FROM orders LEFT JOIN (SELECT 1 AS one) AS x ON one = id JOIN (SELECT 2 AS two) AS y ON true"):
            with self.subTest(part=part):
                self.copy(f"SELECT id, note, price {part}")
                self.assertIn("the rows of orders are lost", self.refused())
        for query in ("SELECT DISTINCT id, note, price FROM orders", "SELECT 1, (SELECT max(note) FROM orders), (SELECT sum(price) + max(id) FROM orders)",
                      "WITH o AS (SELECT * FROM orders) SELECT 1, (SELECT max(note) FROM o), (SELECT sum(price) + max(id) FROM o)"):
            with self.subTest(query=query):
                self.copy(query)
                self.assertIn("the rows of orders are lost", self.refused())

    def test_no_row_is_left_out_of_a_new_table(self):
        for query in ("SELECT id, note, price FROM orders LEFT OUTER JOIN (SELECT 1 AS one) AS x ON one = id ORDER BY id, note",
                      "SELECT id, note, CASE WHEN note IS DISTINCT FROM 'x' THEN price END FROM orders",
                      "WITH o AS (SELECT * FROM orders) SELECT id, note, price FROM o"):
            with self.subTest(query=query):
                self.copy(query)
                self.limbeck("upgrade", check=0)

    def test_what_a_subquery_in_place_of_a_value_leaves_out_is_not_lost(self):
        self.begin(upgrade("CREATE TABLE new_orders (id integer PRIMARY KEY, note text, price numeric(10,2), first integer);\n"
                           "INSERT INTO new_orders SELECT id, note, price, (SELECT id FROM orders ORDER BY id LIMIT 1) FROM orders;\n"
                           "DROP TABLE orders;\nALTER TABLE new_orders RENAME TO orders;"))
        self.limbeck("upgrade", check=0)

    def test_a_column_that_is_left_out_of_a_new_table_is_lost(self):
        self.begin(upgrade("CREATE TABLE new_orders (id integer PRIMARY KEY, price numeric(10,2));\n"
                           "INSERT INTO new_orders SELECT id, price FROM orders;\nDROP TABLE orders;\n"
                           "ALTER TABLE new_orders RENAME TO orders;"))
        self.assertIn("the values of note in orders are lost", self.refused())

    def test_every_loss_is_named(self):
        self.begin(upgrade("DROP TABLE old;"), upgrade("ALTER TABLE orders DROP COLUMN note;"))
        said = self.refused()
        self.assertIn("the rows of old are lost", said)
        self.assertIn("the values of note in orders are lost", said)
        self.assertIn("r3.sql:7", said)
        error = json.loads(self.limbeck("upgrade", "--json", check=4).stdout)["error"]
        self.assertEqual("findings", error["name"])

    def test_code_that_is_not_looked_into_is_named_once(self):
        if self.kind is Sqlite:
            self.skipTest("there is no such code")
        code = "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'old'; END $$;"
        self.begin(upgrade(code + "\nCREATE PROCEDURE nothing() LANGUAGE sql AS '';\nCALL nothing();\n" + "CALL nothing();\n" * 3),
                   upgrade("DO $$ BEGIN CREATE TYPE dropped AS ENUM ('drop_it'); END $$;"))
        said = self.limbeck("upgrade", "+1", check=0).stderr
        self.assertIn("warning: what the DO block at migrations/r2.sql:7:1, the CALL at migrations/r2.sql:9:1, the CALL at "
                      "migrations/r2.sql:10:1 and 2 more may do to rows is not looked into\n", said)
        self.assertEqual(1, said.count("is not looked into"))
        self.assertNotIn("is not looked into", self.limbeck("upgrade", check=0).stderr)  # that block drops nothing
        for settings, options in (('[data_loss]\nupgrade = "accept"\n', ()), ("", ("--accept-data-loss",)), ("", ("--quiet",))):
            self.begin(upgrade("DO $$ BEGIN DELETE FROM old; END $$;"))
            (self.work / "limbeck.toml").write_text(settings)
            self.assertNotIn("is not looked into", self.limbeck("upgrade", *options, check=0).stderr)

    def test_a_statement_of_a_newer_grammar_is_not_passed_in_silence(self):
        if self.kind is Sqlite:
            self.skipTest("one library reads and runs it")
        self.begin(upgrade("MERGE INTO orders USING old ON false WHEN NOT MATCHED BY SOURCE THEN DELETE;"))
        self.assertIn("warning: what the MERGE at migrations/r2.sql:7:1 may do to rows is not looked into\n",
                      self.limbeck("upgrade").stderr)

    def test_a_downgrade_takes_rows_unless_it_is_told_not_to(self):
        self.begin()
        (self.work / "limbeck.toml").write_text('[data_loss]\ndowngrade = "refuse"\n')
        before = self.db.fingerprint()
        self.assertIn("--accept-data-loss", self.limbeck("downgrade", "base", check=4).stderr)
        self.assertEqual(before, self.db.fingerprint())
        (self.work / "limbeck.toml").write_text("")
        self.limbeck("downgrade", "base", check=0)

    def test_one_transaction_for_all(self):
        self.begin(upgrade("CREATE TABLE more (id integer);"), upgrade("DROP TABLE old;"))
        self.refused("--single-transaction")

    def test_a_revision_that_has_begun_goes_on(self):
        self.begin("-- limbeck:upgrade no-transaction\n-- limbeck:allow drop-table: done with\nDROP TABLE old;\n"
                   "CREATE TABLE half (id integer);\nINSERT INTO half VALUES (1);\nALTER TABLE orders DROP COLUMN missing;\n"
                   "DROP TABLE half;")
        self.assertNotEqual(0, self.limbeck("upgrade", "--accept-data-loss").returncode)
        file = self.work / "migrations" / "r2.sql"
        file.write_text(file.read_text().replace("DROP COLUMN missing", "DROP COLUMN note"))
        self.limbeck("upgrade", check=0)
        self.assertNotIn("note", self.db.columns("orders"))


class OnPostgres(DataLoss, Case):
    kind = Postgres
    losses = {**LOSSES, **POSTGRES_LOSSES}

    def test_rows_that_a_new_table_does_not_take(self):
        for query in ("SELECT id, note, price FROM orders ON CONFLICT DO NOTHING", "SELECT id, note, price FROM orders OFFSET 1",
                      "SELECT DISTINCT ON (note) id, note, price FROM orders"):
            with self.subTest(query=query):
                self.copy(query)
                self.assertIn("the rows of orders are lost", self.refused())
        self.begin(upgrade("CREATE TABLE new_orders AS SELECT * FROM orders WITH NO DATA;\nDROP TABLE orders;"))
        self.assertIn("the rows of orders are lost", self.refused())

    def test_what_cannot_be_looked_at_is_asked_about(self):
        for rule, statement, what in (
                ("drop-owned", "DROP OWNED BY CURRENT_ROLE;", "everything that CURRENT_ROLE owns is lost"),
                ("drop-database", "DROP DATABASE IF EXISTS no_such_database;",
                 "everything in the database no_such_database is lost")):
            with self.subTest(rule=rule):
                body = f"-- limbeck:upgrade{' no-transaction' if rule == 'drop-database' else ''}\n"
                self.begin(body + statement)
                said = self.refused()
                for part in (what, "cannot be looked at", f"[{rule}]", "nothing was changed"):
                    self.assertIn(part, said)
                if rule == "drop-database":
                    self.limbeck("upgrade", "--accept-data-loss", check=0)

    def test_cascade_takes_more_than_is_named(self):
        self.begin(upgrade("CREATE TABLE lines (order_id integer REFERENCES orders);\nCREATE TYPE state AS ENUM ('a');\n"
                           "ALTER TABLE orders ADD COLUMN state state;"), upgrade("TRUNCATE orders CASCADE;"), rows="")
        self.limbeck("upgrade", "r2", check=0)
        self.db.script("INSERT INTO orders VALUES (1); INSERT INTO lines VALUES (1); ")
        self.assertIn("orders, lines hold rows", self.refused())
        file = self.work / "migrations" / "r3.sql"
        file.write_text(file.read_text().replace("TRUNCATE orders CASCADE", "DROP TYPE state CASCADE"))
        self.assertIn("orders holds rows", self.refused())

    def test_a_name_is_looked_for_where_the_database_says(self):
        self.begin(upgrade("DROP TABLE orders;"))
        self.db.script("CREATE SCHEMA other; CREATE TABLE other.orders (id integer); "
                       "ALTER DATABASE " + self.db.database + " SET search_path = other, public;")
        (self.work / "limbeck.toml").write_text('version_table_schema = "public"\n')
        self.limbeck("upgrade", check=0)
        self.assertEqual([("2",)], self.db.query("SELECT count(*) FROM public.orders"))

    def test_a_locked_table_holds_up_what_is_said_no_longer_than_a_moment(self):
        self.begin(upgrade("CREATE TABLE more (id integer);"), upgrade("ALTER TABLE orders DROP COLUMN note;"))
        (self.work / "limbeck.toml").write_text('[timeouts]\nlock = "200ms"\nlock_retry = "0"\n')
        holder = subprocess.Popen(["psql", "-X", "-q", self.db.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(holder.communicate)
        holder.stdin.write("BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;\n\\echo locked\n")
        holder.stdin.flush()
        holder.stdout.readline()
        self.limbeck("upgrade", "r2", check=0)
        # What may be lost is looked at, or nothing is run.
        self.assertIn("nothing was changed", self.limbeck("upgrade", check=5).stderr)

    def test_a_generated_column_and_a_cast_that_fits_lose_nothing(self):
        self.begin(upgrade("ALTER TABLE orders ADD COLUMN twice numeric GENERATED ALWAYS AS (price * 2) STORED;"),
                   upgrade("ALTER TABLE orders DROP COLUMN twice;\nALTER TABLE orders ALTER COLUMN price TYPE numeric(12,2);\n"
                           "ALTER TABLE orders ALTER COLUMN note TYPE varchar(40);"))
        self.limbeck("upgrade", "r2", check=0)
        self.limbeck("upgrade", check=0)

    def test_a_cast_that_cuts_is_refused_and_one_that_fails_is_not(self):
        self.begin(upgrade("ALTER TABLE orders ALTER COLUMN note TYPE varchar(3) USING note::varchar(3);"))
        self.assertIn("[type-change-loses-values]", self.refused())


class OnSqlite(DataLoss, Case):
    kind = Sqlite

    def test_rows_that_a_new_table_does_not_take(self):
        for insert in ("INSERT OR IGNORE INTO", "insert or replace into", "REPLACE INTO"):
            with self.subTest(insert=insert):
                self.copy("SELECT id, note, price FROM orders", insert=insert)
                self.assertIn("the rows of orders are lost", self.refused())

    def test_more_rows_than_those_of_the_table(self):
        self.copy("SELECT id, note, price FROM orders UNION ALL SELECT 1, 'x', 2")
        self.limbeck("upgrade", check=0)


if __name__ == "__main__":
    unittest.main()
