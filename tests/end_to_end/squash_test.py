"""One revision in the place of several: what it builds, and that databases at every place go on.

A database is told by what "limbeck inspect" prints of it, and by the rows that a fingerprint shows.
"""
import json
import os
import pathlib
import shutil
import unittest

from harness import Case, Postgres, Sqlite, chain, current, limbeck

BODIES = [
    """-- limbeck:upgrade
CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);
-- limbeck:downgrade
DROP TABLE users;""",
    """-- limbeck:upgrade
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id));
CREATE TABLE gone (id INTEGER PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE gone;
DROP TABLE orders;""",
    """-- limbeck:upgrade
ALTER TABLE orders ADD COLUMN note VARCHAR(20);
CREATE INDEX orders_user ON orders (user_id);
-- limbeck:downgrade
DROP INDEX orders_user;
ALTER TABLE orders DROP COLUMN note;""",
    """-- limbeck:upgrade
DROP TABLE gone;
CREATE VIEW user_orders AS SELECT u.name, o.note FROM users u JOIN orders o ON o.user_id = u.id;
-- limbeck:downgrade
DROP VIEW user_orders;
CREATE TABLE gone (id INTEGER PRIMARY KEY);""",
    """-- limbeck:upgrade
CREATE TABLE later (id INTEGER PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE later;""",
]


def with_data(kind):
    """The same range with statements that only --data keep can stand for."""
    bodies = list(BODIES)
    setting = "SET search_path = pg_temp, public;\n" if kind is Postgres else "PRAGMA legacy_alter_table = ON;\n"
    if kind is Sqlite:
        bodies[0] = bodies[0].replace("-- limbeck:upgrade\n", "-- limbeck:upgrade\n" + setting)
    else:
        bodies[1] = bodies[1].replace("-- limbeck:upgrade\n", "-- limbeck:upgrade\nSET work_mem = '8MB';\n")
    bodies[2] = bodies[2].replace("-- limbeck:downgrade", """INSERT INTO users VALUES (1, 'ada');
INSERT INTO orders (id, user_id) VALUES (1, 1), (2, 1), (3, 1);
-- limbeck:backfill table=orders batch=2
UPDATE orders SET note = 'filled' WHERE note IS NULL;
-- limbeck:downgrade
DELETE FROM orders;
DELETE FROM users;""")
    return bodies


