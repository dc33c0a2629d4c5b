"""A program that brings its database up to date at its start: on SQLite and PostgreSQL, beside the command line, killed, stopped,
started four times at once, and older than its database."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "end_to_end"))
from harness import Case, Postgres, Sqlite, current, limbeck  # noqa: E402

APP = os.environ["EMBEDDING_APP"]
MIGRATIONS = pathlib.Path(__file__).resolve().parent / "migrations"
ALL = ["aaa111", "bbb222", "ccc333", "ddd444"]


def app(database, *arguments, code=0, env=None):
    """What the program says, by the first word of each line."""
    result = subprocess.run([APP, database.url, *arguments], text=True, capture_output=True, timeout=120,
                            env={**os.environ, **(env or {})})
    if code is not None and result.returncode != code:
        raise AssertionError(f"{arguments}: exit {result.returncode}, expected {code}\n{result.stdout}\n{result.stderr}")
    said = {}
    for line in result.stdout.splitlines():
        word, _, rest = line.partition(" ")
        said.setdefault(word, []).append(rest)
    said["code"] = result.returncode
    return said


class Embedding:
    kind = None

    def setUp(self):
        super().setUp()
        self.db = self.database(self.kind)

    def cli_project(self):
        folder = self.project({})
        shutil.rmtree(pathlib.Path(folder) / "migrations")
        shutil.copytree(MIGRATIONS, pathlib.Path(folder) / "migrations")
        return folder

    def check_all_done(self):
        self.assertEqual(self.db.query("SELECT full_name, family_name, mail FROM account ORDER BY id"),
                         [("Ada Lovelace", "Lovelace", "x"), ("Grace Hopper", "Hopper", "x"), ("Größe", "Größe", "x")])
        self.assertEqual([tuple(map(int, row)) for row in self.db.query("SELECT account, run FROM letters ORDER BY account")],
                         [(1, 1), (2, 1), (3, 1)])
        self.assertEqual(self.db.indexes("letters"), ["ix_letters"])

    def test_from_empty_again_and_back(self):
        said = app(self.db)
        self.assertEqual((said["outcome"], said["ran"], said["head"]), (["done"], ALL, ["ddd444"]))
        self.assertIn("running upgrade ccc333, Split names", said["progress"])
        self.assertIn("split 3 names", said["progress"])
        self.check_all_done()
        before = self.db.fingerprint()
        again = app(self.db)
        self.assertEqual((again["outcome"], again.get("ran"), again["head"]), (["nothing_to_do"], None, ["ddd444"]))
        self.assertEqual(self.db.fingerprint(), before)
        down = app(self.db, "down", "aaa111")
        self.assertEqual((down["ran"], down["head"]), (ALL[:0:-1], ["aaa111"]))
        self.assertEqual(self.db.columns("account"), ["id", "full_name"])
        self.assertEqual(app(self.db)["ran"], ALL[1:])
        self.check_all_done()

    def test_status(self):
        said = app(self.db, "status", code=3)
        self.assertEqual((said.get("current"), said["leads_to"]), (None, ["ddd444"]))
        self.assertEqual(said["pending"][2:], ["ccc333 Split names", "ddd444 Count letters"])
        app(self.db)
        said = app(self.db, "status")
        self.assertEqual((said["current"], said.get("pending")), (["ddd444"], None))

    def test_database_is_newer(self):
        app(self.db)
        before = self.db.fingerprint()
        for arguments in ([], ["down", "base"]):
            said = app(self.db, *arguments, "--old", code=3)
            self.assertEqual((said["outcome"], said["unknown"], said["head"]), (["database_is_newer"], ["ddd444"], ["ddd444"]))
        self.assertEqual(app(self.db, "status", "--old", code=3)["unknown"], ["ddd444"])
        self.assertEqual(self.db.fingerprint(), before)

    def test_changed_revision(self):
        app(self.db)
        said = app(self.db, "--other-version", code=3)
        self.assertEqual((said["outcome"], said["changed"]), (["applied_revision_changed"], ["ddd444"]))
        self.assertEqual(app(self.db, "status", "--other-version")["changed"], ["ddd444"])

    def test_failing_revision_leaves_nothing(self):
        said = app(self.db, "--failing", code=6)
        self.assertEqual(said["error"], ["revision ddd444 threw an exception: the file of letters is not there"])
        self.assertIn("main.cpp", said["at"][0])
        self.assertIn("rolled back", said["state"][0])
        self.assertEqual(app(self.db, "status", code=3)["pending"], ["ddd444 Count letters"])
        self.assertEqual(app(self.db)["ran"], ["ddd444"])
        self.check_all_done()

    def test_all_in_one_transaction_or_none(self):
        # bbb222 and ddd444 leave their transaction, which is said before anything has happened.
        app(self.db, "--together", code=2)
        self.assertEqual(len(app(self.db, "status", code=3)["pending"]), 4)

    def test_cancelled(self):
        said = app(self.db, "--cancel-at=bbb222", code=130)
        self.assertNotIn("outcome", said)
        self.assertEqual(app(self.db, "status", code=3)["current"], ["aaa111"])
        app(self.db)
        self.check_all_done()

    def test_killed_anywhere(self):
        crash = 0
        while True:
            crash += 1
            database = self.db if crash == 1 else self.database(self.kind)
            killed = app(database, code=None, env={"LIMBECK_CRASH_AT": str(crash)})
            if killed["code"] == 0:
                break
            self.assertEqual(killed["code"], -signal.SIGKILL)
            app(database)
            self.db = database
            self.check_all_done()
            self.assertEqual(app(database)["outcome"], ["nothing_to_do"])
        self.assertGreater(crash, 15)

    def test_four_at_once(self):
        running = [subprocess.Popen([APP, self.db.url], stdout=subprocess.PIPE, text=True) for _ in range(4)]
        outcomes = sorted(line for it in running for line in it.communicate(timeout=120)[0].splitlines()
                          if line.startswith("outcome"))
        self.assertEqual(outcomes, ["outcome done"] + ["outcome nothing_to_do"] * 3)
        self.check_all_done()

    def test_beside_the_command_line(self):
        folder = self.cli_project()
        limbeck("upgrade", "bbb222", "--url", self.db.url, folder=folder, check=0)
        # The revision in C++ is only the program's to run.
        refused = limbeck("upgrade", "--url", self.db.url, folder=folder, check=10)
        self.assertIn("written in C++: start the program", refused.stderr)
        self.assertEqual(app(self.db, "--old")["ran"], ["ccc333"])
        self.assertEqual(current(self.db, folder), ["ccc333"])
        limbeck("status", "--url", self.db.url, folder=folder, check=0)
        self.assertIn("Nothing to do", limbeck("upgrade", "--url", self.db.url, folder=folder, check=0).stderr)
        app(self.db, "down", "bbb222", "--old")
        limbeck("downgrade", "base", "--url", self.db.url, folder=folder, check=0)
        self.assertEqual(app(self.db)["ran"], ALL)
        self.check_all_done()


class SqliteEmbedding(Embedding, Case):
    kind = Sqlite

    def test_backup_before_anything_runs(self):
        self.assertNotIn("backup", app(self.db, "--old"))  # there was nothing yet
        backup = app(self.db)["backup"][0]
        self.assertEqual(Sqlite.at(backup).columns("account"), ["id", "full_name", "mail", "family_name"])

    def test_status_makes_no_file(self):
        app(self.db, "status", code=3)
        self.assertFalse(os.path.exists(self.db.path))


class PostgresEmbedding(Embedding, Case):
    kind = Postgres


if __name__ == "__main__":
    unittest.main()
