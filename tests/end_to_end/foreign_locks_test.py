"""Locks of other programs: how long is waited for them, what is said meanwhile, and what is left."""
import os
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


if __name__ == "__main__":
    unittest.main()
