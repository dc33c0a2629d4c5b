"""A runner that dies, at every journal transition and at random moments: the next one ends as if nothing had happened.

The counters prove that each statement ran exactly once: each revision adds to them, and so does each batch to each row.
"""
import os
import random
import signal
import subprocess
import time
import unittest

from harness import PROGRAM, Case, Postgres, Sqlite, chain, current, limbeck

ROWS = 95

COMMON = [
    """-- limbeck:upgrade
CREATE TABLE counters (name VARCHAR(20) PRIMARY KEY, n INTEGER NOT NULL);
INSERT INTO counters VALUES ('atomic', 0), ('alone', 0), ('mixed', 0);
CREATE TABLE items (id INTEGER PRIMARY KEY, n INTEGER NOT NULL DEFAULT 0, title VARCHAR(50));
INSERT INTO items (id) SELECT value FROM {series};
-- limbeck:downgrade
DROP TABLE items;
DROP TABLE counters;""",
    """-- limbeck:upgrade
UPDATE counters SET n = n + 1 WHERE name = 'atomic';
CREATE TABLE more (id INTEGER PRIMARY KEY);
-- limbeck:downgrade
UPDATE counters SET n = n - 1 WHERE name = 'atomic';
DROP TABLE more;""",
    """-- limbeck:upgrade
ALTER TABLE items ADD COLUMN note VARCHAR(20);
UPDATE counters SET n = n + 1 WHERE name = 'mixed';
-- limbeck:backfill table=items batch=10
UPDATE items SET n = n + 1, note = 'done' WHERE id % 2 = 0 OR note IS NULL;
-- limbeck:upgrade
UPDATE counters SET n = n + 10 WHERE name = 'mixed';
-- limbeck:downgrade
UPDATE counters SET n = n - 11 WHERE name = 'mixed';
UPDATE items SET n = n - 1;
ALTER TABLE items DROP COLUMN note;""",
    """-- limbeck:upgrade no-transaction
UPDATE counters SET n = n + 1 WHERE name = 'alone';
UPDATE counters SET n = n + 10 WHERE name = 'alone';
-- limbeck:downgrade no-transaction
UPDATE counters SET n = n - 1 WHERE name = 'alone';
UPDATE counters SET n = n - 10 WHERE name = 'alone';""",
]
POSTGRES_ONLY = [
    """-- limbeck:upgrade no-transaction
CREATE INDEX CONCURRENTLY ix_items_title ON items (title);
SET work_mem = '8MB';
UPDATE counters SET n = n + 100 WHERE name = 'alone';
CREATE INDEX CONCURRENTLY ix_items_n ON items (n);
-- limbeck:downgrade no-transaction
DROP INDEX CONCURRENTLY ix_items_n;
DROP INDEX CONCURRENTLY ix_items_title;
UPDATE counters SET n = n - 100 WHERE name = 'alone';""",
    """-- limbeck:upgrade
CREATE TYPE mood AS ENUM ('sad');
-- limbeck:upgrade no-transaction
ALTER TYPE mood ADD VALUE 'happy';
-- limbeck:upgrade
CREATE TABLE moods (m mood NOT NULL DEFAULT 'happy');
-- limbeck:downgrade
DROP TABLE moods;
DROP TYPE mood;""",
]
SQLITE_ONLY = [
    """-- limbeck:upgrade no-transaction
VACUUM;
UPDATE counters SET n = n + 100 WHERE name = 'alone';
-- limbeck:downgrade
UPDATE counters SET n = n - 100 WHERE name = 'alone';""",
]


