"""What is read without Python, beside what Python, Mako, SQLAlchemy and Alembic say to the same.

The expectations stand in tests/cases/alembic and tests/cases/cli; here the other side is asked, where it is installed.
"""
import configparser
import functools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from harness import ROOT, Case, Postgres, Sqlite, limbeck

CASES = ROOT / "tests" / "cases" / "alembic"


@functools.cache
def interpreter(module):
    """A Python that has the module; None where there is none."""
    for python in (sys.executable, shutil.which("python3"), "/usr/bin/python3"):
        if python and subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    return None


def needs(module):
    return unittest.skipUnless(interpreter(module), f"no Python here has {module}")


def unescaped(text):
    escapes = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}
    return re.sub(r"\\(x([0-9A-F]{2})|[rnt\\])",
                  lambda found: chr(int(found[2], 16)) if found[2] else escapes[found[1]], text)


def read_cases(name):
    """(name, input, expected lines) of each case."""
    cases = []
    for line in (CASES / name).read_text().splitlines():
        if line.startswith("=== "):
            cases.append([line[4:], [], []])
        elif cases and line.startswith("=> "):
            cases[-1][2].append(line[3:])
        elif cases:
            cases[-1][1].append(line)
    for title, lines, expected in cases:
        text = "\n".join(lines)
        # Bytes are written one by one there; everything else is UTF-8.
        data = (b"".join(c.encode("latin-1") if ord(c) < 256 else c.encode() for c in unescaped(text))
                if "escapes" in title else text.encode())
        yield title, data, expected


