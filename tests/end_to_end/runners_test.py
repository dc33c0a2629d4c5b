"""Several runners at once, and what one says of the other."""
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import time
import unittest

from harness import PROGRAM, Case, Postgres, Sqlite, chain, current, limbeck, read_until, wait_until

BODIES = [f"""-- limbeck:upgrade
CREATE TABLE t{i} (id INTEGER PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE t{i};""" for i in range(1, 21)]
CONCURRENT = """-- limbeck:upgrade no-transaction
CREATE INDEX CONCURRENTLY ix_t1 ON t1 (id);
-- limbeck:downgrade
DROP INDEX ix_t1;"""
# Far slower than any machine is: each test ends it.
SLOW = {
    Postgres: "-- limbeck:upgrade\nCREATE TABLE slow AS SELECT 1 AS x FROM pg_sleep(600);\n-- limbeck:downgrade\nDROP TABLE slow;",
    Sqlite: """-- limbeck:upgrade
CREATE TABLE slow AS WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 30000000000) SELECT max(v) AS v FROM s;
-- limbeck:downgrade
DROP TABLE slow;""",
}


class Runners:
    kind = None

    def start(self, *arguments):
        return subprocess.Popen([PROGRAM, *arguments, "--url", self.db.url], cwd=self.project_folder, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)

    def check_no_rollback_journal(self):
        """SQLite's file, which a run of several revisions keeps from one transaction to the next."""
        if self.kind is Sqlite:
            self.assertFalse(os.path.exists(self.db.path + "-journal"))

    def test_eight_start_together(self):
        bodies = BODIES + ([CONCURRENT] if self.kind is Postgres else [])
        self.project_folder = self.project(chain(*bodies))
        self.db = self.database(self.kind)
        processes = [self.start("upgrade", "head") for _ in range(8)]
        outputs = [process.communicate(timeout=120) for process in processes]
        for process, (_, errors) in zip(processes, outputs):
            self.assertEqual(0, process.returncode, errors)
        ran = [errors.count("Running upgrade") for _, errors in outputs]
        self.assertEqual([0] * 7 + [len(bodies)], sorted(ran), "one applies, the others find nothing to do")
        self.assertEqual([f"r{len(bodies)}"], current(self.db, self.project_folder))
        rows = self.db.query("SELECT revision FROM limbeck_journal WHERE kind = 'revision' AND outcome = 'done'")
        self.assertEqual(len(bodies), len(rows))
        self.check_no_rollback_journal()

    def test_a_second_runner_says_who_holds_the_lock(self):
        self.project_folder = self.project(chain(BODIES[0], SLOW[self.kind]))
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        first = self.start("upgrade", "head")
        read_until(first.stderr.fileno(), "r1 -> r2")
        result = limbeck("upgrade", "head", "--lock-wait", "200ms", "--url", self.db.url, folder=self.project_folder, check=5)
        self.assertIn("another runner holds the lock", result.stderr)
        self.assertIn("process", result.stderr)
        self.assertIn("since", result.stderr)
        self.assertIsNone(first.poll(), "the first one is still at work")
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=60)
        self.assertEqual(130, first.returncode)

    def look(self, *arguments, check):
        return limbeck(*arguments, "--url", self.db.url, folder=self.project_folder, check=check).stdout

    def test_what_is_running_has_not_stopped(self):
        items = """-- limbeck:upgrade
CREATE TABLE items (id INTEGER PRIMARY KEY, n INTEGER);
INSERT INTO items WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 200) SELECT v, 0 FROM s;
-- limbeck:backfill table=items batch=1 rate=1
UPDATE items SET n = 1;
-- limbeck:downgrade
DROP TABLE items;"""
        self.project_folder = self.project(chain(BODIES[0], items))
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        first = self.start("upgrade", "head")
        read_until(first.stderr.fileno(), "UPDATE items")
        wait_until(lambda: self.db.query("SELECT 1 FROM limbeck_journal WHERE kind = 'backfill'"), "the backfill")
        text = self.look("status", check=3)
        self.assertRegex(text, "running +the upgrade of revision r2, by process [0-9]+, user .*, since 2")
        self.assertNotIn("wrong", text)
        self.assertNotIn("next", text)
        status = json.loads(self.look("status", "--json", check=3))
        self.assertEqual(("pending", None, [], "r2", "upgrade"),
                         (status["status"], status["stopped"], status["ailments"], status["running"]["revision"],
                          status["running"]["direction"]))
        if self.kind is Sqlite:
            self.assertEqual(first.pid, status["running"]["pid"])
        repair = self.look("repair", check=0)
        self.assertIn("A run is at work: the upgrade of revision r2, by process", repair)
        self.assertIn("nothing was changed", repair)
        self.assertEqual(status["running"]["pid"], json.loads(self.look("repair", "--json", check=0))["running"]["pid"])
        health = json.loads(self.look("health", "--json", check=3))
        self.assertRegex(health["running"], f"process {status['running']['pid']}, user .*, since 2")
        self.assertRegex(self.look("health", check=3), "running +process [0-9]+, user ")
        audit = limbeck("audit", "--database", "--json", "--url", self.db.url, folder=self.project_folder)
        self.assertEqual("r2", json.loads(audit.stdout)["database"]["running"]["revision"], audit.stdout)
        self.assertNotIn("stopped-revision", audit.stdout)
        # Its own table is no other's.
        self.assertNotIn("beside-revisions", audit.stdout)
        self.assertIn("whether the database is as its revisions make it: the upgrade of revision r2 is done in part", audit.stdout)
        self.assertIsNone(first.poll(), "who only looks takes no lock away")

        first.kill()
        first.communicate(timeout=60)
        wait_until(lambda: "running" not in limbeck("status", "--url", self.db.url, folder=self.project_folder).stdout,
                   "the end of its session")
        self.assertIn("the upgrade of r2 stopped after step 1 of 2", self.look("status", check=4))
        status = json.loads(self.look("status", "--json", check=4))
        self.assertEqual((None, "r2"), (status["running"], status["stopped"]["id"]))
        self.assertIn("limbeck upgrade r2", self.look("repair", check=4))
        self.assertIsNone(json.loads(self.look("health", "--json", check=3))["running"])
        audit = limbeck("audit", "--database", "--url", self.db.url, folder=self.project_folder)
        self.assertIn("stopped-revision", audit.stdout)
        self.assertNotIn("beside-revisions", audit.stdout)
        self.assertNotIn("running ", audit.stdout)

    def test_interrupt_is_clean(self):
        self.project_folder = self.project(chain(BODIES[0], SLOW[self.kind]))
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        before = self.db.fingerprint()
        process = self.start("upgrade", "head")
        read_until(process.stderr.fileno(), "r1 -> r2")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)  # the statement would take longer
        self.assertEqual(130, process.returncode, errors)
        self.assertIn("rolled back", errors)
        self.assertEqual(before, self.db.fingerprint())
        self.check_no_rollback_journal()
        pathlib.Path(self.project_folder, "migrations", "r2.sql").write_text(chain("", BODIES[1])["r2.sql"])
        self.assertEqual(0, self.start("upgrade", "head").wait(60))

    def test_interrupted_between_batches_goes_on_there(self):
        series = ("generate_series(1, 200) AS value" if self.kind is Postgres else
                  "(WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < 200) SELECT value FROM s)")
        self.project_folder = self.project(chain(
            f"""-- limbeck:upgrade
CREATE TABLE items (id INTEGER PRIMARY KEY, n INTEGER NOT NULL DEFAULT 0);
INSERT INTO items (id) SELECT value FROM {series};
-- limbeck:downgrade
DROP TABLE items;""",
            """-- limbeck:backfill table=items batch=10 rate=50
UPDATE items SET n = n + 1;
-- limbeck:downgrade"""))
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        process = self.start("upgrade", "head")
        wait_until(lambda: self.db.query("SELECT 1 FROM items WHERE n = 1"), "the first batch")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(7, process.returncode, errors)
        done = int(self.db.query("SELECT count(*) FROM items WHERE n = 1")[0][0])
        self.assertTrue(0 < done < 200, done)
        status = limbeck("status", "--url", self.db.url, folder=self.project_folder, check=4)
        self.assertIn("stopped", status.stdout)
        begin = time.monotonic()
        self.assertEqual(0, self.start("upgrade", "head").wait(60))
        self.assertGreater(time.monotonic() - begin, (200 - done) / 50 * 0.7, "the rate holds")
        self.assertEqual([("1",)], [tuple(map(str, row)) for row in self.db.query("SELECT DISTINCT n FROM items")])
        self.assert_all_counted()

    def assert_all_counted(self):
        counts = self.db.query("SELECT affected FROM limbeck_journal WHERE kind = 'backfill' ORDER BY id")
        self.assertEqual(200, int(counts[-1][0]), counts)

    def test_killed_between_batches_counts_every_row(self):
        series = ("generate_series(1, 200) AS value" if self.kind is Postgres else
                  "(WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < 200) SELECT value FROM s)")
        self.project_folder = self.project(chain(
            f"""-- limbeck:upgrade
CREATE TABLE items (id INTEGER PRIMARY KEY, n INTEGER NOT NULL DEFAULT 0);
INSERT INTO items (id) SELECT value FROM {series};""", "-- limbeck:backfill table=items batch=10 rate=200\nUPDATE items SET n = n + 1;"))
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        for least in (1, 50, 100):
            process = self.start("upgrade", "head")
            wait_until(lambda: len(self.db.query("SELECT 1 FROM items WHERE n = 1")) >= least, "some batches")
            process.kill()
            process.communicate(timeout=60)
        self.assertEqual(0, self.start("upgrade", "head").wait(60))
        self.assert_all_counted()


