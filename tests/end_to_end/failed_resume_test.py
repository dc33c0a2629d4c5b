"""A resume that fails itself, a file that is mended meanwhile, a lock that is lost: nothing runs twice and nothing is claimed that is not so."""
import json
import os
import pathlib
import subprocess
import time
import unittest

from harness import PROGRAM, Case, Postgres, Sqlite, chain, current, limbeck

ROWS = 50
SERIES = {Postgres: f"generate_series(1, {ROWS}) AS value",
          Sqlite: f"(WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < {ROWS}) SELECT value FROM s)"}
TABLES = {Postgres: "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
          Sqlite: "SELECT name FROM sqlite_master"}
ITEMS = """-- limbeck:upgrade
CREATE TABLE items (id INTEGER PRIMARY KEY, code INTEGER NOT NULL, n INTEGER NOT NULL DEFAULT 0, CONSTRAINT ck CHECK (n < 2));
INSERT INTO items (id, code) SELECT value, 1000 - value FROM {series};
CREATE TABLE counter (n INTEGER NOT NULL);
INSERT INTO counter VALUES (0);
-- limbeck:downgrade
DROP TABLE counter;
DROP TABLE items;"""


class FailedResume:
    kind = None

    def start(self, *bodies, settings='[timeouts]\nlock = "100ms"\nlock_retry = "200ms"\n'):
        self.folder_of_project = self.project(chain(ITEMS.replace("{series}", SERIES[self.kind]), *bodies), settings)
        self.db = self.database(self.kind)
        self.run_it("upgrade", "r1", check=0)

    def run_it(self, *arguments, crash_at=None, check=None):
        env = {"LIMBECK_CRASH_AT": str(crash_at)} if crash_at else {}
        return limbeck(*arguments, "--url", self.db.url, folder=self.folder_of_project, env=env, check=check)

    def file(self, name):
        return pathlib.Path(self.folder_of_project, "migrations", name)

    def edit(self, name, old, new):
        text = self.file(name).read_text()
        self.assertIn(old, text)
        self.file(name).write_text(text.replace(old, new))

    def counts(self, table="items"):
        return sorted((int(n), int(count)) for n, count in self.db.query(f"SELECT n, count(*) FROM {table} GROUP BY n"))

    def test_a_backfill_that_failed_is_mended_and_goes_on(self):
        self.start("-- limbeck:backfill table=items batch=10\nUPDATE items SET n = n + 1, code = CASE WHEN id = 25 THEN NULL ELSE code END;\n-- limbeck:downgrade")
        result = self.run_it("upgrade", "head", check=7)
        self.assertIn("r2.sql", result.stderr)
        self.assertEqual([(0, 30), (1, 20)], self.counts())
        self.assertEqual([("failed",)], self.db.query("SELECT outcome FROM limbeck_journal WHERE kind = 'backfill'"))
        self.edit("r2.sql", "CASE WHEN id = 25 THEN NULL ELSE code END", "code")
        self.run_it("upgrade", "head", check=0)
        self.assertEqual([(1, ROWS)], self.counts())

    def test_a_first_batch_that_fails_is_rolled_back(self):
        self.start("-- limbeck:backfill table=items batch=10\nUPDATE items SET n = n + 5;\n-- limbeck:downgrade")
        result = self.run_it("upgrade", "head", check=6)
        self.assertIn("rolled back", result.stderr)
        self.assertEqual([], self.db.query("SELECT 1 FROM limbeck_journal WHERE outcome = 'started'"))
        self.assertEqual([(0, ROWS)], self.counts())

    def test_abandoned_or_completed_by_hand_no_step_stays_open(self):
        for option, outcome in (("--abandon", "abandoned"), ("--complete", "done")):
            with self.subTest(option=option):
                self.start("-- limbeck:backfill table=items batch=10\nUPDATE items SET n = n + 1;\n-- limbeck:downgrade")
                self.run_it("upgrade", "head", crash_at=8)
                open_rows = "SELECT count(*) FROM limbeck_journal WHERE outcome = 'started'"
                self.assertEqual("2", str(self.db.query(open_rows)[0][0]))
                self.run_it("repair", option, check=0)
                self.assertEqual("0", str(self.db.query(open_rows)[0][0]))
                rows = self.db.query("SELECT outcome, affected > 0 FROM limbeck_journal WHERE kind = 'backfill'")
                self.assertEqual([(outcome, True)], [(row[0], row[1] in (1, "t")) for row in rows])

    def test_the_file_of_a_stopped_revision_is_gone_or_changed(self):
        self.start("-- limbeck:backfill table=items batch=10\nUPDATE items SET n = n + 1;\n-- limbeck:downgrade")
        self.run_it("upgrade", "head", crash_at=8)
        file = self.file("r2.sql")
        text = file.read_text()
        file.write_text(text + "\n-- a word\n")
        self.assertIn("its file has changed since", self.run_it("status", check=4).stdout)
        self.assertIn("its file has changed since", self.run_it("repair").stdout)
        file.unlink()
        gone = "its file is not in this project"
        for arguments in (("upgrade", "head"), ("upgrade", "r2"), ("upgrade", "r1"), ("downgrade", "base"), ("stamp", "r1")):
            result = self.run_it(*arguments, check=7)
            self.assertIn(gone, result.stderr)
            self.assertIn("get its file back", result.stderr)
        status = self.run_it("status", check=4).stdout
        self.assertIn(gone, status)
        self.assertNotIn("up to date", status)
        self.assertNotIn("limbeck upgrade", status)
        self.assertEqual("missing", json.loads(self.run_it("status", "--json").stdout)["stopped"]["file"])
        self.assertIn("limbeck repair --abandon", self.run_it("repair").stdout)
        self.assertIn("get its file back", self.run_it("repair", "--complete", check=10).stderr)
        file.write_text(text)
        self.run_it("upgrade", "head", check=0)
        self.assertEqual([(1, ROWS)], self.counts())

    def test_the_key_of_a_backfill_that_stopped_may_not_change(self):
        self.start("-- limbeck:backfill table=items batch=10 key=id\nUPDATE items SET n = n + 1;\n-- limbeck:downgrade")
        self.run_it("upgrade", "head", crash_at=8)
        done = dict(self.counts())[1]
        self.assertTrue(0 < done < ROWS, done)
        self.edit("r2.sql", "key=id", "key=code")
        self.run_it("upgrade", "head", check=8)
        self.edit("r2.sql", "key=code", "key=id")
        self.run_it("upgrade", "head", check=0)
        self.assertEqual([(1, ROWS)], self.counts())

    def test_rows_without_a_key_are_refused(self):
        self.start("-- limbeck:upgrade\nCREATE TABLE loose (k INTEGER, n INTEGER NOT NULL DEFAULT 0);\nINSERT INTO loose (k) VALUES (NULL), (1), (2);\n-- limbeck:downgrade\nDROP TABLE loose;",
                   "-- limbeck:backfill table=loose key=k\nUPDATE loose SET n = n + 1;\n-- limbeck:downgrade")
        result = self.run_it("upgrade", "head", check=6)
        self.assertIn("NULL in 1 rows", result.stderr)
        self.assertEqual([(0, 3)], self.counts("loose"))

    def test_a_downgrade_that_failed_may_be_mended(self):
        self.start("-- limbeck:upgrade\n-- limbeck:downgrade\nDROP TABLE nope;")
        self.run_it("upgrade", "head", check=0)
        self.run_it("downgrade", "-1", check=6)
        self.edit("r2.sql", "DROP TABLE nope;", "UPDATE counter SET n = 7;")
        self.run_it("downgrade", "-1", check=0)
        self.assertEqual([(7, 1)], self.counts("counter"))

    def test_a_stopped_downgrade_says_how_to_go_on(self):
        self.start("-- limbeck:upgrade\n-- limbeck:downgrade no-transaction\nUPDATE counter SET n = n + 1;\nDROP TABLE nope;")
        self.run_it("upgrade", "head", check=0)
        self.run_it("downgrade", "r1", check=7)
        result = self.run_it("upgrade", "head", check=7)
        self.assertIn("limbeck downgrade r2@-1", result.stderr)
        self.assertIn("limbeck downgrade r2@-1", self.run_it("repair", check=4).stdout)
        self.edit("r2.sql", "DROP TABLE nope;", "UPDATE counter SET n = n + 10;")
        self.run_it("downgrade", "r2@-1", check=0)
        self.assertEqual(["r1"], current(self.db, self.folder_of_project))
        self.assertEqual([(11, 1)], self.counts("counter"))

    def test_single_transaction_fails_in_the_middle(self):
        self.start("-- limbeck:upgrade\nUPDATE counter SET n = n + 1;\n-- limbeck:downgrade", "-- limbeck:upgrade\nSELECT nonsense;\n-- limbeck:downgrade")
        result = self.run_it("upgrade", "head", "--single-transaction", check=6)
        self.assertIn("as it was before this command", result.stderr)
        self.assertEqual([(0, 1)], self.counts("counter"))
        self.assertEqual(["r1"], current(self.db, self.folder_of_project))

    def test_single_transaction_names_the_statement_and_leaves_nothing_behind(self):
        # More revisions than rows of the journal are kept back, so that some of them are written when it fails.
        tables = [f"-- limbeck:upgrade\nCREATE TABLE t{i} (id INTEGER);\n-- limbeck:downgrade\nDROP TABLE t{i};" for i in range(1, 121)]
        fault = "-- limbeck:upgrade\nCREATE TABLE good (id INTEGER);\nINSERT INTO good\n  VALUES (1, nonsense);\nCREATE TABLE late (id INTEGER);\n-- limbeck:downgrade"
        folder = self.project(chain(*tables, fault, tables[0]))
        database = self.database(self.kind)
        empty = database.query(TABLES[self.kind])
        result = limbeck("upgrade", "head", "--single-transaction", "--url", database.url, folder=folder, check=6)
        line = pathlib.Path(folder, "migrations", "r121.sql").read_text().split("nonsense")[0].count("\n") + 1
        self.assertIn(f"r121.sql:{line}:", result.stderr)
        self.assertIn("in the upgrade of revision r121", result.stderr)
        self.assertIn("as it was before this command", result.stderr)
        self.assertNotIn("Committed", result.stderr + result.stdout)
        self.assertEqual(empty, database.query(TABLES[self.kind]))

    def test_single_transaction_is_recorded_as_revision_by_revision(self):
        bodies = [f"-- limbeck:upgrade\nCREATE TABLE t{i} (id INTEGER);\n-- limbeck:downgrade\nDROP TABLE t{i};" for i in range(1, 4)]
        folder = self.project(chain(*bodies))
        database = self.database(self.kind)
        result = limbeck("upgrade", "head", "--single-transaction", "--url", database.url, folder=folder, check=0)
        self.assertIn("Committed 3 revisions as one transaction", result.stderr + result.stdout)
        self.assertNotIn("r1 (", result.stderr + result.stdout)
        self.assertEqual(["r3"], current(database, folder))
        self.assertEqual([("r1", "done"), ("r2", "done"), ("r3", "done")], database.query("SELECT revision, outcome FROM limbeck_journal ORDER BY id"))
        times = [str(time) for row in database.query("SELECT started_at, finished_at FROM limbeck_journal ORDER BY id") for time in row]
        self.assertEqual(times, sorted(times))
        limbeck("downgrade", "base", "--single-transaction", "--url", database.url, folder=folder, check=0)
        self.assertEqual([], current(database, folder))
        self.assertEqual([], [name for (name,) in database.query(TABLES[self.kind]) if name.startswith("t")])

    def test_a_stopped_revision_is_not_taken_into_a_single_transaction(self):
        self.start("-- limbeck:upgrade no-transaction\nUPDATE counter SET n = n + 1;\nUPDATE nope SET n = 1;\n-- limbeck:downgrade")
        self.run_it("upgrade", "head", check=7)
        self.run_it("upgrade", "head", "--single-transaction", check=2)
        self.edit("r2.sql", "UPDATE nope SET n = 1;", "")
        self.run_it("upgrade", "head", check=0)
        self.assertEqual([(1, 1)], self.counts("counter"))

    def test_a_wide_id_makes_a_wide_table(self):
        long = "a" * 60
        folder = self.project({"a.sql": f"-- long\n--\n-- limbeck:revision {long}\n\n-- limbeck:upgrade\n-- limbeck:downgrade\n"}, "version_width = 32\n")
        database = self.database(self.kind)
        limbeck("upgrade", "head", "--url", database.url, folder=folder, check=0)
        self.assertEqual([long], current(database, folder))


