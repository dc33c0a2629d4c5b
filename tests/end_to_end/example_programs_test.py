"""examples/: the programs of three projects, run as their users run them, on both databases; afterwards models, revisions and database agree."""
import os
import pathlib
import shutil
import subprocess
import unittest

from harness import PROGRAM, ROOT, Case, Postgres, Sqlite, limbeck

BUILT = pathlib.Path(PROGRAM).parent / "examples"


class Programs:
    kind = None

    def run_program(self, example, program, *arguments):
        return subprocess.run([str(BUILT / example / program), *arguments], text=True, capture_output=True, timeout=120, cwd=self.folder)

    def agree(self, example, url):
        """By the example's own configuration, which asks its models."""
        folder = pathlib.Path(self.folder) / example
        shutil.copytree(ROOT / "examples" / example, folder, ignore=shutil.ignore_patterns("build", "*.db*"))
        os.symlink(BUILT / example, folder / "build")
        result = limbeck("check", "--url", url, folder=str(folder))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def claims(self, example, program, at_least):
        database = self.database(self.kind)
        result = self.run_program(example, program, database.url)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual([line for line in lines if line.startswith("FAILED")], [])
        self.assertGreaterEqual(sum(line.startswith("ok") for line in lines), at_least, result.stdout)
        self.agree(example, database.url)
        return database

    def test_exception_review(self):
        self.claims("exception_review", "validate_exception_migration", 29)

    def test_interview(self):
        self.claims("interview", "interview_service", 14)

    def test_escrow(self):
        self.claims("escrow", "escrow_service", 13)

    def test_a_claim_that_does_not_hold(self):
        """The validation is no rubber stamp: where something has made an index of that name already, it fails."""
        database = self.database(self.kind)
        folder = pathlib.Path(self.folder) / "reviews"
        shutil.copytree(ROOT / "examples" / "exception_review", folder, ignore=shutil.ignore_patterns("build", "*.db*"))
        limbeck("upgrade", "005", "--url", database.url, folder=str(folder), check=0)
        database.script("CREATE TABLE other (priority text); CREATE INDEX idx_review_exceptions_priority ON other (priority)")
        result = self.run_program("exception_review", "validate_exception_migration", database.url)
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertNotIn("every claim holds", result.stdout.replace("NOT every", ""))

    def test_usage(self):
        for example, program in (("exception_review", "validate_exception_migration"), ("interview", "interview_service"),
                                 ("escrow", "escrow_service")):
            self.assertEqual(self.run_program(example, program).returncode, 2)
            result = self.run_program(example, program, "postgresql://nobody:secret@127.0.0.1:1/none")
            self.assertEqual(result.returncode, 9, result.stderr)
            self.assertNotIn("secret", result.stdout + result.stderr)


class SqlitePrograms(Programs, Case):
    kind = Sqlite


class PostgresPrograms(Programs, Case):
    kind = Postgres


if __name__ == "__main__":
    unittest.main()
