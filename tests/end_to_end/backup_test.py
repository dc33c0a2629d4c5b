"""Backups: data is lost on purpose, brought back, and every row compared; and what goes wrong with them."""
import json
import os
import pathlib
import re
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import time
import unittest

from harness import Case, Postgres, Sqlite, chain, current, limbeck

MAKE = """-- limbeck:upgrade
CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, born date);
CREATE TABLE notes (id integer PRIMARY KEY, person integer NOT NULL REFERENCES people (id) ON DELETE CASCADE, text text);
CREATE TABLE places (id integer PRIMARY KEY, name text);
CREATE VIEW names AS SELECT name FROM people;
-- limbeck:downgrade
DROP VIEW names;
DROP TABLE notes;
DROP TABLE people;
DROP TABLE places;"""
LOSE = """-- limbeck:upgrade
DELETE FROM people WHERE id > 2;
DROP TABLE notes;
-- limbeck:downgrade
CREATE TABLE notes (id integer PRIMARY KEY);"""
ROWS = """INSERT INTO people VALUES (1, 'Ann', '1990-01-02'), (2, 'O''Hara', NULL), (3, 'Zoë', '2001-12-31'), (4, 'x\ty', NULL);
INSERT INTO notes VALUES (1, 1, 'one'), (2, 3, NULL), (3, 4, 'a\\b');
INSERT INTO places VALUES (1, 'here');"""


def fake_programs(folder, script):
    """pg_dump and pg_restore that come first in PATH. script: what they do before the real ones, in sh."""
    bin_folder = pathlib.Path(folder) / "bin"
    bin_folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        program = bin_folder / name
        program.write_text(f"#!/bin/sh\n{script}\nexec {shutil.which(name)} \"$@\"\n")
        program.chmod(0o755)
    return {"PATH": f"{bin_folder}:{os.environ['PATH']}"}


