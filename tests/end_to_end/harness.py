"""What the end-to-end tests share: the program, throw-away databases, throw-away projects.

Standard library only. The program is LIMBECK_PROGRAM; PostgreSQL is LIMBECK_TEST_POSTGRES (tools/with-postgres sets it).
"""
import json
import os
import pathlib
import select
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("LIMBECK_PROGRAM", str(ROOT / "build" / "limbeck"))
POSTGRES = os.environ.get("LIMBECK_TEST_POSTGRES")


def limbeck(*arguments, folder=None, env=None, check=None, timeout=120):
    """Runs the program to its end. check: the exit code that it must have."""
    result = subprocess.run([PROGRAM, *arguments], cwd=folder, env={**os.environ, **(env or {})}, text=True,
                            capture_output=True, timeout=timeout, stdin=subprocess.DEVNULL)
    if check is not None and result.returncode != check:
        raise AssertionError(f"limbeck {' '.join(arguments)}: exit {result.returncode}, expected {check}\n"
                             f"{result.stdout}\n{result.stderr}")
    return result


def wait_until(condition, what, timeout=60):
    """Asks again and again: no pause is long enough on a machine that is busy."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not seen within {timeout} seconds")
        time.sleep(0.02)


def read_until(descriptor, text, timeout=60):
    """What a running program writes, up to and with the text; for its pipe or terminal, unbuffered."""
    output = ""
    end = time.monotonic() + timeout
    while text not in output:
        ready, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
        chunk = os.read(descriptor, 65536).decode(errors="replace") if ready else ""
        if not chunk:
            raise AssertionError(f"{text!r} was not seen in {output!r}")
        output += chunk
    return output


class Sqlite:
    """A database in a file of its own."""
    name = "sqlite"

    def __init__(self, folder):
        self.path = os.path.join(folder, f"{uuid.uuid4().hex}.db")
        self.url = f"sqlite:///{self.path}"

    @classmethod
    def at(cls, path):
        """One that is there already."""
        database = cls(os.path.dirname(path))
        database.path, database.url = path, f"sqlite:///{path}"
        return database

    def query(self, sql):
        connection = sqlite3.connect(self.path, timeout=30)
        try:
            return [tuple(row) for row in connection.execute(sql).fetchall()]
        finally:
            connection.close()

    def script(self, sql):
        connection = sqlite3.connect(self.path, timeout=30)
        try:
            connection.executescript(sql)
        finally:
            connection.close()

    def columns(self, table):
        return [row[1] for row in self.query(f"PRAGMA table_info({table})")]

    def indexes(self, table):
        return sorted(row[0] for row in self.query(
            f"SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL"))

    def fingerprint(self):
        """Schema and rows of everything but the journal, which tells of the crashes."""
        objects = self.query("SELECT type, name, tbl_name, sql FROM sqlite_master "
                             "WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name")
        rows = {name: sorted(self.query(f'SELECT * FROM "{name}"'), key=repr)
                for kind, name, _, _ in objects if kind == "table" and name != "limbeck_journal"}
        # A table that was renamed has its name in quotes.
        objects = [(kind, name, table, sql and sql.replace('"', "")) for kind, name, table, sql in objects]
        return objects, rows, self.query("PRAGMA integrity_check"), self.query("PRAGMA foreign_key_check")

    def drop(self):
        pass


class Postgres:
    """A database of its own on the tests' server."""
    name = "postgresql"

    def __init__(self, _folder=None, server=None):
        self.server = server or POSTGRES
        self.database = f"t{uuid.uuid4().hex[:16]}"
        self._psql(self.server, f"CREATE DATABASE {self.database} STRATEGY file_copy")  # half the time
        self.url = self.server.replace("/postgres?", f"/{self.database}?")

    @staticmethod
    def _psql(url, sql):
        result = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", url],
                                input=sql, text=True, capture_output=True, timeout=60)
        if result.returncode != 0:
            raise AssertionError(f"psql: {result.stderr}")
        return result.stdout

    def query(self, sql):
        text = self._psql(self.url, sql).strip("\n")
        return [tuple(line.split("\x1f")) for line in text.split("\x1e") if line.strip("\n")] if text else []

    def script(self, sql):
        self._psql(self.url, sql)

    def columns(self, table):
        return [row[0] for row in self.query("SELECT attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped "
                                             f"AND attrelid = '{table}'::regclass ORDER BY attnum")]

    def indexes(self, table):
        return sorted(row[0] for row in self.query(
            f"SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = '{table}'::regclass AND indisvalid "
            "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"))

    def fingerprint(self):
        dump = subprocess.run(["pg_dump", "--exclude-table-data=limbeck_journal*", "--inserts", self.url], text=True,
                              capture_output=True, check=True).stdout
        lines = [line for line in dump.splitlines()
                 if not line.startswith(("\\restrict", "\\unrestrict", "--")) and "limbeck_journal_id_seq" not in line]
        schema = [line for line in lines if not line.startswith("INSERT")]
        rows = sorted(line for line in lines if line.startswith("INSERT"))  # the heap's order is no promise
        invalid = self.query("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid")
        return schema, rows, invalid

    def drop(self):
        self._psql(self.server, f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


class Case(unittest.TestCase):
    """A test with a temporary folder; its databases go away with it."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="limbeck-test.")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def database(self, kind):
        if kind is Postgres and not POSTGRES:
            self.skipTest("LIMBECK_TEST_POSTGRES is not set")
        database = kind(self.folder)
        self.addCleanup(database.drop)
        return database

    def project(self, files, settings=""):
        """A project of these revision files, name to text, in a folder of its own."""
        folder = tempfile.mkdtemp(dir=self.folder)
        (pathlib.Path(folder) / "limbeck.toml").write_text(f'migrations = "migrations"\n{settings}')
        migrations = pathlib.Path(folder) / "migrations"
        migrations.mkdir()
        for name, text in files.items():
            (migrations / name).write_text(text)
        return folder


def chain(*bodies):
    """A linear chain of revisions r1, r2, ... from the texts of their sections."""
    files = {}
    for number, body in enumerate(bodies, 1):
        parent = f"-- limbeck:revises r{number - 1}\n" if number > 1 else ""
        files[f"r{number}.sql"] = f"-- revision {number}\n--\n-- limbeck:revision r{number}\n{parent}\n{body}\n"
    return files


def current(database, folder):
    result = limbeck("current", "--json", "--url", database.url, folder=folder, check=0)
    return sorted(revision["id"] for revision in json.loads(result.stdout)["current"])
