"""Offline scripts, run by psql and the sqlite3 shell: what stands in a revision or a name never becomes a command of theirs."""
import pathlib
import re
import shutil
import subprocess
import unittest

from harness import Case, Postgres, Sqlite, limbeck

NAME = 'x"\n\\! touch pwned\n.shell touch pwned\n; DROP TABLE victim; --'
TEXT = "it's \\ $$ \n\\! touch pwned\n.shell touch pwned\n\\.\n/\ngo\n; DROP TABLE victim;\n"
MESSAGES = ("first\\! touch pwned", "\u2028\\! touch pwned\x85.shell touch pwned", "*/ ; DROP TABLE victim; --", "${upgrade} :'USER' \x1b[2J \u202e")
IDS = ("a'b", 'c"d\\', "$$e;f", "*/g%h")


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def bodies(kind):
    text = "'" + TEXT.replace("'", "''") + "'"
    rows = "COPY victim FROM STDIN;\n2\t\\\\.\n3\t\\\\! touch pwned\n4\t; DROP TABLE victim;\n\\.\n" if kind is Postgres else \
        "INSERT INTO victim VALUES (2, 'a'), (3, 'b'), (4, 'c');\n"
    dollar = f"DO $a$ BEGIN PERFORM $b$\n\\! touch pwned\n$b$; END $a$;\n" if kind is Postgres else ""
    return ("CREATE TABLE victim (id integer PRIMARY KEY, t text);\n"
            f"-- \\! touch pwned\n/* \\! touch pwned\n.shell touch pwned\n*/\nCREATE TABLE {quote(NAME)} ({quote(NAME)} integer);\n",
            f"INSERT INTO victim VALUES (1, {text}); -- \\! touch pwned\n{dollar}{rows}",
            f"INSERT INTO {quote(NAME)} VALUES (1);\n",
            f"CREATE VIEW v AS SELECT t FROM victim WHERE t <> {text};\n")