class SqliteFailedResume(FailedResume, Case):
    kind = Sqlite

    def test_a_resume_that_is_refused_leaves_no_backup(self):
        self.start("-- limbeck:upgrade no-transaction\nUPDATE counter SET n = n + 1;\nUPDATE nope SET n = 1;\n-- limbeck:downgrade")
        self.run_it("upgrade", "head", check=7)
        self.edit("r2.sql", "n = n + 1", "n = n + 2")
        before = sorted(os.listdir(self.folder))
        result = self.run_it("upgrade", "head", check=8)
        self.assertIn("step 1 of revision r2 was done, and its file has changed since", result.stderr)
        self.assertIn("state: nothing was changed now; the steps that are done stay", result.stderr)
        self.assertNotIn("Backup written", result.stderr)
        self.assertEqual(before, sorted(os.listdir(self.folder)))
        self.assertEqual([], self.db.query("SELECT 1 FROM limbeck_journal WHERE kind = 'backup' AND id > (SELECT max(id) FROM limbeck_journal WHERE revision = 'r2')"))


class PostgresFailedResume(FailedResume, Case):
    kind = Postgres

    def psql(self, sql):
        """A session that does something and then sits on it."""
        process = subprocess.Popen(["psql", "-X", "-q", self.db.url], stdin=subprocess.PIPE, text=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.stdin.write(sql)
        process.stdin.flush()
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        time.sleep(0.4)
        return process

    def test_a_resume_that_gets_no_lock_forgets_nothing(self):
        self.start("-- limbeck:backfill table=items batch=10\nUPDATE items SET n = n + 1;\n-- limbeck:downgrade")
        self.run_it("upgrade", "head", crash_at=8)
        self.assertGreater(dict(self.counts())[1], 0)
        holder = self.psql("BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE;\n")
        result = self.run_it("upgrade", "head")
        self.assertEqual(7, result.returncode, result.stderr)
        holder.kill()
        holder.wait()
        self.run_it("upgrade", "head", check=0)
        self.assertEqual([(1, ROWS)], self.counts())

    def test_an_index_whose_row_cannot_be_written_is_no_rollback(self):
        self.start("-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY ix ON items (n);\n-- limbeck:downgrade\nDROP INDEX ix;")
        self.db.script("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not now'; END$$; "
                       "CREATE TRIGGER no BEFORE UPDATE ON limbeck_journal FOR EACH ROW WHEN (NEW.kind = 'outside') EXECUTE FUNCTION no();")
        result = self.run_it("upgrade", "head", check=7)
        self.assertNotIn("rolled back", result.stderr)
        self.db.script("DROP TRIGGER no ON limbeck_journal")
        self.run_it("upgrade", "head", check=0)
        self.assertEqual(["ix"], self.db.indexes("items"))

    def test_an_index_of_that_name_that_was_there_is_not_taken_for_ours(self):
        self.start("-- limbeck:upgrade\nCREATE INDEX ix ON items (code);\n-- limbeck:downgrade\nDROP INDEX ix;",
                   "-- limbeck:upgrade\nUPDATE counter SET n = 1;\n-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY ix ON items (n);\n-- limbeck:downgrade\n")
        self.run_it("upgrade", "head", check=7)
        result = self.run_it("upgrade", "head", check=7)
        self.assertIn("already exists", result.stderr)

    def test_a_lost_lock_stops_the_revision(self):
        self.start("-- limbeck:upgrade no-transaction\nUPDATE counter SET n = n + 1;\nSELECT pg_advisory_unlock_all();\nUPDATE counter SET n = n + 10;\n-- limbeck:downgrade")
        result = self.run_it("upgrade", "head", check=7)
        self.assertIn("run lock was lost", result.stderr)
        self.assertEqual([(1, 1)], self.counts("counter"))

    def test_discard_all_is_refused(self):
        self.start("-- limbeck:upgrade no-transaction\nDISCARD ALL;\n-- limbeck:downgrade")
        self.run_it("upgrade", "head", check=10)

    def test_a_procedure_that_commits_and_fails_is_no_rollback(self):
        self.start("-- limbeck:upgrade\nCREATE PROCEDURE p() LANGUAGE plpgsql AS $$BEGIN UPDATE counter SET n = n + 1; COMMIT; RAISE 'later'; END$$;\n-- limbeck:downgrade\nDROP PROCEDURE p;",
                   "-- limbeck:upgrade no-transaction\nCALL p();\n-- limbeck:downgrade")
        result = self.run_it("upgrade", "head", check=7)
        self.assertNotIn("rolled back", result.stderr)
        self.assertEqual([(1, 1)], self.counts("counter"))

    def test_a_revision_that_changes_its_role(self):
        role = f"plain_{self.kind.__name__.lower()}"
        self.start(f"-- limbeck:upgrade\nSET ROLE {role};\nCREATE TABLE owned (id integer);\n-- limbeck:downgrade\nDROP TABLE owned;",
                   f"-- limbeck:upgrade no-transaction\nSET ROLE {role};\nCREATE TABLE also_owned (id integer);\nRESET ROLE;\n-- limbeck:downgrade\nDROP TABLE also_owned;",
                   "-- limbeck:upgrade\nCREATE TABLE mine (id integer);\n-- limbeck:downgrade\nDROP TABLE mine;")
        self.db.script(f"CREATE ROLE {role}; GRANT ALL ON SCHEMA public TO {role}")
        self.addCleanup(self.db.script, f"DROP OWNED BY {role}; DROP ROLE {role}")
        self.run_it("upgrade", "head", check=0)
        owners = self.db.query("SELECT relname, relowner::regrole FROM pg_class WHERE relname IN ('owned', 'also_owned', 'mine') ORDER BY 1")
        self.assertEqual([("also_owned", role), ("mine", "limbeck"), ("owned", role)], owners)

    def test_another_program_writes_the_version_table_under_a_stepped_revision(self):
        self.start("-- limbeck:upgrade no-transaction\nUPDATE counter SET n = n + 1;\nUPDATE limbeck_version SET version_num = 'r2';\n-- limbeck:downgrade")
        result = self.run_it("upgrade", "head", check=7)
        self.assertIn("every step of revision r2 is done", result.stderr)
        self.assertIn("changed by another program", result.stderr)

    def test_a_failure_at_the_commit_of_a_single_transaction(self):
        self.start("-- limbeck:upgrade\nCREATE TABLE a (id integer PRIMARY KEY);\n"
                   "CREATE TABLE b (a integer REFERENCES a DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO b VALUES (1);\n-- limbeck:downgrade\nDROP TABLE b;\nDROP TABLE a;",
                   settings='[backup]\nfolder = "copies"\n')
        result = self.run_it("upgrade", "head", "--single-transaction", "--backup", check=6)
        self.assertIn("\nwhen the transaction was committed\na backup from before this command: ", result.stderr)
        self.assertIn("state: rolled back: the database is as it was before this command\nwhat to do: run it without --single-transaction", result.stderr)
        self.assertEqual(["r1"], current(self.db, self.folder_of_project))
        result = self.run_it("upgrade", "head", check=6)
        self.assertIn("\nwhen the transaction was committed\nin the upgrade of revision r2\n", result.stderr)
        self.assertIn("rolled back", result.stderr)

    def test_a_failure_at_the_commit_of_a_step(self):
        self.start("-- limbeck:upgrade\nCREATE TABLE a (id integer PRIMARY KEY);\n"
                   "CREATE TABLE b (a integer REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n"
                   "-- limbeck:upgrade no-transaction\nINSERT INTO b VALUES (1);\n-- limbeck:downgrade\nDROP TABLE b;\nDROP TABLE a;")
        result = self.run_it("upgrade", "head", check=7)
        self.assertIn("\nwhen the transaction was committed\nin the upgrade of revision r2\n", result.stderr)
        self.assertIn("state: revision r2 stopped at step 2 of 2", result.stderr)

    def test_a_long_scan_has_no_statement_timeout(self):
        self.start("-- limbeck:upgrade\nCREATE FUNCTION slow() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(0.02); RETURN true; END$$;\n"
                   "ALTER TABLE items ADD CONSTRAINT a CHECK (slow()) NOT VALID, ADD CONSTRAINT b CHECK (slow()) NOT VALID, ADD CONSTRAINT c CHECK (slow()) NOT VALID;\n-- limbeck:downgrade",
                   "-- limbeck:upgrade\nALTER TABLE items VALIDATE CONSTRAINT a;\n-- limbeck:downgrade",
                   "-- limbeck:upgrade no-transaction\nALTER TABLE items VALIDATE CONSTRAINT b;\n-- limbeck:downgrade",
                   "-- limbeck:upgrade\nALTER TABLE items VALIDATE CONSTRAINT c;\nSELECT 1;\n-- limbeck:downgrade",
                   settings='[timeouts]\nstatement = "500ms"\n')
        self.run_it("upgrade", "r4", check=0)
        self.assertIn("statement timeout", self.run_it("upgrade", "r5", check=6).stderr)

    def test_what_the_session_is_set_to(self):
        seen = ("SELECT current_setting('client_connection_check_interval') AS a, "
                "current_setting('idle_in_transaction_session_timeout') AS b")
        self.start(f"-- limbeck:upgrade\nCREATE TABLE first AS {seen};\nSET idle_in_transaction_session_timeout = '1h';\n-- limbeck:downgrade",
                   f"-- limbeck:upgrade\nCREATE TABLE second AS {seen};\n-- limbeck:downgrade",
                   f"-- limbeck:upgrade\nCREATE TABLE third AS {seen};\n-- limbeck:downgrade")
        self.run_it("upgrade", "r3", check=0)
        self.db.script(f"ALTER DATABASE {self.db.database} SET idle_in_transaction_session_timeout = '7s'; "
                       f"ALTER DATABASE {self.db.database} SET client_connection_check_interval = '3s'")
        self.run_it("upgrade", "r4", check=0)
        self.assertEqual([("10s", "5min")], self.db.query("SELECT * FROM first"))
        self.assertEqual([("10s", "5min")], self.db.query("SELECT * FROM second"), "after a reset too")
        self.assertEqual([("3s", "7s")], self.db.query("SELECT * FROM third"), "what the server is set to stays")

    def test_an_enum_value_used_too_early(self):
        self.start("-- limbeck:upgrade\nCREATE TYPE mood AS ENUM ('sad');\n-- limbeck:downgrade\nDROP TYPE mood;",
                   "-- limbeck:upgrade\nALTER TYPE mood ADD VALUE 'glad';\nCREATE TABLE m (m mood DEFAULT 'glad');\n-- limbeck:downgrade\nDROP TABLE m;")
        self.assertIn("no-transaction", self.run_it("upgrade", "head", check=6).stderr)


if __name__ == "__main__":
    unittest.main()