class SqliteRunners(Runners, Case):
    kind = Sqlite

    def test_interrupted_while_somebody_holds_the_file(self):
        self.project_folder = self.project(chain(*BODIES[:2]), '[backup]\nsqlite = false\n[timeouts]\nlock = "60s"\n')
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        holder = sqlite3.connect(self.db.path, isolation_level=None)
        self.addCleanup(holder.close)
        holder.execute("BEGIN IMMEDIATE")
        process = self.start("upgrade", "head")
        read_until(process.stderr.fileno(), "r1 -> r2")
        time.sleep(0.5)  # its next transaction waits
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        self.assertEqual(130, process.returncode, errors)
        self.assertNotIn("trying again", errors)


class PostgresRunners(Runners, Case):
    kind = Postgres

    def deadlock(self, sections):
        """Another session holds b and waits for a, of which the run has changed the one and comes to the other: the server ends the run's
        statement, as the other session is not to look for a deadlock itself. What the run says."""
        self.project_folder = self.project(chain("-- limbeck:upgrade\nCREATE TABLE a (id integer);\nCREATE TABLE b (id integer);\n"
                                                 "INSERT INTO a VALUES (1);", sections))
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        run = self.start("upgrade", "head")
        wait_until(lambda: self.db.query("SELECT 1 FROM pg_locks WHERE relation = 'a'::regclass AND mode = 'AccessExclusiveLock'"), "a")
        other = subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", self.db.url], text=True, capture_output=True, timeout=60, input="""
            SET deadlock_timeout = '60s';
            BEGIN;
            LOCK TABLE b;
            LOCK TABLE a;
            INSERT INTO a VALUES (2);
            COMMIT;""")
        self.assertEqual(0, other.returncode, other.stderr)
        _, said = run.communicate(timeout=60)
        self.assertEqual(0, run.returncode, said)
        self.assertIn("deadlock detected; trying again in", said)
        # Once each, and the other session's work beside it.
        self.assertEqual(["id", "x"], self.db.columns("a"))
        self.assertEqual(["id", "x"], self.db.columns("b"))
        self.assertEqual([("1",), ("2",)], sorted(self.db.query("SELECT id FROM a")))
        self.assertEqual(["r2"], current(self.db, self.project_folder))
        self.assertEqual([("0",)], self.db.query("SELECT count(*) FROM limbeck_journal WHERE outcome <> 'done'"))

    WORK = "ALTER TABLE a ADD COLUMN x integer;\nSELECT pg_sleep(2);\nALTER TABLE b ADD COLUMN x integer;\n"

    def test_a_deadlock_is_tried_again(self):
        self.deadlock("-- limbeck:upgrade\n" + self.WORK)

    def test_a_deadlock_in_a_step_is_tried_again(self):
        self.deadlock("-- limbeck:upgrade no-transaction\nCREATE TABLE c (id integer);\n-- limbeck:upgrade\n" + self.WORK)

    def test_a_killed_runner_leaves_its_server_process_at_work(self):
        """kill -9 during a concurrent build: the next runner waits for the orphan and takes over what it built."""
        self.project_folder = self.project(chain(
            "-- limbeck:upgrade\nCREATE TABLE big AS SELECT generate_series(1, 400000) AS id;\n-- limbeck:downgrade\nDROP TABLE big;",
            """-- limbeck:upgrade no-transaction