MODULE_NAMES = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("script", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules["script"] = module
try:
    spec.loader.exec_module(module)
except Exception as error:
    print(json.dumps({"error": str(error)}))
    sys.exit()
def names(value):
    if value is None: return []
    if isinstance(value, str): return [value]
    return sorted(value) if isinstance(value, (set, frozenset)) else list(dict.fromkeys(value))
doc = (module.__doc__ or "").strip()
created = [line[12:].strip() for line in doc.splitlines() if line.startswith("Create Date:")]
print(json.dumps({"id": getattr(module, "revision", None), "down": names(module.down_revision),
                  "labels": names(getattr(module, "branch_labels", None)),
                  "depends": names(getattr(module, "depends_on", None)),
                  "message": doc.splitlines()[0].strip() if doc else "", "created": (created or [""])[0]}))
"""


class Headers(Case):
    def test_python_says_the_same(self):
        checked = 0
        for title, data, expected in read_cases("headers.case"):
            if expected[0].startswith(("error", "computed")):
                continue
            path = pathlib.Path(self.folder, title.split()[0])
            # Python has to find what a header imports; nothing else of a script is run by its import.
            path.write_bytes(data.replace(b"from alembic import op\n", b"").replace(b"import sqlalchemy as sa\n", b""))
            result = subprocess.run([sys.executable, "-c", MODULE_NAMES, str(path)], capture_output=True, text=True)
            found = json.loads(result.stdout)
            said = dict(line.split(" ", 1) for line in expected)
            with self.subTest(title):
                self.assertNotIn("error", found)
                if found["id"] is not None:  # else the file's name is the id
                    self.assertEqual(found["id"], said["id"])
                for key in ("down", "labels", "depends"):
                    self.assertEqual(", ".join(found[key]), said.get(key, ""))
                self.assertEqual(found["message"], said.get("message", ""))
                self.assertEqual(found["created"], said.get("created", ""))
            checked += 1
        self.assertGreater(checked, 25)


class IniFiles(Case):
    def test_configparser_says_the_same(self):
        for title, data, expected in read_cases("ini.case"):
            parser = configparser.ConfigParser({"here": "/HERE"})
            with self.subTest(title):
                if expected[-1].startswith("error"):
                    with self.assertRaises(configparser.Error):
                        parser.read_string(data.decode())
                        for section in parser.sections():
                            dict(parser.items(section))
                    continue
                parser.read_string(data.decode())
                for line in expected:
                    left, value = line.split("=", 1)
                    section, name = left.rsplit(" ", 1)
                    self.assertEqual(parser.get(section, name), unescaped(value))


MAKO = """
import datetime, json, sys, types
from mako.template import Template
def comma(value):
    return "" if value is None else value if isinstance(value, str) else ", ".join(value)
values = dict(message="Add it", up_revision="abc", down_revision=("x", "y"), branch_labels=("l",), depends_on=None,
              upgrades="up()", downgrades="", imports="", one_upgrades="up_one()", comma=comma,
              config=types.SimpleNamespace(get_main_option=lambda name, other=None: {"databases": "one,  two"}.get(name, other)),
              create_date=datetime.datetime(2024, 5, 6, 7, 8, 9, 10))
print(json.dumps([Template(text).render_unicode(**values) for text in json.load(sys.stdin)]))
"""


class Templates(Case):
    @needs("mako")
    def test_mako_says_the_same(self):
        cases = [case for case in read_cases("mako.case") if not case[2][0].startswith("error")]
        result = subprocess.run([interpreter("mako"), "-c", MAKO], text=True, capture_output=True, check=True,
                                input=json.dumps([data.decode() for _, data, _ in cases]))
        for (title, _, expected), rendered in zip(cases, json.loads(result.stdout)):
            with self.subTest(title):
                self.assertEqual(rendered, unescaped(expected[0]))


# What op.execute() hands to the database.
EXECUTED = """
import json, sys, types
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
statements = []
class Op:
    def execute(self, text): statements.append(str(sa.text(text).compile(dialect=sqlite.dialect())))
alembic = types.ModuleType("alembic"); alembic.op = Op(); sys.modules["alembic"] = alembic
names = {}
exec(compile(open(sys.argv[1]).read(), "script", "exec"), names)
names["upgrade"]()
print(json.dumps(statements))
"""

DIFFICULT = r"""
CREATE TABLE "a:b" (
    id integer PRIMARY KEY,
    note text DEFAULT 'x:y :z \:q \\ """ + '"""' + r"""' NOT NULL,
    percent text CHECK (percent <> '100%' AND percent <> ':a::b:c'),
    CONSTRAINT "c:c" CHECK (note <> '%(a)s :note')
);
"""


class NewRevisions(Case):
    def alembic_project(self, url="sqlite:///app.db"):
        folder = pathlib.Path(self.folder, "project")
        (folder / "db").mkdir(parents=True)
        (folder / "alembic.ini").write_text(f"[alembic]\nscript_location = db\nsqlalchemy.url = {url}\n")
        return folder

    @needs("sqlalchemy")
    def test_sql_comes_out_as_it_went_in(self):
        folder = self.alembic_project()
        (folder / "limbeck.toml").write_text('schema = "schema.sql"\n')
        (folder / "schema.sql").write_text(DIFFICULT)
        limbeck("revision", "--autogenerate", "-m", "first", folder=folder, check=0)
        script = next((folder / "db" / "versions").glob("*.py"))
        result = subprocess.run([interpreter("sqlalchemy"), "-c", EXECUTED, str(script)], text=True,
                                capture_output=True, check=True)
        database = Sqlite(self.folder)
        database.script(";".join(json.loads(result.stdout)))
        declared = Sqlite(self.folder)
        declared.script(DIFFICULT)
        differences = limbeck("diff", "--from", declared.url, "--to", database.url, "--exit-code", folder=folder)
        self.assertEqual(differences.returncode, 0, differences.stdout + differences.stderr)

    def test_a_message_stays_a_message(self):
        folder = self.alembic_project()
        for message in ('say """this"""', 'ends with "', "back\\slash \\", "'''", 'x"""\nimport os\n"""y'):
            with self.subTest(message):
                limbeck("revision", "-m", message, folder=folder, check=0)
        for script in (folder / "db" / "versions").glob("*.py"):
            compile(script.read_text(), str(script), "exec")
        self.assertEqual(len(limbeck("history", folder=folder, check=0).stdout.splitlines()), 5)


# id, down_revision, labels, depends_on, message
GRAPH = [("aaa111", None, None, None, "users"), ("bbb222", "aaa111", None, None, "add an e-mail"),
         ("ccc333", "bbb222", ("shopcart",), None, "cart"), ("ddd444", "bbb222", None, None, "billing"),
         ("eee555", "ddd444", None, None, "billing 2"), ("fff666", ("ccc333", "eee555"), None, None, "merge both"),
         ("9990aa", None, ("networking",), None, "networking"), ("9991bb", "9990aa", None, "bbb222", "networking 2"),
         ("abc777", "fff666", None, "9991bb", "after the merge")]
ENV = """
from alembic import context
from sqlalchemy import create_engine
engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


class BesideAlembic(Case):
    """The same commands on the same project, by both."""

    def setUp(self):
        super().setUp()
        self.project_folder = pathlib.Path(self.folder, "project")
        versions = self.project_folder / "db" / "versions"
        versions.mkdir(parents=True)
        database = pathlib.Path(self.folder, "app.db")
        (self.project_folder / "alembic.ini").write_text(
            f"[alembic]\nscript_location = db\nsqlalchemy.url = sqlite:///{database}\n")
        (self.project_folder / "db" / "env.py").write_text(ENV)
        shutil.copy(CASES / "script.py.mako", self.project_folder / "db" / "script.py.mako")
        for number, (revision, down, labels, depends, message) in enumerate(GRAPH):
            (versions / f"{number}.py").write_text(
                f'"""{message}\n\nRevision ID: {revision}\nCreate Date: 2024-01-0{number + 1} 10:00:00\n\n'
                f'More about it.\n"""\nrevision = {revision!r}\ndown_revision = {down!r}\n'
                f"branch_labels = {labels!r}\ndepends_on = {depends!r}\n\n\n"
                "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n")

    def alembic(self, *arguments):
        result = subprocess.run([interpreter("alembic"), "-m", "alembic", *arguments], cwd=self.project_folder,
                                text=True, capture_output=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def limbeck(self, *arguments):
        return limbeck(*arguments, folder=self.project_folder, check=0).stdout

    def assert_same(self, *arguments, ordered=True):
        """Alembic's order of heads, children and labels is not always the same, its lines end in blanks, and its records
        call an effective head a head."""
        ours, theirs = ([self.normal(line) for line in text.rstrip().splitlines()]
                        for text in (self.limbeck(*arguments), self.alembic(*arguments)))
        with self.subTest(arguments):
            self.assertEqual(ours if ordered else sorted(ours), theirs if ordered else sorted(theirs))

    @staticmethod
    def normal(line):
        if line.startswith("Rev: "):
            line = line.replace("(effective head)", "(head)")
        line = re.sub(r"\(([\w, ]+)\)", lambda found: f"({', '.join(sorted(found.group(1).split(', ')))})", line)
        if line.startswith("Branches into: "):
            line = "Branches into: " + ", ".join(sorted(line[15:].split(", ")))
        return line.rstrip()

    @needs("alembic")
    def test_reading_commands(self):
        for arguments in (("heads",), ("heads", "--resolve-dependencies"), ("branches",), ("history", "-r", "aaa111:fff666")):
            self.assert_same(*arguments, ordered=False)
        for revision, *_ in GRAPH:
            self.assert_same("show", revision)
        # Which of two branches comes first is not the same everywhere.
        self.assert_same("history", ordered=False)
        self.assert_same("history", "-v", ordered=False)

    @needs("alembic")
    def test_taking_turns_with_the_version_table(self):
        for targets in (["bbb222"], ["fff666"], ["ccc333", "eee555"], ["heads"]):
            self.alembic("stamp", "--purge", *targets)
            self.assert_same("current", ordered=False)
            self.limbeck("stamp", "--purge", *targets)
            self.assert_same("current", ordered=False)
            if targets != ["heads"]:  # what was applied for another revision's sake is no row of the table
                self.assert_same("history", "-i", ordered=False)

    @needs("alembic")
    def test_new_revisions_are_read_by_alembic(self):
        self.limbeck("revision", "-m", "Ours", "--head", "abc777", "--rev-id", "0123abc")
        self.assert_same("show", "0123abc")
        self.limbeck("revision", "-m", "A branch", "--head", "base", "--branch-label", "own", "--depends-on",
                     "shopcart", "--depends-on", "9991bb", "--rev-id", "4567def")
        self.assert_same("show", "4567def")
        self.limbeck("merge", "0123abc", "4567def", "-m", "Together", "--rev-id", "abcdef")
        self.assert_same("heads")
        # Theirs and ours differ in nothing but the id and the time.
        self.alembic("revision", "-m", "The same?", "--head", "abcdef", "--rev-id", "aaaa00000001")
        self.limbeck("revision", "-m", "The same?", "--head", "aaaa00000001", "--rev-id", "aaaa00000002")
        versions = self.project_folder / "db" / "versions"
        theirs, ours = ((versions / f"aaaa0000000{i}_the_same.py").read_text() for i in (1, 2))
        ours = ours.replace("aaaa00000001", "abcdef").replace("aaaa00000002", "aaaa00000001")
        self.assertEqual(re.sub("Create Date: .*", "", ours), re.sub("Create Date: .*", "", theirs))
        self.assertEqual(len(re.search("Create Date: .*", ours)[0]), len(re.search("Create Date: .*", theirs)[0]))


class LongIds(Case):
    def test_an_id_that_the_version_table_cannot_hold(self):
        database = self.database(Postgres)
        folder = pathlib.Path(self.folder, "project")
        (folder / "db" / "versions").mkdir(parents=True)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = db\n")
        long_id = "an_id_of_more_than_thirty_two_characters"
        for number, (revision, down) in enumerate([("a1", None), (long_id, "a1")]):
            (folder / "db" / "versions" / f"{number}.py").write_text(
                f"from alembic import op\nrevision = {revision!r}\ndown_revision = {down!r}\n\n\n"
                f"def upgrade():\n    op.execute('CREATE TABLE t{number} (id int)')\n")
        database.script("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))")
        result = limbeck("upgrade", "head", "--url", database.url, folder=folder)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(long_id, result.stderr)
        self.assertIn("alembic_version holds 32", result.stderr)
        self.assertEqual(database.query("SELECT 1 FROM pg_class WHERE relname IN ('t0', 't1')"), [])


if __name__ == "__main__":
    unittest.main()
