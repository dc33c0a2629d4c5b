"""The version table and the journal that cannot be read, made or written: what is said, and what is left behind."""
import json
import os
import pathlib
import resource
import signal
import sqlite3
import subprocess
import time
import unittest

from harness import PROGRAM, Case, Postgres, Sqlite, chain, limbeck, read_until, wait_until

GOOD = "-- limbeck:upgrade\nCREATE TABLE t{n} (id INTEGER PRIMARY KEY);\n-- limbeck:downgrade\nDROP TABLE t{n};"


def good(count):
    return chain(*[GOOD.replace("{n}", str(n)) for n in range(1, count + 1)])


def as_nobody(*arguments, folder):
    """As a user who owns nothing, where the tests run as root."""
    argv = [PROGRAM, *arguments]
    if os.geteuid() == 0:
        argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", *argv]
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=60, env={**os.environ, "HOME": folder})


class ReadOnlyFile(Case):
    def setUp(self):
        super().setUp()
        self.project_folder = self.project(good(2))
        limbeck("upgrade", "+1", "-q", folder=self.project_folder, check=0)
        os.chmod(f"{self.project_folder}/limbeck.db", 0o444)
        os.chmod(self.folder, 0o755)

    def test_every_change_is_refused_and_no_backup_stays(self):
        os.chmod(self.project_folder, 0o777)
        before = sorted(os.listdir(self.project_folder))
        for arguments in (["upgrade"], ["upgrade"], ["downgrade", "-1"], ["stamp", "head"], ["repair", "--widen"]):
            with self.subTest(arguments=arguments):
                result = as_nobody(*arguments, folder=self.project_folder)
                self.assertEqual(6, result.returncode, result.stderr)
                self.assertEqual("error: the database sqlite:///limbeck.db is read-only\nstate: nothing was changed\n"
                                 "what to do: let this user write the file and its folder\n", result.stderr)
                self.assertEqual(before, sorted(os.listdir(self.project_folder)))

    def test_what_only_reads_goes_on(self):
        os.chmod(self.project_folder, 0o777)
        self.assertEqual("r1\n", as_nobody("current", folder=self.project_folder).stdout)
        self.assertEqual(0, as_nobody("ensure_version", folder=self.project_folder).returncode)
        self.assertEqual(0, as_nobody("backup", "-q", folder=self.project_folder).returncode)

    def test_a_folder_that_may_not_be_written(self):
        os.chmod(self.project_folder, 0o555)
        if os.geteuid() == 0:
            os.chown(f"{self.project_folder}/limbeck.db", 65534, 65534)
        os.chmod(f"{self.project_folder}/limbeck.db", 0o644)
        result = as_nobody("upgrade", folder=self.project_folder)
        self.assertEqual(6, result.returncode, result.stderr)
        self.assertIn("limbeck.db-limbeck.lock: Permission denied\nstate: nothing was changed\nwhat to do: the folder", result.stderr)

    def test_a_new_file_in_such_a_folder(self):
        os.chmod(self.project_folder, 0o555)
        result = as_nobody("upgrade", "--url", "sqlite:///new.db", folder=self.project_folder)
        self.assertEqual(9, result.returncode, result.stderr)
        self.assertRegex(result.stderr, "^error: cannot open the SQLite database .*/new.db: its folder .* cannot be written to: Permission denied\n")
        self.assertIn("\nstate: nothing was changed\nwhat to do: let this user write the folder", result.stderr)


class FullDisk(Case):
    def test_at_the_lock_file(self):
        folder = self.project(good(2))
        limbeck("upgrade", "+1", "-q", folder=folder, check=0)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

        result = subprocess.run([PROGRAM, "upgrade"], cwd=folder, capture_output=True, text=True, preexec_fn=limit)
        self.assertEqual(6, result.returncode, result.stderr)
        self.assertIn("cannot use the lock file", result.stderr)
        self.assertIn("state: nothing was changed\nwhat to do: make room on the disk\n", result.stderr)
        self.assertFalse(os.path.exists(f"{folder}/limbeck.db-limbeck.lock"))
        limbeck("upgrade", folder=folder, check=0)


