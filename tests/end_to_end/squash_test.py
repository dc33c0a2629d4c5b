"""One revision in the place of several: what it holds, what stops in its middle, what is refused."""
import json
import os
import pathlib
import shutil
import unittest

from harness import Postgres, Sqlite, chain, current, limbeck
from squashing import BODIES, SquashCase, with_data


class Squash(SquashCase):
    def test_rows_that_are_dropped(self):
        for kind in self.kinds:
            folder = self.project(chain(*with_data(kind)))
            result = self.ask(folder, self.database(kind), "squash", ":r4", "--data", "drop", "--json")
            self.assertEqual([it["statement"] for it in json.loads(result.stdout)["left_out"]],
                             ["INSERT INTO users", "INSERT INTO orders", "UPDATE orders SET"])
            fresh = self.at(kind, folder, "head")
            self.assertEqual(fresh.query("SELECT count(*) FROM orders")[0][0] in (0, "0"), True)

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


if __name__ == "__main__":
    unittest.main()
