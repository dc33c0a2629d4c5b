"""Wrong input of every kind: a message that helps, its exit code, and a database that is left alone."""
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from harness import PROGRAM, ROOT, Case, Postgres, Sqlite, chain, current, limbeck

GOOD = "-- limbeck:upgrade\nCREATE TABLE t{n} (id INTEGER PRIMARY KEY);\n-- limbeck:downgrade\nDROP TABLE t{n};"


def good(count):
    return chain(*[GOOD.replace("{n}", str(n)) for n in range(1, count + 1)])


class Configuration(Case):
    def test_no_configuration(self):
        result = limbeck("upgrade", "head", folder=self.folder, check=10)
        self.assertIn("limbeck.toml", result.stderr)
        self.assertIn("limbeck init", result.stderr)

    def test_no_such_migrations_folder(self):
        folder = self.project({})
        os.rmdir(f"{folder}/migrations")
        self.assertIn("migrations", limbeck("heads", folder=folder, check=10).stderr)

    def test_wrong_configuration(self):
        for text, expected in (("migrations = 5\n", "limbeck.toml:1"), ("nonsense\n", "limbeck.toml:1"),
                               ('migratoins = "m"\n', "migrations"), ('[timeouts]\nlock = "soon"\n', "limbeck.toml:2"),
                               ('url = "${LIMBECK_NO_SUCH_VARIABLE}"\n', "LIMBECK_NO_SUCH_VARIABLE")):
            with self.subTest(text=text):
                folder = self.project(good(1))
                pathlib.Path(folder, "limbeck.toml").write_text(text)
                self.assertIn(expected, limbeck("current", folder=folder, check=10).stderr)

    def test_usage(self):
        folder = self.project(good(1))
        for arguments in (["upgrad"], ["upgrade", "--nonsense"], ["upgrade", "a", "b"], ["show"], ["history", "-r"],
                          ["upgrade", "nothing-such"], ["downgrade"], ["completion", "tcsh"], ["heads", "--color", "pink"]):
            with self.subTest(arguments=arguments):
                result = limbeck(*arguments, folder=folder, check=2)
                self.assertTrue(result.stderr.strip())
                self.assertEqual("", result.stdout)

    def test_no_terminal_escape_gets_through(self):
        files = good(1)
        files["r1.sql"] = files["r1.sql"].replace("revision 1", "evil \x1b[31m \x9b red \u202e\x07", 1)
        folder = self.project(files)
        for command in (["history"], ["history", "-v"], ["heads", "-v"], ["show", "r1"], ["status"], ["upgrade", "head"], ["current", "-v"],
                        ["branches"]):
            result = limbeck(*command, folder=folder)
            for character in "\x1b\x9b\u202e\x07":
                self.assertNotIn(character, result.stdout + result.stderr, command)
        self.assertIn("\x1b", json.loads(limbeck("show", "r1", "--json", folder=folder, check=0).stdout)["revisions"][0]["message"])

    def test_file_names_with_quotes_and_newlines(self):
        files = good(1)
        files["it's \"odd\"\n$(x);.sql"] = files.pop("r1.sql")
        folder = self.project(files)
        result = limbeck("upgrade", "head", folder=folder, check=0)
        self.assertEqual(["r1"], current(Sqlite.at(f"{folder}/limbeck.db"), folder))
        self.assertIn("odd", limbeck("show", "r1", folder=folder, check=0).stdout)
        self.assertNotIn("\x1b", result.stderr)

    def test_object_names_with_quotes_and_escapes(self):
        odd = 'o"dd\x1b[31m; DROP\nTABLE x'
        quoted = odd.replace('"', '""')
        folder = self.project(chain(
            f'-- limbeck:upgrade\nCREATE TABLE "{quoted}" (id integer primary key);\nINSERT INTO "{quoted}" VALUES (1), (1);'))
        result = limbeck("upgrade", "head", folder=folder, check=6)
        self.assertNotIn("\x1b", result.stderr)
        self.assertIn("o\"dd", result.stderr)

    def test_version_table_with_a_quote(self):
        for kind in (Sqlite, Postgres):
            folder = self.project(good(2), 'version_table = "ver\\"sion\'s"\n')
            database = self.database(kind)
            limbeck("upgrade", "head", "--url", database.url, folder=folder, check=0)
            self.assertEqual([("r2",)], database.query('SELECT version_num FROM "ver""sion\'s"'))
            limbeck("downgrade", "base", "--url", database.url, folder=folder, check=0)


