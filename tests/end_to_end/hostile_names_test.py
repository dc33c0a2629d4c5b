"""Names that want to be something else: SQL, a terminal's commands, markers of a revision file."""
import json
import os
import pathlib
import pty
import re
import subprocess
import unittest
import urllib.parse

from harness import PROGRAM, Case, Postgres, Sqlite, chain, current, limbeck, read_until

NAMES = ['quo"te', "it's", 'x"; DROP TABLE victim; --', "back\\slash", "end$$ $x$", "*/ /*", "-- dash", "line\nend", "cr\rhere",
         "a\n-- limbeck:downgrade\nDROP TABLE victim;", "x\n\\! touch pwned\n", "x\n.shell touch pwned\n", "esc\x1b[31mred\x07", "c1\x9b31m",
         "bidi\u202eevil\u2066", "sep\u2028arate", "tab\there", " ", "${revision}", "%s %I :'x' $1", "ü" * 31 + "x", "n" * 63]
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff]")


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def hostile_schema(kind):
    """A table, columns, keys, checks, views for each of the names, and what else a database has."""
    sql = ["CREATE TABLE victim (id integer PRIMARY KEY);"]
    for number, name in enumerate(NAMES):
        index, check = quote(name[:50] + f"_i{number}"), quote(name[:50] + f"_c{number}")
        if len((name[:50] + "_c12").encode()) > 63:
            index, check = quote(f"i{number}"), quote(f"c{number}")
        sql += [f"CREATE TABLE {quote(name)} ({quote(name)} integer NOT NULL PRIMARY KEY, other integer,",
                f"  CONSTRAINT {check} CHECK ({quote(name)} > 0));",
                f"CREATE INDEX {index} ON {quote(name)} (other);",
                f"CREATE VIEW {quote(f'v{number}')} AS SELECT {quote(name)} FROM {quote(name)};"]
        if kind is Postgres:
            sql += [f"COMMENT ON TABLE {quote(name)} IS {literal(name)};", f"CREATE SCHEMA {quote('s' + name[:30])};",
                    f"CREATE TYPE {quote('s' + name[:30])}.{quote(name)} AS ENUM ({literal(name)}, 'b');",
                    f"CREATE TABLE {quote('s' + name[:30])}.t (a {quote('s' + name[:30])}.{quote(name)} DEFAULT {literal(name)});",
                    f"CREATE FUNCTION {quote('s' + name[:30])}.{quote(name)}({quote('p' + name[:20])} integer) RETURNS integer LANGUAGE sql AS "
                    f"{literal('SELECT ' + quote('p' + name[:20]))};"]
    return "\n".join(sql) + "\n"


def current_at(url, folder):
    return [it["id"] for it in json.loads(limbeck("current", "--json", "--url", url, folder=folder, check=0).stdout)["current"]]