class Rights(Case):
    """A role of PostgreSQL that may do little."""

    def setUp(self):
        super().setUp()
        self.base = self.database(Postgres)
        self.role = f"poor_{self.base.database}"
        self.base.script(f"CREATE ROLE {self.role} LOGIN; CREATE SCHEMA app")
        self.addCleanup(self.base.script, f"DROP OWNED BY {self.role}; DROP ROLE {self.role}")
        self.url = self.base.url.replace("//limbeck@", f"//{self.role}@")

    def run_as(self, *arguments, folder, code):
        result = limbeck(*arguments, "--url", self.url, folder=folder, check=code)
        return result.stdout + result.stderr

    def test_no_usage_of_the_schema(self):
        folder = self.project(good(1), 'version_table_schema = "app"\n')
        limbeck("ensure_version", "-q", "--url", self.base.url, folder=folder, check=0)
        for command in ("current", "upgrade", "downgrade", "stamp", "repair", "status"):
            with self.subTest(command=command):
                target = {"upgrade": ["head"], "stamp": ["head"], "downgrade": ["base"]}.get(command, [])
                said = self.run_as(command, *target, folder=folder, code=9)
                self.assertIn("the state of the database cannot be read: permission denied for schema app", said)
                grants = said[said.index("GRANT USAGE"):].split("\n")[0]
                self.assertEqual(command != "status", "state: nothing was changed" in said)
        # What is advised is enough.
        self.base.script(grants)
        self.run_as("current", folder=folder, code=0)
        said = self.run_as("stamp", "head", folder=folder, code=6)
        self.assertIn("permission denied for table limbeck_version", said)
        self.assertIn("state: nothing was changed", said)
        grants = said[said.index("GRANT USAGE"):].split("; to make them")[0]
        self.base.script(grants)
        self.run_as("stamp", "head", folder=folder, code=0)

    def test_no_right_to_make_the_tables(self):
        folder = self.project(good(1), 'version_table_schema = "app"\n')
        self.base.script(f"GRANT USAGE ON SCHEMA app TO {self.role}")
        for command in (["upgrade"], ["stamp", "head"], ["ensure_version"]):
            said = self.run_as(*command, folder=folder, code=6)
            self.assertIn("state: nothing was changed", said)
            self.assertIn("GRANT CREATE ON SCHEMA", said)

    def test_no_right_to_do_what_a_revision_does(self):
        folder = self.project(good(1), 'version_table_schema = "app"\n')
        self.base.script(f"GRANT USAGE, CREATE ON SCHEMA app TO {self.role}")
        said = self.run_as("upgrade", folder=folder, code=6)
        self.assertIn("permission denied for schema public", said)
        self.assertIn("state: rolled back: the database is as it was before revision r1\nwhat to do: run it as the owner", said)

    def test_no_such_schema(self):
        folder = self.project(good(1), 'version_table_schema = "nope"\n')
        for command in (["upgrade"], ["stamp", "head"], ["ensure_version"]):
            result = limbeck(*command, "--url", self.base.url, folder=folder, check=6)
            self.assertIn("state: nothing was changed\nwhat to do: version_table_schema in the configuration", result.stderr)
            self.assertIn('CREATE SCHEMA "nope"', result.stderr)


