"""apply: the declared schema, the plan file, what stops it half way and how it goes on."""
import json
import os
import pathlib
import unittest

from harness import Case, Postgres, Sqlite, chain, limbeck

BEFORE = "CREATE TABLE users (id integer PRIMARY KEY, name text);"
AFTER = "CREATE TABLE users (id integer PRIMARY KEY, name text, email text);\nCREATE UNIQUE INDEX users_email ON users (email);"
# Plans that no single transaction holds: of several steps.
STEPPED = {
    Postgres: ("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (id integer PRIMARY KEY, m mood);",
               "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TABLE t (id integer PRIMARY KEY, m mood DEFAULT 'happy');"
               "CREATE INDEX t_m ON t (m);"),
    Sqlite: ("CREATE TABLE t (id integer PRIMARY KEY, n text); CREATE TABLE c (t integer REFERENCES t ON DELETE CASCADE);",
             "CREATE TABLE t (id integer PRIMARY KEY, n text CHECK (n <> 'x')); CREATE TABLE c (t integer REFERENCES t ON DELETE CASCADE);"
             "CREATE INDEX t_n ON t (n);"),
}
ROWS = {Postgres: "INSERT INTO t VALUES (1, 'sad'), (2, 'ok');", Sqlite: "INSERT INTO t VALUES (1, 'a'), (2, 'b'); INSERT INTO c VALUES (1), (2);"}