class Squash(Case):
    kinds = (Sqlite, Postgres)

    def ask(self, folder, database, *arguments, check=0):
        return limbeck(*arguments, "--url", database.url, folder=folder, check=check)

    def schema(self, folder, database):
        return self.ask(folder, database, "inspect", database.url, "--format", "json").stdout

    def at(self, kind, folder, target):
        """A database that was brought to the target by the revisions as they are now."""
        database = self.database(kind)
        if target == "base":
            self.ask(folder, database, "ensure_version")
        else:
            self.ask(folder, database, "upgrade", target)
        return database

    def files(self, folder):
        migrations = pathlib.Path(folder) / "migrations"
        return sorted(str(path.relative_to(migrations)) for path in migrations.rglob("*") if path.is_file())

    def status(self, folder, database):
        result = limbeck("status", "--json", "--url", database.url, folder=folder)
        return json.loads(result.stdout)

    def walk_everywhere(self, kind, folder, places, squash, *options):
        """Squashes, and takes a database at each of the places up to head, down to base and up again."""
        reference = self.at(kind, folder, "head")
        wanted, rows = self.schema(folder, reference), reference.fingerprint()
        standing = {place: self.at(kind, folder, place) for place in places}
        self.ask(folder, reference, "squash", squash, *options)
        for place, database in standing.items():
            with self.subTest(place=place):
                self.assertEqual(current(database, folder), [] if place == "base" else [place])
                status = self.status(folder, database)
                self.assertEqual(status["ailments"], [], place)
                self.ask(folder, database, "history", "-i")
                self.ask(folder, database, "check", check=0 if place == "r5" else 3)
                self.ask(folder, database, "upgrade", "head")
                self.assertEqual(self.schema(folder, database), wanted)
                self.assertEqual(database.fingerprint(), rows)
                self.assertEqual(self.status(folder, database)["ailments"], [])
                self.ask(folder, database, "downgrade", "base")
                self.ask(folder, database, "upgrade", "head")
                self.assertEqual(self.schema(folder, database), wanted)
        return wanted, rows, standing

    def test_a_database_at_each_place_goes_on(self):
        for kind in self.kinds:
            folder = self.project(chain(*BODIES))
            self.walk_everywhere(kind, folder, ["base", "r1", "r2", "r3", "r4", "r5"], "r2:r4")
            self.assertEqual(self.files(folder),
                             ["r1.sql", "r4_squash_r2_to_r4.sql", "r5.sql", "squashed/r2.sql", "squashed/r3.sql",
                              "squashed/r4.sql"])
            text = (pathlib.Path(folder) / "migrations" / "r4_squash_r2_to_r4.sql").read_text()
            self.assertIn("-- limbeck:squashed r2, r3, r4\n", text)
            self.assertNotIn("gone", text)

    def test_statements_that_change_rows_are_kept(self):
        for kind in self.kinds:
            folder = self.project(chain(*with_data(kind)))
            self.ask(folder, self.database(kind), "squash", "r1:r4", check=2)
            self.walk_everywhere(kind, folder, ["base", "r2", "r3", "r4"], ":r4", "--data", "keep")
            text = (pathlib.Path(folder) / "migrations" / "r4_squash_all_up_to_r4.sql").read_text()
            self.assertIn("-- limbeck:backfill table=orders batch=2\n", text)
            self.assertIn("PRAGMA legacy_alter_table = OFF" if kind is Sqlite else 'RESET "work_mem"', text)

    def test_rows_that_are_dropped(self):
        for kind in self.kinds:
            folder = self.project(chain(*with_data(kind)))
            result = self.ask(folder, self.database(kind), "squash", ":r4", "--data", "drop", "--json")
            self.assertEqual([it["statement"] for it in json.loads(result.stdout)["left_out"]],
                             ["INSERT INTO users", "INSERT INTO orders", "UPDATE orders SET"])
            fresh = self.at(kind, folder, "head")
            self.assertEqual(fresh.query("SELECT count(*) FROM orders")[0][0] in (0, "0"), True)

    def test_down_from_each_place(self):
        for kind in self.kinds:
            folder = self.project(chain(*BODIES))
            places = ["r2", "r3", "r4"]
            standing = {place: self.at(kind, folder, place) for place in places}
            empty = self.schema(folder, self.at(kind, folder, "base"))
            self.ask(folder, standing["r2"], "squash", "r2:r4")
            for place, database in standing.items():
                with self.subTest(place=place):
                    if place in ("r3", "r2"):
                        self.ask(folder, database, "downgrade", "-1")
                        self.assertEqual(current(database, folder), [f"r{int(place[1]) - 1}"])
                    self.ask(folder, database, "downgrade", "base")
                    self.assertEqual(self.schema(folder, database), empty)

    def test_stamps_within_a_squash(self):
        for kind in self.kinds:
            folder = self.project(chain(*BODIES))
            within, elsewhere = self.at(kind, folder, "r3"), self.at(kind, folder, "r5")
            self.ask(folder, within, "squash", "r2:r4")
            self.ask(folder, within, "stamp", "r2")
            self.assertEqual(current(within, folder), ["r2"])
            result = self.ask(folder, elsewhere, "stamp", "r2", check=2)
            self.assertIn("revision r2 was squashed into r4", result.stderr)
            result = self.ask(folder, elsewhere, "downgrade", "r3", check=2)
            self.assertIn("revision r3 was squashed into r4", result.stderr)

    def test_a_squash_that_holds_a_squash(self):
        for kind in self.kinds:
            folder = self.project(chain(*BODIES))
            places = ["base", "r1", "r2", "r3", "r5"]
            old = {place: self.at(kind, folder, place) for place in places}
            old_again = {place: self.at(kind, folder, place) for place in ("r1", "r2", "r3")}
            wanted = self.schema(folder, old["r5"])
            self.ask(folder, old["r1"], "squash", "r2:r3")
            between = {place: self.at(kind, folder, place) for place in ("r1", "r3", "r4")}
            for database in old_again.values():  # brought on between the two squashes
                self.ask(folder, database, "upgrade", "head")
            self.ask(folder, old["r1"], "squash", "r1:r4")
            self.ask(folder, old["r1"], "history")
            for name, database in [*old.items(), *between.items(), *old_again.items()]:
                with self.subTest(place=name):
                    self.assertEqual(self.status(folder, database)["ailments"], [])
                    self.ask(folder, database, "upgrade", "head")
                    self.assertEqual(self.schema(folder, database), wanted)
                    self.ask(folder, database, "downgrade", "base")
                    self.ask(folder, database, "upgrade", "head")
                    self.assertEqual(self.schema(folder, database), wanted)

    def test_the_same_last_revision_squashed_again(self):
        for kind in self.kinds:
            folder = self.project(chain(*BODIES))
            places = ["r1", "r2", "r3", "r4"]
            old = {place: self.at(kind, folder, place) for place in places}
            wanted = self.schema(folder, self.at(kind, folder, "r5"))
            self.ask(folder, old["r1"], "squash", "r3:r4")
            between = self.at(kind, folder, "r4")
            self.ask(folder, old["r1"], "squash", ":r4", "-m", "the first four")
            for database in [*old.values(), between, self.at(kind, folder, "r4")]:
                self.assertEqual(self.status(folder, database)["ailments"], [])
                self.ask(folder, database, "upgrade", "head")
                self.assertEqual(self.schema(folder, database), wanted)

    def test_two_squashes_one_after_the_other(self):
        for kind in self.kinds:
            folder = self.project(chain(*BODIES))
            self.ask(folder, self.database(kind), "squash", ":r2")
            self.walk_everywhere(kind, folder, ["r2", "r4", "r5"], "r3:r5")

    def test_killed_between_the_moves(self):
        reference = None
        for point in range(1, 7):
            folder = self.project(chain(*BODIES))
            before = self.files(folder)
            database = self.at(Sqlite, folder, "r3")
            result = limbeck("squash", "r2:r4", "--url", database.url, folder=folder,
                             env={"LIMBECK_CRASH_AT": str(point)})
            if result.returncode == 0:
                break
            self.assertEqual(len([name for name in self.files(folder) if name.endswith("r3.sql")]), 1)
            if point == 5:  # behind the last one: it is done
                self.assertEqual(self.files(folder), reference)
                continue
            self.assertEqual(limbeck("history", folder=folder).returncode, 10)
            told = limbeck("squash", "r2:r4", folder=folder, check=10).stderr
            self.assertIn("a squash into r4 was interrupted", told)
            self.assertEqual(told.count("not moved yet: "), 4 - point)
            self.assertEqual(told.count(" moved: ") + told.count("\nmoved: "), point - 1)
            taken_back = shutil.copytree(folder, folder + ".copy")
            limbeck("squash", "--abort", folder=taken_back, check=0)
            self.assertEqual(self.files(taken_back), before)
            limbeck("squash", "--continue", folder=folder, check=0)
            reference = reference or self.files(folder)
            self.assertEqual(self.files(folder), reference)
            self.ask(folder, database, "upgrade", "head")
        else:
            self.fail("it never ended")
        self.assertEqual(point, 6)

    def test_stopped_within_the_range(self):
        """The journal's open entry, not the version table, says that the database is within."""
        bodies = list(BODIES)
        bodies[1] = bodies[1].replace("-- limbeck:upgrade\n", "-- limbeck:upgrade no-transaction\n")
        bodies[3] = bodies[3].replace("-- limbeck:downgrade\n", "-- limbeck:downgrade no-transaction\n")
        for kind in self.kinds:
            for start, command, crash in (("r1", ("upgrade", "r2"), 3), ("r4", ("downgrade", "r3"), 3)):
                folder = self.project(chain(*bodies))
                wanted = self.schema(folder, self.at(kind, folder, "head"))
                database = self.at(kind, folder, start)
                limbeck(*command, "--url", database.url, folder=folder, env={"LIMBECK_CRASH_AT": str(crash)},
                        check=-9)
                self.assertEqual(current(database, folder), [start])
                self.ask(folder, self.database(kind), "squash", "r2:r4")
                status = self.status(folder, database)
                self.assertEqual(status["stopped"]["id"], "r2" if start == "r1" else "r4")
                if start == "r4":
                    self.ask(folder, database, "downgrade", "r3")
                self.ask(folder, database, "upgrade", "head")
                self.assertEqual(self.schema(folder, database), wanted)

    def test_branches_within_the_range(self):
        for kind in self.kinds:
            files = chain(*BODIES[:2])
            files["x.sql"] = ("-- limbeck:revision xx\n-- limbeck:revises r1\n-- limbeck:labels side\n-- limbeck:upgrade\n"
                              "CREATE TABLE xx (id INTEGER PRIMARY KEY);\n-- limbeck:downgrade\nDROP TABLE xx;\n")
            files["m.sql"] = ("-- limbeck:revision mm\n-- limbeck:revises r2, xx\n-- limbeck:upgrade\n"
                              "-- limbeck:downgrade\n")
            folder = self.project(files)
            one, two = self.database(kind), self.database(kind)
            self.ask(folder, one, "upgrade", "xx")
            self.ask(folder, two, "upgrade", "xx,r2")
            wanted = self.schema(folder, self.at(kind, folder, "head"))
            self.ask(folder, one, "squash", "r2:mm", check=2)
            self.ask(folder, one, "squash", "r1:mm")
            for database in (one, two, self.at(kind, folder, "side@head")):
                self.ask(folder, database, "upgrade", "head")
                self.assertEqual(self.schema(folder, database), wanted)
                self.ask(folder, database, "downgrade", "base")

    def test_sections_of_dialects(self):
        bodies = [body.replace("-- limbeck:downgrade", "-- limbeck:upgrade postgresql\nCREATE SEQUENCE numbers;\n"
                               "-- limbeck:downgrade postgresql\nDROP SEQUENCE numbers;\n-- limbeck:downgrade")
                  if number == 1 else body for number, body in enumerate(BODIES)]
        folder = self.project(chain(*bodies))
        wanted = {kind: self.schema(folder, self.at(kind, folder, "head")) for kind in self.kinds}
        self.ask(folder, self.database(Postgres), "squash", "r1:r4", "--dialect", "postgresql", "--dialect", "sqlite")
        text = "".join(path.read_text() for path in (pathlib.Path(folder) / "migrations").glob("r4_*.sql"))
        self.assertIn("-- limbeck:upgrade sqlite\n", text)
        self.assertIn("-- limbeck:upgrade postgresql\n", text)
        for kind in self.kinds:
            database = self.at(kind, folder, "head")
            self.assertEqual(self.schema(folder, database), wanted[kind])
            self.ask(folder, database, "downgrade", "base")

    def test_what_needs_a_commit_in_between(self):
        folder = self.project(chain(
            "-- limbeck:upgrade\nCREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);\n"
            "-- limbeck:downgrade\nDROP TABLE t;\nDROP TYPE mood;",
            "-- limbeck:upgrade\nALTER TYPE mood ADD VALUE 'glad';\n-- limbeck:downgrade\n",
            "-- limbeck:upgrade\nINSERT INTO t VALUES ('glad');\n-- limbeck:downgrade\nDELETE FROM t;"))
        wanted = self.at(Postgres, folder, "head").fingerprint()
        self.ask(folder, self.database(Postgres), "squash", ":", check=2)
        self.ask(folder, self.database(Postgres), "squash", ":r3", "--data", "keep")
        self.assertEqual(self.at(Postgres, folder, "head").fingerprint(), wanted)

    def test_owners_and_privileges_are_not_lost(self):
        folder = self.project(chain(
            "-- limbeck:upgrade\nCREATE TABLE t (id integer);\n-- limbeck:downgrade\nDROP TABLE t;",
            "-- limbeck:upgrade\nGRANT SELECT ON t TO PUBLIC;\n-- limbeck:downgrade\nREVOKE SELECT ON t FROM PUBLIC;"))
        wanted = self.at(Postgres, folder, "head").fingerprint()
        self.ask(folder, self.database(Postgres), "squash", ":r2")
        self.assertEqual(self.at(Postgres, folder, "head").fingerprint(), wanted)

    def test_without_the_files_that_were_put_away(self):
        for kind in self.kinds:
            folder = self.project(chain(*BODIES))
            within, beyond = self.at(kind, folder, "r3"), self.at(kind, folder, "r5")
            self.ask(folder, within, "squash", "r2:r4")
            shutil.rmtree(os.path.join(folder, "migrations", "squashed"))
            told = self.ask(folder, within, "upgrade", "head", check=10).stderr
            self.assertIn("the database is at revision r3, which was squashed into r4", told)
            self.assertIn("missing: r2, r3, r4", told)
            self.ask(folder, beyond, "downgrade", "base")
            self.ask(folder, beyond, "upgrade", "head")

    def test_folders_below(self):
        files = chain(*BODIES)
        folder = self.project({}, "recursive = true\n")
        for number, (name, text) in enumerate(files.items()):
            path = pathlib.Path(folder) / "migrations" / f"y{number // 2}" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        self.walk_everywhere(Sqlite, folder, ["base", "r2", "r3", "r5"], "r2:r4")
        self.assertIn("y0/squashed/r2.sql", self.files(folder))
        self.assertIn("y1/squashed/r4.sql", self.files(folder))


if __name__ == "__main__":
    unittest.main()
