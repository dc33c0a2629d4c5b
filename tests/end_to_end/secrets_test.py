"""Passwords: of urls and in statements, where nobody is to see them."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from harness import PROGRAM, ROOT, Case, Postgres, chain, limbeck, read_until
from server_loss_test import as_server, BIN

SECRET = "geheim:17\\x'"  # with what password files and keyword strings write otherwise
ENCODED = "geheim%3A17%5Cx%27"
SLOW = "-- limbeck:upgrade\nSELECT pg_sleep(20);"


class Secrets(Case):
    """On a server that asks for the password."""

    def setUp(self):
        super().setUp()
        folder = os.environ["LIMBECK_TEST_POSTGRES_FOLDER"]
        self.database_ = self.database(Postgres)
        literal = SECRET.replace("\\", "\\\\").replace("'", "''")
        self.database_.script(f"CREATE ROLE guarded LOGIN CREATEDB PASSWORD E'{literal}'; GRANT ALL ON SCHEMA public TO guarded; "
                              f"ALTER DATABASE {self.database_.database} OWNER TO guarded")
        self.addCleanup(Postgres._psql, self.database_.server, "DROP ROLE guarded")
        self.addCleanup(self.database_.drop)
        hba = pathlib.Path(folder, "data", "pg_hba.conf")
        before = hba.read_text()
        hba.write_text("local all guarded scram-sha-256\n" + before)
        self.addCleanup(self.reload, folder)
        self.addCleanup(hba.write_text, before)
        self.reload(folder)
        self.url = f"postgresql://guarded:{ENCODED}@/{self.database_.database}?host={folder}"

    @staticmethod
    def reload(folder):
        as_server(f"{BIN}/pg_ctl", "-D", f"{folder}/data", "reload")

    def assert_no_secret(self, text, what):
        for secret in (SECRET, ENCODED, "geheim"):
            self.assertNotIn(secret, text, what)

    def run_at(self, folder, *arguments, check=0, env=None):
        result = limbeck(*arguments, "--url", self.url, folder=folder, check=check,
                         env={"XDG_CACHE_HOME": f"{self.folder}/cache", "HOME": self.folder, **(env or {})})
        self.assert_no_secret(result.stdout + result.stderr, arguments)
        return result

    def test_no_output_file_or_table_holds_it(self):
        good = "-- limbeck:upgrade\nCREATE TABLE t{n} (id integer PRIMARY KEY);\n-- limbeck:downgrade\nDROP TABLE t{n};"
        folder = self.project(chain(good.format(n=1), good.format(n=2)))
        pathlib.Path(folder, "schema.sql").write_text("CREATE TABLE t1 (id integer PRIMARY KEY);\n")
        for arguments, code in ((["status"], 3), (["upgrade", "+1", "--backup", "--verbose"], 0), (["upgrade", "--json"], 0),
                                (["current", "-v"], 0), (["current", "--json"], 0), (["status", "--json"], 0), (["history", "-i"], 0),
                                (["health"], None), (["health", "--json"], None), (["inspect"], 0), (["inspect", "--format", "json"], 0),
                                (["diff", "--from", "schema.sql"], None), (["diff", "schema.sql"], None), (["lint", "--database"], None),
                                (["backup"], 0), (["backup", "--list"], 0), (["repair"], 0), (["verify"], None), (["stamp", "r1"], 0),
                                (["downgrade", "-1"], 0), (["check"], None), (["upgrade", "no-such"], 2)):
            self.run_at(folder, *arguments, check=code)
        backup = next(pathlib.Path(folder, "backups").glob("*.backup"))
        restored = self.run_at(folder, "restore", str(backup), "--yes", "--in-place")
        self.assertIn("Restored", restored.stderr)
        rows = self.database_.query("SELECT * FROM limbeck_journal")
        self.assertTrue(rows)
        self.assert_no_secret(str(rows), "the journal")
        files = [path for path in pathlib.Path(self.folder).rglob("*") if path.is_file()]
        self.assertTrue(any(path.suffix == ".json" for path in files), "there is a record, at least")
        for path in files:
            self.assertNotIn(b"geheim", path.read_bytes(), path)

    def test_who_cannot_get_in_is_told_without_it(self):
        folder = self.project(chain("-- limbeck:upgrade\nSELECT 1;"))
        for url in (self.url.replace("guarded", "nobody", 1), self.url.replace("/t", "/no_such_"), self.url + "&sslmode=nonsense",
                    self.url + "&nonsense=1", self.url.replace("host=", "host=/nowhere"), self.url.replace("postgresql:", "mysql:"),
                    f"host=/nowhere user=guarded password='{SECRET}'", self.url.replace("@/", "/@"), self.url.replace("postgresql://", "//")):
            for output in ([], ["--json"]):
                with self.subTest(url=url):
                    result = limbeck("upgrade", *output, "--url", url, folder=folder)
                    self.assertIn(result.returncode, (2, 9), result.stderr)
                    self.assertNotIn("geheim", result.stdout + result.stderr)

    def test_the_list_of_processes_does_not_show_it(self):
        folder = self.project(chain(SLOW))
        with subprocess.Popen([PROGRAM, "upgrade", f"--url={self.url}"], cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            try:
                read_until(process.stderr.fileno(), "Running")
                arguments = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes().decode()
                self.assert_no_secret(arguments, "cmdline")
                self.assertIn("guarded:***@", arguments)
                # Nor does the server, of what the session calls itself.
                self.assert_no_secret(str(self.database_.query("SELECT * FROM pg_stat_activity")), "pg_stat_activity")
            finally:
                process.terminate()
        self.assertEqual(130, process.returncode)

    def test_a_dump_gets_it_where_nobody_sees_it(self):
        """pg_dump logs in with it, and neither its arguments nor its environment hold it; nor does the disk."""
        folder = self.project(chain("-- limbeck:upgrade\nCREATE TABLE t (id integer);"))
        log = pathlib.Path(folder, "seen")
        bin_folder = pathlib.Path(folder, "bin")
        bin_folder.mkdir()
        for name in ("pg_dump", "pg_restore"):
            program = bin_folder / name
            program.write_text(f"#!/bin/sh\ntr '\\0' '\\n' </proc/$$/cmdline >>{log}\ntr '\\0' '\\n' </proc/$$/environ >>{log}\n"
                               f"exec {shutil.which(name)} \"$@\"\n")
            program.chmod(0o755)
        env = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "PGPASSWORD": "wrong"}
        self.run_at(folder, "upgrade", env=env)
        self.run_at(folder, "backup", env=env)
        self.assertIn("--format=custom", log.read_text())
        self.assert_no_secret(log.read_text(), "what pg_dump was given")
        self.assertIn("PGPASSFILE=/proc/self/fd/", log.read_text())

    def test_what_a_statement_holds_is_not_told(self):
        """A statement that fails is shown, without the password in it; the journal keeps its message."""
        statements = ("CREATE ROLE other PASSWORD 'geheim' NONSENSE", "ALTER ROLE nobody_here PASSWORD 'geheim'",
                      "CREATE USER MAPPING FOR CURRENT_USER SERVER none OPTIONS (user 'u', password 'geheim')",
                      "CREATE SUBSCRIPTION s CONNECTION 'host=/none password=geheim user=x' PUBLICATION p NONSENSE",
                      "SELECT nonsense, 'postgresql://u:geheim@h/d'")
        for number, statement in enumerate(statements):
            for output in ([], ["--json"]):
                with self.subTest(statement=statement):
                    folder = self.project(chain(f"-- limbeck:upgrade\nSELECT 1;\n{statement};"))
                    result = self.run_at(folder, "upgrade", *output, check=None)
                    self.assertIn(result.returncode, (6, 10))
                    self.assertIn("r1.sql", result.stdout + result.stderr)
        self.assert_no_secret(str(self.database_.query("SELECT * FROM limbeck_journal")), "the journal")


if __name__ == "__main__":
    if os.environ.get("LIMBECK_OWN_SERVER") == "yes":
        unittest.main()
    # A server of its own: the tests change who has to say a password.
    os.environ["LIMBECK_OWN_SERVER"] = "yes"
    os.execv(str(ROOT / "tools" / "with-postgres"), ["with-postgres", sys.executable, __file__, *sys.argv[1:]])
