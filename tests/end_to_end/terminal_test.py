"""The program on a terminal: colour, the question of restore, Ctrl-C."""
import os
import pty
import signal
import sqlite3
import subprocess
import tempfile
import unittest

from harness import PROGRAM, read_until

SLOW = ("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4000000000) "
        "SELECT count(*) FROM c;")


class Terminal(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.mkdir(os.path.join(self.folder, "migrations"))
        self.write("limbeck.toml", "")
        self.write("migrations/aaa111.sql",
                   "-- first\n--\n-- limbeck:revision aaa111\n-- limbeck:upgrade\nCREATE TABLE t (id integer);\n")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self, *arguments, env=None):
        """Starts the program with a terminal for its input and outputs; returns the process and our end."""
        ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", **(env or {})}
        process = subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, env=environment, stdin=theirs, stdout=theirs,
                                   stderr=theirs)
        os.close(theirs)
        self.addCleanup(os.close, ours)
        return process, ours

    def end(self, process, ours):
        output = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # the program has closed its end
                break
            if not chunk:
                break
            output += chunk
        return process.wait(timeout=60), output.decode()

    def run_on_terminal(self, *arguments, env=None):
        return self.end(*self.start(*arguments, env=env))

    def test_colour_on_a_terminal(self):
        self.assertIn("\x1b[", self.run_on_terminal("heads")[1])
        self.assertIn("\x1b[1;31merror:", self.run_on_terminal("nonsense")[1])

    def test_no_colour_where_it_is_not_wanted(self):
        self.assertNotIn("\x1b", self.run_on_terminal("heads", env={"NO_COLOR": "1"})[1])
        self.assertNotIn("\x1b", self.run_on_terminal("heads", env={"TERM": "dumb"})[1])
        self.assertNotIn("\x1b", self.run_on_terminal("heads", "--color", "never")[1])
        self.assertNotIn("\x1b", self.run_on_terminal("nonsense", "--color=never")[1])
        self.assertNotIn("\x1b", self.run_on_terminal("heads", "--json")[1])
        self.assertIn("\x1b[", self.run_on_terminal("heads", env={"NO_COLOR": ""})[1])

    def test_colour_in_a_pipe_when_asked(self):
        result = subprocess.run([PROGRAM, "heads", "--color", "always"], cwd=self.folder, capture_output=True, text=True,
                                check=True)
        self.assertIn("\x1b[", result.stdout)

    def test_restore_asks(self):
        self.assertEqual(self.run_on_terminal("upgrade")[0], 0)
        self.assertEqual(self.run_on_terminal("backup")[0], 0)
        copy = next(name for name in os.listdir(self.folder) if name.endswith(".backup"))
        for answer, code in (("n", 2), ("", 2), ("y", 0)):
            process, ours = self.start("restore", copy)
            os.write(ours, answer.encode() + b"\n")
            result, output = self.end(process, ours)
            self.assertEqual(result, code, output)
            self.assertIn("[y/N]", output)

    def test_renames_are_offered(self):
        self.write("old.sql", "CREATE TABLE t (id integer, mail text, note text);")
        self.write("new.sql", "CREATE TABLE t (id integer, email text, note text);")
        for answer, expected in (("n", "LOSES DATA"), ("y", "RENAME COLUMN mail TO email")):
            process, ours = self.start("revision", "--autogenerate", "-m", answer, "--from", "old.sql", "--to", "new.sql",
                                       "--rev-id", "bbb" + answer, "--head", "aaa111", "--splice", "--no-cache")
            os.write(ours, answer.encode() + b"\n")
            result, output = self.end(process, ours)
            self.assertEqual(result, 0, output)
            self.assertIn('Is "t"."mail" renamed to "email"', output)
            with open(os.path.join(self.folder, "migrations", f"bbb{answer}_{answer}.sql"), encoding="utf-8") as file:
                self.assertIn(expected, file.read())

    def test_apply_asks(self):
        self.write("new.sql", "CREATE TABLE t (id integer);")
        for answer, code in (("n", 2), ("", 2), ("y", 0)):
            process, ours = self.start("apply", "--to", "new.sql")
            os.write(ours, answer.encode() + b"\n")
            result, output = self.end(process, ours)
            self.assertEqual(result, code, output)
            self.assertIn("[y/N]", output)

    def with_rows_to_lose(self):
        self.write("migrations/bbb222.sql", "-- no table\n--\n-- limbeck:revision bbb222\n-- limbeck:revises aaa111\n"
                                            "-- limbeck:upgrade\nDELETE FROM t;\nDROP TABLE t;\n")
        subprocess.run([PROGRAM, "upgrade", "aaa111"], cwd=self.folder, capture_output=True, check=True)
        connection = sqlite3.connect(os.path.join(self.folder, "limbeck.db"))
        connection.execute("INSERT INTO t VALUES (1)")
        connection.commit()
        connection.close()

    def current(self):
        return subprocess.run([PROGRAM, "current"], cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def test_an_upgrade_asks_before_rows_are_lost(self):
        self.with_rows_to_lose()
        for answer, code in (("y", 4), ("", 4), ("no", 4), ("yes", 0)):
            process, ours = self.start("upgrade", "--no-backup", env={"CI": ""})
            os.write(ours, answer.encode() + b"\n")
            result, output = self.end(process, ours)
            self.assertEqual(result, code, output)
            self.assertIn("migrations/bbb222.sql:6:1: the rows of t are lost, and t holds rows [delete-all-rows]", output)
            self.assertIn("These 2 statements take rows with them. Type yes to go on:", output)
            self.assertEqual(self.current(), "bbb222 (head)\n" if code == 0 else "aaa111\n")
            if code != 0:
                self.assertIn("nothing was changed", output)

    def test_an_upgrade_asks_nobody_who_cannot_answer(self):
        self.with_rows_to_lose()
        for arguments, env in ((["--json"], {"CI": ""}), (["--quiet"], {"CI": ""}), ([], {"CI": "true"})):
            result, output = self.run_on_terminal("upgrade", "--no-backup", *arguments, env=env)
            self.assertEqual(result, 4, output)
            self.assertNotIn("Type yes", output)
        result = subprocess.run([PROGRAM, "upgrade", "--no-backup"], cwd=self.folder, input="yes\n", capture_output=True, text=True,
                                check=False)
        self.assertEqual(result.returncode, 4)
        self.assertEqual(self.current(), "aaa111\n")

    def interrupted_at(self, question, *arguments):
        """Ctrl-C at the question, which ends the command before it has done anything."""
        process, ours = self.start(*arguments, env={"CI": ""})
        read_until(ours, question)
        process.send_signal(signal.SIGINT)
        result, output = self.end(process, ours)
        self.assertEqual(result, 130, output)
        self.assertIn("nothing was changed", output)

    def test_control_c_at_the_question_before_rows_are_lost(self):
        self.with_rows_to_lose()
        self.interrupted_at("Type yes", "upgrade", "--no-backup")
        self.assertEqual(self.current(), "aaa111\n")

    def test_control_c_at_a_rename_writes_no_revision(self):
        self.write("old.sql", "CREATE TABLE t (id integer, mail text, note text);")
        self.write("new.sql", "CREATE TABLE t (id integer, email text, note text);")
        self.interrupted_at("[y/N]", "revision", "--autogenerate", "-m", "mail", "--from", "old.sql", "--to", "new.sql", "--no-cache")
        self.assertEqual(os.listdir(os.path.join(self.folder, "migrations")), ["aaa111.sql"])

    def test_control_c_at_the_question_of_apply(self):
        self.write("new.sql", "CREATE TABLE t (id integer);")
        self.interrupted_at("[y/N]", "apply", "--to", "new.sql")
        connection = sqlite3.connect(os.path.join(self.folder, "limbeck.db"))
        self.addCleanup(connection.close)
        self.assertEqual(connection.execute("SELECT name FROM sqlite_master").fetchall(), [])

    def test_control_c_at_the_question_of_restore(self):
        self.assertEqual(self.run_on_terminal("upgrade")[0], 0)
        self.assertEqual(self.run_on_terminal("backup")[0], 0)
        copy = next(name for name in os.listdir(self.folder) if name.endswith(".backup"))
        with open(os.path.join(self.folder, "limbeck.db"), "rb") as file:
            before = file.read()
        self.interrupted_at("[y/N]", "restore", copy)
        with open(os.path.join(self.folder, "limbeck.db"), "rb") as file:
            self.assertEqual(file.read(), before)

    def test_control_c_rolls_back(self):
        self.write("migrations/bbb222.sql",
                   "-- slow\n--\n-- limbeck:revision bbb222\n-- limbeck:revises aaa111\n-- limbeck:upgrade\n"
                   f"CREATE TABLE u (id integer);\n{SLOW}\n")
        subprocess.run([PROGRAM, "upgrade", "aaa111"], cwd=self.folder, capture_output=True, check=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            process, ours = self.start("upgrade", "--no-backup")
            read_until(ours, "aaa111")
            process.send_signal(number)
            result, output = self.end(process, ours)
            self.assertEqual(result, 130, output)
            self.assertIn("state:", output)
            current = subprocess.run([PROGRAM, "current"], cwd=self.folder, capture_output=True, text=True, check=True)
            self.assertEqual(current.stdout, "aaa111\n")

    def test_a_reader_that_goes_away_is_no_error(self):
        result = subprocess.run(f"{PROGRAM} history | true", shell=True, cwd=self.folder, capture_output=True, text=True,
                                check=False)
        self.assertEqual(result.stderr, "")

    def test_a_full_device_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([PROGRAM, "heads"], cwd=self.folder, stdout=full, stderr=subprocess.PIPE, text=True,
                                    check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("standard output cannot be written", result.stderr)


if __name__ == "__main__":
    unittest.main()