class Names(Case):
    def assert_safe(self, result, what):
        found = UNSAFE.search(result.stdout + result.stderr)
        self.assertIsNone(found, f"{what}: {(result.stdout + result.stderr)[max(0, (found and found.start() or 0) - 60):][:120]!r}")
        return result

    def schema_of(self, database, folder):
        text = limbeck("inspect", "--format", "json", "--url", database.url, folder=folder, check=0).stdout
        document = json.loads(text)
        return [o for o in document["objects"] if not o["name"].startswith("limbeck_")]

    def test_a_schema_is_built_written_down_and_taken_back(self):
        """Read from the database, written as a revision by --autogenerate, and run into an empty database: the same schema."""
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                original, copy = self.database(kind), self.database(kind)
                original.script(hostile_schema(kind))
                folder = self.project({}, "superuser_warning = false\n")
                env = {"XDG_CACHE_HOME": f"{self.folder}/cache"}
                self.assert_safe(limbeck("revision", "--autogenerate", "-m", "all", "--from", "empty.sql", "--to", original.url, "--url", copy.url,
                                         "--dialect", kind.name, folder=self.with_empty(folder), check=0, env=env), "revision")
                written = next(pathlib.Path(folder, "migrations").glob("*.sql")).read_text()
                self.assertEqual(1, len(re.findall(r"^-- limbeck:downgrade$", written, re.M)) - written.count('a\n-- limbeck:downgrade\n'))
                self.assert_safe(limbeck("upgrade", "--url", copy.url, folder=folder, check=0), "upgrade")
                self.assertEqual(self.schema_of(original, folder), self.schema_of(copy, folder))
                self.assertEqual([("0",)] if kind is Postgres else [(0,)], copy.query("SELECT count(*) FROM victim"))
                self.assert_safe(limbeck("downgrade", "base", "--url", copy.url, folder=folder, check=0), "downgrade")
                self.assertEqual([], [o["name"] for o in self.schema_of(copy, folder) if o["kind"] == "table"])
                self.assertFalse(pathlib.Path(folder, "pwned").exists())

    @staticmethod
    def with_empty(folder):
        pathlib.Path(folder, "empty.sql").write_text("")
        return folder

    def test_no_command_prints_them_as_they_are(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                database.script(hostile_schema(kind))
                message = "evil \x1b[31m \x9b \u202e \x07 \u2028 message"
                body = "\n".join(f"ALTER TABLE {quote(name)} ADD COLUMN more integer NOT NULL;" for name in NAMES)
                folder = self.project({"r1.sql": f"-- {message}\n--\n-- limbeck:revision r1\n\n-- limbeck:upgrade\nSELECT 1;\n",
                                       "r2.sql": f"-- {message}\n--\n-- limbeck:revision r2\n-- limbeck:revises r1\n\n-- limbeck:upgrade\n{body}\n"},
                                      "superuser_warning = false\n")
                pathlib.Path(folder, "empty.sql").write_text("")
                for arguments in (["upgrade", "r1", "--no-backup"], ["inspect", "--format", "tree"], ["inspect", "--format", "json"], ["diff", "--from", "empty.sql", "--to", database.url],
                                  ["diff", "--to", "empty.sql", "--from", database.url, "--format", "json"],
                                  ["history", "-v"], ["current", "-v"], ["status"], ["heads", "-v"], ["show", "r1"], ["branches"], ["lint"],
                                  ["lint", "--database"], ["check"], ["apply", "--to", "empty.sql", "--dry-run"], ["verify"], ["upgrade"], ["repair"]):
                    result = limbeck(*arguments, "--url", database.url, folder=folder)
                    self.assertNotEqual(1, result.returncode, result.stderr)
                    if arguments[0] != "apply":  # SQL to be run again: names as they are
                        self.assert_safe(result, arguments)

    def test_sql_is_safe_on_a_terminal_and_itself_elsewhere(self):
        database = self.database(Sqlite)
        name = "esc\x1b[31m\x9b\u202e"
        database.script(f"CREATE TABLE {quote(name)} (id integer);")
        folder = self.project({})
        pathlib.Path(folder, "empty.sql").write_text("")
        for arguments in (["inspect", "--format", "sql"], ["diff", "--from", "empty.sql", "--to", database.url, "--format", "sql"], ["apply", "--to", "empty.sql", "--dry-run"]):
            with self.subTest(arguments=arguments):
                command = [*arguments, "--url", database.url]
                self.assertIn(quote(name), limbeck(*command, folder=folder, check=0).stdout)
                ours, theirs = pty.openpty()
                with subprocess.Popen([PROGRAM, *command], cwd=folder, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs) as process:
                    os.close(theirs)
                    shown = read_until(ours, "202e")
                    process.wait(timeout=60)
                os.close(ours)
                self.assertIn("esc\\x1b[31m\\u009b\\u202e", shown)

    def test_what_the_server_says_is_printed_safely(self):
        database = self.database(Postgres)
        evil = "\x1b]0;title\x07 \x9b31m \u202e"
        folder = self.project(chain(f"-- limbeck:upgrade\nDO $$BEGIN RAISE NOTICE '{evil}'; RAISE EXCEPTION '{evil}' USING HINT = '{evil}', DETAIL = '{evil}'; END$$;"))
        for output in ([], ["--json"]):
            result = self.assert_safe(limbeck("upgrade", *output, "--url", database.url, folder=folder, check=6), output)
            self.assertIn("title", result.stdout + result.stderr)

    def test_users_databases_and_tables_of_ours(self):
        """Names that come from the url and the configuration."""
        for name in ('o"d\'d; --', "esc\x1b[31m\u202e", "line\nend", "back\\slash $x$", "ü" * 31):
            with self.subTest(name=name):
                server = self.database(Postgres)
                role, data = name[:25] + server.database[:10], name[:25] + server.database[1:11]
                Postgres._psql(server.server, f"CREATE ROLE {quote(role)} LOGIN SUPERUSER;\nCREATE DATABASE {quote(data)} STRATEGY file_copy")
                self.addCleanup(Postgres._psql, server.server, f"DROP DATABASE IF EXISTS {quote(data)} WITH (FORCE);\nDROP ROLE {quote(role)}")
                encode = lambda text: urllib.parse.quote(text, safe="")
                url = re.sub(r"//limbeck@/\w+\?", lambda _: f"//{encode(role)}@/{encode(data)}?", server.url)
                toml = f"version_table = {json.dumps(name, ensure_ascii=True)}\nversion_table_schema = {json.dumps('s' + name, ensure_ascii=True)}\n"
                folder = self.project(chain("-- limbeck:upgrade\nCREATE TABLE public.t (id integer);\n-- limbeck:downgrade\nDROP TABLE public.t;"), toml)
                Postgres._psql(url, f"CREATE SCHEMA {quote('s' + name)}")
                for arguments, code in ((["upgrade", "--backup"], 0), (["status"], 0), (["current", "-v"], 0), (["upgrade"], 0), (["backup"], 0),
                                        (["backup", "--list"], 0), (["lint", "--database"], None), (["verify"], 0), (["repair"], 0), (["downgrade", "base"], 0),
                                        (["stamp", "head"], 0)):
                    result = self.assert_safe(limbeck(*arguments, "--url", url, folder=folder, check=code), arguments)
                    if arguments == ["upgrade"]:
                        self.assertIn("superuser", result.stderr)
                rows = Postgres._psql(url, f"SELECT version_num FROM {quote('s' + name)}.{quote(name)}").strip("\n\x1e")
                self.assertEqual("r1", rows)
                self.assertEqual(quote(role)[1:-1].replace('""', '"'), Postgres._psql(
                    url, f"SELECT DISTINCT database_user FROM {quote('s' + name)}.limbeck_journal").strip("\n\x1e"))
                backup = str(next(pathlib.Path(folder, "backups").glob("*.backup")))
                self.assertNotRegex(os.path.basename(backup), r"[^A-Za-z0-9._-]")
                self.assert_safe(limbeck("restore", backup, "--yes", "--in-place", "--url", url, folder=folder, check=0), "restore")
                self.assertEqual(["r1"], current_at(url, folder))

    def test_names_as_long_as_they_may_be_and_longer(self):
        """PostgreSQL cuts names, and so may make one of two."""
        database = self.database(Postgres)
        for name in ("v" * 64, "ü" * 32):
            for key in ("version_table", "version_table_schema"):
                folder = self.project(chain("-- limbeck:upgrade\nSELECT 1;"), f'{key} = "{name}"\n')
                result = limbeck("upgrade", "--url", database.url, folder=folder, check=10)
                self.assertIn("63 bytes", result.stderr)
        for name in ("v" * 63, "w" * 60, "ü" * 31 + "x"):
            with self.subTest(name=name):
                database = self.database(Postgres)
                folder = self.project(chain("-- limbeck:upgrade\nCREATE TABLE t (id integer);\n-- limbeck:downgrade\nDROP TABLE t;"),
                                      f'version_table = "{name}"\nsuperuser_warning = false\n')
                limbeck("upgrade", "--url", database.url, folder=folder, check=0)
                self.assertEqual(["r1"], current(database, folder))
                limbeck("upgrade", "--url", database.url, folder=folder, check=0)
                limbeck("downgrade", "base", "--url", database.url, folder=folder, check=0)

    def test_messages_labels_and_files_of_new_revisions(self):
        """What -m says is a comment and a part of a file's name, and nothing else."""
        for message in ("evil\n-- limbeck:upgrade\nDROP TABLE victim;", "../../../escaped", "/etc/passwd", "x\r-- limbeck:revises nowhere", "a\u2028b\x85c",
                        "\x1b[31mred", "${upgrade} %(rev)s", "'; DROP TABLE victim; --", "*/ /*", "\\! touch pwned"):
            with self.subTest(message=message):
                folder = self.project({})
                result = self.assert_safe(limbeck("revision", "-m", message, "--rev-id", "abc", folder=folder, check=0), message)
                files = [path for path in pathlib.Path(folder).rglob("*.sql")]
                self.assertEqual([pathlib.Path(folder, "migrations")], [path.parent for path in files], result.stderr)
                self.assertNotRegex(files[0].name, r"[^\w.-]")
                text = files[0].read_text()
                self.assertEqual(1, len(re.findall(r"^-- limbeck:upgrade$", text, re.M)))
                self.assertEqual([], [line for line in re.split(r"[\n\r\x85\u2028]", text) if line and not line.startswith("--")])
                self.assertNotRegex(text, UNSAFE)
                self.assertIn("abc", limbeck("heads", folder=folder, check=0).stdout)
        for identity in ("../up", "a/b", "a\nb", "a b", "x;y:z", "a@b", "\x1b[31m"):
            with self.subTest(identity=identity):
                folder = self.project({})
                result = limbeck("revision", "-m", "x", "--rev-id", identity, folder=folder)
                self.assertIsNone(UNSAFE.search(result.stdout + result.stderr))
                self.assertEqual([], [path for path in pathlib.Path(folder).rglob("*.sql") if path.parent != pathlib.Path(folder, "migrations")])
                self.assertEqual([], list(pathlib.Path(self.folder).glob("*.sql")))
                if result.returncode == 0:
                    limbeck("upgrade", folder=folder, check=0)


if __name__ == "__main__":
    unittest.main()
