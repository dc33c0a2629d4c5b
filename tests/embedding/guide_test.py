"""The code in docs/embedding.md is that of tests/embedding/guide, and it does what the page says."""
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "end_to_end"))
from harness import ROOT, Case, Postgres, Sqlite  # noqa: E402

GUIDE = pathlib.Path(__file__).resolve().parent / "guide"


def without_layout(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def parts(text):
    """What stands between "// begin: NAME" and "// end"."""
    return [without_layout(part) for part in re.findall(r"// begin: \w+\n(.*?)// end", text, re.DOTALL)]


class Guide(Case):
    def test_the_page_shows_what_is_compiled(self):
        page = (ROOT / "docs" / "embedding.md").read_text()
        shown = [without_layout(code) for code in re.findall(r"```cpp\n(.*?)```", page, re.DOTALL)]
        for part in parts((GUIDE / "main.cpp").read_text()):
            self.assertIn(part, shown)
        cmake = without_layout(re.search(r"```cmake\n(.*?)```", page, re.DOTALL).group(1))
        self.assertEqual(cmake, without_layout((GUIDE / "CMakeLists.txt").read_text()))

    def run_notes(self, database):
        return subprocess.run([os.environ["NOTES_APP"], database.url], text=True, capture_output=True, timeout=60)

    def check_notes(self, kind):
        database = self.database(kind)
        database.script("CREATE TABLE unrelated (id INTEGER)")
        result = self.run_notes(database)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("running upgrade 7c2e, Give every note a title", result.stdout)
        self.assertEqual(database.columns("note"), ["id", "text", "title"])
        self.assertEqual(self.run_notes(database).stdout, "")
        database.script("UPDATE limbeck_version SET version_num = 'ffff'")
        result = self.run_notes(database)
        self.assertEqual(result.returncode, 1)
        self.assertIn("newer version", result.stdout)

    def test_sqlite(self):
        self.check_notes(Sqlite)

    def test_postgresql(self):
        self.check_notes(Postgres)


if __name__ == "__main__":
    unittest.main()
