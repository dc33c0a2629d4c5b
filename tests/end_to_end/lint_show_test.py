"""What lint has to say beside other commands, and lint.show = false, which turns that off and nothing else."""
import json
import pathlib
import unittest

from harness import Case, Postgres, Sqlite, chain, current, limbeck

RULE = "rename"
BODIES = ("-- limbeck:upgrade\nCREATE TABLE orders (id integer PRIMARY KEY, note text);\n-- limbeck:downgrade\nDROP TABLE orders;",
          "-- limbeck:upgrade\nALTER TABLE orders RENAME COLUMN note TO remark;")
OFF = "[lint]\nshow = false\n"


class Show(Case):
    def setUp(self):
        super().setUp()
        self.db = self.database(Sqlite)

    def at_first(self, settings):
        """A project that stands at its first revision; the second has something to be said of."""
        self.db = self.database(Sqlite)
        folder = pathlib.Path(self.project(chain(*BODIES), settings))
        self.limbeck(folder, "upgrade", "r1", check=0)
        return folder

    def limbeck(self, folder, *arguments, check=None):
        return limbeck(*arguments, "--url", self.db.url, folder=folder, check=check)

    def test_an_upgrade(self):
        for settings, expected in (("", self.assertIn), ("[lint]\nshow = true\n", self.assertIn), (OFF, self.assertNotIn)):
            with self.subTest(settings):
                folder = self.at_first(settings)
                result = self.limbeck(folder, "upgrade", check=0)
                expected(f"[{RULE}]", result.stderr)
                expected("limbeck lint r2", result.stderr)
                self.assertIn("r2", result.stderr)  # that it runs is said all the same
                self.assertEqual(["r2"], current(self.db, folder))

    def test_an_upgrade_for_programs(self):
        for settings, rules in (("", [RULE]), (OFF, [])):
            with self.subTest(settings):
                folder = self.at_first(settings)
                report = json.loads(self.limbeck(folder, "upgrade", "--json", check=0).stdout)
                self.assertEqual(rules, [it["rule"] for it in report["findings"]])
                self.assertEqual([f"docs/lint-rules.md#{rule}" for rule in rules], [it["documentation"] for it in report["findings"]])

    def test_a_script(self):
        for settings, expected, rules in (("", self.assertIn, [RULE]), (OFF, self.assertNotIn, [])):
            with self.subTest(settings):
                folder = self.at_first(settings)
                expected(f"[{RULE}]", self.limbeck(folder, "upgrade", "r1:r2", "--sql", check=0).stderr)
                report = json.loads(self.limbeck(folder, "upgrade", "r1:r2", "--sql", "--json", check=0).stdout)
                self.assertEqual(rules, [it["rule"] for it in report["findings"]])

    def test_a_new_revision(self):
        for settings, expected in (("", self.assertIn), (OFF, self.assertNotIn)):
            with self.subTest(settings):
                folder = self.at_first(settings)
                (folder / "old.sql").write_text("CREATE TABLE orders (id integer PRIMARY KEY, remark text);\n")
                (folder / "new.sql").write_text("CREATE TABLE orders (id integer PRIMARY KEY);\n")
                result = self.limbeck(folder, "revision", "--autogenerate", "-m", "less", "--from", "old.sql", "--to", "new.sql",
                                      "--no-cache", check=0)
                expected("[drop-column]", result.stderr)

    def test_names_are_held_against_the_convention(self):
        folder = self.at_first('[lint.names]\ncolumn = "c_%(snake_case)s"\n')
        said = "the column remark of orders has another name than the convention asks for: c_%(snake_case)s"
        self.assertIn(said, self.limbeck(folder, "upgrade", "r1:r2", "--sql", check=0).stderr)
        self.assertIn(said, self.limbeck(folder, "lint", "r2", check=4).stdout)
        self.assertIn(said, self.limbeck(folder, "upgrade", check=0).stderr)
        for wrong, message in (('colum = "x"', "lint.names knows no colum"), ('ix = "%(tabl)s"', "lint.names.ix holds %(tabl)s, which is no token")):
            (folder / "limbeck.toml").write_text(f"[lint.names]\n{wrong}\n")
            for command in (("lint",), ("upgrade",)):
                said = self.limbeck(folder, *command, check=10).stderr
                self.assertIn(message, said)
                self.assertIn("limbeck.toml:1:", said)

    def test_a_trace_of_a_project_that_is_younger_than_its_database(self):
        """Without the table the scratch database cannot run the revision: that is no fault of the revision's."""
        database = self.database(Postgres)
        database.script("CREATE TABLE older (id integer)")
        folder = self.project(chain("-- limbeck:upgrade\nALTER TABLE older ADD COLUMN note text;\n-- limbeck:downgrade\nSELECT 1;"))
        for arguments in ((), ("--database",)):
            result = limbeck("lint", "--trace", *arguments, "--url", database.url, folder=folder, check=0)
            self.assertIn('not traced from revision r1 on: relation "older" does not exist: the scratch database holds what revisions make',
                          result.stderr)
            self.assertNotIn("does-not-run", result.stdout)
            report = json.loads(limbeck("lint", "--trace", *arguments, "--json", "--url", database.url, folder=folder, check=0).stdout)
            self.assertEqual("r1", report["not_traced"]["from"])

    def test_lint_itself_and_what_is_refused_stay(self):
        folder = self.at_first(OFF)
        self.assertIn(f"[{RULE}, ", self.limbeck(folder, "lint", "r2").stdout)
        self.db.script("INSERT INTO orders VALUES (1, 'a')")
        (folder / "migrations" / "r3.sql").write_text("-- three\n--\n-- limbeck:revision r3\n-- limbeck:revises r2\n"
                                                      "-- limbeck:upgrade\nDROP TABLE orders;\n")
        self.assertIn("[drop-table]", self.limbeck(folder, "upgrade", check=4).stderr)

    def test_what_is_neither_true_nor_false_is_a_mistake(self):
        folder = self.project(chain(*BODIES), '[lint]\nshow = "no"\n')
        self.assertIn("show must be true or false", self.limbeck(folder, "upgrade", check=10).stderr)


if __name__ == "__main__":
    unittest.main()
