"""examples/boardroom: models, schema and revisions agree; what the database refuses, cascades and keeps; the service."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from harness import PROGRAM, ROOT, Case, Postgres, Sqlite, limbeck

EXAMPLE = ROOT / "examples" / "boardroom"
BUILT = pathlib.Path(PROGRAM).parent / "examples" / "boardroom"
FIRST = "20250610_initial_schema"

OLD_ROWS = """
INSERT INTO users (email, hashed_password) VALUES ('ada@example.com', 'x;y'), ('bob@example.com', '%s');
INSERT INTO boardrooms (name) VALUES ('Plans: the first'), ('Room 10:30');
INSERT INTO sessions (boardroom_id, name) VALUES (1, 'Monday'), (2, 'Tuesday');
INSERT INTO threads (session_id, name) VALUES (1, 'Why?'), (1, 'How?'), (2, 'When?');
"""
WHOLE = """SELECT t.title, s.title, b.name, u.email FROM threads t JOIN sessions s ON s.id = t.session_id
           JOIN boardrooms b ON b.id = s.boardroom_id JOIN users u ON u.id = b.owner_id ORDER BY t.title"""
OLD_WHOLE = """SELECT t.name, s.name, b.name FROM threads t JOIN sessions s ON s.id = t.session_id
               JOIN boardrooms b ON b.id = s.boardroom_id ORDER BY t.name"""

USER, ROOM, SESSION, THREAD = (f"0000000{number}-0000-4000-8000-0000000000aa" for number in (1, 2, 3, 4))
NEW_ROWS = f"""
INSERT INTO users (id, email, hashed_password, updated_at) VALUES ('{USER}', 'ada@example.com', 'x', '2020-01-01 00:00:00.000000+00:00');
INSERT INTO boardrooms (id, owner_id, name, updated_at) VALUES ('{ROOM}', '{USER}', 'Plans', '2020-01-01 00:00:00.000000+00:00');
INSERT INTO sessions (id, boardroom_id, user_id, title, updated_at) VALUES ('{SESSION}', '{ROOM}', '{USER}', 'Monday', '2020-01-01 00:00:00.000000+00:00');
INSERT INTO threads (id, session_id, user_id, title, updated_at) VALUES ('{THREAD}', '{SESSION}', '{USER}', 'Why?', '2020-01-01 00:00:00.000000+00:00');
"""
REFUSED = {
    "valid_email": ["UPDATE users SET email = 'ada'", "UPDATE users SET email = 'a@b@example.com'",
                    "UPDATE users SET email = 'a b@example.com'", "UPDATE users SET email = 'ada@example'"],
    "valid_full_name": ["UPDATE users SET full_name = ''"],
    "valid_name": ["UPDATE boardrooms SET name = '  '"],
    "valid_max_participants": ["UPDATE boardrooms SET max_participants = 0",
                               "UPDATE boardrooms SET max_participants = 101"],
    "valid_session_status": ["UPDATE sessions SET status = 'open'"],
    "valid_dates": ["UPDATE sessions SET ended_at = '2001-01-01 00:00:00.000000+00:00'"],
    "valid_thread_type": ["UPDATE threads SET type = 'rumour'"],
    "valid_thread_status": ["UPDATE threads SET status = 'completed'"],
    "valid_priority": ["UPDATE threads SET priority = 0", "UPDATE threads SET priority = 6"],
}
# What is deleted, and what has to go with it: the five references.
CASCADES = [("threads", set()), ("sessions", {"threads"}), ("boardrooms", {"sessions", "threads"}),
            ("users", {"boardrooms", "sessions", "threads"})]


class Boardroom:
    kind = None

    def setUp(self):
        super().setUp()
        self.project_folder = f"{self.folder}/boardroom"
        shutil.copytree(EXAMPLE, self.project_folder, ignore=shutil.ignore_patterns("build", "*.db", "*.backup"))
        os.symlink(BUILT, f"{self.project_folder}/build")
        self.db = self.database(self.kind)
        self.environment = {"DATABASE_URL": self.db.url}

    def run_limbeck(self, *arguments, check=0):
        return limbeck(*arguments, folder=self.project_folder, env=self.environment, check=check)

    def run_service(self, command, check=0, **environment):
        result = subprocess.run([f"{self.project_folder}/build/boardroom", command], text=True, capture_output=True,
                                timeout=120, env={**os.environ, **self.environment, **environment})
        self.assertEqual(check, result.returncode, result.stdout + result.stderr)
        return result

    def refusal(self, sql):
        try:
            self.connected(sql)
        except Exception as error:  # each client has its own kind
            return str(error)
        return ""

    def connected(self, sql):
        self.db.script("PRAGMA foreign_keys = on;" + sql if self.kind is Sqlite else sql)

    def test_rows_go_up_and_down_and_up_again(self):
        self.run_limbeck("upgrade", FIRST)
        self.db.script(OLD_ROWS)
        before = self.db.query(OLD_WHOLE)
        self.run_limbeck("upgrade")
        after = self.db.query(WHOLE)
        self.assertEqual([("How?", "Monday", "Plans: the first", "ada@example.com"),
                          ("When?", "Tuesday", "Room 10:30", "ada@example.com"),
                          ("Why?", "Monday", "Plans: the first", "ada@example.com")], after)
        self.assertIn("database and declared schema agree", self.run_limbeck("check").stdout)
        self.run_limbeck("downgrade", FIRST)
        self.assertEqual(before, self.db.query(OLD_WHOLE))
        self.db.script("INSERT INTO boardrooms (name) VALUES ('The next number is free')")
        self.run_limbeck("upgrade")
        self.assertEqual(after, self.db.query(WHOLE))
        self.run_limbeck("downgrade", "base")
        self.run_limbeck("upgrade")
        self.run_limbeck("check")

    def test_sessions_in_no_room_get_one(self):
        self.run_limbeck("upgrade", FIRST)
        self.db.script(OLD_ROWS + "INSERT INTO sessions (boardroom_id, name) VALUES (NULL, 'Lunch'), (NULL, 'Walk')")
        self.run_limbeck("upgrade")
        rooms = "SELECT s.title, b.name FROM sessions s JOIN boardrooms b ON b.id = s.boardroom_id ORDER BY s.title"
        self.assertEqual([("Lunch", "Sessions in no room"), ("Monday", "Plans: the first"), ("Tuesday", "Room 10:30"),
                          ("Walk", "Sessions in no room")], self.db.query(rooms))
        self.assertEqual(3, int(self.db.query("SELECT count(*) FROM boardrooms")[0][0]))

    def test_a_session_in_a_room_that_is_gone_stops_the_revision(self):
        self.run_limbeck("upgrade", FIRST)
        self.db.script(OLD_ROWS + "INSERT INTO sessions (boardroom_id, name) VALUES (99, 'Lost')")
        before = self.db.fingerprint()
        self.assertIn("boardroom_id", self.run_limbeck("upgrade", check=6).stderr)
        self.assertEqual(before, self.db.fingerprint())

    def test_schema_models_and_revisions_agree(self):
        schema = "schema.sql" if self.kind is Postgres else "schema_sqlite.sql"
        for one, other in ((schema, "cmd:./build/boardroom_models"), ("revisions", schema)):
            self.run_limbeck("diff", "--from", one, "--to", other, "--dialect", self.kind.name, "--exit-code")

    def test_what_the_database_refuses(self):
        self.run_limbeck("upgrade")
        self.db.script(NEW_ROWS)
        for constraint, statements in REFUSED.items():
            for statement in statements:
                with self.subTest(statement=statement):
                    self.assertIn(constraint, self.refusal(statement))
        self.connected("UPDATE users SET email = 'Ada.Lovelace+x@mail.example.org'; UPDATE threads SET priority = 5;"
                       "UPDATE boardrooms SET max_participants = 100; UPDATE sessions SET status = 'paused';")

    def test_triggers_keep_updated_at(self):
        self.run_limbeck("upgrade")
        self.db.script(NEW_ROWS)
        for table, change in (("users", "is_verified = true"), ("boardrooms", "name = 'New'"),
                              ("sessions", "title = 'New'"), ("threads", "title = 'New'")):
            self.assertEqual("2020", str(self.db.query(f"SELECT updated_at FROM {table}")[0][0])[:4])
            self.db.script(f"UPDATE {table} SET {change}")
            self.assertLess("2025", str(self.db.query(f"SELECT updated_at FROM {table}")[0][0])[:4])

    def test_what_belongs_to_somebody_goes_with_it(self):
        self.run_limbeck("upgrade")
        for deleted, gone in CASCADES:
            self.connected(NEW_ROWS)
            self.connected(f"DELETE FROM {deleted}")
            left = {table for table, _ in CASCADES if int(self.db.query(f"SELECT count(*) FROM {table}")[0][0]) > 0}
            self.assertEqual({table for table, _ in CASCADES} - gone - {deleted}, left)
            self.connected("DELETE FROM users")
        nobody = NEW_ROWS.replace(f"'{ROOM}', '{USER}'", f"'{ROOM}', '{THREAD}'")
        self.assertIn("foreign key", self.refusal(nobody).lower())

    def test_the_six_commands(self):
        rows = re.findall(r"^\| `\./scripts/db_migrate\.sh (\w+)[^|]*\| `limbeck ([^|]*)` \|$",
                          (EXAMPLE / "README.md").read_text(), re.MULTILINE)
        commands = {name: re.findall(r'"([^"]*)"|(\S+)', line) for name, line in rows}
        commands = {name: [quoted or plain for quoted, plain in words] for name, words in commands.items()}
        self.assertEqual(["check", "generate", "upgrade", "schema", "offline", "history"], list(commands))
        revisions = set(os.listdir(f"{self.project_folder}/migrations"))
        self.assertIn("CREATE TABLE", self.run_limbeck(*commands["offline"]).stdout)
        self.run_limbeck(*commands["upgrade"])
        self.assertIn("20250612_indexes_and_triggers", self.run_limbeck(*commands["check"]).stdout)
        self.assertIn("Align the schema with the models", self.run_limbeck(*commands["history"]).stdout)
        # Somebody drops an index beside the revisions: apply makes it again.
        self.db.script("DROP INDEX idx_sessions_status")
        self.run_limbeck(*commands["schema"])
        self.assertIn("idx_sessions_status", self.db.indexes("sessions"))
        # A revision that is taken away is generated anew.
        os.remove(f"{self.project_folder}/migrations/20250612_indexes_and_triggers.sql")
        self.run_limbeck("downgrade", "base", check=10)
        self.db = self.database(self.kind)
        self.environment = {"DATABASE_URL": self.db.url}
        self.run_limbeck(*commands["upgrade"])
        self.run_limbeck(*commands["generate"])
        made = set(os.listdir(f"{self.project_folder}/migrations")) - revisions
        self.assertEqual(1, len(made))
        text = pathlib.Path(self.project_folder, "migrations", made.pop()).read_text()
        self.assertTrue(text.startswith("-- description of changes\n"))
        self.run_limbeck(*commands["upgrade"])
        self.run_limbeck("check")

    def test_the_service(self):
        if self.kind is Sqlite:  # a health check finds no file, and makes none
            self.run_service("health", check=9)
            self.assertFalse(os.path.exists(self.db.path))
            pathlib.Path(self.db.path).touch()
        health = json.loads(self.run_service("health", check=3).stdout)
        self.assertEqual(("pending", 3), (health["status"], len(health["pending"])))
        lines = self.run_service("demo").stdout.splitlines()
        self.assertEqual(["upgraded to 20250610_initial_schema", "upgraded to 20250611_align_with_models",
                          "upgraded to 20250612_indexes_and_triggers", "the database is what the models declare"], lines[:4])
        self.assertIn("valid_priority", lines[4])
        self.assertEqual(["open: 5 decision: Hire two engineers", "open: 3 discussion: Travel", "session ended: yes",
                          "ended again: no", "open threads: 0", "threads without ada: 0"], lines[5:])
        health = json.loads(self.run_service("health").stdout)
        self.assertEqual(("ok", ["20250612_indexes_and_triggers"], []),
                         (health["status"], health["current"], health["pending"]))
        # What the service has made is what the command line knows.
        self.run_limbeck("check")
        self.db.script("ALTER TABLE threads DROP COLUMN title")
        self.assertIn("threads.title", self.run_service("start", check=4).stderr)
        self.db.script("UPDATE limbeck_version SET version_num = 'from the future'")
        self.assertEqual("newer_than_program", json.loads(self.run_service("health", check=4).stdout)["status"])
        self.assertIn("newer version of this service", self.run_service("start", check=4).stderr)


class PostgresBoardroom(Boardroom, Case):
    kind = Postgres

    def test_a_database_that_does_not_answer(self):
        self.environment = {"DATABASE_URL": "postgresql:///nowhere?host=/nowhere"}
        health = json.loads(self.run_service("health", check=9).stdout)
        self.assertEqual(("cannot_connect", False), (health["status"], health["reachable"]))


class SqliteBoardroom(Boardroom, Case):
    kind = Sqlite


if __name__ == "__main__":
    unittest.main()