class KillMatrix:
    kind = None

    def setUp(self):
        super().setUp()
        postgres = self.kind is Postgres
        series = (f"generate_series(1, {ROWS}) AS value" if postgres else
                  f"(WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s WHERE value < {ROWS}) SELECT value FROM s)")
        bodies = [body.replace("{series}", series) for body in COMMON] + (POSTGRES_ONLY if postgres else SQLITE_ONLY)
        self.last = f"r{len(bodies)}"
        self.project_folder = self.project(chain(*bodies), "[backup]\nsqlite = false\n")
        # Both are written down once: an undisturbed run is what every other one is held against.
        reference = self.database(self.kind)
        self.run_one(reference, "upgrade", "heads")
        self.at_head = reference.fingerprint()
        self.check_counters(reference)
        self.run_one(reference, "downgrade", "r1")
        self.at_r1 = reference.fingerprint()

    def run_one(self, database, *arguments, crash_at=None, check=0):
        env = {"LIMBECK_CRASH_AT": str(crash_at)} if crash_at else {}
        return limbeck(*arguments, "--url", database.url, folder=self.project_folder, env=env, check=check)

    def check_counters(self, database):
        counters = {name: int(n) for name, n in database.query("SELECT name, n FROM counters")}
        self.assertEqual({"atomic": 1, "alone": 111, "mixed": 11}, counters)
        self.assertEqual([("1",)], [tuple(map(str, row)) for row in database.query("SELECT DISTINCT n FROM items")])
        self.assertEqual(str(ROWS), str(database.query("SELECT count(*) FROM items")[0][0]))

    def finish(self, database, *arguments):
        self.run_one(database, *arguments)
        self.assertEqual([], [row for row in database.query("SELECT revision FROM limbeck_journal "
                                                            "WHERE outcome = 'started'")])

    def crash_everywhere(self, prepare, arguments, expected, check=None):
        """Dies at the 1st, 2nd, ... transition, until a run gets through; after each the next run must end rightly."""
        point = 0
        while True:
            point += 1
            database = self.database(self.kind)
            for command in prepare:
                self.run_one(database, *command)
            result = self.run_one(database, *arguments, crash_at=point, check=None)
            if result.returncode == 0:
                break
            with self.subTest(point=point):
                self.assertEqual(-signal.SIGKILL, result.returncode, result.stderr)
                # Every fourth one dies a second time on the way back.
                if point % 4 == 0:
                    self.run_one(database, *arguments, crash_at=2, check=None)
                self.finish(database, *arguments)
                self.assertEqual(expected, database.fingerprint())
                if check:
                    check(database)
            database.drop()
        self.assertGreater(point, 12, "there are more transitions than that")

    def test_upgrade_dies_at_every_transition(self):
        self.crash_everywhere([], ["upgrade", "heads"], self.at_head, self.check_counters)

    def test_downgrade_dies_at_every_transition(self):
        self.crash_everywhere([["upgrade", "heads"]], ["downgrade", "r1"], self.at_r1)

    def test_killed_at_random(self):
        seed = random.randrange(1 << 30)
        rng = random.Random(seed)
        whole = 60.0
        for _ in range(3):
            database = self.database(self.kind)
            begin = time.monotonic()
            self.run_one(database, "upgrade", "heads")
            whole = min(whole, time.monotonic() - begin)
        kills = 0
        for round_number in range(12):
            database = self.database(self.kind)
            for _ in range(20):
                process = subprocess.Popen([PROGRAM, "upgrade", "heads", "--url", database.url], cwd=self.project_folder,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
                time.sleep(rng.uniform(0, whole))
                process.send_signal(signal.SIGKILL)
                _, errors = process.communicate()
                if process.returncode == 0:
                    break
                self.assertEqual(-signal.SIGKILL, process.returncode, errors)
                kills += 1
            with self.subTest(seed=seed, round=round_number):
                self.finish(database, "upgrade", "heads")
                self.assertEqual(self.at_head, database.fingerprint())
                self.check_counters(database)
                self.assertEqual([self.last], current(database, self.project_folder))
            database.drop()
        self.assertGreater(kills, 0, f"seed {seed}")


class SqliteKillMatrix(KillMatrix, Case):
    kind = Sqlite


class PostgresKillMatrix(KillMatrix, Case):
    kind = Postgres

    def test_backend_is_terminated(self):
        """The server process goes away under the runner, again and again."""
        seed = random.randrange(1 << 30)
        rng = random.Random(seed)
        losses = 0
        for round_number in range(60):
            if losses >= 5:
                break
            database = self.database(self.kind)
            for _ in range(10):
                process = subprocess.Popen([PROGRAM, "upgrade", "heads", "--url", database.url], cwd=self.project_folder,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                           stdin=subprocess.DEVNULL)
                time.sleep(rng.uniform(0, 0.05))
                database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                               "AND application_name LIKE 'limbeck%' AND pid <> pg_backend_pid()")
                _, errors = process.communicate(timeout=60)
                if process.returncode == 0:
                    break
                losses += 1
                self.assertIn(process.returncode, (6, 7, 9), errors)
                self.assertIn("error:", errors)
            with self.subTest(seed=seed, round=round_number):
                self.finish(database, "upgrade", "heads")
                self.assertEqual(self.at_head, database.fingerprint())
                self.check_counters(database)
            database.drop()
        self.assertGreater(losses, 0, f"seed {seed}")

    def test_backend_is_terminated_while_it_commits(self):
        """Where the outcome is not known, another connection asks for it."""
        folder = self.project(chain(
            """-- limbeck:upgrade
CREATE TABLE t (n integer);
CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION leave();""",
            "-- limbeck:upgrade\nINSERT INTO t VALUES (1);",
            "-- limbeck:upgrade\nINSERT INTO t VALUES (2);"))
        database = self.database(Postgres)
        result = limbeck("upgrade", "head", "--url", database.url, folder=folder)
        self.assertEqual(9, result.returncode, result.stderr)
        self.assertIn("rolled back: the database is as it was before revision", result.stderr)
        self.assertEqual([], database.query("SELECT * FROM t"))


if __name__ == "__main__":
    unittest.main()
