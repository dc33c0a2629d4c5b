"""Files that are exchanged, linked, or no files: what was looked at is what is run, and nothing outside of the project is read."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import PROGRAM, Case, Postgres, Sqlite, chain, current, limbeck, read_until

GOOD = "-- limbeck:upgrade\nCREATE TABLE t{n} (id integer);\n{filler}\n-- limbeck:downgrade\nDROP TABLE t{n};"
LARGE = "\n".join(f"-- {number:060}" for number in range(200))  # more than is read for a header


def revision(identity, parent, body):
    revises = f"-- limbeck:revises {parent}\n" if parent else ""
    return f"-- {identity}\n--\n-- limbeck:revision {identity}\n{revises}\n-- limbeck:upgrade\n{body}\n"


class Exchanged(Case):
    def test_a_file_exchanged_while_others_run(self):
        """The revisions after a slow one are run as they were read and hashed, small ones and large ones."""
        for filler in ("", LARGE):
            with self.subTest(size=len(filler)):
                database = self.database(Postgres)
                folder = self.project({"r1.sql": revision("r1", "", "SELECT pg_sleep(2);"),
                                       "r2.sql": revision("r2", "r1", f"CREATE TABLE good (id integer);\n{filler}")})
                before = subprocess.run(["sha256sum", f"{folder}/migrations/r2.sql"], capture_output=True, text=True, check=True).stdout
                with subprocess.Popen([PROGRAM, "upgrade", "--url", database.url], cwd=folder, stderr=subprocess.PIPE,
                                      stdout=subprocess.DEVNULL) as process:
                    read_until(process.stderr.fileno(), "r1")
                    evil = pathlib.Path(folder, "evil")
                    evil.write_text(revision("r2", "r1", "CREATE TABLE evil (id integer);"))
                    os.replace(evil, f"{folder}/migrations/r2.sql")
                    process.communicate(timeout=60)
                self.assertEqual(0, process.returncode)
                self.assertEqual([("good",)], database.query("SELECT relname FROM pg_class WHERE relname IN ('good', 'evil')"))
                self.assertEqual([(f"sha256:{before.split()[0]}",)],
                                 database.query("SELECT hash FROM limbeck_journal WHERE revision = 'r2' AND kind = 'revision'"))
                limbeck("upgrade", "--url", database.url, folder=folder, check=8)  # and the exchange is noticed

    def test_a_link_put_in_the_place_of_a_file(self):
        """It would lead anywhere: nothing behind it is read, whether it is there at the beginning or comes later."""
        outside = pathlib.Path(self.folder, "outside.sql")
        outside.write_text(revision("r2", "r1", f"CREATE TABLE outside_secret (id integer);\n{LARGE}"))
        folder = self.project({"r1.sql": revision("r1", "", "SELECT 1;")})
        link = pathlib.Path(folder, "migrations", "r2.sql")
        for target in (outside, pathlib.Path("../../outside.sql"), "/etc/passwd", "/proc/self/environ", "/dev/zero"):
            with self.subTest(target=target):
                link.symlink_to(os.path.relpath(outside, link.parent) if target == pathlib.Path("../../outside.sql") else target)
                for command in (["heads"], ["upgrade"], ["upgrade", "--sql"], ["lint"], ["status"]):
                    result = limbeck(*command, folder=folder, check=10, timeout=20)
                    self.assertIn("r2.sql", result.stderr)
                    self.assertNotIn("outside_secret", result.stdout + result.stderr)
                    self.assertNotIn("root:", result.stdout + result.stderr)
                link.unlink()

    def test_a_link_that_comes_between_header_and_body(self):
        """A large file is opened twice. The second time it has become a link: of the same revision, out of the folder."""
        database = self.database(Sqlite)
        folder = self.project({"r1.sql": revision("r1", "", f"CREATE TABLE good (id integer);\n{LARGE}")})
        outside = pathlib.Path(self.folder, "outside.sql")
        outside.write_text(revision("r1", "", f"CREATE TABLE evil (id integer);\n{LARGE}"))
        file = pathlib.Path(folder, "migrations", "r1.sql")
        library = pathlib.Path(self.folder, "exchange.so")
        # After the first file that is closed, the file becomes a link.
        source = pathlib.Path(self.folder, "exchange.c")
        source.write_text('#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <fcntl.h>\n#include <stdarg.h>\n#include <stdio.h>\n#include <stdlib.h>\n'
                          '#include <string.h>\n#include <unistd.h>\n'
                          'int openat(int at, const char* name, int flags, ...) {\n'
                          '  int (*real)(int, const char*, int, ...) = dlsym(RTLD_NEXT, "openat");\n'
                          '  const int file = real(at, name, flags, 0);\n'
                          '  if (strcmp(name, "r1.sql") == 0 && file >= 0) {\n'
                          '    char beside[4096];\n    snprintf(beside, sizeof beside, "%s.new", getenv("EXCHANGED"));\n'
                          '    symlink(getenv("EXCHANGED_FOR"), beside);\n    rename(beside, getenv("EXCHANGED"));\n  }\n  return file;\n}\n'
                          'int openat64(int at, const char* name, int flags, ...) { return openat(at, name, flags); }\n')
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
        # A sanitizer's library has to come first.
        linked = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=False).stdout
        sanitizers = re.findall(r"=> (\S*/lib\wsan\.so\S*)", linked)
        env = {"LD_PRELOAD": ":".join([*sanitizers, str(library)]), "EXCHANGED": str(file), "EXCHANGED_FOR": str(outside)}
        result = limbeck("upgrade", "--url", database.url, folder=folder, env=env)
        self.assertTrue(file.is_symlink(), "the test has exchanged the file")
        self.assertEqual(10, result.returncode, result.stdout + result.stderr)
        self.assertIn("r1.sql", result.stderr)
        self.assertEqual([], database.columns("evil"))

    def test_a_folder_that_is_a_link(self):
        """Inside of the migrations it is followed no further than them."""
        with tempfile.TemporaryDirectory(dir=self.folder) as outside:
            pathlib.Path(outside, "r2.sql").write_text(revision("r2", "r1", "SELECT 1;"))
            folder = self.project({"r1.sql": revision("r1", "", "SELECT 1;")}, "recursive = true\n")
            pathlib.Path(folder, "migrations", "more").symlink_to(outside)
            result = limbeck("heads", folder=folder, check=10)
            self.assertIn("leads out of the migrations folder", result.stderr)

    def test_a_backup_that_was_exchanged(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                folder = self.project(chain(GOOD.format(n=1, filler="")), '[backup]\nfolder = "backups"\n')
                limbeck("upgrade", "--url", database.url, folder=folder, check=0)
                limbeck("backup", "--url", database.url, folder=folder, check=0)
                backup = next(pathlib.Path(folder, "backups").glob("*.backup"))
                with open(backup, "ab") as file:
                    file.write(b"x")
                before = database.fingerprint()
                result = limbeck("restore", str(backup), "--yes", "--url", database.url, folder=folder)
                self.assertNotEqual(0, result.returncode)
                self.assertIn("not what was written", result.stderr)
                self.assertEqual(before, database.fingerprint())


if __name__ == "__main__":
    unittest.main()