class Apply:
    kind = None

    def setUp(self):
        super().setUp()
        self.work = pathlib.Path(self.project({}))
        self.db = self.database(self.kind)

    def declare(self, sql):
        (self.work / "schema.sql").write_text(sql)

    def apply(self, *arguments, check=None, crash_at=None):
        env = {"LIMBECK_CRASH_AT": str(crash_at)} if crash_at else {}
        return limbeck("apply", *arguments, "--url", self.db.url, folder=self.work, env=env, check=check)

    def agrees(self):
        result = limbeck("diff", "--from", "database", "--to", "schema.sql", "--url", self.db.url, folder=self.work, check=0)
        self.assertEqual(("", "No differences.\n"), (result.stdout, result.stderr))

    def outcomes(self):
        return self.db.query("SELECT kind, outcome FROM limbeck_journal WHERE kind = 'apply' ORDER BY id")

    def test_the_declared_schema_is_made(self):
        self.db.script(BEFORE)
        self.declare(AFTER)
        self.apply("--to", "schema.sql", check=2)  # nobody is there to be asked
        self.apply("--to", "schema.sql", "--dry-run", check=0)
        self.assertEqual(["id", "name"], self.db.columns("users"))
        result = self.apply("--to", "schema.sql", "--yes", check=0)
        self.assertIn("ADD COLUMN email", result.stdout)
        self.agrees()
        self.assertEqual([("apply", "done")], self.outcomes())
        self.assertIn("Nothing to do", self.apply("--to", "schema.sql", "--yes", check=0).stderr)
        self.assertEqual([], list((self.work / ".limbeck" / "plans").glob("*.json")))

    def test_a_plan_is_run_as_it_was_reviewed(self):
        self.db.script(BEFORE)
        self.declare(AFTER)
        plan = self.work / "plan.json"
        self.apply("--to", "schema.sql", "--out", "plan.json", check=0)
        self.apply("--to", "schema.sql", "--out", "plan.json", check=10)  # never over another one
        text = plan.read_text()
        plan.write_text(text.replace("email", "e_mail"))
        self.assertIn("changed after it was written", self.apply("--plan", "plan.json", check=10).stderr)
        for wrong in ("", "[]", "{}", text[:100], text.replace('"format":1', '"format":2'), text.replace('"format":1', '"format":1e99'), '{"format":1,"id":5}'):
            plan.write_text(wrong)
            self.apply("--plan", "plan.json", check=10)
        plan.write_text(text)
        self.apply("--plan", "plan.json", "--to", "schema.sql", check=2)
        self.declare("CREATE TABLE nonsense (a integer);")  # the plan does not ask again what is declared
        self.apply("--plan", "plan.json", check=0)
        self.declare(AFTER)
        self.agrees()

    def test_a_plan_is_refused_when_the_database_has_changed(self):
        self.db.script(BEFORE)
        self.declare(AFTER)
        self.apply("--to", "schema.sql", "--out", "plan.json", check=0)
        self.db.script("CREATE TABLE other (id integer);")
        result = self.apply("--plan", "plan.json", check=4)
        self.assertIn("has changed since the plan was made", result.stderr)
        self.assertEqual(["id", "name"], self.db.columns("users"))
        self.db.script("DROP TABLE other;")
        self.apply("--plan", "plan.json", check=0)
        self.assertIn("has changed", self.apply("--plan", "plan.json", check=4).stderr)

    def test_a_plan_leaves_alone_what_it_was_told_to(self):
        self.db.script(BEFORE + "CREATE TABLE theirs (id integer);")
        self.declare(AFTER)
        self.apply("--to", "schema.sql", "--exclude", "theirs", "--out", "plan.json", check=0)
        self.db.script("DROP TABLE theirs;")
        self.apply("--plan", "plan.json", check=0)
        self.agrees()

    def test_a_plan_that_fails_changes_nothing(self):
        self.db.script(BEFORE + "INSERT INTO users VALUES (1, 'a'), (2, 'a');")
        self.declare("CREATE TABLE users (id integer PRIMARY KEY, name text);\nCREATE TABLE more (id integer);"
                     "CREATE UNIQUE INDEX users_name ON users (name);")
        before = self.db.fingerprint()
        result = self.apply("--to", "schema.sql", "--yes", check=6)
        self.assertIn("rolled back", result.stderr)
        self.assertIn("while applying plan_", result.stderr)
        self.db.script("DROP TABLE limbeck_journal;")
        self.assertEqual(before, self.db.fingerprint())

    def test_killed_at_every_point_it_goes_on(self):
        before, after = STEPPED[self.kind]
        self.declare(after)
        killed = 0
        for point in range(1, 40):
            self.db = self.database(self.kind)
            self.db.script(before + ROWS[self.kind])
            result = self.apply("--to", "schema.sql", "--yes", crash_at=point)
            if result.returncode == 0:
                break
            self.assertEqual(-9, result.returncode, result.stderr)
            killed += 1
            with self.subTest(point=point):
                upgrade = limbeck("upgrade", "--url", self.db.url, folder=self.work)
                if upgrade.returncode != 0:  # it stopped between two steps
                    self.assertEqual(7, upgrade.returncode, upgrade.stderr)
                    self.assertIn('finish it with "limbeck apply"', upgrade.stderr)
                result = self.apply("--to", "schema.sql", "--yes", check=0)
                self.agrees()
                self.assertEqual([("1",), ("2",)], sorted((str(row[0]),) for row in self.db.query("SELECT id FROM t")))
                self.assertEqual({("apply", "done")}, set(self.outcomes()))
        self.assertGreater(killed, 5)

    def test_what_was_stopped_is_ended_by_hand(self):
        before, after = STEPPED[self.kind]
        self.declare(after)
        for option, outcome in (("--abandon", "abandoned"), ("--complete", "done")):
            with self.subTest(option=option):
                self.db = self.database(self.kind)
                self.db.script(before)
                self.apply("--to", "schema.sql", "--yes", crash_at=4)
                self.assertEqual([("apply", "started")], self.outcomes())
                for plan in (self.work / ".limbeck" / "plans").glob("*.json"):
                    os.remove(plan)
                self.assertIn("its plan is not here", self.apply("--to", "schema.sql", "--yes", check=7).stderr)
                self.assertIn("the apply of plan_", limbeck("status", "--url", self.db.url, folder=self.work, check=4).stdout)
                limbeck("repair", option, "--url", self.db.url, folder=self.work, check=0)
                self.assertEqual([("apply", outcome)], self.outcomes())
                self.apply("--to", "schema.sql", "--yes", check=0)
                self.agrees()

    def test_beside_revisions(self):
        self.work = pathlib.Path(self.project(chain(f"-- limbeck:upgrade\n{BEFORE}\n-- limbeck:downgrade\nDROP TABLE users;")))
        limbeck("upgrade", "--url", self.db.url, folder=self.work, check=0)
        self.declare(AFTER)
        result = self.apply("--to", "schema.sql", "--yes", check=0)
        self.assertIn("in none of the revisions", result.stderr)
        result = limbeck("check", "--to", "schema.sql", "--url", self.db.url, folder=self.work, check=4)
        self.assertIn("database and declared schema agree", result.stdout)
        self.assertIn("revisions and database differ", result.stdout)

    def test_without_a_project(self):
        self.work = pathlib.Path(self.folder) / "bare"
        self.work.mkdir()
        self.declare(AFTER)
        self.apply("--to", "schema.sql", "--yes", check=0)
        limbeck("check", "--to", "schema.sql", "--url", self.db.url, folder=self.work, check=0)
        limbeck("apply", "--to", "schema.sql", "--yes", folder=self.work, check=10)  # which database?
        self.apply("--yes", check=2)

    def test_json(self):
        self.declare(AFTER)
        result = json.loads(self.apply("--to", "schema.sql", "--dry-run", "--json", check=0).stdout)
        self.assertEqual((False, 2), (result["applied"], len(result["changes"])))
        result = json.loads(self.apply("--to", "schema.sql", "--yes", "--json", check=0).stdout)
        self.assertEqual((True, 2), (result["applied"], len(result["changes"])))
        result = json.loads(self.apply("--to", "schema.sql", "--yes", "--json", check=0).stdout)
        self.assertEqual((False, []), (result["applied"], result["changes"]))


class ApplyOnPostgres(Apply, Case):
    kind = Postgres


class ApplyOnSqlite(Apply, Case):
    kind = Sqlite


if __name__ == "__main__":
    unittest.main()
