"""Where schemas come from: every kind of source, what is wrong with one, and what is left behind (nothing)."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest
import uuid

from harness import POSTGRES, PROGRAM, Case, Postgres, Sqlite, chain, limbeck

BASE = """
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);
CREATE INDEX users_email ON users (email);
CREATE VIEW emails AS SELECT email FROM users;
"""
EXOTIC = ['select', 'Großbuchstaben', 'a"b', "it's", 'a.b', 'a b', 'таблица', '表', 'جدول', '🙂', '$$', '--', '/*', 'a\\b', '%s', '[x]', '`', '{0}', 'a;b']


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class SourceCase(Case):
    def file(self, name, text):
        path = pathlib.Path(self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def diff(self, source, target, *options, check=0, **more):
        return limbeck("diff", "--from", source, "--to", target, "--no-cache", *options, folder=self.folder, check=check, **more)

    def same(self, source, target, *options):
        self.assertEqual(self.diff(source, target, "--format", "sql", *options).stdout, "")

    def scratches(self):
        return subprocess.run(["psql", "-XAt", POSTGRES, "-c", "SELECT datname FROM pg_database WHERE datname ~ '^limbeck_scratch'"],
                              text=True, capture_output=True, check=True).stdout.split()

    def left_behind(self):
        """Tests that run beside this one on the server have scratch databases too, but those go."""
        found = set(self.scratches())
        for _ in range(300):
            if not found:
                break
            time.sleep(0.1)
            found &= set(self.scratches())
        return sorted(found)

    def touched(self, database):
        database.script("PRAGMA user_version = 0; VACUUM;")
        return database.url


class Sources(SourceCase):
    def every_source(self, database, dialect):
        database.script(BASE)
        project = self.project(chain("-- limbeck:upgrade\nCREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);",
                                     "-- limbeck:upgrade\nCREATE INDEX users_email ON users (email);\n"
                                     "CREATE VIEW emails AS SELECT email FROM users;"))
        sql = self.file("schema.sql", BASE)
        self.file("folder/a_views.sql", "CREATE VIEW emails AS SELECT email FROM users;")
        self.file("folder/b/indexes.sql", "CREATE INDEX users_email ON users (email);")
        self.file("folder/c_tables.sql", "CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);")
        self.file("folder/.hidden/bad.sql", "CREATE NONSENSE;")
        program = f"cmd:cat '{sql}'"
        snapshot = self.file("schema.json", limbeck("inspect", database.url, "--format", "json", check=0).stdout)
        sources = [database.url, sql, str(pathlib.Path(self.folder) / "folder"), snapshot, program, f"cmd:cat '{snapshot}'", "revisions"]
        for source in sources:
            with self.subTest(source=source):
                result = limbeck("diff", "--from", source, "--to", database.url, "--format", "sql", folder=project, check=0)
                # Privileges are read of databases alone.
                self.assertEqual((result.stdout, result.stderr), ("", ""))
        first = limbeck("diff", "--from", "revisions@r1", "--to", "revisions", "--dialect", dialect, "--url", database.url,
                        folder=project, check=0).stdout
        self.assertEqual(sorted(line.split()[1] for line in first.splitlines()), ["index", "view"])

    def test_every_source_on_sqlite(self):
        self.every_source(self.database(Sqlite), "sqlite")

    def test_every_source_on_postgres(self):
        self.every_source(self.database(Postgres), "postgresql")
        self.assertEqual(self.left_behind(), [])

    def complete(self, database, target, declared):
        """What inspect prints makes the same schema in an empty database."""
        database.script(declared)
        sql = limbeck("inspect", database.url, check=0).stdout
        target.script(sql)
        self.assertEqual(limbeck("inspect", target.url, check=0).stdout, sql)
        both = [limbeck("inspect", it.url, "--format", "json", check=0).stdout for it in (database, target)]
        self.assertEqual(*both)
        self.same(database.url, target.url)

    def test_inspect_is_complete_on_sqlite(self):
        self.complete(self.database(Sqlite), self.database(Sqlite), BASE + """
            CREATE TABLE "a b" (x REAL DEFAULT (1 + 1), y TEXT COLLATE NOCASE CHECK (y <> ''), z AS (x * 2) STORED,
              u integer REFERENCES users ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (x, y)) WITHOUT ROWID;
            CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT, n INT NOT NULL UNIQUE ON CONFLICT IGNORE) STRICT;
            CREATE INDEX i ON s (n DESC, lower(n)) WHERE n > 0;
            CREATE TRIGGER t AFTER INSERT ON s BEGIN UPDATE users SET email = 'x;y'; END;
            CREATE TRIGGER v INSTEAD OF DELETE ON emails BEGIN SELECT 1; END;""")

    def test_inspect_is_complete_on_postgres(self):
        self.complete(self.database(Postgres), self.database(Postgres), BASE + """
            CREATE SCHEMA shop; COMMENT ON SCHEMA shop IS 'it''s';
            CREATE TYPE shop.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
            CREATE TYPE pair AS (a integer, b shop.mood); CREATE SEQUENCE counter INCREMENT 5;
            CREATE TABLE shop.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, u integer REFERENCES users ON DELETE CASCADE,
              mood shop.mood DEFAULT 'ok', n positive, at timestamptz NOT NULL DEFAULT now(), twice integer GENERATED ALWAYS AS (n * 2) STORED,
              c integer DEFAULT nextval('counter'), CHECK (n < 100), UNIQUE (u, mood) DEFERRABLE) WITH (fillfactor = 70);
            CREATE TABLE log (at date NOT NULL, t text) PARTITION BY RANGE (at);
            CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE INDEX ON log (at); ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON shop.orders USING (u = 1);
            CREATE FUNCTION f(integer, OUT b text) LANGUAGE sql AS $$ SELECT 'x;y' $$;
            CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER tr BEFORE UPDATE ON users FOR EACH ROW WHEN (OLD.id > 0) EXECUTE FUNCTION tg();
            CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM users; CREATE UNIQUE INDEX ON m (n);
            COMMENT ON COLUMN users.email IS 'E-Mail';""")

    def test_names_of_every_alphabet(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind.name):
                database = self.database(kind)
                sql = "".join(f"CREATE TABLE {quoted(name)} ({quoted(name)} integer PRIMARY KEY, b text DEFAULT '{name.replace(chr(39), chr(39) * 2)}');\n"
                              f"CREATE INDEX {quoted(name + 'i')} ON {quoted(name)} (b);\n" for name in EXOTIC)
                declared = self.file(f"{kind.name}.sql", sql)
                database.script(self.diff(database.url if kind is Postgres else self.touched(database), declared, "--format", "sql").stdout)
                self.same(database.url, declared)
                tree = limbeck("inspect", database.url, "--format", "tree", check=0).stdout
                for name in ("таблица", "表", "🙂", "it's"):
                    self.assertIn(name, tree)

    def test_control_characters_do_not_reach_the_terminal(self):
        declared = self.file("x.sql", 'CREATE TABLE "a\x1b[31mb" (x integer);')
        for options in (("inspect", declared, "--format", "tree"), ("diff", "--from", self.file("e.sql", ""), "--to", declared)):
            out = limbeck(*options, "--dialect", "sqlite", "--no-cache", check=0).stdout
            self.assertNotIn("\x1b", out)
            self.assertIn("\\x1b", out)

    def test_filters(self):
        database = self.database(Sqlite)
        database.script(BASE + "CREATE TABLE other (x);")
        empty = self.file("empty.sql", "")
        out = self.diff(empty, database.url, "--include", "users", "--exclude", "index:*").stdout
        self.assertEqual(out, "create table users\n")
        self.assertEqual(self.diff(empty, database.url, "--include", "o*r").stdout, "create table other\n")

    def test_exit_code_and_formats(self):
        one, two = self.file("1.sql", BASE), self.file("2.sql", BASE + "CREATE TABLE t (x);")
        self.assertEqual(self.diff(one, two, "--dialect", "sqlite", "--exit-code", check=3).stdout, "create table t\n")
        self.assertEqual(self.diff(one, two, "--dialect", "sqlite", "--reverse").stdout, "drop table t\n")
        result = self.diff(one, one, "--dialect", "sqlite", "--exit-code")
        self.assertEqual((result.stdout, result.stderr), ("", "No differences.\n"))
        report = json.loads(self.diff(one, two, "--dialect", "sqlite", "--json").stdout)
        self.assertEqual([it["operation"] for it in report["operations"]], ["create"])
        self.diff(one, two, "--dialect", "oracle", check=2)
        self.diff(one, two, check=2)  # no dialect is known
        self.diff(one, two, "--dialect", "sqlite", "--format", "yaml", check=2)


class BadSources(SourceCase):
    def refused(self, source, *expected, check=10, options=("--dialect", "sqlite")):
        result = limbeck("inspect", source, "--no-cache", *options, folder=self.folder, check=check)
        for text in expected:
            self.assertIn(text, result.stderr)
        return result.stderr

    def test_sql_that_does_not_parse(self):
        path = self.file("bad.sql", "CREATE TABLE a (x integer);\n\n  CREATE TABLE b (x integer,, y integer);\n")
        self.refused(path, f"{path}:3:29", "CREATE TABLE b (x integer,, y integer);\n  |                             ^")
        self.refused(self.file("open.sql", "CREATE TABLE a (x text DEFAULT 'abc);\n"), "open.sql:1:32")

    def test_sql_that_does_not_parse_on_postgres(self):
        database = self.database(Postgres)
        path = self.file("bad.sql", "CREATE TABLE a (x integer);\n\n  CREATE TABLE b (größe integer,, y integer);\n")
        self.refused(path, f"{path}:3:33", "^", options=("--url", database.url))
        self.assertEqual(self.left_behind(), [])

    def test_what_refers_to_nothing(self):
        database = self.database(Postgres)
        path = self.file("view.sql", "CREATE TABLE t (a integer);\nCREATE VIEW v AS\n  SELECT b FROM t;\nCREATE VIEW w AS SELECT * FROM v;\n")
        text = self.refused(path, f"{path}:3:10", "\"b\"", options=("--url", database.url))
        self.assertNotIn("relation \"v\"", text)  # the first fault is named, not what follows from it
        path = self.file("owner.sql", "CREATE TABLE t (a integer);\nALTER TABLE t OWNER TO nobody_at_all;\n")
        self.refused(path, "nobody_at_all", f"{path}:2", options=("--url", database.url))
        self.refused(self.file("ext.sql", "CREATE EXTENSION no_such_extension;"), "no_such_extension", "ext.sql:1", options=("--url", database.url))
        self.refused(self.file("i.sql", "CREATE INDEX i ON t (a);"), "no such table", "i.sql:1")
        self.assertEqual(self.left_behind(), [])

    def test_sources_that_are_not_there(self):
        self.refused("nothing.sql", "nothing.sql")
        self.refused("nothing.json", "nothing.json")
        self.refused("nothing", "nothing", check=2)
        os.mkdir(f"{self.folder}/bare")
        self.refused("bare", "no .sql file")
        self.refused("revisions", "limbeck.toml")
        self.refused("sqlite:///no/such/file.db", "no/such", check=9)
        self.refused("postgresql://u:geheim@localhost:1/x", check=9, options=())

    def test_programs(self):
        self.refused("cmd:echo oops >&2; exit 3", "exit code 3", "oops")
        self.refused("cmd:no-such-program-anywhere", "exit code 127")
        self.refused("cmd:true", "printed nothing")
        self.refused("cmd:echo nonsense", "cmd:echo nonsense:1:1", "nonsense")
        self.refused("cmd:echo '{\"limbeck_schema\":1,'", "too early")
        began = time.monotonic()
        self.refused("cmd:sleep 60", "300 ms", options=("--dialect", "sqlite", "--program-timeout", "300ms"))
        self.assertLess(time.monotonic() - began, 30)
        self.refused("cmd:printf 'CREATE TABLE t (\\000)'", "cmd:")

    def test_snapshots(self):
        self.refused(self.file("cut.json", '{"limbeck_schema":1,"objects":[{'), "cut.json:1:", "too early", options=())
        self.refused(self.file("other.json", '{"a": 1}'), "no schema of Limbeck's", options=())
        self.refused(self.file("new.json", '{"limbeck_schema": 99}'), "format 99", options=())
        self.refused(self.file("empty.json", ""), "empty.json", options=())
        sqlite = self.file("s.json", '{"limbeck_schema":1,"dialect":"sqlite","objects":[]}')
        postgres = self.file("p.json", '{"limbeck_schema":1,"dialect":"postgresql","objects":[]}')
        self.assertIn("cannot be compared", self.diff(sqlite, postgres, check=2).stderr)

    def test_a_snapshot_holds_no_secret(self):
        database = self.database(Postgres)
        name = f"w{uuid.uuid4().hex[:8]}"
        sql = (f"CREATE FOREIGN DATA WRAPPER {name}; CREATE SERVER s FOREIGN DATA WRAPPER {name};"
               "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'joe', password 'geheim');")
        database.script(sql)
        text = limbeck("inspect", database.url, "--format", "json", check=0).stdout
        self.assertNotIn("geheim", text)
        snapshot = self.file("snap.json", text)
        self.same(snapshot, database.url)
        project = self.project({})
        declared = self.file("decl.sql", sql)
        limbeck("diff", "--from", database.url, "--to", declared, folder=project, check=0)
        for path in pathlib.Path(project).rglob("*"):
            if path.is_file():
                self.assertNotIn("geheim", path.read_text())


class Scratches(SourceCase):
    def test_what_reaches_beyond_is_not_run(self):
        database = self.database(Postgres)
        role = f"r{uuid.uuid4().hex[:12]}"
        declared = self.file("x.sql", f"CREATE ROLE {role};\nCREATE DATABASE {role};\nALTER SYSTEM SET work_mem = '5MB';\n"
                             "CREATE TABLE t (a integer);\n")
        result = self.diff(database.url, declared)
        self.assertEqual(result.stdout, "create table public.t\n")
        for text in (f"not compared: CREATE ROLE {role}", f"not compared: CREATE DATABASE {role}", "not compared: ALTER SYSTEM"):
            self.assertIn(text, result.stderr)
        self.assertEqual(database.query(f"SELECT count(*) FROM pg_roles WHERE rolname = '{role}'"), [("0",)])
        out = self.file("out.db", "")
        result = limbeck("inspect", self.file("a.sql", f"ATTACH '{out}' AS x; CREATE TABLE t (a);"), "--dialect", "sqlite", "--no-cache", check=0)
        self.assertIn("not compared: ATTACH", result.stderr)

    def test_a_role_that_the_sql_makes_is_made_on_a_server_of_our_own(self):
        database = self.database(Postgres)
        role = f"r{uuid.uuid4().hex[:12]}"
        declared = self.file("x.sql", f"CREATE ROLE {role};\nCREATE TABLE t (a integer);\nGRANT SELECT ON t TO {role};\n")
        self.assertIn("create table public.t", self.diff(database.url, declared).stdout)
        self.assertEqual(database.query(f"SELECT count(*) FROM pg_roles WHERE rolname = '{role}'"), [("0",)])

    def test_a_login_that_may_not_create_databases(self):
        database = self.database(Postgres)
        role = f"r{uuid.uuid4().hex[:12]}"
        database.script(f"CREATE ROLE {role} LOGIN; GRANT CREATE ON SCHEMA public TO {role};")
        self.addCleanup(lambda: subprocess.run(["psql", "-Xq", POSTGRES, "-c", f"DROP ROLE IF EXISTS {role}"], capture_output=True))
        url = database.url.replace("://limbeck@", f"://{role}@")
        declared = self.file("x.sql", "CREATE TABLE t (a integer);\n")
        self.assertEqual(self.diff(url, declared).stdout, "create table public.t\n")
        database.script(f"DROP OWNED BY {role}")

    def test_without_any_server(self):
        out = limbeck("inspect", self.file("x.sql", "CREATE TABLE t (a integer);\nALTER TABLE t OWNER TO somebody;"), "--dialect", "postgresql",
                      "--format", "tree", "--no-cache", folder=self.folder, check=0).stdout
        self.assertIn("table public.t\n  a integer\n", out)
        self.assertFalse([name for name in os.listdir(tempfile.gettempdir()) if name.startswith("limbeck-scratch.")
                          and time.time() - os.stat(os.path.join(tempfile.gettempdir(), name)).st_ctime < 5])

    def test_interrupted(self):
        database = self.database(Postgres)
        declared = self.file("slow.sql", "CREATE TABLE t (a integer);\nSELECT pg_sleep(60);\n")
        process = subprocess.Popen([PROGRAM, "diff", "--from", database.url, "--to", declared, "--no-cache"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while not self.sleeping(database) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertEqual(self.left_behind(), [])

    def sleeping(self, database):
        return database.query("SELECT 1 FROM pg_stat_activity WHERE datname ~ '^limbeck_scratch' AND wait_event = 'PgSleep'")

    def test_leftovers_are_removed(self):
        database = self.database(Postgres)
        name, other = f"limbeck_scratch_{'0' * 15}1", f"limbeck_scratch_{'0' * 15}2"
        for database_name, made in ((name, "2020-01-01T00:00:00Z"), (other, "2999-01-01T00:00:00Z")):
            subprocess.run(["psql", "-Xq", POSTGRES, "-c", f"CREATE DATABASE {database_name}", "-c",
                            f"COMMENT ON DATABASE {database_name} IS 'Limbeck''s scratch database, made at {made}'"], check=True)
        self.addCleanup(lambda: subprocess.run(["psql", "-Xq", POSTGRES, "-c", f"DROP DATABASE IF EXISTS {other}"], capture_output=True))
        self.diff(database.url, self.file("x.sql", "CREATE TABLE t (a integer);"))
        self.assertNotIn(name, self.scratches())
        self.assertIn(other, self.scratches())


class Loading(SourceCase):
    def test_a_dump_is_a_source(self):
        database = self.database(Postgres)
        database.script(BASE + """CREATE TABLE a (id serial PRIMARY KEY, t text); INSERT INTO a (t) VALUES ('x'), (E'\\t\\\\.');
            CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT count(*)::integer FROM a $$;""")
        for options in ((), ("--inserts",), ("--clean", "--if-exists"), ("-O", "-x")):
            with self.subTest(options):
                dump = subprocess.run(["pg_dump", *options, database.url], text=True, capture_output=True, check=True).stdout
                self.same(database.url, self.file("dump.sql", "\\restrict abc\n" + dump + "\\unrestrict abc\n"))

    def test_settings_hold_to_the_end_of_their_file(self):
        database = self.database(Postgres)
        self.file("d/1.sql", "CREATE SCHEMA shop;\nSET search_path = shop;\nCREATE VIEW v AS SELECT * FROM later;\nCREATE TABLE t (a integer);\n"
                             "SET search_path = public;\nCREATE TABLE u (a integer);")
        self.file("d/2.sql", "CREATE TABLE w (a integer);\nCREATE TABLE shop.later (a integer);")
        out = self.diff(database.url, f"{self.folder}/d").stdout
        for name in ("table shop.t", "view shop.v", "table public.u", "table public.w", "table shop.later"):
            self.assertIn(f"create {name}\n", out)

    def test_revisions_that_build_a_table_anew(self):
        """In a replay, too, the references of other tables stay with the name and not with the old table."""
        first = "CREATE TABLE a (id integer PRIMARY KEY, x text CHECK (x <> 'q'));\nCREATE TABLE b (a_id integer REFERENCES a (id));"
        second = ("PRAGMA legacy_alter_table = ON;\nALTER TABLE a RENAME TO old_a;\nPRAGMA legacy_alter_table = OFF;\n"
                  "CREATE TABLE a (id integer PRIMARY KEY, x text);\nINSERT INTO a SELECT * FROM old_a;\nDROP TABLE old_a;")
        self.file("limbeck.toml", 'migrations = "migrations"\n')
        self.file("migrations/1.sql", f"-- limbeck:revision 1\n\n-- limbeck:upgrade\n{first}\n")
        self.file("migrations/2.sql", f"-- limbeck:revision 2\n-- limbeck:revises 1\n\n-- limbeck:upgrade\n{second}\n")
        target = self.file("schema.sql", "CREATE TABLE a (id integer PRIMARY KEY, x text);\nCREATE TABLE b (a_id integer REFERENCES a (id));")
        self.same("revisions", target, "--dialect", "sqlite")
        self.same("revisions", target, "--dialect", "sqlite", "--offline")

    def test_the_wrong_way_round(self):
        database = self.database(Postgres)
        count = 400
        lines = [f"CREATE VIEW v{n} AS SELECT * FROM v{n + 1};" for n in range(count)] + [f"CREATE VIEW v{count} AS SELECT 1 AS a;"]
        began = time.monotonic()
        out = self.diff(database.url, self.file("x.sql", "\n".join(lines))).stdout
        self.assertEqual(len(out.splitlines()), count + 1)
        self.assertLess(time.monotonic() - began, 60)

    def test_statements_that_no_transaction_holds(self):
        database = self.database(Postgres)
        declared = self.file("x.sql", "BEGIN;\nCREATE TYPE e AS ENUM ('a');\nCOMMIT;\nALTER TYPE e ADD VALUE 'b';\n"
                             "CREATE TABLE t (a e DEFAULT 'b', n integer);\nCREATE INDEX CONCURRENTLY i ON t (n);\nVACUUM;\n")
        database.script(self.diff(database.url, declared, "--format", "sql").stdout)
        self.same(database.url, declared)

    def test_access(self):
        one, two = self.database(Postgres), self.database(Postgres)
        one.script("CREATE TABLE t (a integer); GRANT SELECT ON t TO PUBLIC;")
        two.script("CREATE TABLE t (a integer);")
        self.assertIn("privileges", self.diff(one.url, two.url).stdout)
        self.same(one.url, two.url, "--privileges", "off")
        plain = self.file("plain.sql", "CREATE TABLE t (a integer); COMMENT ON TABLE t IS NULL; CREATE FUNCTION grant_all() RETURNS void "
                          "LANGUAGE sql AS $$ GRANT ALL ON t TO PUBLIC $$; DROP FUNCTION grant_all;")
        self.same(one.url, plain)
        self.assertIn("privileges", self.diff(one.url, plain, "--privileges", "on").stdout)
        stated = self.file("stated.sql", "CREATE TABLE t (a integer); GRANT SELECT, INSERT ON t TO PUBLIC;")
        self.assertIn("privileges", self.diff(one.url, stated).stdout)

    def test_the_cache(self):
        project = self.project({})
        declared = self.file("x.sql", BASE)
        command = ("inspect", declared, "--dialect", "sqlite")
        first = limbeck(*command, folder=project, check=0).stdout
        kept = list(pathlib.Path(project, ".limbeck", "cache").glob("*.json"))
        self.assertEqual(len(kept), 1)
        self.assertEqual(limbeck(*command, folder=project, check=0).stdout, first)
        good = kept[0].read_bytes()
        self.assertIn(b"users_email", good)
        for damage in (b"", b"x", good[:-9], good.replace(b"users_email", b"users_phone"), os.urandom(500)):
            kept[0].write_bytes(damage)
            self.assertEqual(limbeck(*command, folder=project, check=0).stdout, first)
            self.assertEqual(kept[0].read_bytes(), good)
        pathlib.Path(declared).write_text(BASE + "CREATE TABLE more (x);")
        self.assertIn("more", limbeck(*command, folder=project, check=0).stdout)
        # Nothing is kept where nothing can be written.
        pathlib.Path(project, ".limbeck").rename(pathlib.Path(project, "away"))
        pathlib.Path(project, ".limbeck").write_text("a file")
        self.assertEqual(limbeck("inspect", declared, "--dialect", "sqlite", folder=project, check=0).returncode, 0)


if __name__ == "__main__":
    unittest.main()
