"""What the tests of "limbeck squash" share: a range of revisions, and a walk of databases at each place of it.

A database is told by what "limbeck inspect" prints of it, and by the rows that a fingerprint shows.
"""
import json
import pathlib

from harness import Case, Postgres, Sqlite, current, limbeck

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


class SquashCase(Case):
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
