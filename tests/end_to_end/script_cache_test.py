"""Recordings of scripts are kept between runs, and never stand for a script that has changed."""
import pathlib
import tempfile
import textwrap
import unittest

from harness import limbeck


def script(number, body, head=""):
    down = repr("r%d" % (number - 1)) if number > 1 else None
    return (f'"""Number {number}"""\nfrom alembic import op\nimport sqlalchemy as sa\n{head}\nrevision = "r{number}"\ndown_revision = {down}\n\n\n'
            f"def upgrade():\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n\n\ndef downgrade():\n    pass\n")


PLAIN = 'op.create_table("t{0}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Text, index=True))'


class ScriptCache(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.versions = self.folder / "project" / "db" / "versions"
        self.versions.mkdir(parents=True)
        (self.folder / "project" / "alembic.ini").write_text("[alembic]\nscript_location = db\nprepend_sys_path = .\n")
        # Says each time that it was started.
        python = self.folder / "python"
        python.write_text(f'#!/bin/sh\necho started >> "{self.folder}/starts"\nexec python3 "$@"\n')
        python.chmod(0o755)
        self.configure()
        self.cache = self.folder / "cache"

    def configure(self, more=""):
        (self.folder / "project" / "limbeck.toml").write_text(f'[alembic]\npython = "{self.folder}/python"\n{more}')

    def write(self, number, body, head=""):
        (self.versions / f"r{number}.py").write_text(script(number, body, head))

    def starts(self):
        path = self.folder / "starts"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def sql(self, *arguments, dialect="postgresql"):
        """The offline script, and whether Python was asked for it."""
        before = self.starts()
        url = "postgresql://nobody@localhost/none" if dialect == "postgresql" else "sqlite:///none.db"
        result = limbeck("upgrade", "head", "--sql", "--url", url, "-q", *arguments, folder=self.folder / "project", check=0,
                         env={"XDG_CACHE_HOME": str(self.cache)})
        return result.stdout, self.starts() > before

    def test_the_second_run_starts_no_python(self):
        for number in range(1, 4):
            self.write(number, PLAIN.format(number))
        first, asked = self.sql()
        self.assertTrue(asked)
        self.assertEqual((first, False), self.sql())
        self.assertTrue(self.sql(dialect="sqlite")[1], "another dialect is another recording")
        self.assertEqual((first, False), self.sql(), "and the first one is still known")

    def test_a_database_gets_the_same_from_it(self):
        self.write(1, PLAIN.format(1))
        tables = []
        for name in ("a", "b"):
            limbeck("upgrade", "--url", f"sqlite:///{self.folder}/{name}.db", folder=self.folder / "project", check=0,
                    env={"XDG_CACHE_HOME": str(self.cache)})
            tables.append(limbeck("inspect", "--url", f"sqlite:///{self.folder}/{name}.db", folder=self.folder / "project",
                                  check=0).stdout)
        self.assertEqual(tables[0], tables[1])
        self.assertIn("ix_t1_n", tables[0])
        self.assertEqual(1, self.starts())

    def test_what_goes_into_a_recording_is_looked_at(self):
        self.write(1, PLAIN.format(1))
        self.write(2, PLAIN.format(2))
        self.sql()
        self.write(2, PLAIN.format("changed"))
        text, asked = self.sql()
        self.assertTrue(asked)
        self.assertIn("tchanged", text)
        self.assertIn("CREATE TABLE t1 ", text)
        self.configure('[alembic.naming_convention]\nix = "named_%(column_0_label)s"\n')
        text, asked = self.sql()
        self.assertTrue(asked)
        self.assertIn("named_t1_n", text)
        self.assertTrue(self.sql("-x", "a=b")[1])
        (self.folder / "python").write_text((self.folder / "python").read_text() + "# another one\n")
        self.assertTrue(self.sql()[1])

    def test_what_comes_from_elsewhere_is_not_kept(self):
        project = self.folder / "project"
        (project / "names.py").write_text('NAME = "one"\n')
        (project / "data.txt").write_text("one")
        bodies = {
            "the time": ("op.execute(f\"SELECT '{datetime.datetime.now()}'\")", "import datetime"),
            "chance": ("op.execute(f\"SELECT '{uuid4()}'\")", "from uuid import uuid4"),
            "the environment": ("op.execute(\"SELECT '%s'\" % os.environ.get('HOME'))", "import os"),
            "an import within": ("import random\nop.execute('SELECT %s' % random.random())", ""),
            "a file": ("op.execute('SELECT 1 -- ' + open('data.txt').read())", ""),
            "a module": ("op.create_table(NAME, sa.Column('a', sa.Integer))", "from names import NAME"),
            "one that may come": ("op.create_table(NAME, sa.Column('a', sa.Integer))",
                                  "try:\n    from later import NAME\nexcept ImportError:\n    NAME = 'none'"),
            "code of a text": ("exec('import time; op.execute(\"SELECT %s\" % time.time())')", ""),
            "the command line": ("op.execute('SELECT 1 -- %s' % context.get_x_argument())", "from alembic import context"),
        }
        for what, (body, head) in bodies.items():
            with self.subTest(what):
                self.write(1, body, head)
                self.assertTrue(self.sql()[1])
                self.assertTrue(self.sql()[1])
        (self.versions / "r1.py").write_text(script(1, *bodies["a module"]))
        self.assertIn("CREATE TABLE one", self.sql()[0])
        (project / "names.py").write_text('NAME = "two"\n')
        self.assertIn("CREATE TABLE two", self.sql()[0])

    def test_a_script_that_changes_what_others_find(self):
        self.write(1, "pass", "sa.Text = sa.Integer")
        self.write(2, PLAIN.format(2))
        self.assertTrue(self.sql()[1])
        self.assertTrue(self.sql()[1])

    def be_another_version(self):
        """A Python for which the program carries nothing that is compiled."""
        (self.folder / "python").write_text(f"""#!/usr/bin/env python3
import importlib.util, sys
importlib.util.MAGIC_NUMBER = b"none"
print("started", file=open("{self.folder}/starts", "a"))
program, sys.argv = sys.argv[sys.argv.index("-c") + 1], ["-c"] + sys.argv[sys.argv.index("-c") + 2:]
exec(program, {{"__name__": "__main__"}})
""")

    def test_the_reader_is_compiled_for_other_versions_alone(self):
        self.write(1, PLAIN.format(1))
        first, _ = self.sql()
        self.assertEqual([".recordings"], [path.suffix for path in (self.cache / "limbeck").glob("*")])
        self.be_another_version()
        self.assertEqual((first, True), self.sql())
        self.assertEqual([".code", ".recordings", ".recordings"], sorted(path.suffix for path in (self.cache / "limbeck").glob("*")))

    def test_a_damaged_cache_is_none(self):
        self.be_another_version()
        self.write(1, PLAIN.format(1))
        first, _ = self.sql()
        kept = list((self.cache / "limbeck").glob("*"))
        self.assertEqual(2, len(kept), kept)
        for path in kept:
            self.assertEqual(0o600, path.stat().st_mode & 0o777)
            content = path.read_bytes()
            for damaged in (content[:-5], content.replace(b"t1", b"t2").replace(b"\x00", b"\x01", 1), b"", b"\xff" * 70):
                path.write_bytes(damaged)
                self.assertEqual((first, True), self.sql() if path.suffix == ".recordings" else self.again_without_recordings())
        self.cache.joinpath("limbeck").rename(self.folder / "away")
        (self.cache / "limbeck").write_text("no folder")
        self.assertEqual((first, True), self.sql())

    def again_without_recordings(self):
        for path in (self.cache / "limbeck").glob("*.recordings"):
            path.unlink()
        return self.sql()

    def test_many_scripts_are_read_by_several_and_come_in_their_order(self):
        for number in range(1, 251):
            self.write(number, PLAIN.format(number))
        text, _ = self.sql()
        tables = [line.split()[2] for line in text.splitlines() if line.startswith("CREATE TABLE t")]
        self.assertEqual(["t%d" % number for number in range(1, 251)], tables)
        self.assertEqual((text, False), self.sql())


if __name__ == "__main__":
    unittest.main()