CREATE INDEX CONCURRENTLY ix_big ON big ((id % 7), (md5(id::text)));
-- limbeck:downgrade
DROP INDEX ix_big;"""))
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(60))
        process = self.start("upgrade", "head")
        wait_until(lambda: self.db.query("SELECT 1 FROM pg_stat_progress_create_index"), "the build")
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertTrue(self.db.query("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'limbeck%'"),
                        "the server goes on without its client")
        result = limbeck("upgrade", "head", "--url", self.db.url, folder=self.project_folder, check=0)
        self.assertIn("Waiting for another run", result.stderr)
        self.assertIn("CREATE INDEX CONCURRENTLY", result.stderr)
        self.assertEqual(["ix_big"], self.db.indexes("big"))
        self.assertEqual([], self.db.query("SELECT 1 FROM pg_index WHERE NOT indisvalid"))

    def test_an_invalid_index_is_removed_and_built_again(self):
        self.project_folder = self.project(chain(
            "-- limbeck:upgrade\nCREATE TABLE t (id integer);\nINSERT INTO t VALUES (1), (1);\n-- limbeck:downgrade\nDROP TABLE t;",
            """-- limbeck:upgrade no-transaction
CREATE UNIQUE INDEX CONCURRENTLY ux_t ON t (id);
-- limbeck:downgrade
DROP INDEX ux_t;"""))
        self.db = self.database(self.kind)
        result = limbeck("upgrade", "head", "--url", self.db.url, folder=self.project_folder, check=6)
        self.assertIn("could not create unique index", result.stderr)
        self.assertIn("r2.sql:7:1", result.stderr)
        self.assertEqual([], self.db.query("SELECT 1 FROM pg_index WHERE NOT indisvalid"), "no debris is left")
        self.db.script("DELETE FROM t")
        limbeck("upgrade", "head", "--url", self.db.url, folder=self.project_folder, check=0)
        self.assertEqual(["ux_t"], self.db.indexes("t"))

    def hold_a_lock(self, table):
        """A session that reads the table, and keeps that lock until it is told to end."""
        holder = subprocess.Popen(["psql", "-X", "-q", self.db.url], stdin=subprocess.PIPE, text=True)
        holder.stdin.write(f"BEGIN; LOCK TABLE {table} IN ACCESS SHARE MODE;\n")
        holder.stdin.flush()
        wait_until(lambda: self.db.query(f"SELECT 1 FROM pg_locks WHERE relation = '{table}'::regclass AND granted"), "the lock")
        return holder

    def test_lock_timeout_is_tried_again(self):
        self.project_folder = self.project(chain(
            BODIES[0], "-- limbeck:upgrade\nALTER TABLE t1 ADD COLUMN x integer;\n-- limbeck:downgrade\nALTER TABLE t1 DROP COLUMN x;"),
            '[timeouts]\nlock = "100ms"\nlock_retry = "60s"\n')
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        holder = self.hold_a_lock("t1")
        process = self.start("upgrade", "head")
        read_until(process.stderr.fileno(), "lock timeout")
        holder.communicate("COMMIT;\n", timeout=60)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(0, process.returncode, errors)
        self.assertIn("x", self.db.columns("t1"))

    def test_lock_timeout_gives_up(self):
        self.project_folder = self.project(chain(
            BODIES[0], "-- limbeck:upgrade\nALTER TABLE t1 ADD COLUMN x integer;\n-- limbeck:downgrade\nALTER TABLE t1 DROP COLUMN x;"),
            '[timeouts]\nlock = "100ms"\nlock_retry = "300ms"\n')
        self.db = self.database(self.kind)
        self.assertEqual(0, self.start("upgrade", "r1").wait(30))
        holder = self.hold_a_lock("t1")
        result = limbeck("upgrade", "head", "--url", self.db.url, folder=self.project_folder, check=5)
        self.assertIn("rolled back", result.stderr)
        holder.communicate("ROLLBACK;\n", timeout=60)
        self.assertNotIn("x", self.db.columns("t1"))


if __name__ == "__main__":
    unittest.main()
