"""tools/demo, the first thing that somebody new runs: what it shows, and what it leaves."""
import os
import pathlib
import subprocess
import unittest

from harness import PROGRAM, ROOT, Case, Sqlite, current, limbeck


class Demo(Case):
    def test_it_shows_the_main_job(self):
        result = subprocess.run([ROOT / "tools" / "demo", PROGRAM], cwd=self.folder, capture_output=True, text=True, timeout=120,
                                env={**os.environ, "TMPDIR": self.folder})
        self.assertEqual(0, result.returncode, result.stderr)
        told = result.stdout + result.stderr
        self.assertNotIn("error:", told)
        for line in ("pending     6 revisions", "pending     none, the database is up to date", "(head) (current)"):
            self.assertIn(line, result.stdout)
        self.assertEqual(8, told.count("Running "), told)  # six up, one down and up again
        self.assertEqual(1, told.count("Nothing to do"), told)

        # What it says next does what it says.
        (folder,) = pathlib.Path(self.folder).glob("limbeck-demo.*")
        commands = [line.split("#")[0].strip() for line in result.stdout.split("Try next:")[1].splitlines() if line.startswith("  ")]
        self.assertEqual(f"cd {folder}", commands[0])
        for command in commands[1:]:
            program, *arguments = command.replace('"add a reviewer"', "add-a-reviewer").split()
            with self.subTest(command=command):
                self.assertEqual(os.path.realpath(PROGRAM), program)
                limbeck(*arguments, folder=folder, check=0)
        self.assertEqual([], current(Sqlite.at(f"{folder}/limbeck.db"), folder))


if __name__ == "__main__":
    unittest.main()