class OtherTables(Case):
    def test_a_table_without_version_num(self):
        for kind in (Sqlite, Postgres):
            database = self.database(kind)
            database.script("CREATE TABLE limbeck_version (version text)")
            folder = self.project(good(1))
            for command in (["current"], ["upgrade"], ["stamp", "head"], ["stamp", "--purge", "head"], ["downgrade", "base"], ["repair"],
                            ["status"]):
                with self.subTest(kind=kind.name, command=command):
                    result = limbeck(*command, "--url", database.url, folder=folder, check=9)
                    said = result.stdout + result.stderr
                    self.assertIn('"limbeck_version" is no version table: ', said)
                    self.assertIn("version_table in limbeck.toml", said)

    def test_a_journal_of_another_kind(self):
        for kind in (Sqlite, Postgres):
            database = self.database(kind)
            database.script("CREATE TABLE limbeck_journal (entry text)")
            result = limbeck("upgrade", "--url", database.url, folder=self.project(good(1)), check=9)
            self.assertIn('"limbeck_journal" is not the journal that this Limbeck knows: ', result.stderr)
            self.assertIn("state: nothing was changed\nwhat to do: rename it", result.stderr)


    def test_a_read_only_server(self):
        database = self.database(Postgres)
        database.script(f"ALTER DATABASE {database.database} SET default_transaction_read_only = on")
        folder = self.project(good(1))
        result = limbeck("upgrade", "--url", database.url, folder=folder, check=6)
        self.assertIn("state: nothing was changed\nwhat to do: the server is a standby, or default_transaction_read_only", result.stderr)
        # With the tables there, a statement of the revision is the first that fails.
        write = database.url + ("&" if "?" in database.url else "?") + "options=-cdefault_transaction_read_only%3Doff"
        limbeck("upgrade", "--url", write, folder=folder, check=0)
        result = limbeck("downgrade", "base", "--accept-data-loss", "--url", database.url, folder=folder, check=6)
        self.assertIn("what to do: the server is a standby, or default_transaction_read_only", result.stderr)


