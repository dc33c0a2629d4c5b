"""Databases at every place of a range that was squashed, and squashed again, go on and come back."""
import pathlib
import unittest

from harness import Sqlite, chain, current
from squashing import BODIES, SquashCase, with_data


class SquashPlaces(SquashCase):
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