class Revisions(Case):
    def refused(self, text, expected, code=10, files=None):
        files = files or good(1)
        files["bad.sql"] = text
        folder = self.project(files)
        result = limbeck("upgrade", "head", folder=folder, check=code)
        self.assertIn(expected, result.stderr)
        self.assertFalse(os.path.exists(f"{folder}/limbeck.db") and os.path.getsize(f"{folder}/limbeck.db"), "nothing was run")
        return result.stderr

    def test_malformed(self):
        head = "-- x\n--\n-- limbeck:revision bad\n-- limbeck:revises r1\n\n"
        for text, expected in (
                ("CREATE TABLE x (id int);\n", "bad.sql"),
                (head + "SELECT 1;\n-- limbeck:upgrade\n", "bad.sql:6:1"),
                (head + "-- limbeck:upgarde\n", "did you mean upgrade"),
                (head + "-- limbeck:upgrade\nSELECT 'open;\n", "bad.sql:7:8"),
                (head + "-- limbeck:upgrade\nSELECT 1;\n  /* never closed\n", "bad.sql:8:3"),
                (head + "-- limbeck:upgrade\n\\d\n", "bad.sql:7:1"),
                (head + "-- limbeck:upgrade\nSELECT 1; COMMIT;\n", "bad.sql:7:11"),
                (head + "-- limbeck:backfill batch=5\nUPDATE t1 SET id = id;\n", "table"),
                (head + "-- limbeck:upgrade klingon\n", "klingon"),
                (head.replace("revises r1", "revises nowhere") + "-- limbeck:upgrade\n", "nowhere"),
                (head.replace("revision bad", "revision r1") + "-- limbeck:upgrade\n", "r1.sql"),
                (head.replace("revision bad", "revision a b@c") + "-- limbeck:upgrade\n", "bad.sql:3"),
                (head.replace("revises r1", "revises bad") + "-- limbeck:upgrade\n", "bad"),
        ):
            with self.subTest(text=text):
                self.refused(text, expected)

    def test_bytes(self):
        for data, expected in ((b"-- x\n-- limbeck:revision b\n-- limbeck:upgrade\nSELECT '\x00';\n", "NUL"),
                               (b"-- x\n-- limbeck:revision b\n-- limbeck:upgrade\nSELECT '\xff';\n", "UTF-8")):
            folder = self.project({})
            pathlib.Path(folder, "migrations", "b.sql").write_bytes(data)
            self.assertIn(expected, limbeck("upgrade", "head", folder=folder, check=10).stderr)

    def test_no_regular_file(self):
        folder = self.project(good(1))
        os.mkfifo(f"{folder}/migrations/fifo.sql")
        self.assertIn("fifo.sql", limbeck("heads", folder=folder, check=10, timeout=10).stderr)
        os.unlink(f"{folder}/migrations/fifo.sql")
        os.symlink("/etc/passwd", f"{folder}/migrations/link.sql")
        self.assertIn("link.sql", limbeck("heads", folder=folder, check=10).stderr)
        os.unlink(f"{folder}/migrations/link.sql")
        with open(f"{folder}/migrations/huge.sql", "wb") as file:
            file.write(b"-- x\n-- limbeck:revision huge\n-- limbeck:revises r1\n-- limbeck:upgrade\n")
            file.truncate(64 * 1024 * 1024)
        self.assertIn("huge.sql", limbeck("upgrade", "head", folder=folder, check=10).stderr)

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "root reads everything")
    def test_unreadable_file(self):
        folder = self.project(good(1))
        os.chmod(f"{folder}/migrations/r1.sql", 0)
        argv = [PROGRAM, "heads"]
        if os.geteuid() == 0:
            os.chmod(self.folder, 0o755)
            os.chmod(folder, 0o755)
            argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", *argv]
        result = subprocess.run(argv, cwd=folder, capture_output=True, text=True)
        self.assertEqual(10, result.returncode, result.stderr)
        self.assertIn("r1.sql", result.stderr)
        self.assertIn("ermission denied", result.stderr)

    def test_a_failing_statement_is_shown_where_it_stands(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                files = good(1)
                files["bad.sql"] = ("-- x\n--\n-- limbeck:revision bad\n-- limbeck:revises r1\n\n-- limbeck:upgrade\n"
                                    "CREATE TABLE fine (id integer);\n\n  SELECT 1,\n     nonsense FROM t1;\n")
                folder = self.project(files)
                database = self.database(kind)
                result = limbeck("upgrade", "head", "--url", database.url, folder=folder, check=6)
                self.assertIn("bad.sql:10:6", result.stderr)
                self.assertIn("nonsense FROM t1;", result.stderr)
                self.assertIn("     ^", result.stderr)
                self.assertIn("rolled back: the database is as it was before revision bad", result.stderr)
                self.assertEqual(["r1"], current(database, folder))
                self.assertEqual([], database.columns("fine") if kind is Sqlite else
                                 database.query("SELECT 1 FROM pg_class WHERE relname = 'fine'"))
                failed = database.query("SELECT revision FROM limbeck_journal WHERE outcome = 'failed'")
                self.assertEqual([("bad",)], failed)

    def test_changed_unknown_and_several_heads(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                folder = self.project(good(2))
                migrations = pathlib.Path(folder, "migrations")
                database = self.database(kind)
                url = ("--url", database.url)
                limbeck("upgrade", "head", *url, folder=folder, check=0)

                with open(migrations / "r1.sql", "a") as file:
                    file.write("-- another thought\n")
                result = limbeck("upgrade", "head", *url, folder=folder, check=8)
                self.assertIn("r1", result.stderr)
                self.assertIn("repair --accept-changed", result.stderr)
                limbeck("status", *url, folder=folder, check=4)
                limbeck("upgrade", "head", "--accept-changed", *url, folder=folder, check=0)
                limbeck("upgrade", "head", *url, folder=folder, check=8)
                limbeck("repair", *url, folder=folder, check=4)
                limbeck("repair", "--accept-changed", *url, folder=folder, check=0)
                limbeck("upgrade", "head", *url, folder=folder, check=0)
                limbeck("repair", *url, folder=folder, check=0)

                # CRLF for LF is no change.
                text = (migrations / "r2.sql").read_bytes()
                (migrations / "r2.sql").write_bytes(text.replace(b"\n", b"\r\n"))
                limbeck("upgrade", "head", *url, folder=folder, check=0)

                (migrations / "r2.sql").rename(pathlib.Path(folder, "r2.gone"))
                result = limbeck("upgrade", "head", *url, folder=folder, check=10)
                self.assertIn("r2", result.stderr)
                self.assertIn("stamp --purge", result.stderr)
                limbeck("stamp", "--purge", "r1", *url, folder=folder, check=0)
                self.assertEqual(["r1"], current(database, folder))
                limbeck("upgrade", "head", *url, folder=folder, check=0)

                for name in "ab":
                    (migrations / f"{name}.sql").write_text(
                        f"-- {name}\n--\n-- limbeck:revision b{name}\n-- limbeck:revises r1\n\n" +
                        GOOD.replace("{n}", f"_{name}") + "\n")
                result = limbeck("upgrade", "head", *url, folder=folder, check=2)
                self.assertIn("ba", result.stderr)
                self.assertIn("heads", result.stderr)
                limbeck("upgrade", "heads", *url, folder=folder, check=0)
                self.assertEqual(["ba", "bb"], current(database, folder))
                result = limbeck("downgrade", "-1", *url, folder=folder, check=2)
                self.assertIn("ambiguous", result.stderr)

    def test_version_table_of_another_width(self):
        folder = self.project(chain(GOOD.replace("{n}", "1")), "")
        long = "a" * 40
        pathlib.Path(folder, "migrations", "long.sql").write_text(
            f"-- long\n--\n-- limbeck:revision {long}\n-- limbeck:revises r1\n\n" + GOOD.replace("{n}", "2") + "\n")
        database = self.database(Postgres)
        database.script("CREATE TABLE limbeck_version (version_num VARCHAR(32) NOT NULL, "
                        "CONSTRAINT limbeck_version_pkc PRIMARY KEY (version_num))")
        result = limbeck("upgrade", "head", "--url", database.url, folder=folder, check=10)
        self.assertIn("repair --widen", result.stderr)
        self.assertEqual([], current(database, folder))
        limbeck("repair", "--widen", "--url", database.url, folder=folder, check=0)
        limbeck("upgrade", "head", "--url", database.url, folder=folder, check=0)
        self.assertEqual([long], current(database, folder))


class SqliteFiles(Case):
    def test_not_a_database(self):
        folder = self.project(good(1))
        pathlib.Path(folder, "limbeck.db").write_text("this is no database, but it is long enough to be looked at" * 20)
        result = limbeck("upgrade", "head", folder=folder)
        self.assertEqual(9, result.returncode, result.stderr)
        self.assertIn("not a database", result.stderr)

    def test_no_such_folder(self):
        folder = self.project(good(1))
        result = limbeck("upgrade", "head", "--url", "sqlite:///no/such/folder/x.db", folder=folder, check=9)
        self.assertIn("x.db", result.stderr)

    def test_read_only_commands_create_nothing(self):
        folder = self.project(good(1))
        for command in (["current"], ["heads"], ["history"], ["history", "-i"], ["status"], ["branches"]):
            limbeck(*command, folder=folder)
            self.assertFalse(os.path.exists(f"{folder}/limbeck.db"), command)

    def test_read_only_database(self):
        folder = self.project(good(2))
        limbeck("upgrade", "+1", folder=folder, check=0)
        argv = [PROGRAM, "upgrade", "head"]
        os.chmod(f"{folder}/limbeck.db", 0o444)
        os.chmod(self.folder, 0o755)
        os.chmod(folder, 0o777)  # for the lock: own_tables_test.py has a folder that cannot be written, too
        if os.geteuid() == 0:
            argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", *argv]
        before = Sqlite.at(f"{folder}/limbeck.db").fingerprint()
        files = sorted(os.listdir(folder))
        result = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(6, result.returncode, result.stderr)
        self.assertRegex(result.stderr, "^error: the database sqlite:///limbeck.db is read-only\nstate: nothing was changed\nwhat to do: ")
        self.assertEqual(before, Sqlite.at(f"{folder}/limbeck.db").fingerprint())
        self.assertEqual(files, sorted(os.listdir(folder)))
        os.chmod(f"{folder}/limbeck.db", 0o644)
        limbeck("upgrade", "head", folder=folder, check=0)

    def test_full_disk(self):
        """A file that may not grow stands for a disk that is full: every write beyond the limit fails."""
        body = """-- limbeck:upgrade
CREATE TABLE big AS WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 20000)
SELECT v, hex(randomblob(50)) AS h FROM s;
-- limbeck:downgrade
DROP TABLE big;"""
        folder = self.project(chain(GOOD.replace("{n}", "1"), body))
        limbeck("upgrade", "+1", folder=folder, check=0)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

        result = subprocess.run([PROGRAM, "upgrade", "head", "--no-backup"], cwd=folder, capture_output=True, text=True,
                                preexec_fn=limit)
        self.assertEqual(6, result.returncode, result.stderr)
        self.assertIn("rolled back", result.stderr)
        self.assertEqual(["r1"], current(Sqlite.at(f"{folder}/limbeck.db"), folder))
        limbeck("upgrade", "head", folder=folder, check=0)

    def test_full_disk_for_the_backup(self):
        folder = self.project(good(2))
        limbeck("upgrade", "+1", folder=folder, check=0)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

        result = subprocess.run([PROGRAM, "upgrade", "head"], cwd=folder, capture_output=True, text=True, preexec_fn=limit)
        self.assertEqual(6, result.returncode, result.stderr)
        self.assertRegex(result.stderr, r"error: cannot copy .*\(SQLITE_[A-Z]+\)\nstate: the database is as it was\nwhat to do: [a-z ]+\n")
        self.assertEqual([], list(pathlib.Path(folder).glob("*.backup*")))

    def test_a_folder_for_backups_that_cannot_be(self):
        folder = self.project(good(2))
        limbeck("upgrade", "+1", folder=folder, check=0)
        with open(f"{folder}/limbeck.toml", "a") as file:
            file.write('[backup]\nfolder = "/dev/null/nowhere"\n')
        result = limbeck("upgrade", "head", folder=folder)
        self.assertNotEqual(0, result.returncode)
        self.assertIn("error:", result.stderr)
        limbeck("upgrade", "head", "--no-backup", folder=folder, check=0)

    def test_backup_and_restore(self):
        folder = self.project(good(2))
        limbeck("upgrade", "+1", folder=folder, check=0)
        database = Sqlite.at(f"{folder}/limbeck.db")
        database.script("INSERT INTO t1 VALUES (42)")
        before = database.fingerprint()
        result = limbeck("upgrade", "head", "--json", folder=folder, check=0)
        backup = json.loads(result.stdout)["backup_file"]
        self.assertTrue(os.path.exists(os.path.join(folder, backup)), backup)
        self.assertNotEqual(before, database.fingerprint())
        limbeck("restore", backup, "--yes", folder=folder, check=0)
        self.assertEqual(before, database.fingerprint())
        copies = sorted(os.listdir(folder))
        self.assertNotEqual(0, limbeck("restore", "limbeck.toml", "--yes", folder=folder).returncode)
        self.assertNotEqual(0, limbeck("restore", "nothing.backup", "--yes", folder=folder).returncode)
        self.assertEqual(copies, sorted(os.listdir(folder)), "a file of no use is refused before anything is copied")
        self.assertEqual(before, database.fingerprint())
        backups = len(list(pathlib.Path(folder).glob("*.backup")))
        limbeck("upgrade", "head", "--no-backup", folder=folder, check=0)
        self.assertEqual(backups, len(list(pathlib.Path(folder).glob("*.backup"))))


class Servers(Case):
    SECRET = "s3cret/p@ss"

    def folder_with(self, *_):
        return self.project(good(1))

    def test_server_down_and_wrong_names(self):
        folder = self.folder_with()
        for url, expected in (("postgresql://u:s3cret@127.0.0.1:1/x", "refused"),
                              ("postgresql://u:s3cret@/x?host=/no/such/folder", "No such file"),
                              ("host=/no/such/folder dbname=x password='s3cret'", "No such file"),
                              ("postgresql://u:s3cret@no-such-host.invalid/x?connect_timeout=2", "no-such-host")):
            with self.subTest(url=url):
                for command in ("upgrade", "current", "status"):
                    result = limbeck(command, *(["head"] if command == "upgrade" else []), "--url", url, folder=folder, check=9)
                    self.assertIn(expected, result.stderr + result.stdout)
                    self.assertNotIn("s3cret", result.stderr + result.stdout)

    def test_urls_that_are_none(self):
        folder = self.folder_with()
        for url, code, expected in (
                ("nonsense", 2, "this is not a database url"), ("", 2, "--url"),
                ("mysql://u:s3cret@h/x", 2, 'databases of the kind "mysql" are not supported'),
                ("postgresql://u:s3cret@[/x", 9, "libpq does not understand the database url postgresql://u:***@[/x"),
                ("oracle:s3cret", 2, "this is not a database url"),
                ("driver://user:s3cret@localhost/dbname", 2, "it is still the placeholder that a new project has"),
                ("postgresql://u:s3cret/with@slash#hash@h:notaport/x", 2, "special characters in a user name or password are written %40"),
                ("postgresql://u:s3cret@h:notaport/x", 2, "the port in the postgresql url is not a number"), ("postgresql://u:s3cret@h/x?nonsense=1", 9, "nonsense"),
                ("sqlite:////", 9, "it is a folder")):
            for command in (["current"], ["upgrade"]):
                with self.subTest(url=url, command=command):
                    result = limbeck(*command, "--url", url, folder=folder, check=code)
                    self.assertIn(expected, result.stderr)
                    self.assertRegex(result.stderr, "^error: (.*\n)+what to do: ")
                    self.assertNotIn("s3cret", result.stderr + result.stdout)
        self.assertFalse(os.path.exists(f"{folder}/limbeck.db"))

    def test_no_such_database(self):
        database = self.database(Postgres)
        url = database.url.replace(database.database, "no_such_database")
        result = limbeck("upgrade", "head", "--url", url, folder=self.folder_with(), check=9)
        self.assertIn("no_such_database", result.stderr)

    def test_a_login_that_is_refused_says_who_can_allow_it(self):
        database = self.database(Postgres)
        role = f"poor_{database.database}"
        url = database.url.replace("//limbeck@", f"//{role}@")
        database.script(f"CREATE ROLE {role} LOGIN; REVOKE CONNECT ON DATABASE {database.database} FROM PUBLIC")
        self.addCleanup(database.script, f"DROP ROLE {role}")
        folder = self.folder_with()
        for change, hint in (("SELECT 1", "GRANT CONNECT ON DATABASE"), (f"ALTER ROLE {role} CONNECTION LIMIT 0", "CONNECTION LIMIT"),
                             (f"ALTER ROLE {role} NOLOGIN", "ALTER ROLE ... LOGIN")):
            database.script(change)
            result = limbeck("current", "--url", url, folder=folder, check=9)
            self.assertRegex(result.stderr, f"what to do: .*{hint}")

    def test_permission_denied(self):
        database = self.database(Postgres)
        role = f"poor_{database.database}"
        database.script(f"CREATE ROLE {role} LOGIN")
        self.addCleanup(database.script, f"DROP OWNED BY {role}; DROP ROLE {role}")
        url = database.url.replace("//limbeck@", f"//{role}@")
        folder = self.folder_with()
        result = limbeck("upgrade", "head", "--url", url, folder=folder, check=6)
        self.assertIn("permission denied", result.stderr)
        self.assertIn("42501", result.stderr)

    def test_a_version_table_that_may_not_be_read(self):
        database = self.database(Postgres)
        role = f"poor_{database.database}"
        database.script(f"CREATE ROLE {role} LOGIN")
        self.addCleanup(database.script, f"DROP OWNED BY {role}; DROP ROLE {role}")
        folder = self.folder_with()
        limbeck("upgrade", "head", "--url", database.url, folder=folder, check=0)
        url = database.url.replace("//limbeck@", f"//{role}@")
        for command in ("status", "current", "repair", "upgrade"):
            with self.subTest(command=command):
                result = limbeck(command, "--url", url, folder=folder, check=9)
                self.assertIn("permission denied", result.stdout + result.stderr)
                self.assertIn("GRANT SELECT ON", result.stdout + result.stderr)

    def test_read_only_server(self):
        database = self.database(Postgres)
        database.script(f"ALTER DATABASE {database.database} SET default_transaction_read_only = on")
        result = limbeck("upgrade", "head", "--url", database.url, folder=self.folder_with(), check=6)
        self.assertIn("read-only", result.stderr)


if __name__ == "__main__":
    unittest.main()