class Backups(Case):
    def start(self, kind, *bodies, settings=""):
        database = self.database(kind)
        folder = self.project(chain(*bodies), settings)
        self.run_at(database, folder, "upgrade", "r1", "--no-backup")
        database.script(ROWS)
        return database, folder

    def run_at(self, database, folder, *arguments, check=0, **options):
        if arguments[0] == "upgrade":
            arguments += ("--accept-data-loss",)  # which is what is brought back here
        return limbeck(*arguments, "--url", database.url, folder=folder, check=check, **options)

    def json_at(self, database, folder, *arguments):
        return json.loads(self.run_at(database, folder, *arguments, "--json").stdout)

    def test_what_an_upgrade_loses_comes_back(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database, folder = self.start(kind, MAKE, LOSE)
                before = database.fingerprint()
                file = self.json_at(database, folder, "upgrade", "--backup")["backup_file"]
                self.assertNotEqual(before, database.fingerprint())
                path = pathlib.Path(folder, file)
                self.assertEqual(0o600, stat.S_IMODE(path.stat().st_mode))
                record = json.loads(pathlib.Path(f"{path}.json").read_text())
                self.assertEqual(["r1"], record["heads"])
                report = self.json_at(database, folder, "restore", str(path), "--yes")
                self.addCleanup(self.drop_kept, database, report["kept_database"])
                self.assertEqual(before, database.fingerprint())
                self.assertEqual(["r1"], current(database, folder))
                self.assertEqual(["r1"], report["heads"])
                rows = database.query("SELECT kind, revision, hash, message FROM limbeck_journal WHERE kind = 'restore'")
                self.assertEqual([("restore", "r1", record["hash"], str(path))], rows)
                # And the work goes on from there.
                self.run_at(database, folder, "upgrade", "--no-backup")
                self.assertEqual(["r2"], current(database, folder))

    @staticmethod
    def drop_kept(database, kept):
        if kept:
            Postgres._psql(database.server, f'DROP DATABASE IF EXISTS "{kept}" WITH (FORCE)')

    def test_the_journal_says_where_it_is(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database, folder = self.start(kind, MAKE, LOSE)
                made = self.json_at(database, folder, "backup")
                rows = database.query("SELECT revision, hash, message, outcome FROM limbeck_journal WHERE kind = 'backup'")
                self.assertEqual([("r1", made["hash"], made["file"], "done")], rows)
                listed = self.json_at(database, folder, "backup", "--list")["backups"]
                self.assertEqual([made["file"]], [one["file"] for one in listed])

    def test_settings_and_the_database_that_was_there_are_kept(self):
        database, folder = self.start(Postgres, MAKE, LOSE)
        database.script(f"ALTER DATABASE {database.database} SET search_path TO public, pg_temp;\n"
                        f"ALTER DATABASE {database.database} SET work_mem TO '5MB';\n"
                        f"COMMENT ON DATABASE {database.database} IS 'it''s ours';\n"
                        f"REVOKE CONNECT ON DATABASE {database.database} FROM PUBLIC")
        facts = ("SELECT (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a), shobj_description(oid, 'pg_database'), encoding, datcollate, (SELECT array_agg(c ORDER BY c) FROM "
                 "pg_db_role_setting, unnest(setconfig) c WHERE setdatabase = d.oid) FROM pg_database d WHERE datname = current_database()")
        before = database.query(facts)
        file = self.json_at(database, folder, "backup")["file"]
        self.run_at(database, folder, "upgrade", "--no-backup")
        after_upgrade = database.fingerprint()
        kept = self.json_at(database, folder, "restore", file, "--yes")["kept_database"]
        self.addCleanup(self.drop_kept, database, kept)
        self.assertEqual(before, database.query(facts))
        old = object.__new__(Postgres)
        old.server, old.database, old.url = database.server, kept, database.server.replace("/postgres?", f"/{kept}?")
        self.assertEqual(after_upgrade, old.fingerprint())

    def test_into_another_database(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database, folder = self.start(kind, MAKE, LOSE)
                file = self.json_at(database, folder, "backup", "--output", f"{folder}/copy")["file"]
                self.assertEqual(f"{folder}/copy", file)
                before = database.fingerprint()
                self.run_at(database, folder, "upgrade", "--no-backup")
                other = self.database(kind)
                report = self.json_at(other, folder, "restore", file, "--yes")
                self.assertIsNone(report["kept_database"])
                self.assertEqual(before, other.fingerprint())
                self.assertEqual(["r2"], current(database, folder))

    def test_in_place(self):
        database, folder = self.start(Postgres, MAKE, LOSE)
        before = database.fingerprint()
        file = self.json_at(database, folder, "upgrade", "--backup")["backup_file"]
        report = self.json_at(database, folder, "restore", file, "--yes", "--in-place")
        self.assertIsNone(report["kept_database"])
        self.assertTrue(os.path.exists(os.path.join(folder, report["backup_file"])))
        self.assertEqual(before, database.fingerprint())

    def test_only_what_is_touched(self):
        database, folder = self.start(Postgres, MAKE, "-- limbeck:upgrade\nUPDATE places SET name = upper(name);",
                                      "-- limbeck:upgrade\nDELETE FROM people;")
        made = self.json_at(database, folder, "backup", "--touched", "r2")
        self.assertEqual(["public.places"], made["tables"])
        # A foreign key that cascades takes the other table along.
        made = self.json_at(database, folder, "backup", "--touched", "head")
        self.assertEqual(["public.notes", "public.people", "public.places"], made["tables"])
        places = database.query("SELECT * FROM places")
        file = self.json_at(database, folder, "upgrade", "r2", "--backup=touched")["backup_file"]
        self.assertEqual(["public.places"], [f"{t['schema']}.{t['name']}" for t in json.loads(
            pathlib.Path(folder, f"{file}.json").read_text())["tables"]])
        # Some tables are no version: the database has to be where they were.
        result = self.run_at(database, folder, "restore", file, "--yes", check=2)
        self.assertIn("the backup holds some tables as they were at r1, and the database is at r2", result.stderr)
        self.run_at(database, folder, "stamp", "r1")
        people = database.query("SELECT * FROM people ORDER BY id")
        self.run_at(database, folder, "restore", file, "--yes")
        self.assertEqual(places, database.query("SELECT * FROM places"))
        self.assertEqual(people, database.query("SELECT * FROM people ORDER BY id"))
        # A view stands on people: nothing is changed.
        file = self.json_at(database, folder, "backup", "--touched", "head")["file"]
        before = database.fingerprint()
        result = self.run_at(database, folder, "restore", file, "--yes", check=6)
        self.assertIn("rolled back: the database is as it was", result.stderr)
        self.assertIn("what stands on these tables", result.stderr)
        self.assertEqual(before, database.fingerprint())

    def test_tables_that_others_refer_to(self):
        make = """-- limbeck:upgrade
CREATE TABLE owners (id integer PRIMARY KEY, name text NOT NULL, town text UNIQUE);
COMMENT ON TABLE owners IS 'who;
-- owns; what';
CREATE TABLE cars (id integer PRIMARY KEY, owner integer REFERENCES owners DEFERRABLE INITIALLY DEFERRED, town text REFERENCES owners (town));
COMMENT ON CONSTRAINT cars_owner_fkey ON cars IS 'it''s theirs';
CREATE TABLE parked (car integer, owner integer NOT NULL REFERENCES owners) PARTITION BY RANGE (car);
CREATE TABLE parked_1 PARTITION OF parked FOR VALUES FROM (0) TO (100);
ALTER TABLE cars ADD CONSTRAINT unsure FOREIGN KEY (id) REFERENCES owners NOT VALID;"""
        database, folder = self.database(Postgres), self.project(chain(make, "-- limbeck:upgrade\nUPDATE owners SET name = upper(name);"))
        self.run_at(database, folder, "upgrade", "r1")
        # More than what is sent at once, and what looks like the end of the rows.
        database.script("INSERT INTO owners SELECT g, repeat('x', 1000), NULL FROM generate_series(1, 6000) g;"
                        "UPDATE owners SET name = E'a\\\\.\\n\\\\.\\n;', town = 'here' WHERE id = 2;"
                        "INSERT INTO cars VALUES (1, 2, 'here'), (2, NULL, NULL); INSERT INTO parked VALUES (1, 6000);")
        before = database.fingerprint()
        file = self.json_at(database, folder, "upgrade", "--backup=touched")["backup_file"]
        self.assertEqual([["public", "owners"]], [[t["schema"], t["name"]] for t in json.loads(
            pathlib.Path(folder, f"{file}.json").read_text())["tables"]])
        self.run_at(database, folder, "stamp", "r1")
        self.assertNotEqual(before, database.fingerprint())
        self.run_at(database, folder, "restore", file, "--yes")
        self.assertEqual(before, database.fingerprint())
        # A row elsewhere that would refer to none any more.
        database.script("INSERT INTO owners VALUES (7000, 'new', NULL); INSERT INTO cars VALUES (3, 7000, NULL)")
        before = database.fingerprint()
        result = self.run_at(database, folder, "restore", file, "--yes", check=6)
        self.assertIn("rows of public.cars refer to rows that the backup does not hold (cars_owner_fkey)", result.stderr)
        self.assertIn("rolled back: the database is as it was", result.stderr)
        self.assertEqual(before, database.fingerprint())

    def test_what_no_name_tells_is_saved_whole(self):
        make = """-- limbeck:upgrade
CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (id integer PRIMARY KEY, p integer REFERENCES p);
CREATE TABLE gc (c integer REFERENCES c); CREATE TABLE other (id integer);"""
        database, folder = self.database(Postgres), self.project(chain(make, "-- limbeck:upgrade\nTRUNCATE p CASCADE;", """-- limbeck:upgrade
DO $$ DECLARE n text; BEGIN FOR n IN SELECT tablename FROM pg_tables WHERE tablename LIKE 'oth%' LOOP EXECUTE format('DELETE FROM %I', n); END LOOP; END $$;""",
                                                               '-- limbeck:upgrade\nDELETE FROM U&"\\006f\\0074her";'))
        self.run_at(database, folder, "upgrade", "r1")
        database.script("INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1); INSERT INTO gc VALUES (1); INSERT INTO other VALUES (1)")
        self.assertEqual(["public.c", "public.gc", "public.p"], self.json_at(database, folder, "backup", "--touched", "r2")["tables"])
        for target in ("r3", "r4"):
            self.run_at(database, folder, "stamp", "r2" if target == "r3" else "r3")
            file = self.json_at(database, folder, "upgrade", target, "--backup=touched")["backup_file"]
            self.assertNotIn("tables", json.loads(pathlib.Path(folder, f"{file}.json").read_text()), target)

    def test_what_goes_with_a_table_comes_back_with_it(self):
        database, folder = self.database(Postgres), self.project(chain(
            "-- limbeck:upgrade\nCREATE TABLE m (id integer PRIMARY KEY, k integer, secret text);", "-- limbeck:upgrade\nUPDATE m SET k = 0;"))
        self.run_at(database, folder, "upgrade", "r1")
        database.script("""INSERT INTO m VALUES (1, 1); CREATE STATISTICS st (ndistinct) ON id, k FROM m; ALTER STATISTICS st SET STATISTICS 7;
COMMENT ON STATISTICS st IS 'it''s'; CREATE PUBLICATION "some of" FOR TABLE m (id, k) WHERE (id > 0); CREATE PUBLICATION whole FOR TABLE ONLY m;""")
        looks = ("SELECT pg_get_statisticsobjdef(oid), stxstattarget, obj_description(oid, 'pg_statistic_ext') FROM pg_statistic_ext",
                 "SELECT p.pubname, r.prattrs::text, pg_get_expr(r.prqual, r.prrelid) FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid ORDER BY 1")
        before = [database.query(look) for look in looks]
        file = self.json_at(database, folder, "upgrade", "--backup=touched")["backup_file"]
        self.run_at(database, folder, "stamp", "r1")
        self.run_at(database, folder, "restore", file, "--yes")
        self.assertEqual(before, [database.query(look) for look in looks])
        self.assertEqual(2, len(before[1]))

    def test_a_function_that_is_called_may_touch_everything(self):
        make = """-- limbeck:upgrade
CREATE TABLE other (id integer);
CREATE FUNCTION work() RETURNS integer LANGUAGE plpgsql AS 'BEGIN EXECUTE ''DELETE FROM oth'' || ''er''; RETURN 1; END';"""
        for statement in ("SELECT work();", "(SELECT work());", "VALUES (work());", "EXPLAIN ANALYZE SELECT work();", "PREPARE p AS SELECT work();\nEXECUTE p;",
                          "COPY (SELECT work()) TO STDOUT;"):
            with self.subTest(statement=statement):
                database, folder = self.database(Postgres), self.project(chain(make, f"-- limbeck:upgrade\n{statement}"))
                self.run_at(database, folder, "upgrade", "r1")
                self.assertIsNone(self.json_at(database, folder, "backup", "--touched", "r2").get("tables"))

    def test_in_place_leaves_what_a_schema_holds_by_now(self):
        """The backup holds the schema, and not the table that came into it later."""
        name = 'a"b;\\ \n$x$'
        quoted = '"' + name.replace('"', '""') + '"'
        database, folder = self.database(Postgres), self.project(chain("-- limbeck:upgrade\nSELECT 1;"))
        database.script(f"CREATE SCHEMA {quoted}; COMMENT ON SCHEMA {quoted} IS 'then'; CREATE TABLE {quoted}.old (id integer);"
                        f"INSERT INTO {quoted}.old VALUES (1); CREATE SCHEMA gone; CREATE TABLE gone.t (id integer);")
        file = self.json_at(database, folder, "backup")["file"]
        database.script(f"CREATE TABLE {quoted}.later (id integer); INSERT INTO {quoted}.later VALUES (2); DELETE FROM {quoted}.old;"
                        f"COMMENT ON SCHEMA {quoted} IS 'now'; DROP SCHEMA gone CASCADE;")
        self.run_at(database, folder, "restore", file, "--yes", "--in-place")
        self.assertEqual([["1"]], [[str(cell) for cell in row] for row in database.query(f"SELECT id FROM {quoted}.old")])
        self.assertEqual([["2"]], [[str(cell) for cell in row] for row in database.query(f"SELECT id FROM {quoted}.later")])
        self.assertEqual([["0"]], [[str(cell) for cell in row] for row in database.query("SELECT count(*) FROM gone.t")])
        self.assertEqual([["then"]], [list(row) for row in database.query("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname LIKE 'a%b%'")])

    def test_in_place_tells_schemas_apart_whose_names_hold_blanks(self):
        """The list of a backup does not: a line end is listed as a blank, and where a name ends nobody sees."""
        role = "limbeck restore owner"
        for there, gone, owner in (("app", "app x", None), ("app\nx", "app x", None), ("app x", "app\nx", None), ("app", 'app "x', role),
                                   ("app x", None, role), ("app", None, role)):
            with self.subTest(there=there, gone=gone, owner=owner):
                database, folder = self.database(Postgres), self.project(chain("-- limbeck:upgrade\nSELECT 1;"))
                quoted = {name: '"' + name.replace('"', '""') + '"' for name in (there, gone) if name is not None}
                if owner:
                    database.script(f'DROP ROLE IF EXISTS "{role}"; CREATE ROLE "{role}";')
                for name in quoted.values():
                    database.script(f"CREATE SCHEMA {name}; CREATE TABLE {name}.t (id integer); INSERT INTO {name}.t VALUES (1);"
                                    + (f'ALTER SCHEMA {name} OWNER TO "{role}";' if owner else ""))
                file = self.json_at(database, folder, "backup")["file"]
                database.script(f"CREATE TABLE {quoted[there]}.later (id integer); DELETE FROM {quoted[there]}.t;"
                                + (f"DROP SCHEMA {quoted[gone]} CASCADE;" if gone else ""))
                self.run_at(database, folder, "restore", file, "--yes", "--in-place")
                for name in quoted.values():
                    self.assertEqual([["1"]], [[str(cell) for cell in row] for row in database.query(f"SELECT id FROM {name}.t")])
                self.assertEqual([["0"]], [[str(cell) for cell in row] for row in database.query(f"SELECT count(*) FROM {quoted[there]}.later")])
                database.script("".join(f"DROP SCHEMA {name} CASCADE;" for name in quoted.values()) + (f'DROP ROLE "{role}";' if owner else ""))

    def test_a_backup_takes_no_place(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database, folder = self.start(kind, MAKE)
                self.run_at(database, folder, "backup", "--output", "kept.backup")
                kept = pathlib.Path(folder, "kept.backup").read_bytes()
                pathlib.Path(folder, "letter.txt").write_text("mine")
                for name in ("kept.backup", "letter.txt"):
                    result = self.run_at(database, folder, "backup", "--output", name, check=10)
                    self.assertIn("a file of this name is there already", result.stderr)
                self.assertEqual(kept, pathlib.Path(folder, "kept.backup").read_bytes())
                self.assertEqual("mine", pathlib.Path(folder, "letter.txt").read_text())
                pathlib.Path(folder, "kept.backup").unlink()  # its record is there still
                self.run_at(database, folder, "backup", "--output", "kept.backup", check=10)
                self.assertFalse(os.path.exists(os.path.join(folder, "kept.backup")))

    def test_retention_knows_databases_and_parts_apart(self):
        shared = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, shared)
        files = []
        for number in range(2):
            folder = self.project(chain(MAKE))
            pathlib.Path(folder, "limbeck.toml").write_text(f'[backup]\nfolder = "{shared}"\nkeep = 1\n')
            limbeck("upgrade", "-q", folder=folder)
            files.append(json.loads(limbeck("backup", "--json", folder=folder).stdout)["file"])
            # By another url it is the same file.
            listed = json.loads(limbeck("backup", "--list", "--json", "--url", f"sqlite:///{folder}/limbeck.db", folder=folder).stdout)
            self.assertEqual([files[-1]], [one["file"] for one in listed["backups"]])
        self.assertTrue(all(os.path.exists(file) for file in files), files)
        database, folder = self.start(Postgres, MAKE, "-- limbeck:upgrade\nUPDATE places SET name = upper(name);",
                                      settings='[backup]\nfolder = "copies"\nkeep = 1\n')
        whole = self.json_at(database, folder, "backup")["file"]
        parts = [self.json_at(database, folder, "backup", "--touched", "head")["file"] for _ in range(2)]
        left = {one["file"] for one in self.json_at(database, folder, "backup", "--list")["backups"]}
        self.assertEqual({whole, parts[1]}, left)

    def test_a_run_that_cannot_begin_leaves_the_backups_of_before(self):
        database, folder = self.start(Sqlite, MAKE, LOSE, settings='[backup]\nkeep = 1\n[timeouts]\nlock = "100ms"\nlock_retry = "100ms"\n')
        database.script("DROP TABLE limbeck_journal")  # so that the run begins by making it
        file = os.path.join(folder, self.json_at(database, folder, "backup")["file"])
        other = sqlite3.connect(database.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        self.run_at(database, folder, "upgrade", "--lock-wait", "200ms", check=5)
        other.close()
        self.assertTrue(os.path.exists(file))

    def test_a_copy_of_a_database_with_a_log(self):
        database, folder = self.start(Sqlite, MAKE)
        database.script("PRAGMA journal_mode = WAL; UPDATE places SET name = 'x'")
        file = os.path.join(folder, self.json_at(database, folder, "backup")["file"])
        self.run_at(database, folder, "restore", file, "--yes")
        self.assertEqual([], [name for name in os.listdir(os.path.dirname(file)) if name.startswith(os.path.basename(file) + "-")])

    def test_a_restore_that_fails_leaves_the_database_as_it_was(self):
        database, folder = self.start(Postgres, MAKE, LOSE)
        file = self.json_at(database, folder, "backup")["file"]
        self.run_at(database, folder, "upgrade", "--no-backup")
        before = database.fingerprint()
        script = 'for a in "$@"; do case "$a" in --single-transaction) echo "pg_restore: error: no space left" >&2; exit 1;; esac; done'
        env = fake_programs(folder, script)
        for extra in ([], ["--in-place"]):
            result = self.run_at(database, folder, "restore", file, "--yes", *extra, check=6, env=env)
            self.assertIn("no space left", result.stderr)
            self.assertEqual(before, database.fingerprint())
        # Tests that run beside this one have databases, too, but those go.
        left = "SELECT datname FROM pg_database WHERE datname LIKE 'limbeck_restore_%' OR starts_with(datname, current_database() || '_')"
        found = set(database.query(left))
        for _ in range(100):
            if not found:
                break
            time.sleep(0.1)
            found &= set(database.query(left))
        self.assertEqual(set(), found)

    def test_others_who_use_the_database(self):
        database, folder = self.start(Postgres, MAKE, LOSE)
        file = self.json_at(database, folder, "backup")["file"]
        other = subprocess.Popen(["psql", "-X", "-q", database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            other.stdin.write("SELECT 1;\n")
            other.stdin.flush()
            other.stdout.readline()
            before = database.fingerprint()
            result = self.run_at(database, folder, "restore", file, "--yes", check=6)
            self.assertIn("1 other connection uses the database", result.stderr)
            self.assertEqual(before, database.fingerprint())
        finally:
            other.communicate("\\q\n")

    def test_retention(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database, folder = self.start(kind, MAKE, settings='[backup]\nfolder = "copies"\nkeep = 2\n')
                stranger = pathlib.Path(folder, "copies", "stranger.backup")
                made = [self.json_at(database, folder, "backup")["file"]]
                stranger.write_text("not ours")
                made += [self.json_at(database, folder, "backup")["file"] for _ in range(3)]
                listed = self.json_at(database, folder, "backup", "--list")["backups"]
                self.assertEqual(made[:1:-1], [one["file"] for one in listed])
                left = sorted(name for name in os.listdir(stranger.parent))
                self.assertEqual(5, len(left), left)  # two, their records, and the stranger
                # What a restore keeps is not counted against the backup that it restores.
                report = self.json_at(database, folder, "restore", made[2], "--yes")
                self.addCleanup(self.drop_kept, database, report["kept_database"])
                self.assertTrue(os.path.exists(os.path.join(folder, made[2])))

    def test_what_cannot_be_restored(self):
        database, folder = self.start(Postgres, MAKE)
        sqlite, sqlite_folder = self.start(Sqlite, MAKE)
        file = pathlib.Path(folder, self.json_at(database, folder, "backup", "-o", "copy")["file"])
        copied = pathlib.Path(sqlite_folder, self.json_at(sqlite, sqlite_folder, "backup", "-o", "copy")["file"])
        before = database.fingerprint()

        def refused(path, code, text, at=(database, folder)):
            result = self.run_at(*at, "restore", str(path), "--yes", check=code)
            self.assertIn(text, result.stderr)

        refused(copied, 2, "is a backup of a sqlite database, not of a postgresql one")
        refused(file, 2, "is a backup of a postgresql database, not of a sqlite one", (sqlite, sqlite_folder))
        content = file.read_bytes()
        file.write_bytes(content[:-100] + bytes(100))
        refused(file, 6, "its hash is another one")
        pathlib.Path(f"{file}.json").unlink()
        file.write_bytes(content[:len(content) // 2])
        refused(file, 6, "use another backup")
        pathlib.Path(f"{copied}.json").unlink()
        refused(copied, 6, "is a backup of an SQLite database")
        file.write_text("nothing of the kind")
        refused(file, 6, "is no backup that pg_dump has written")
        refused(pathlib.Path(folder, "nowhere"), 6, "nowhere")
        self.assertEqual(before, database.fingerprint())

    def test_a_damaged_file_is_kept_and_replaced(self):
        database, folder = self.start(Sqlite, MAKE, LOSE)
        file = self.json_at(database, folder, "backup")["file"]
        before = database.fingerprint()
        path = pathlib.Path(database.url.removeprefix("sqlite:///"))
        whole = path.read_bytes()
        for begin, end in ((0, 3000), (100, 3000), (4096, 8192), (5000, len(whole))):
            damaged = whole[:begin] + bytes(7 * i % 251 for i in range(end - begin)) + whole[end:] if begin != 5000 else whole[:begin]
            path.write_bytes(damaged)
            self.assertIn("restore a backup", self.run_at(database, folder, "upgrade", check=None).stderr)
            # A backup that is none changes nothing.
            self.run_at(database, folder, "restore", str(pathlib.Path(folder, "limbeck.toml")), "--yes", check=6)
            self.assertEqual(damaged, path.read_bytes())
            kept = self.json_at(database, folder, "restore", file, "--yes")["damaged_file"]
            self.assertEqual(damaged, pathlib.Path(kept).read_bytes())
            self.assertEqual(before, database.fingerprint())

    def test_a_damaged_file_keeps_its_place(self):
        database, folder = self.start(Sqlite, MAKE, LOSE)
        file = self.json_at(database, folder, "backup")["file"]
        path = pathlib.Path(database.url.removeprefix("sqlite:///"))
        real = path.with_name("real.db")
        path.rename(real)
        path.symlink_to(real)
        real.chmod(0o640)
        damaged = b"garbage" + real.read_bytes()[7:]
        real.write_bytes(damaged)
        # Nothing is moved while another run holds the lock.
        lock = subprocess.Popen(["flock", f"{real}-limbeck.lock", "sleep", "30"])
        try:
            time.sleep(0.3)
            self.run_at(database, folder, "restore", file, "--yes", "--lock-wait", "300ms", check=5)
            self.assertEqual(damaged, real.read_bytes())
        finally:
            lock.kill()
            lock.wait()
            subprocess.run(["pkill", "-f", f"{real}-limbeck.lock"], check=False)
        pathlib.Path(f"{real}-limbeck.lock").unlink(missing_ok=True)
        self.run_at(database, folder, "restore", file, "--yes")
        self.assertTrue(path.is_symlink())
        self.assertEqual(0o640, real.stat().st_mode & 0o777)
        self.assertIn("r1", self.run_at(database, folder, "current").stdout)

    def test_rows_that_break_a_constraint_are_no_damage(self):
        database, folder = self.start(Sqlite, MAKE, LOSE)
        database.script("CREATE TABLE k (a integer CHECK (a > 0)); PRAGMA ignore_check_constraints = ON; INSERT INTO k VALUES (-1);")
        before = database.fingerprint()
        file = self.json_at(database, folder, "backup")["file"]
        answer = self.json_at(database, folder, "restore", file, "--yes")
        self.assertIsNone(answer["damaged_file"])
        self.assertTrue(answer["backup_file"])
        self.assertEqual(before, database.fingerprint())

    def test_programs_that_are_missing_or_old(self):
        database, folder = self.start(Postgres, MAKE, LOSE)
        env = fake_programs(folder, 'case "$1" in --version) echo "pg_dump (PostgreSQL) 9.6.1"; exit 0;; esac')
        # Nothing else may be found on the way: a folder that is all of PATH, and no pg_config in it.
        if not os.path.isdir("/usr/lib/postgresql"):
            env["PATH"] = env["PATH"].split(":")[0]
            result = self.run_at(database, folder, "upgrade", "--backup", check=6, env=env)
            self.assertIn("pg_dump is older than the server", result.stderr)
        before = database.fingerprint()
        failing = fake_programs(self.project({}), 'case "$1" in --version) ;; *) echo "pg_dump: error: could not write to output file: '
                                'No space left on device" >&2; exit 1;; esac')
        result = self.run_at(database, folder, "upgrade", "--backup", check=6, env=failing)
        self.assertIn("No space left on device", result.stderr)
        self.assertEqual(before, database.fingerprint(), "nothing runs without the backup that was asked for")
        self.assertEqual([], os.listdir(pathlib.Path(folder, "backups")), "nothing half written is left")

    def test_no_password_in_an_argument_or_the_environment(self):
        database, folder = self.start(Postgres, MAKE, LOSE)
        log = pathlib.Path(folder, "arguments")
        env = fake_programs(folder, f'echo "$0 $@" >> {log}\nenv >> {log}\n'
                                    f'test -n "$PGPASSFILE" && grep -q s3cret "$PGPASSFILE" && echo "has one" >> {log}')
        url = re.sub(r"//limbeck@", "//limbeck:s3cret'x@", database.url)
        result = limbeck("upgrade", "--backup", "--accept-data-loss", "--json", "--url", url, folder=folder, check=0, env=env)
        file = json.loads(result.stdout)["backup_file"]
        record = pathlib.Path(folder, f"{file}.json").read_text()
        restored = limbeck("restore", file, "--yes", "--json", "--url", url, folder=folder, check=0, env=env)
        self.addCleanup(self.drop_kept, database, json.loads(restored.stdout)["kept_database"])
        self.assertEqual(2, log.read_text().count("has one"))
        for text in (log.read_text(), record, result.stdout + result.stderr, restored.stdout + restored.stderr,
                     str(database.query("SELECT * FROM limbeck_journal"))):
            self.assertNotIn("s3cret", text)


if __name__ == "__main__":
    unittest.main()
