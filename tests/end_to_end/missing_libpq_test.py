"""libpq is loaded when a PostgreSQL database is opened: without it everything else works."""
import pathlib
import tempfile
import unittest

import harness
from harness import limbeck


class MissingLibpq(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "libpq.so.5").write_bytes(b"")  # found first, and no library
        self.env = {"LD_LIBRARY_PATH": folder.name}
        (self.folder / "limbeck.toml").write_text('migrations = "migrations"\n')
        (self.folder / "migrations").mkdir()
        (self.folder / "migrations" / "5b1d00000001_first.sql").write_text(
            "-- First\n--\n-- limbeck:revision 5b1d00000001\n\n-- limbeck:upgrade\nCREATE TABLE a (id INTEGER);\n"
            "\n-- limbeck:downgrade\nDROP TABLE a;\n")

    def test_sqlite_works(self):
        limbeck("upgrade", "--url", f"sqlite:///{self.folder}/a.db", folder=self.folder, env=self.env, check=0)
        self.assertEqual(harness.Sqlite.at(str(self.folder / "a.db")).columns("a"), ["id"])

    def test_postgresql_says_what_is_missing(self):
        result = limbeck("current", "--url", "postgresql://nobody@127.0.0.1:1/none", folder=self.folder, env=self.env,
                         check=9)
        self.assertEqual(result.stdout, "")
        self.assertIn("libpq.so.5 cannot be loaded", result.stderr)
        self.assertIn("libpq5", result.stderr)  # the package to install

    def test_a_script_for_postgresql_needs_no_library(self):
        result = limbeck("upgrade", "--sql", "--url", "postgresql://nobody@127.0.0.1:1/none", folder=self.folder,
                         env=self.env, check=0)
        self.assertIn("CREATE TABLE a", result.stdout)


if __name__ == "__main__":
    unittest.main()
