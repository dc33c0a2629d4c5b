"""Alembic projects: what scripts do that few scripts do."""
import json
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

from alembic_harness import PYTHON, alembic, make_project, rows
from harness import PROGRAM, Case, Postgres, Sqlite, limbeck, wait_until

HEAD = '''"""{0}"""
from alembic import op
import sqlalchemy as sa

revision = "{0}"
down_revision = {1!r}


def upgrade():
{2}


def downgrade():
    pass
'''


def script(id, body, down=None, head=""):
    indented = "\n".join("    " + line if line else "" for line in body.strip().splitlines())
    return HEAD.format(id, down, indented).replace("import sqlalchemy as sa\n", "import sqlalchemy as sa\n" + head, 1)


class Details(Case):
    def project(self, kind, *scripts):
        database = self.database(kind)
        texts = {f"{place}.py": text for place, text in enumerate(scripts)}
        return make_project(tempfile.mkdtemp(dir=self.folder), texts, database), database

    def test_comments_that_would_be_markers_in_an_import(self):
        folder, _ = self.project(Sqlite, script("a1", '''
op.execute("CREATE TABLE t (a TEXT)")
op.execute("""INSERT INTO t VALUES ('
-- limbeck:downgrade
')
-- limbeck:upgrade postgresql
--LIMBECK:downgrade irreversible
""")
'''))
        limbeck("import", "alembic", str(folder / "sql"), folder=folder, check=0)
        database = self.database(Sqlite)
        limbeck("upgrade", "--url", database.url, folder=folder / "sql", check=0)
        self.assertEqual([("\n--limbeck:downgrade\n",)], database.query("SELECT replace(a, ' ', '') FROM t"))
        limbeck("downgrade", "base", "--url", database.url, folder=folder / "sql", check=0)

    def test_a_number_for_a_boolean_column_is_said_before_anything_runs(self):
        scripts = (script("a1", 'op.create_table("t", sa.Column("a", sa.Boolean))'),
                   script("a2", 'op.execute("UPDATE t SET a = 0 WHERE a IS NULL")', "a1"))
        folder, database = self.project(Postgres, *scripts)
        said = limbeck("upgrade", "head", folder=folder, check=10).stderr
        self.assertIn("the column a of t is boolean, and revision a2 gives it the number 0", said)
        self.assertIn("1.py:10:", said)
        self.assertIn("nothing was changed", said)
        self.assertEqual([], database.query("SELECT 1 FROM pg_tables WHERE tablename = 't'"))
        # A database that has such a cast takes it.
        database.script("UPDATE pg_cast SET castcontext = 'a' WHERE castsource = 'int4'::regtype AND casttarget = 'bool'::regtype")
        limbeck("upgrade", "head", folder=folder, check=0)
        folder, _ = self.project(Sqlite, *scripts)
        limbeck("upgrade", "head", folder=folder, check=0)

    def test_a_module_is_found_where_env_py_says(self):
        folder, database = self.project(Sqlite, script("a1", "op.execute(SQL)", head="from application import SQL\n"))
        (folder / "lib").mkdir()
        (folder / "lib" / "application.py").write_text("SQL = 'CREATE TABLE t (a INTEGER)'\n")
        env = folder / "migrations" / "env.py"
        env.write_text("import os\nimport sys\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
                       "sys.path.append(os.path.join(HERE, '..', 'lib'))\n" + env.read_text())
        limbeck("upgrade", "head", folder=folder, check=0)
        self.assertEqual([], database.query("SELECT * FROM t"))

    def test_a_column_that_goes_leaves_the_rest_of_the_text(self):
        folder, database = self.project(Sqlite, script("a1", '''
op.execute("""create table t (id integer primary key, name varchar(20) collate nocase not null default 'x', -- its name
  gone varchar(5), price numeric(5,2) check (price > 0))""")
op.execute("create table u (id integer, gone int unique)")
op.execute("insert into u values (1, 2)")
'''), script("a2", 'op.drop_column("t", "gone")\nop.drop_column("u", "gone")', "a1"))
        limbeck("upgrade", "head", folder=folder, check=0)
        self.assertEqual([("""CREATE TABLE t (id integer primary key, name varchar(20) collate nocase not null default 'x', -- its name
      price numeric(5,2) check (price > 0))""",)], database.query("SELECT sql FROM sqlite_master WHERE name = 't'"))
        # SQLite drops no column that a constraint speaks of: the table is made anew.
        self.assertEqual([(1,)], database.query("SELECT * FROM u"))

    def test_a_database_goes_on_after_an_import(self):
        for kind in (Sqlite, Postgres):
            folder, database = self.project(kind, script("a1", '''
# Who is there.

# Nobody yet.
op.create_table("t", sa.Column("a", sa.Integer, comment="b"), sa.Column("c", sa.Integer, index=True))
'''))
            unknown = limbeck("import", "alembic", str(folder / "early"), folder=folder, check=0)
            self.assertNotIn("accept-changed", unknown.stderr)
            limbeck("upgrade", folder=folder, check=0)
            known = limbeck("import", "alembic", str(folder / "sql"), folder=folder, check=0)
            self.assertIn('has run 1 of these revisions as scripts: before the first upgrade from here, run '
                          '"limbeck repair --accept-changed" on it, once', known.stderr)
            self.assertIn("version_width = 32\n", (folder / "sql" / "limbeck.toml").read_text())
            text = next((folder / "sql" / "migrations").iterdir()).read_text()
            self.assertEqual(1, text.count("-- Who is there.\n-- Nobody yet.\n"), text)
            self.assertEqual(1, text.count("Nobody"), text)
            limbeck("repair", "--accept-changed", "--url", database.url, folder=folder / "sql", check=0)
            done = limbeck("upgrade", "--url", database.url, folder=folder / "sql", check=0)
            self.assertIn("Nothing to do", done.stderr)
            again = limbeck("import", "alembic", str(folder / "again"), folder=folder, check=0)
            self.assertNotIn("accept-changed", again.stderr)

    def test_a_table_that_no_revision_has_made_is_written_as_sql_where_alter_table_does(self):
        folder, _ = self.project(Sqlite, script("a1", '''
op.drop_column("old", "a b")
op.add_column("old", sa.Column("z", sa.Integer()))
op.execute("UPDATE old SET z = 1")
with op.batch_alter_table("old") as batch:
    batch.drop_index("ix_old")
    batch.drop_column("c")
'''), script("a2", '''
whole = sa.Table("whole", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Text))
with op.batch_alter_table("whole", copy_from=whole) as batch:
    batch.alter_column("b", nullable=False)
''', "a1"), script("a3", '''
op.alter_column("nobody", "b", nullable=False)
''', "a2"))
        text = limbeck("upgrade", "a2", "--sql", folder=folder, check=0).stdout
        for part in ('ALTER TABLE "old" DROP COLUMN "a b";\n\nALTER TABLE old ADD COLUMN z INTEGER;\n\nUPDATE old SET z = 1;\n\n'
                     'DROP INDEX', 'ALTER TABLE "old" DROP COLUMN "c";', "  b TEXT NOT NULL\n"):
            self.assertIn(part, text)
        refused = limbeck("upgrade", "a2:a3", "--sql", folder=folder, check=10).stderr
        self.assertIn("error: there is no table nobody\n  --> migrations/versions/2.py:10:5\n", refused)
        limbeck("import", "alembic", str(folder / "sql"), folder=folder, check=4)
        self.assertIn('ALTER TABLE "old" DROP COLUMN "a b"', (folder / "sql" / "migrations" / "0.sql").read_text())

    def test_an_import_without_sqlite_has_no_file_for_a_database(self):
        folder, _ = self.project(Sqlite, script("a1", 'op.create_table("t", sa.Column("a", sa.Integer))'))
        limbeck("import", "alembic", str(folder / "pg"), "--dialect", "postgresql", folder=folder, check=0)
        failed = limbeck("upgrade", folder=folder / "pg")
        self.assertNotEqual(0, failed.returncode)
        self.assertIn("DATABASE_URL", (folder / "pg" / "limbeck.toml").read_text())
        limbeck("heads", folder=folder / "pg", check=0)
        self.assertFalse((folder / "pg" / "limbeck.db").exists())
        limbeck("import", "alembic", str(folder / "lite"), "--dialect", "sqlite", folder=folder, check=0)
        limbeck("upgrade", folder=folder / "lite", check=0)
        self.assertTrue((folder / "lite" / "limbeck.db").exists())

    def test_what_a_script_does_beside_the_database_is_done_once(self):
        for kind in (Sqlite, Postgres):
            folder, _ = self.project(kind, script("a1", f'''
print("a line")
with open({str(self.folder)!r} + "/acts", "a") as file:
    file.write("acted ")
op.execute("CREATE TABLE t (a INTEGER)")
assert op.get_bind().execute(sa.text("SELECT count(*) FROM t")).scalar() == 0
'''))
            result = limbeck("upgrade", folder=folder, check=0)
            self.assertEqual(1, (result.stdout + result.stderr).count("a line"))
        self.assertEqual("acted acted ", pathlib.Path(self.folder, "acts").read_text())

    def test_a_context_of_the_scripts_own(self):
        body = '''
context = MigrationContext.configure(op.get_bind())
assert context.get_current_revision() is None
Operations(context).create_table("t", sa.Column("a", sa.Integer))
'''
        folder, database = self.project(Sqlite, script("a1", body, head="from alembic.migration import MigrationContext\n"
                                                                         "from alembic.operations import Operations\n"))
        limbeck("upgrade", folder=folder, check=0)
        self.assertEqual([], rows(database)["t"] if "t" in rows(database) else [])
        self.assertEqual([(1,)], database.query("SELECT count(*) FROM sqlite_master WHERE name = 't'"))

    def test_an_applied_script_that_is_laid_out_anew(self):
        text = script("a1", 'op.create_table("t", sa.Column("a", sa.Integer))')
        anew = text.replace('"""a1"""', '"""A better message"""').replace("import sqlalchemy as sa", "import sqlalchemy as sa  # SQL").replace(
            'op.create_table("t", sa.Column("a", sa.Integer))', "# Why\n    op.create_table(\n        't',\n        sa.Column('a', sa.Integer),\n    )")
        self.assertNotEqual(text, anew)
        for kind in (Sqlite, Postgres):
            folder, database = self.project(kind, text)
            path = folder / "migrations" / "versions" / "0.py"
            limbeck("upgrade", folder=folder, check=0)
            path.write_text(anew)
            self.assertIn("Nothing to do", limbeck("upgrade", folder=folder, check=0).stderr)
            path.write_text(anew.replace("sa.Integer", "sa.Text"))
            self.assertIn("has changed since", limbeck("upgrade", folder=folder, check=8).stderr)
            # As earlier versions have written it.
            database.script("UPDATE limbeck_journal SET hash = substr(hash, 1, 71)")
            path.write_text(text)
            self.assertIn("Nothing to do", limbeck("upgrade", folder=folder, check=0).stderr)
            path.write_text(anew)
            limbeck("upgrade", folder=folder, check=8)

    def test_foreign_keys_and_a_single_transaction(self):
        folder, database = self.project(Sqlite, script("a1", '''
op.execute("CREATE TABLE t (a INTEGER, b INTEGER)")
op.execute("PRAGMA foreign_keys = ON")
with op.batch_alter_table("t") as batch:
    batch.alter_column("a", nullable=False)
'''))
        failed = limbeck("upgrade", "--single-transaction", folder=folder, check=2)
        self.assertIn("without --single-transaction", failed.stderr)
        self.assertEqual({}, rows(database))
        # What reads a script begins without them, and turns them off before the transaction.
        text = limbeck("upgrade", "--sql", "--single-transaction", folder=folder, check=0).stdout
        statements = [line for line in text.split("\n") if line in ("BEGIN;", "COMMIT;", "PRAGMA foreign_keys = OFF;")]
        self.assertEqual(["PRAGMA foreign_keys = OFF;", "BEGIN;", "COMMIT;"], statements)
        limbeck("upgrade", folder=folder, check=0)

    @unittest.skipUnless(PYTHON, "needs Alembic")
    def test_scripts_behind_those_that_are_told_of_are_read_during_the_run(self):
        """Before it, of a chain so long, a hundred are read on a database that is in use, to say what is to be said of them."""
        last = 230
        scripts = [script("s1", 'op.rename_table("own", "owned")')]
        scripts += [script(f"s{i}", f'op.create_table("t{i}", sa.Column("a", sa.Integer))', f"s{i - 1}") for i in range(2, last)]
        folder, database = self.project(Sqlite, *scripts, script(f"s{last}", 'raise RuntimeError("not this one")', f"s{last - 1}"))
        database.script("CREATE TABLE own (a integer)")
        result = limbeck("upgrade", folder=folder)
        self.assertIn("not this one", result.stderr)
        self.assertIn(f"{last - 1} revisions before it are done", result.stderr)
        self.assertIn("[rename]", result.stderr)

    def test_a_fault_in_a_later_script_is_said_before_anything_is_changed(self):
        asks = 'n = op.get_bind().execute(sa.text("SELECT 1")).scalar()\nprint(n)\n'
        faults = {"it is no Python": 'op.create_table("u"', "it raises": 'raise RuntimeError("no")',
                  "it is no Python, and asks": asks + 'op.create_table("u"'}
        for name, body in faults.items():
            with self.subTest(name):
                folder, database = self.project(Sqlite, script("a1", 'op.create_table("t", sa.Column("a", sa.Integer))'),
                                                script("b1", body, down="a1"))
                result = limbeck("upgrade", folder=folder, check=10)
                self.assertIn("1.py:1", result.stderr)
                self.assertIn("nothing was changed", result.stderr)
                self.assertEqual({}, rows(database))

    def test_a_script_that_asks_is_loaded_first_and_run_once(self):
        body = 'n = op.get_bind().execute(sa.text("SELECT 1")).scalar()\nopen("runs", "a").write("run ")\nif n:\n    op.execute("CREATE TABLE u (a int)")'
        folder, database = self.project(Sqlite, script("a1", body, head='open("runs", "a").write("loaded ")\n'))
        limbeck("upgrade", folder=folder, check=0)
        self.assertEqual(["u"], list(rows(database)))
        self.assertEqual("run", (folder / "runs").read_text().replace("loaded", "").strip())

    @unittest.skipUnless(PYTHON, "needs Alembic")
    def test_relative_paths_count_from_where_alembic_is_run(self):
        def ours(folder, *arguments):
            limbeck(*arguments, folder=folder, check=0)

        for tool in (ours, alembic):
            folder, _ = self.project(Sqlite, script("a1", 'op.create_table("t", sa.Column("a", sa.Integer))'))
            ini = folder / "alembic.ini"
            ini.write_text(re.sub("sqlalchemy.url = .*", "sqlalchemy.url = sqlite:///app.db", ini.read_text()))
            tool(folder.parent, "-c", f"{folder.name}/alembic.ini", "upgrade", "head")
            self.assertTrue((folder.parent / "app.db").exists(), tool.__name__)
            self.assertFalse((folder / "app.db").exists(), tool.__name__)
            (folder.parent / "app.db").unlink()
        # A folder without env.py is not meant.
        other, database = self.project(Sqlite, script("a1", 'op.create_table("t", sa.Column("a", sa.Integer))'))
        (other / "alembic.ini").write_text((other / "alembic.ini").read_text().replace("%(here)s/", "./"))
        (other.parent / "migrations").mkdir()
        ours(other.parent, "-c", f"{other.name}/alembic.ini", "upgrade", "head")
        self.assertEqual(["t"], list(rows(database)))
        # Found above the working directory, it is as if the tool were run there.
        ours(folder / "migrations", "upgrade")
        self.assertTrue((folder / "app.db").exists())
        ours(folder / "migrations", "upgrade", "--url", "sqlite:///here.db")
        self.assertTrue((folder / "migrations" / "here.db").exists())

    def test_the_version_table_is_alembics(self):
        ours, mine = self.project(Sqlite, script("a1", "pass"))
        theirs, other = self.project(Sqlite, script("a1", "pass"))
        limbeck("upgrade", folder=ours, check=0)
        alembic(theirs, "upgrade", "head")
        found = [" ".join(base.query("SELECT sql FROM sqlite_master WHERE name = 'alembic_version'")[0][0].replace('"', "").split())
                 .replace(" ,", ",") for base in (mine, other)]
        self.assertEqual(found[1], found[0])

    def test_indexes_that_are_made_of_reflected_ones(self):
        folder, database = self.project(Postgres, script("a1", """
bind = op.get_bind()
bind.exec_driver_sql("CREATE TABLE t (a TEXT, b INTEGER, UNIQUE NULLS NOT DISTINCT (b))")
bind.exec_driver_sql("CREATE INDEX classes ON t (a text_pattern_ops, b)")
bind.exec_driver_sql("CREATE UNIQUE INDEX nulls ON t (a DESC) INCLUDE (b) NULLS NOT DISTINCT WITH (fillfactor = 70, deduplicate_items = off)")
indexes = "SELECT indexdef FROM pg_indexes WHERE tablename = 't' ORDER BY 1"
before = bind.exec_driver_sql(indexes).fetchall()
t = sa.Table("t", sa.MetaData(), autoload_with=bind)
t.drop(bind)
t.create(bind)
assert bind.exec_driver_sql(indexes).fetchall() == before, bind.exec_driver_sql(indexes).fetchall()
"""))
        limbeck("upgrade", folder=folder, check=0)
        self.assertEqual(3, len(database.query("SELECT 1 FROM pg_indexes WHERE tablename = 't'")))

    def needs_the_application(self, *scripts, settings=""):
        """A project with a module of the application's, which Alembic is given and Limbeck does not look for."""
        folder, database = self.project(Sqlite, *scripts)
        (folder / "lib").mkdir()
        (folder / "lib" / "application.py").write_text("class NEEDED:\n    def value():\n        pass\n")
        env = folder / "migrations" / "env.py"
        # What stands in a condition is not run.
        env.write_text(f"import sys\nif sys.path:\n    sys.path.insert(0, {str(folder / 'lib')!r})\n" + env.read_text())
        (folder / "limbeck.toml").write_text(settings + f'[alembic]\npython = "{PYTHON}"\ndelegate = true\n')
        return folder, database

    @unittest.skipUnless(PYTHON, "needs Alembic")
    def test_a_delegated_revision_is_not_looked_into(self):
        scripts = (script("a1", 'op.execute("DELETE FROM bare")'),
                   script("b2", 'NEEDED.value()\nop.execute("DELETE FROM own")', "a1", head="from application import NEEDED\n"))
        warning = "warning: what revision b2, which Alembic itself runs, may do to rows is not looked into"
        for settings, expected in (('[data_loss]\nupgrade = "refuse"\n', self.assertIn), ("", self.assertNotIn)):
            folder, database = self.needs_the_application(*scripts, settings=settings)
            database.script("CREATE TABLE own (a integer); CREATE TABLE bare (a integer); INSERT INTO own VALUES (1)")
            said = limbeck("upgrade", folder=folder, check=0).stderr
            expected(warning, said)
            self.assertEqual([], database.query("SELECT a FROM own"))

    @unittest.skipUnless(PYTHON, "needs Alembic")
    def test_a_delegated_revision_is_not_verified(self):
        folder, _ = self.needs_the_application(
            script("a1", "pass"), script("b2", "NEEDED.value()", "a1", head="from application import NEEDED\n"))
        found = [(it["rule"], it["severity"], it["revision"])
                 for it in json.loads(limbeck("verify", "--json", folder=folder, check=0).stdout)["findings"]]
        self.assertIn(("not-verified", "notice", "b2"), found)
        self.assertNotIn("a1", [revision for rule, _, revision in found if rule == "not-verified"])
        self.assertIn("the project's own Alembic runs it", limbeck("verify", folder=folder, check=0).stdout)

    def test_an_interpreter_without_alembic_is_found_out_before_anything_runs(self):
        folder, database = self.needs_the_application(
            script("a1", 'op.execute("CREATE TABLE t (a INTEGER)")'),
            script("b2", "NEEDED.value()", "a1", head="from application import NEEDED\n"))
        bare = folder / "bare"
        bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E "$@"\n')
        bare.chmod(0o755)
        (folder / "limbeck.toml").write_text(f'[alembic]\npython = "{bare}"\ndelegate = true\n')
        said = limbeck("upgrade", folder=folder, check=10).stderr
        self.assertIn(f"the project's own Alembic, and {bare} does not know it", said)
        self.assertNotIn("Traceback", said)
        self.assertEqual([], database.query("SELECT name FROM sqlite_master WHERE name = 't'"))

    @unittest.skipUnless(PYTHON, "needs Alembic")
    def test_a_delegated_revision_ends_with_the_program(self):
        body = f'''
op.execute("CREATE TABLE t (a INTEGER)")
NEEDED.value()
open({str(self.folder)!r} + "/slow", "w").close()
time.sleep(60)
'''
        folder, database = self.needs_the_application(script("a1", body, head="import time\nfrom application import NEEDED\n"))
        with subprocess.Popen([PROGRAM, "upgrade"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
            wait_until(pathlib.Path(self.folder, "slow").exists, "the script has begun")
            began = time.monotonic()
            run.send_signal(signal.SIGTERM)
            said = run.communicate(timeout=60)[1]
            self.assertLess(time.monotonic() - began, 30, "Alembic has slept on")
        self.assertEqual(130, run.returncode, said)
        with sqlite3.connect(database.path, timeout=5) as connection:
            connection.execute("CREATE TABLE other (a INTEGER)")


class BatchBlocks(Case):
    """What batch_alter_table is told beside the changes, as Alembic does it."""
    BEFORE = '''
op.execute("CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR(10), c INTEGER, d INTEGER, PRIMARY KEY (a))")
op.execute("INSERT INTO t VALUES (1, 'x', 3, 4)")
'''

    def columns(self, body, sql=False, check=0):
        database = self.database(Sqlite)
        folder = make_project(tempfile.mkdtemp(dir=self.folder), {"a.py": script("a1", self.BEFORE + body)}, database)
        result = limbeck("upgrade", folder=folder, check=check)
        if check:
            return result.stderr
        self.assertEqual([(1, "x", 3, 4)], database.query("SELECT a, b, c, d FROM t"))
        if PYTHON:
            other = self.database(Sqlite)
            alembic(make_project(tempfile.mkdtemp(dir=self.folder), {"a.py": script("a1", self.BEFORE + body)}, other), "upgrade", "head")
            info = "SELECT name, type, \"notnull\" FROM pragma_table_info('t')"
            self.assertEqual(other.query(info), database.query(info))
        if sql:
            return database.query("SELECT sql FROM sqlite_master WHERE name = 't'")[0][0]
        return [name for (name,) in database.query("SELECT name FROM pragma_table_info('t')")]

    def test_the_order_of_columns(self):
        self.assertEqual(["c", "d", "a", "b"], self.columns('''
with op.batch_alter_table("t", recreate="always", partial_reordering=[("c", "d", "a"), ("a", "b")]) as batch:
    pass
'''))
        self.assertEqual(["b", "c", "d", "a"], self.columns('''
with op.batch_alter_table("t", partial_reordering=[("d", "a")]) as batch:
    batch.alter_column("b", type_=sa.Text())
'''))
        self.assertIn("before each other", self.columns('''
with op.batch_alter_table("t", recreate="always", partial_reordering=[("a", "b"), ("b", "a")]) as batch:
    pass
''', check=6))

    def test_constraints_that_are_not_seen(self):
        made = self.columns('''
with op.batch_alter_table("t", table_args=[sa.CheckConstraint("c > 0", name="positive"), sa.UniqueConstraint("b", name="once")]) as batch:
    batch.alter_column("b", type_=sa.Text())
with op.batch_alter_table("t", table_args=[sa.CheckConstraint("c > 0", name="positive")]) as batch:
    batch.alter_column("d", nullable=False)
''', sql=True)
        self.assertEqual(1, made.count("positive"), made)
        self.assertEqual(1, made.count("once"), made)

    def test_a_table_that_is_given(self):
        made = self.columns('''
known = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.String(20)),
                 sa.Column("c", sa.Integer), sa.Column("d", sa.Integer), sa.CheckConstraint("d > 0", name="positive"))
with op.batch_alter_table("t", copy_from=known) as batch:
    batch.alter_column("c", nullable=False)
''', sql=True)
        self.assertIn("VARCHAR(20)", made)
        self.assertIn("positive", made)

    def test_a_table_that_is_given_and_a_new_name(self):
        database = self.database(Sqlite)
        folder = make_project(tempfile.mkdtemp(dir=self.folder), {"a.py": script("a1", self.BEFORE + '''
known = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.String(20)))
with op.batch_alter_table("t", copy_from=known) as batch:
    batch.alter_column("b", new_column_name="z", nullable=False)
''')}, database)
        limbeck("upgrade", folder=folder, check=0)
        self.assertEqual([(1, "x")], database.query("SELECT * FROM t"))
        self.assertEqual(["a", "z"], [name for (name,) in database.query("SELECT name FROM pragma_table_info('t')")])

    def test_numbers_that_are_not_given_again(self):
        for given in ('recreate="always", table_kwargs={"sqlite_autoincrement": True}', 'table_kwargs={"sqlite_autoincrement": True}'):
            made = self.columns('with op.batch_alter_table("t", %s) as batch:\n    batch.alter_column("d", nullable=False)\n' % given, sql=True)
            self.assertIn("AUTOINCREMENT", made)
        made = self.columns('''
for wanted in (True, False):
    with op.batch_alter_table("t", recreate="always", table_kwargs={"sqlite_autoincrement": wanted}) as batch:
        pass
''', sql=True)
        self.assertNotIn("AUTOINCREMENT", made)

    def test_what_is_not_known_is_refused(self):
        said = self.columns('''
with op.batch_alter_table("t", recreate="always", table_kwargs={"sqlite_strict": True}) as batch:
    pass
''', check=10)
        self.assertIn("sqlite_strict", said)
        self.assertIn("a.py:", said)


if __name__ == "__main__":
    unittest.main()