class OfflineScripts(Case):
    def revisions(self, kind):
        files, parent = {}, ""
        for number, (body, message, identity) in enumerate(zip(bodies(kind), MESSAGES, IDS)):
            files[f"r{number}.sql"] = (f"-- {message}\n--\n-- limbeck:revision {identity}\n{parent}\n-- limbeck:upgrade\n{body}\n"
                                       "-- limbeck:downgrade\nSELECT 1;\n")
            parent = f"-- limbeck:revises {identity}\n"
        return files

    def run_script(self, database, script, folder, fails=False):
        """By the client program itself, as a user would run it."""
        if isinstance(database, Postgres):
            command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", database.url]
        else:
            command = ["sqlite3", "-bail", database.path]
        done = subprocess.run(command, input=script, text=True, capture_output=True, cwd=folder, timeout=60)
        self.assertEqual(fails, done.returncode != 0, done.stderr)

    def test_one_transaction_is_all_or_nothing(self):
        files = {f"r{i}.sql": f"-- limbeck:revision r{i}\n{f'-- limbeck:revises r{i - 1}' if i else ''}\n-- limbeck:upgrade\n"
                              f"CREATE TABLE t{i} (id integer);\n-- limbeck:downgrade\nDROP TABLE t{i};\n" for i in range(3)}
        for kind in (Sqlite, Postgres):
            if kind is Sqlite and not shutil.which("sqlite3"):
                continue
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                folder = self.project(files)
                up = limbeck("upgrade", "--sql", "--single-transaction", "--url", database.url, folder=folder, check=0).stdout
                database.script("CREATE TABLE t2 (id integer);")
                self.run_script(database, up, folder, fails=True)
                for table in ("t0", "limbeck_version"):
                    with self.assertRaises(Exception):
                        database.query(f"SELECT * FROM {table}")
                database.script("DROP TABLE t2;")
                self.run_script(database, up, folder)
                self.assertEqual([("r2",)], database.query("SELECT version_num FROM limbeck_version"))
                self.assertEqual([], database.query("SELECT * FROM t0"))
                down = limbeck("downgrade", "head:base", "--sql", "--single-transaction", "--url", database.url, folder=folder, check=0).stdout
                self.run_script(database, down, folder)
                self.assertEqual([], database.query("SELECT version_num FROM limbeck_version"))

    def test_the_script_does_what_the_upgrade_does(self):
        for kind in (Sqlite, Postgres):
            if kind is Sqlite and not shutil.which("sqlite3"):
                continue
            with self.subTest(kind=kind.name):
                by_script, by_upgrade = self.database(kind), self.database(kind)
                table = 'version_table = "v\'er\\"sion\\n\\\\! touch pwned"\nsuperuser_warning = false\n'
                folder = self.project(self.revisions(kind), table)
                script = limbeck("upgrade", "head", "--sql", "--url", by_script.url, folder=folder, check=0).stdout
                self.run_script(by_script, script, folder)
                self.assertEqual([], list(pathlib.Path(folder).rglob("pwned")))
                limbeck("upgrade", "head", "--url", by_upgrade.url, folder=folder, check=0)
                for sql in ("SELECT * FROM victim ORDER BY id", f"SELECT * FROM {quote(NAME)}", "SELECT * FROM v ORDER BY t",
                            f"SELECT version_num FROM {quote(chr(118) + chr(39) + 'er' + chr(34) + 'sion' + chr(10) + chr(92) + '! touch pwned')}"):
                    self.assertEqual(by_upgrade.query(sql), by_script.query(sql))
                self.assertEqual(4, len(by_script.query("SELECT id FROM victim")))
                # And the way back.
                script = limbeck("downgrade", "head:base", "--sql", "--url", by_script.url, folder=folder, check=0).stdout
                self.run_script(by_script, script, folder)
                self.assertEqual([], list(pathlib.Path(folder).rglob("pwned")))

    def test_its_comments_show_what_they_hold(self):
        folder = self.project(self.revisions(Sqlite))
        script = limbeck("upgrade", "head", "--sql", folder=folder, check=0).stdout
        comments = [line for line in script.split("\n") if line.startswith("-- Running")]
        self.assertEqual(4, len(comments))
        self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", "".join(comments)))
        self.assertIn("\\u202e", comments[3])

    def test_how_a_login_reads_strings_changes_nothing(self):
        """Where a backslash is an escape, or bytes are of another encoding, a string would end elsewhere."""
        database = self.database(Postgres)
        database.script(f"ALTER DATABASE {database.database} SET standard_conforming_strings = off;\n"
                        f"ALTER DATABASE {database.database} SET client_encoding = 'SJIS';\n")
        body = "CREATE TABLE victim (t text);\nINSERT INTO victim VALUES ('a\\'), ('; DROP TABLE victim; --'), ('表\\');\n"
        folder = self.project({"r.sql": f"-- x\n--\n-- limbeck:revision r\n\n-- limbeck:upgrade\n{body}"})
        script = limbeck("upgrade", "--sql", "--url", database.url, folder=folder, check=0).stdout
        self.run_script(database, script, folder)
        self.assertEqual([("3",)], database.query("SELECT count(*) FROM victim"))
        self.assertEqual([("1",)], database.query("SET client_encoding = 'UTF8'; SELECT count(*) FROM victim WHERE t = E'表\\\\'"))

    def test_commands_of_clients_are_refused(self):
        for url, body in (("sqlite:///x.db", ".shell touch pwned\n"), ("sqlite:///x.db", "SELECT 1;\n  .shell touch pwned\n;"),
                          ("sqlite:///x.db", "# a comment\nSELECT 1;"), ("postgresql:///x", "\\! touch pwned\n"), ("postgresql:///x", "SELECT 1 \\! touch pwned\n;"),
                          ("postgresql:///x", "SELECT 1 \\gexec\n"), ("sqlite:///x.db", "\\! touch pwned\n")):
            with self.subTest(body=body):
                folder = self.project({"r.sql": f"-- x\n--\n-- limbeck:revision r\n\n-- limbeck:upgrade\n{body}\n"})
                result = limbeck("upgrade", "--sql", "--url", url, folder=folder, check=10)
                self.assertEqual("", result.stdout)
                self.assertIn("command", result.stderr)

    def test_a_hostile_schema_does_not_reach_the_version_table(self):
        """An operator for varchar, which pg_catalog does not have, would fit best."""
        database = self.database(Postgres)
        database.script("CREATE TABLE seen (t text);\nCREATE FUNCTION f(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS "
                        "$$BEGIN INSERT INTO seen VALUES (current_user); RETURN true; END$$;\n"
                        "CREATE OPERATOR = (FUNCTION = f, LEFTARG = varchar, RIGHTARG = varchar);\n")
        folder = self.project(self.revisions(Postgres))
        for script in (limbeck("upgrade", "head", "--sql", "--url", database.url, folder=folder, check=0).stdout,
                       limbeck("downgrade", "head:base", "--sql", "--url", database.url, folder=folder, check=0).stdout):
            self.run_script(database, script, folder)
        self.assertEqual([], database.query("SELECT t FROM seen"))


if __name__ == "__main__":
    unittest.main()
