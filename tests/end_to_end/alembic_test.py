"""Alembic projects: what Limbeck and Alembic make of the same scripts, on databases side by side.

Without Alembic (Debian's python3-alembic and python3-psycopg2) the projects still run up, down and up again.
"""
import json
import pathlib
import subprocess
import tempfile
import tomllib
import unittest

from alembic_harness import CASES, PYTHON, alembic, differences, make_project, rows
from harness import PROGRAM, Case, Postgres, Sqlite, limbeck, wait_until

KINDS = {"postgresql": Postgres, "sqlite": Sqlite}


def options_of(case):
    """What the case's case.toml says: its dialects, whether Alembic makes the same of it, how many points of the chain are tried by turns."""
    file = case / "case.toml"
    options = tomllib.loads(file.read_text()) if file.exists() else {}
    return options.get("dialects", ["postgresql", "sqlite"]), options.get("alembic", True), options.get("points")


def spread(ids, count):
    """So many of the ids, the same distance apart, the first and the last among them."""
    if count is None or count >= len(ids):
        return ids
    return [ids[place * (len(ids) - 1) // max(count - 1, 1)] for place in range(count)]


class Projects(Case):
    def make(self, case, kind):
        database = self.database(KINDS[kind])
        folder = make_project(tempfile.mkdtemp(dir=self.folder), sorted(case.glob("*.py")), database)
        return folder, database

    def same(self, left, right, when):
        self.assertEqual("", differences(left, right), when)
        self.assertEqual(rows(left), rows(right), when)

    def run_case(self, case, kind, with_alembic):
        ours, mine = self.make(case, kind)
        limbeck("upgrade", "head", folder=ours, check=0)
        once = limbeck("inspect", mine.url, folder=ours, check=0).stdout
        if with_alembic:
            theirs, other = self.make(case, kind)
            alembic(theirs, "upgrade", "head")
            self.same(mine, other, "after the upgrade")
            self.assertEqual(alembic(ours, "current").stdout, alembic(theirs, "current").stdout)
        self.assertIn("Nothing to do", limbeck("upgrade", "head", folder=ours, check=0).stderr)
        limbeck("downgrade", "base", folder=ours, check=0)
        if with_alembic:
            alembic(theirs, "downgrade", "base")
            self.same(mine, other, "after the downgrade")
        limbeck("upgrade", "head", folder=ours, check=0)
        self.assertEqual(once, limbeck("inspect", mine.url, folder=ours, check=0).stdout)

    def take_turns(self, case, kind, points):
        """At each point of the chain, or at so many, from one tool to the other, up and down."""
        whole, reference = self.make(case, kind)
        alembic(whole, "upgrade", "head")
        ids = [line.split(" -> ")[1].split()[0].rstrip(",") for line in alembic(whole, "history").stdout.splitlines()]
        for point in spread(ids[1:], points):
            folder, database = self.make(case, kind)
            limbeck("upgrade", point, folder=folder, check=0)
            alembic(folder, "upgrade", "head")
            self.same(database, reference, f"Limbeck up to {point}, Alembic from there")
            limbeck("downgrade", point, folder=folder, check=0)
            alembic(folder, "downgrade", "base")
            alembic(folder, "upgrade", point)
            limbeck("upgrade", "head", folder=folder, check=0)
            self.same(database, reference, f"Alembic up to {point}, Limbeck from there")


def add_tests():
    for case in sorted(path for path in CASES.iterdir() if path.is_dir()):
        dialects, comparable, points = options_of(case)
        for kind in dialects:
            compare = comparable and PYTHON is not None

            def run(self, case=case, kind=kind, compare=compare):
                self.run_case(case, kind, compare)

            setattr(Projects, f"test_{case.name}_on_{kind}", run)
            if compare and len(list(case.glob("*.py"))) > 1:

                def turns(self, case=case, kind=kind, points=points):
                    self.take_turns(case, kind, points)

                setattr(Projects, f"test_{case.name}_by_turns_on_{kind}", turns)


add_tests()


SCRIPT = '''"""{message}"""
from alembic import op
import sqlalchemy as sa

revision = "{id}"
down_revision = {down}


def upgrade():
{up}


def downgrade():
    op.drop_table("t{id}")
'''


def script(id, up, down="None", message="a script"):
    body = "\n".join("    " + line for line in up.splitlines())
    return SCRIPT.format(id=id, up=body, down=down, message=message)


class Comparing(Case):
    def test_revisions_that_are_pending_and_those_that_are_applied(self):
        """Two sides that are read at the same time, with one reader of scripts."""
        folder = make_project(tempfile.mkdtemp(dir=self.folder), sorted((CASES / "escrow").glob("*.py")), self.database(Postgres))
        limbeck("upgrade", "head", folder=folder, check=0)
        pending = script("c1", 'op.create_table("tc1", sa.Column("id", sa.Integer()))', '"b21e6d03c8f7"')
        (folder / "migrations" / "versions" / "c1.py").write_text(pending)
        for _ in range(3):
            result = limbeck("check", folder=folder, check=None)
            self.assertNotIn("error", result.stderr)
            self.assertIn("the database lacks 1 revision:\n  c1\n", result.stdout)


def is_running(pid):
    """Not when it is gone, or a zombie that nobody has waited for."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class WrongScripts:
    """Each is explained, with its place and the right exit code, and leaves nothing behind."""
    kind = None

    def upgrade(self, up, check, **texts):
        database = self.database(self.kind)
        files = {"a.py": script("a1", 'op.create_table("first", sa.Column("id", sa.Integer()))'), "b.py": script("b1", up, '"a1"')}
        files.update(texts)
        folder = make_project(tempfile.mkdtemp(dir=self.folder), files, database)
        result = limbeck("upgrade", "head", folder=folder, check=check)
        self.assertNotIn("Traceback", result.stderr)
        left = {name.split(".")[-1] for name in rows(database)}
        self.assertLessEqual(left, {"first"})
        return result.stderr, folder, database

    def test_one_that_raises(self):
        error, _, database = self.upgrade('op.create_table("gone", sa.Column("id", sa.Integer()))\nraise ValueError("not today")', 10)
        self.assertIn("ValueError: not today", error)
        self.assertIn("b.py:11", error)
        self.assertIn("nothing was changed", error)
        self.assertEqual({}, rows(database))

    def test_one_that_raises_after_it_has_asked(self):
        error, folder, database = self.upgrade('op.create_table("gone", sa.Column("id", sa.Integer()))\n'
                                     'n = op.get_bind().execute(sa.text("SELECT count(*) FROM gone")).scalar()\nraise ValueError(f"{n} rows")', 6)
        self.assertIn("ValueError: 0 rows", error)
        self.assertIn("rolled back", error)
        self.assertEqual(["first"], [name.split(".")[-1] for name in rows(database)])

    def test_sql_that_fails(self):
        error, _, _ = self.upgrade('op.execute("INSERT INTO nowhere VALUES (1)")', 6)
        self.assertIn("nowhere", error)
        self.assertIn("b.py:10", error)

    def test_a_table_that_something_else_has_made(self):
        error, folder, _ = self.upgrade('op.create_table("first", sa.Column("id", sa.Integer()))', 6)
        self.assertIn("already exists", error)
        self.assertIn('"limbeck stamp REVISION"', error)
        limbeck("stamp", "b1", folder=folder, check=0)
        self.assertIn("Nothing to do", limbeck("upgrade", "head", folder=folder, check=0).stderr)

    def test_sql_that_fails_in_a_script_that_asks(self):
        error, _, _ = self.upgrade('op.get_bind().execute(sa.text("SELECT 1")).scalar()\nop.execute("INSERT INTO nowhere VALUES (1)")', 6)
        self.assertIn("nowhere", error)
        self.assertIn("b.py:11", error)

    def test_a_rehearsal_finds_it_before_anything_runs(self):
        database = self.database(self.kind)
        files = {"a.py": script("a1", 'op.create_table("first", sa.Column("id", sa.Integer()))'),
                 "b.py": script("b1", 'op.get_bind().execute(sa.text("SELECT id FROM first")).fetchall()\nop.execute("INSERT INTO nowhere VALUES (1)")', '"a1"')}
        folder = make_project(tempfile.mkdtemp(dir=self.folder), files, database)
        result = limbeck("upgrade", "head", "--rehearse", folder=folder, check=10)
        self.assertIn("while replaying revision", result.stderr)
        self.assertNotIn("declared schema", result.stderr)
        self.assertIn("nowhere", result.stderr)
        self.assertIn("nothing was changed", result.stderr)
        self.assertEqual({}, rows(database))
        self.assertIn("nothing fails", limbeck("upgrade", "a1", "--rehearse", folder=folder, check=0).stderr)
        # From what is there: a1 is not run again.
        (folder / "migrations" / "versions" / "b.py").write_text(script("b1", 'op.add_column("first", sa.Column("n", sa.Integer()))', '"a1"'))
        limbeck("upgrade", "head", "--rehearse", folder=folder, check=0)
        self.assertEqual(["id", "n"], database.columns("first"))

    def test_a_syntax_error(self):
        error, _, _ = self.upgrade("op.execute(", 10)
        self.assertIn("SyntaxError", error)
        self.assertIn("b.py:", error)

    def test_one_that_exits(self):
        error, _, _ = self.upgrade("import sys\nsys.exit(3)", 10)
        self.assertIn("SystemExit", error)

    def test_one_that_ends_the_reader(self):
        error, _, _ = self.upgrade("import os\nos._exit(3)", 10)
        self.assertIn("exit code 3", error)

    def test_one_that_ends_the_reader_in_its_transaction(self):
        error, _, database = self.upgrade('op.create_table("gone", sa.Column("id", sa.Integer()))\n'
                                          'op.get_bind().execute(sa.text("SELECT 1")).scalar()\nimport os\nos._exit(3)', 6)
        self.assertIn("exit code 3", error)
        self.assertIn("rolled back", error)
        self.assertEqual(["first"], [name.split(".")[-1] for name in rows(database)])

    def test_one_that_prints(self):
        database = self.database(self.kind)
        folder = make_project(tempfile.mkdtemp(dir=self.folder), {"a.py": script("a1", 'print("hello from the script")\nop.create_table("ta1", sa.Column("id", sa.Integer()))')}, database)
        result = limbeck("upgrade", "head", folder=folder, check=0)
        self.assertIn("hello from the script", result.stderr)
        self.assertNotIn("hello", result.stdout)
        result = limbeck("upgrade", "head", "--sql", folder=folder, check=0)
        self.assertNotIn("hello", result.stdout)

    def test_one_that_loops_for_ever(self):
        files = {"a.py": script("a1", "while True:\n    pass")}
        folder = make_project(tempfile.mkdtemp(dir=self.folder), files, self.database(self.kind))
        (folder / "limbeck.toml").write_text('[alembic]\nscript_timeout = "1s"\n')
        result = limbeck("upgrade", "head", folder=folder, check=10)
        self.assertIn("silent for 1 second", result.stderr)

    def test_one_that_loops_behind_one_that_fails(self):
        """In a long chain it is read while the one before it runs, and nobody waits for it once that has failed."""
        files = {"a.py": script("a1", "pass"), "b.py": script("b1", 'op.execute("SELECT wrong")', '"a1"'),
                 "c.py": script("c1", "while True:\n    pass", '"b1"')}
        files.update({f"d{i}.py": script(f"d{i}", "pass", f'"d{i - 1}"' if i else '"c1"') for i in range(200)})
        folder = make_project(tempfile.mkdtemp(dir=self.folder), files, self.database(self.kind))
        self.assertIn("wrong", limbeck("upgrade", "head", folder=folder, check=6, timeout=20).stderr)

    def test_one_that_needs_the_application(self):
        error, _, database = self.upgrade("from app.models import User\nUser.query.all()", 10)
        self.assertIn("needs the application", error)
        self.assertIn("b.py:1", error)
        self.assertEqual({}, rows(database))  # it was seen before anything ran

    def test_one_that_needs_the_table_of_a_model(self):
        error, _, database = self.upgrade("from app.models import User\nop.execute(User.__table__.insert().values(id=1))", 10)
        self.assertIn("needs the application: app.models.User.__table__", error)
        self.assertEqual({}, rows(database))

    def test_an_operation_that_is_misspelt(self):
        error, _, _ = self.upgrade('op.create_tabel("gone", sa.Column("id", sa.Integer()))', 10)
        self.assertIn("alembic.op.create_tabel (Alembic has no such operation, ", error)

    def test_one_that_loops_when_the_program_is_killed(self):
        files = {"a.py": script("a1", "import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True:\n    pass")}
        folder = make_project(tempfile.mkdtemp(dir=self.folder), files, self.database(self.kind))
        program = subprocess.Popen([PROGRAM, "upgrade", "head"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pid = folder / "pid"
        wait_until(lambda: pid.exists() and pid.read_text(), "the script")
        program.kill()
        program.wait()
        wait_until(lambda: not is_running(int(pid.read_text())), "the end of the reader")

    def test_no_interpreter(self):
        files = {"a.py": script("a1", "pass")}
        folder = make_project(tempfile.mkdtemp(dir=self.folder), files, self.database(self.kind))
        (folder / "limbeck.toml").write_text('[alembic]\npython = "/no/such/python"\n')
        result = limbeck("upgrade", "head", folder=folder, check=10)
        self.assertIn("/no/such/python", result.stderr)
        self.assertIn("a1", limbeck("heads", folder=folder, check=0).stdout)  # needs none

    def test_a_script_that_has_no_sql(self):
        """--sql names the first script that asks the database."""
        files = {"a.py": script("a1", 'op.create_table("ta1", sa.Column("id", sa.Integer()))'),
                 "b.py": script("b1", 'op.get_bind().execute(sa.text("SELECT count(*) FROM ta1")).scalar()', '"a1"')}
        folder = make_project(tempfile.mkdtemp(dir=self.folder), files, self.database(self.kind))
        result = limbeck("upgrade", "head", "--sql", folder=folder, check=10)
        self.assertIn("b1", result.stderr)
        self.assertIn("SELECT count(*) FROM ta1", result.stderr)
        self.assertIn("CREATE TABLE ta1", limbeck("upgrade", "a1", "--sql", folder=folder, check=0).stdout)


class Caught(Case):
    """What a script catches leaves nothing half done behind, and it goes on as under Alembic."""

    ASK = 'op.get_bind().execute(sa.text("SELECT 1")).scalar()\n'
    TABLE = script("a1", 'op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")\n'
                         'op.execute("INSERT INTO t VALUES (1, NULL, \'x\'), (2, \'y\', \'z\')")')

    def upgraded(self, up, kind=Sqlite, before=""):
        database = self.database(kind)
        files = {"a.py": self.TABLE, "b.py": script("b1", up, '"a1"')}
        folder = make_project(tempfile.mkdtemp(dir=self.folder), files, database)
        if before:
            database.script(before)
        # Alembic asks for nothing, and what is compared here is what it does.
        return limbeck("upgrade", "head", folder=folder, check=None), database

    def test_a_table_change_that_fails(self):
        for ask in (self.ASK, ""):
            result, database = self.upgraded(ask + 'op.execute("INSERT INTO t VALUES (3, \'w\', \'w\')")\ntry:\n'
                                             '    with op.batch_alter_table("t") as b:\n        b.alter_column("a", nullable=False, existing_type=sa.Text())\n'
                                             'except Exception:\n    pass\nop.execute("INSERT INTO t VALUES (4, \'w\', \'w\')")')
            self.assertEqual(0, result.returncode, result.stderr)
            self.assertEqual([(1,), (2,), (3,), (4,)], database.query("SELECT id FROM t ORDER BY id"))
            self.assertEqual(["t"], sorted(name for name in rows(database)))

    def test_a_constraint_that_is_not_there(self):
        result, database = self.upgraded('try:\n    with op.batch_alter_table("t") as b:\n        b.drop_constraint("nope", type_="unique")\n'
                                         'except Exception:\n    pass\nop.execute("DELETE FROM t")')
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual([], database.query("SELECT id FROM t"))

    def test_a_statement_that_fails_in_a_savepoint(self):
        for kind in (Sqlite, Postgres):
            result, database = self.upgraded('bind = op.get_bind()\ntry:\n    with bind.begin_nested():\n        bind.execute(sa.text("DROP INDEX nope"))\n'
                                             'except Exception:\n    pass\nop.execute("DELETE FROM t WHERE id = 1")', kind)
            self.assertEqual(0, result.returncode, result.stderr)
            self.assertEqual(["2"], [str(n) for (n,) in database.query("SELECT id FROM t")])

    def test_a_statement_that_ends_the_transaction(self):
        result, database = self.upgraded(self.ASK + 'op.execute("DELETE FROM t WHERE id = 2")\ntry:\n    op.execute("INSERT OR ROLLBACK INTO t VALUES (1, NULL, NULL)")\n'
                                         'except Exception:\n    pass\nop.execute("INSERT INTO t VALUES (9, NULL, NULL)")')
        self.assertEqual(6, result.returncode, result.stderr)
        self.assertEqual([(1,), (2,)], database.query("SELECT id FROM t ORDER BY id"))

    def test_a_select_that_writes(self):
        result, database = self.upgraded(self.ASK + 'op.execute("SELECT * INTO kept FROM t")\nop.get_bind().commit()\nop.drop_column("t", "a")', Postgres)
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual([("2",)], database.query("SELECT count(*) FROM kept"))

    def test_a_column_takes_the_name_of_another(self):
        result, database = self.upgraded('with op.batch_alter_table("t") as b:\n    b.drop_column("a")\n    b.alter_column("b", new_column_name="a", existing_type=sa.Text())')
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual([(1, "x"), (2, "z")], database.query("SELECT id, a FROM t ORDER BY id"))

    def test_what_uses_a_column_is_not_dropped_with_it(self):
        for user in ("CREATE TRIGGER u AFTER INSERT ON t BEGIN UPDATE t SET a = 1; END", "CREATE VIEW u AS SELECT a FROM t"):
            result, database = self.upgraded(f'op.execute("{user}")\nop.drop_column("t", "a")')
            self.assertEqual(6, result.returncode, result.stderr)
            self.assertIn("u uses it", result.stderr.replace("t.u", "u"))

    def test_foreign_keys_are_enforced_again(self):
        result, database = self.upgraded('op.execute("CREATE TABLE c (t INTEGER REFERENCES t ON DELETE CASCADE)")\nop.execute("INSERT INTO c VALUES (1), (2)")\n'
                                         'op.execute("PRAGMA foreign_keys = ON")\nwith op.batch_alter_table("t") as b:\n    b.alter_column("b", nullable=False, existing_type=sa.Text())\n'
                                         'op.execute("DELETE FROM t WHERE id = 1")')
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual([(2,)], database.query("SELECT t FROM c"))

    def test_the_journal_is_not_a_table_of_the_users(self):
        result, database = self.upgraded('for name in sa.inspect(op.get_bind()).get_table_names():\n    if name != "alembic_version":\n'
                                         '        op.add_column(name, sa.Column("tenant", sa.Integer()))')
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("tenant", database.columns("t"))
        self.assertNotIn("tenant", database.columns("limbeck_journal"))


@unittest.skipUnless(PYTHON, "needs Alembic")
class Delegated(Case):
    """What needs the application is run by the project's own Alembic, on this database or not at all."""

    ORM = script("a1", 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))\nsession = Session(bind=op.get_bind())\n'
                       'session.connection().execute(sa.text("INSERT INTO t VALUES (1)"))\nsession.commit()\nNEEDED.value()').replace(
        "import sqlalchemy as sa", "import sqlalchemy as sa\nfrom sqlalchemy.orm import Session\nfrom application import NEEDED")

    def delegated(self, kind, *arguments, scripts="migrations", check=0, text=ORM):
        database = self.database(kind)
        folder = make_project(tempfile.mkdtemp(dir=self.folder), {"a.py": text}, database)
        (folder / "lib").mkdir()
        (folder / "lib" / "application.py").write_text("class NEEDED:\n    def value():\n        pass\n")
        ini = folder / "alembic.ini"
        if scripts != "migrations":
            (folder / "migrations").rename(folder / scripts)
            (folder / scripts / "__init__.py").touch()
            ini.write_text(ini.read_text().replace("migrations", scripts))
        env = folder / scripts / "env.py"
        env.write_text(f"import sys\nif sys.path:\n    sys.path.insert(0, {str(folder / 'lib')!r})\nprint('Using the application')\n" + env.read_text())
        self.assertTrue(ini.exists())
        (folder / "limbeck.toml").write_text(f'[alembic]\npython = "{PYTHON}"\ndelegate = true\n')
        return limbeck("upgrade", "head", *arguments, folder=folder, check=check), database

    def test_it_is_run(self):
        for kind in (Sqlite, Postgres):
            result, database = self.delegated(kind)
            self.assertIn("run by the project's own Alembic", result.stderr)
            self.assertEqual(["1"], [str(n) for (n,) in database.query("SELECT id FROM t")])
            self.assertEqual([("done",)], database.query("SELECT outcome FROM limbeck_journal WHERE kind = 'revision'"))

    def at_its_turn(self, kind, before, *arguments, check=0):
        """A script that is found to need the application only when the database has answered."""
        body = before + 'if op.get_bind().execute(sa.text("SELECT count(*) FROM t")).scalar() == 0:\n    NEEDED.value()\n    op.execute("INSERT INTO t VALUES (1)")'
        return self.delegated(kind, *arguments, check=check, text=script("a1", body).replace(
            "import sqlalchemy as sa", "import sqlalchemy as sa\nfrom application import NEEDED"))

    def test_at_its_turn(self):
        table = 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))\n'
        for kind in (Sqlite, Postgres):
            result, database = self.at_its_turn(kind, table)
            self.assertIn("run by the project's own Alembic: revision a1 needs the application", result.stderr)
            self.assertEqual(["1"], [str(n) for (n,) in database.query("SELECT id FROM t")])
            self.assertEqual([("done",)], database.query("SELECT outcome FROM limbeck_journal WHERE kind = 'revision'"))

            result, database = self.at_its_turn(kind, table, "--single-transaction", check=10)
            self.assertIn("run it without --single-transaction", result.stderr)
            self.assertEqual({}, rows(database))

            result, database = self.at_its_turn(kind, 'with op.get_context().autocommit_block():\n    ' + table, check=7)
            self.assertIn("make what follows a revision of its own", result.stderr)
            self.assertEqual(["0"], [str(n) for (n,) in database.query("SELECT count(*) FROM t")])

    def test_a_package_of_the_project_is_not_taken_for_alembic(self):
        result, database = self.delegated(Sqlite, scripts="alembic")
        self.assertIn("run by the project's own Alembic", result.stderr)
        self.assertEqual([(1,)], database.query("SELECT id FROM t"))

    def test_never_on_another_database(self):
        for kind in (Sqlite, Postgres):
            other = self.database(kind)
            result, database = self.delegated(kind, "--url", other.url, check=6)
            self.assertIn("connects to another database", result.stderr)
            self.assertEqual({}, rows(database))
            self.assertEqual({}, rows(other))


