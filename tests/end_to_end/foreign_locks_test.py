"""Locks of other programs: how long is waited for them, what is said meanwhile, and what is left."""
import json
import pathlib
import signal
import sqlite3
import subprocess
import time
import unittest

from harness import PROGRAM, POSTGRES, Case, Postgres, Sqlite, chain, limbeck, read_until, wait_until

TABLE = "-- limbeck:upgrade\nCREATE TABLE t{0} (id integer PRIMARY KEY);\n-- limbeck:downgrade\nDROP TABLE t{0};"
SHORT = '[timeouts]\nlock = "100ms"\nlock_retry = "700ms"\nrunner_lock = "60s"\n'


class File(Case):
    """A SQLite file that another program is writing."""

    def setUp(self):
        super().setUp()
        self.folder_of_project = self.project(chain(TABLE.format(1), TABLE.format(2)), SHORT)
        self.run_there("upgrade", "r1", "--no-backup")

    def run_there(self, *arguments, check=0, timeout=30):
        return limbeck(*arguments, folder=self.folder_of_project, check=check, timeout=timeout)

    def hold(self, how):
        holder = sqlite3.connect(f"{self.folder_of_project}/limbeck.db", isolation_level=None)
        self.addCleanup(holder.close)
        holder.execute(f"BEGIN {how}")
        return holder

    def backups(self):
        return sorted(pathlib.Path(self.folder_of_project).glob("*.backup*"))

    def test_a_run_gives_up_after_its_backup_and_takes_it_back(self):
        self.hold("IMMEDIATE")
        said = self.run_there("upgrade", check=5).stderr
        self.assertRegex(said, r"^Backup written to .*\n  database is locked; trying again in ")
        self.assertRegex(said, r"\nBackup removed, as nothing was changed: .*\.backup\nerror: database is locked")
        self.assertIn("\nstate: nothing was changed\n", said)
        self.assertEqual([], self.backups())

    def test_a_run_goes_on_when_the_file_is_free(self):
        holder = self.hold("IMMEDIATE")
        pathlib.Path(self.folder_of_project, "limbeck.toml").write_text(
            'migrations = "migrations"\n' + SHORT.replace("700ms", "60s"))
        process = subprocess.Popen([PROGRAM, "upgrade"], cwd=self.folder_of_project, stderr=subprocess.PIPE)
        read_until(process.stderr.fileno(), "trying again in ")
        holder.execute("ROLLBACK")
        said = process.communicate(timeout=30)[1].decode()
        self.assertEqual(0, process.returncode, said)
        self.assertEqual(2, len(self.backups()))

    def test_a_wait_after_the_backup_is_interrupted(self):
        self.hold("IMMEDIATE")
        pathlib.Path(self.folder_of_project, "limbeck.toml").write_text(
            'migrations = "migrations"\n' + SHORT.replace("700ms", "60s"))
        process = subprocess.Popen([PROGRAM, "upgrade"], cwd=self.folder_of_project, stderr=subprocess.PIPE)
        read_until(process.stderr.fileno(), "trying again in ")
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1].decode()
        self.assertEqual(130, process.returncode, said)
        self.assertRegex(said, r"Backup removed, as nothing was changed: .*\nerror: interrupted.*\nstate: nothing was changed\n")
        self.assertEqual([], self.backups())

    def test_a_read_gives_up_soon_and_says_why(self):
        pathlib.Path(self.folder_of_project, "limbeck.toml").write_text('migrations = "migrations"\n')
        self.hold("EXCLUSIVE")
        for command in (["current"], ["status"], ["history", "-i"], ["check"]):
            with self.subTest(command=command):
                began = time.monotonic()
                result = self.run_there(*command, check=5)
                self.assertLess(time.monotonic() - began, 10)
                self.assertIn("database is locked", result.stdout + result.stderr)
        self.assertIn("the deadline passed", self.run_there("health", check=9).stdout)
        text = self.run_there("status", check=5).stdout
        self.assertRegex(text, "\nwrong       cannot open .*: database is locked\n.*\nwhat to do  another connection is using the database")
        self.assertEqual("lock_not_acquired", json.loads(self.run_there("status", "--json", check=5).stdout)["status"])

    def test_a_run_says_that_it_cannot_begin(self):
        self.hold("EXCLUSIVE")
        said = self.run_there("upgrade", "--lock-wait", "500ms", check=5).stderr
        self.assertRegex(said, "^  cannot open the SQLite database .*: database is locked; trying again in ")
        self.assertIn("\nstate: nothing was changed\n", said)
        began = time.monotonic()
        said = self.run_there("upgrade", "--lock-wait", "0", check=5).stderr
        self.assertNotIn("trying again", said)
        self.assertLess(time.monotonic() - began, 2)

    def test_a_backup_is_good_without_its_row(self):
        self.hold("IMMEDIATE")
        said = self.run_there("backup", check=5).stderr
        self.assertIn("; trying again in ", said)
        self.assertRegex(said, "\nstate: the backup .*\\.backup is good; only its row in the journal is missing\n")
        [file] = [path for path in self.backups() if path.suffix == ".backup"]
        said = self.run_there("restore", str(file), "--yes", check=5, timeout=60).stderr
        self.assertRegex(said, "error: cannot restore .*SQLITE_BUSY.\nstate: the database is as it was\nwhat to do: another connection")


class Server(Case):
    """The version table or the journal, with a lock that another session keeps."""

    def setUp(self):
        super().setUp()
        self.db = self.database(Postgres)
        bodies = (TABLE.format(1), "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY ix ON t1 (id);\n")
        self.folder_of_project = self.project(chain(*bodies), SHORT)
        self.run_there("upgrade", "r1")

    def run_there(self, *arguments, check=0):
        return limbeck(*arguments, "--url", self.db.url, folder=self.folder_of_project, check=check, timeout=30)

    def hold(self, table, mode):
        holder = subprocess.Popen(["psql", "-X", "-q", self.db.url], stdin=subprocess.PIPE, text=True)
        self.addCleanup(holder.wait, 20)
        self.addCleanup(holder.stdin.close)
        holder.stdin.write(f"BEGIN; LOCK TABLE {table} IN {mode} MODE;\n")
        holder.stdin.flush()
        wait_until(lambda: self.db.query("SELECT 1 FROM pg_locks WHERE mode <> 'AccessShareLock' AND "
                                         f"relation = '{table}'::regclass AND granted"), "the lock")
        return holder

    def test_one_way_out_and_the_setting_that_is_at_work(self):
        self.hold("limbeck_version", "ACCESS EXCLUSIVE")
        current = self.run_there("current", check=5).stderr
        self.assertIn("the state of the database cannot be read: canceling statement due to lock timeout", current)
        self.assertIn("or wait longer with timeouts.lock in limbeck.toml\n", current)
        status = self.run_there("status", check=5).stdout
        self.assertRegex(status, "\nwrong       the state of the database cannot be read: .*\nwhat to do  another session holds a lock on")
        run = self.run_there("upgrade", "--lock-wait", "300ms", check=5).stderr
        self.assertIn("; trying again in ", run)
        self.assertIn("or wait longer with --lock-wait\n", run)
        for said in (current, status, run):
            self.assertNotIn("the database suggests", said)
            self.assertEqual(1, said.count("pg_blocking_pids()"), said)

    def test_rows_of_a_stepped_revision_are_not_waited_for_without_limit(self):
        self.hold("limbeck_journal", "SHARE")
        said = self.run_there("upgrade", check=5).stderr
        self.assertIn("; trying again in ", said)
        self.assertIn("\nstate: nothing ", said)


if __name__ == "__main__":
    unittest.main()
