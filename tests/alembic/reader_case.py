"""What the tests of the reader begin with: scripts in a folder of their own, and a reader that reads them."""
import pathlib
import sqlite3
import tempfile
import textwrap
import unittest

import driver

HEAD = """import sqlalchemy as sa
from alembic import context, op
"""


class ReaderCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.scripts = 0

    def write(self, text, name=None):
        self.scripts += 1
        path = pathlib.Path(self.folder.name) / (name or "script_%d.py" % self.scripts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def script(self, body, head=HEAD):
        return self.write(head + "\n\ndef upgrade():\n" + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n")

    def reader(self, dialect="postgresql", **named):
        made = driver.Reader(dialect, **named)
        self.addCleanup(made.close)
        return made


class LiveCase(ReaderCase):
    """With the test in the program's place, on SQLite."""

    def setUp(self):
        super().setUp()
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        self.database.executescript("""
            CREATE TABLE u (id INTEGER PRIMARY KEY, name VARCHAR(10) NOT NULL, at DATETIME, flag BOOLEAN, raw BLOB, j JSON,
                t_id INTEGER, CONSTRAINT fk_t FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE, CONSTRAINT uq_name UNIQUE (name),
                CONSTRAINT ck_id CHECK (id > 0 AND (name <> ')')));
            CREATE TABLE t (id INTEGER PRIMARY KEY);
            CREATE UNIQUE INDEX ix_flag ON u (flag);
            CREATE VIEW v AS SELECT 1 AS one;
            INSERT INTO t VALUES (1);
            INSERT INTO u VALUES (1, 'a', '2024-01-02 03:04:05.000006', 1, x'00ff', '{"k": [1]}', 1), (2, 'b', NULL, 0, NULL, NULL, NULL);
        """)
        self.addCleanup(self.database.close)
        self.live_reader = self.reader("sqlite", database=self.database)

    def run_live(self, body, head=HEAD):
        return self.live_reader.live(self.script(body, head))

    def assert_holds(self, body):
        answer = self.run_live(body)
        self.assertEqual(answer["event"], "finished", answer)