class WrongOnSqlite(WrongScripts, Case):
    kind = Sqlite


class WrongOnPostgres(WrongScripts, Case):
    kind = Postgres


class Import(Case):
    """A chain of scripts written as SQL revisions builds the same."""

    def check_case(self, case, kinds):
        database = self.database(KINDS[kinds[0]])
        folder = make_project(tempfile.mkdtemp(dir=self.folder), sorted(case.glob("*.py")), database)
        target = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "imported"
        dialects = [word for kind in kinds for word in ("--dialect", kind)]
        limbeck("import", "alembic", str(target), *dialects, folder=folder, check=0)
        for kind in kinds:
            ours = self.database(KINDS[kind])
            theirs = self.database(KINDS[kind])
            scripts = make_project(tempfile.mkdtemp(dir=self.folder), sorted(case.glob("*.py")), theirs)
            limbeck("upgrade", "head", folder=scripts, check=0)
            limbeck("upgrade", "head", "--url", ours.url, folder=target, check=0)
            self.assertEqual("", differences(ours, theirs), case.name)
            self.assertEqual(rows(ours), rows(theirs), case.name)
            limbeck("downgrade", "base", "--url", ours.url, folder=target, check=0)
            self.assertEqual({}, rows(ours))
        heads = [[head["id"] for head in json.loads(limbeck("heads", "--json", folder=where, check=0).stdout)["heads"]]
                 for where in (target, folder)]
        self.assertEqual(*heads)

    def test_both_databases(self):
        self.check_case(CASES / "tables", ["postgresql", "sqlite"])
        self.check_case(CASES / "branches", ["postgresql", "sqlite"])

    def test_postgresql(self):
        self.check_case(CASES / "enum_objects", ["postgresql"])

    def test_sqlite_rebuilds(self):
        self.check_case(CASES / "batch", ["sqlite"])

    def test_what_cannot_be_converted_refuses_to_run(self):
        database = self.database(Sqlite)
        folder = make_project(tempfile.mkdtemp(dir=self.folder), sorted((CASES / "existence_guard").glob("*.py")), database)
        target = pathlib.Path(self.folder) / "imported"
        result = limbeck("import", "alembic", str(target), "--dialect", "sqlite", folder=folder, check=4)
        self.assertIn("c1", result.stdout + result.stderr)
        result = limbeck("upgrade", "head", "--url", database.url, folder=target, check=10)
        self.assertIn("has to be written by a person", result.stderr)
        self.assertEqual({}, rows(database))


if __name__ == "__main__":
    unittest.main()