class AllOrNothing(Case):
    """What fails leaves no table of Limbeck's behind that was not there."""
    VERSION = "CREATE TABLE limbeck_version (version_num VARCHAR(3) NOT NULL PRIMARY KEY); "

    def tables(self, database):
        listing = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
                   "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"}
        return [name for (name,) in database.query(listing[database.name])]

    def test_a_stamp(self):
        no = {"sqlite": "CREATE TRIGGER no BEFORE INSERT ON limbeck_version BEGIN SELECT RAISE(ABORT, 'not now'); END",
              "postgresql": "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not now'; END$$; "
                            "CREATE TRIGGER no BEFORE INSERT ON limbeck_version FOR EACH ROW EXECUTE FUNCTION no()"}
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                database.script(self.VERSION + no[kind.name])
                result = limbeck("stamp", "head", "--url", database.url, folder=self.project(good(1)), check=6)
                self.assertIn("not now", result.stderr)
                self.assertIn("state: nothing was changed", result.stderr)
                self.assertEqual(["limbeck_version"], self.tables(database))

    def test_a_repair(self):
        database = self.database(Postgres)
        database.script(self.VERSION + "CREATE VIEW v AS SELECT version_num FROM limbeck_version")
        result = limbeck("repair", "--widen", "--url", database.url, folder=self.project(good(1)), check=6)
        self.assertIn("cannot alter type of a column used by a view", result.stderr)
        self.assertIn("state: nothing was changed", result.stderr)
        self.assertEqual(["limbeck_version"], self.tables(database))

    def test_nothing_to_do(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                database.script("CREATE TABLE other (id integer)")
                for arguments in (["stamp", "base"], ["stamp", "--purge", "base"], ["downgrade", "base"], ["upgrade", "base"]):
                    result = limbeck(*arguments, "--url", database.url, folder=self.project(good(1)), check=0)
                    self.assertIn("Nothing to do: the database is at <base>", result.stderr)
                self.assertEqual(["other"], self.tables(database))


class Interrupts(Case):
    def interrupt(self, arguments, folder, after):
        """The last words of a run that is asked to stop once it has said something."""
        process = subprocess.Popen([PROGRAM, *arguments], cwd=folder, stderr=subprocess.PIPE)
        read_until(process.stderr.fileno(), after)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
        return process.returncode, said

    def test_in_a_stepped_revision(self):
        slow = ("-- limbeck:upgrade no-transaction\nCREATE TABLE s1 (id integer);\n-- limbeck:upgrade postgresql\nSELECT pg_sleep(60);\n"
                "-- limbeck:upgrade sqlite\nINSERT INTO s1 SELECT v FROM (WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s) "
                "SELECT v FROM s);")
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                code, said = self.interrupt(["upgrade", "--url", database.url], self.project(chain(slow)), "step 2 of 2")
                self.assertEqual(7, code, said)
                self.assertIn("error: interrupted", said)
                self.assertIn("state: revision r1 stopped at step 2 of 2; the steps before it are done and stay\n"
                              "what to do: run the same command again: it goes on at this step\n", said)

    def test_twice_in_a_stepped_revision(self):
        rows = "WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 40) SELECT v, 0 FROM s"
        steps = f"""-- limbeck:upgrade
CREATE TABLE items (id integer PRIMARY KEY, n integer);
INSERT INTO items {rows};
-- limbeck:backfill table=items batch=1 rate=1
UPDATE items SET n = 1;
-- limbeck:downgrade
DROP TABLE items;"""
        first_batch = steps.replace("-- limbeck:upgrade\nCREATE", "-- limbeck:upgrade\n-- limbeck:backfill table=seed\nUPDATE seed SET n = 1;\n"
                                                                 "-- limbeck:upgrade\nCREATE")
        for kind in (Sqlite, Postgres):
            for body, options in ((steps, []), (steps, ["--json"]), (first_batch, ["-q"])):
                with self.subTest(kind=kind.name, options=options):
                    database = self.database(kind)
                    database.script("CREATE TABLE seed (id integer PRIMARY KEY, n integer); INSERT INTO seed VALUES (1, 0);")
                    process = subprocess.Popen([PROGRAM, "upgrade", *options, "--url", database.url], cwd=self.project(chain(body)),
                                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                    wait_until(lambda: self.rows(database), "the first batch")
                    # Both are there when it goes on.
                    for number in (signal.SIGSTOP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT):
                        process.send_signal(number)
                    output, said = process.communicate(timeout=60)
                    self.assertEqual(7, process.returncode, said)
                    if options == ["--json"]:
                        self.assertEqual(("failed_between_steps", "stopped at once"),
                                         tuple(json.loads(output)["error"][key] for key in ("name", "message")))
                    else:
                        self.assertTrue(said.endswith("\nerror: stopped at once\nstate: a revision stopped between its steps or batches; what "
                                                      "was done of it before stays\nwhat to do: run the same command again: it goes on where "
                                                      "it stopped\n"), said)

    def rows(self, database):
        try:
            return database.query("SELECT 1 FROM items WHERE n = 1")
        except (AssertionError, sqlite3.OperationalError):
            return []  # the table is not there yet

    def test_twice_in_an_atomic_revision(self):
        database = self.database(Postgres)
        process = subprocess.Popen([PROGRAM, "upgrade", "--url", database.url], cwd=self.project(chain("-- limbeck:upgrade\nSELECT pg_sleep(60);")),
                                   stderr=subprocess.PIPE)
        read_until(process.stderr.fileno(), "Running upgrade")
        for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGCONT):
            process.send_signal(number)
        process.communicate(timeout=60)
        self.assertIn(process.returncode, (-signal.SIGINT, -signal.SIGTERM))

    def run_that_holds_the_lock(self):
        database = self.database(Postgres)
        folder = self.project(chain("-- limbeck:upgrade\nSELECT pg_sleep(60);"))
        first = subprocess.Popen([PROGRAM, "upgrade", "--url", database.url], cwd=folder, stderr=subprocess.PIPE)
        self.addCleanup(first.communicate)
        self.addCleanup(first.kill)
        read_until(first.stderr.fileno(), "Running upgrade")
        return database, folder

    def test_while_it_waits_for_the_run_lock(self):
        database, folder = self.run_that_holds_the_lock()
        for command in (["upgrade"], ["stamp", "head"]):
            code, said = self.interrupt([*command, "--url", database.url], folder, "Waiting for another run")
            self.assertEqual(130, code, said)
            self.assertIn("error: interrupted\nstate: nothing was changed\nwhat to do: run the same command again", said)

    def test_while_another_connection_has_locked_the_file(self):
        folder = self.project(good(1))
        holder = sqlite3.connect(f"{folder}/limbeck.db", isolation_level=None)
        self.addCleanup(holder.close)
        holder.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        result = limbeck("upgrade", "--lock-wait", "300ms", folder=folder, check=5)
        self.assertIn("database is locked", result.stderr)
        self.assertIn("state: nothing was changed\nwhat to do: another connection is using the database", result.stderr)
        self.assertLess(time.monotonic() - began, 5)
        process = subprocess.Popen([PROGRAM, "upgrade"], cwd=folder, stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
        self.assertIn("error: interrupted", said)
        self.assertTrue(said.endswith("state: nothing was changed\nwhat to do: run the same command again to go on\n"), said)
        self.assertNotIn("another connection", said)
        self.assertEqual(130, process.returncode)

    def test_a_version_table_that_another_session_has_locked(self):
        database = self.database(Postgres)
        folder = self.project(good(2))
        limbeck("upgrade", "+1", "-q", "--url", database.url, folder=folder, check=0)
        holder = subprocess.Popen(["psql", "-Xq", "-c", "BEGIN; LOCK TABLE limbeck_version; SELECT pg_sleep(60)", database.url],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(holder.wait, 20)
        self.addCleanup(database.script, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' "
                                         "AND pid <> pg_backend_pid()")
        wait_until(lambda: database.query("SELECT 1 FROM pg_locks WHERE relation = 'limbeck_version'::regclass AND mode = 'AccessExclusiveLock'"),
                   "the lock")
        for command in (["upgrade"], ["stamp", "head"], ["downgrade", "base"]):
            began = time.monotonic()
            result = limbeck(*command, "--lock-wait", "300ms", "--url", database.url, folder=folder, check=5, timeout=30)
            self.assertLess(time.monotonic() - began, 10)
            self.assertIn("the state of the database cannot be read: canceling statement due to lock timeout", result.stderr)
            self.assertIn("state: nothing was changed\nwhat to do: another session holds a lock on the version table", result.stderr)

    def test_a_wait_for_the_run_lock_is_no_longer_than_was_asked(self):
        database, folder = self.run_that_holds_the_lock()
        waited = []
        for _ in range(3):
            said = limbeck("upgrade", "--lock-wait", "1500ms", "--url", database.url, folder=folder, check=5).stderr
            waited.append(int(said.split("waited ")[1].split(" ms")[0]))
        self.assertLess(min(waited), 1600, waited)


class Commits(Case):
    def test_a_deferred_constraint_is_not_taken_for_the_version_table(self):
        database = self.database(Postgres)
        body = "-- limbeck:upgrade\nCREATE TABLE p (id integer PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO p VALUES (1), (1);"
        result = limbeck("upgrade", "--url", database.url, folder=self.project(chain(body)), check=6)
        self.assertIn('duplicate key value violates unique constraint "p_pkey"', result.stderr)
        self.assertIn("when the transaction was committed\nin the upgrade of revision r1\nstate: rolled back", result.stderr)

    def test_a_version_table_that_another_program_has_changed(self):
        for kind in (Sqlite, Postgres):
            database = self.database(kind)
            # The revision itself stands for the other program.
            body = "-- limbeck:upgrade\nCREATE TABLE t (id integer);\nINSERT INTO limbeck_version VALUES ('r1');"
            result = limbeck("upgrade", "--url", database.url, folder=self.project(chain(body)), check=6)
            self.assertIn("error: the version table was changed by another program", result.stderr)
            self.assertIn("state: rolled back", result.stderr)


class Steps(Case):
    def test_a_lost_connection_is_no_fault_of_the_file(self):
        database = self.database(Postgres)
        body = "-- limbeck:upgrade no-transaction\nSELECT pg_terminate_backend(pg_backend_pid());"
        result = limbeck("upgrade", "--url", database.url, folder=self.project(chain(body)), check=7)
        self.assertIn("state: revision r1 stopped at step 1 of 1\nwhat to do: run the same command again: it goes on at this step\n",
                      result.stderr)

    def test_what_the_server_suggests_does_not_hide_the_way_on(self):
        database = self.database(Postgres)
        body = "-- limbeck:upgrade no-transaction\nCREATE TABLE s1 (id integer);\nSELECT no_such_function(1);"
        result = limbeck("upgrade", "--url", database.url, folder=self.project(chain(body)), check=7)
        self.assertIn("the database suggests: No function matches", result.stderr)
        self.assertIn("what to do: mend the cause, also in the file from this step on, and run the same command again", result.stderr)


if __name__ == "__main__":
    unittest.main()
