"""Alembic projects with several databases: the template "multidb" and that of Flask-Migrate, engine by engine and beside Alembic."""
import json
import pathlib
import re
import tempfile
import unittest

from alembic_harness import PYTHON, alembic, differences, rows, sqlalchemy_url
from harness import Case, Postgres, Sqlite, limbeck

# As Alembic's template has it, in short.
ENV = '''import re
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
names = re.split(r",\\s*", config.get_main_option("databases"))
if context.is_offline_mode():
    for name in names:
        with open("%s.sql" % name, "w") as buffer:
            context.configure(url=config.get_section_option(name, "sqlalchemy.url"), output_buffer=buffer, literal_binds=True)
            with context.begin_transaction():
                context.run_migrations(engine_name=name)
else:
    connections = {}
    for name in names:
        engine = engine_from_config(config.get_section(name), prefix="sqlalchemy.", poolclass=pool.NullPool)
        connections[name] = engine.connect()
    transactions = [connection.begin() for connection in connections.values()]
    try:
        for name, connection in connections.items():
            context.configure(connection=connection, upgrade_token="%s_upgrades" % name, downgrade_token="%s_downgrades" % name)
            context.run_migrations(engine_name=name)
        for transaction in transactions:
            transaction.commit()
    except:
        for transaction in transactions:
            transaction.rollback()
        raise
    finally:
        for connection in connections.values():
            connection.close()
'''
HEAD = '''"""{message}"""
from alembic import op
import sqlalchemy as sa

revision = "{id}"
down_revision = {down!r}

'''
TEMPLATE = HEAD + '''
def upgrade(engine_name: str) -> None:
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name: str) -> None:
    globals()["downgrade_%s" % engine_name]()


def upgrade_one() -> None:
    {one}


def downgrade_one() -> None:
    {one_back}


def upgrade_two() -> None:
    {two}


def downgrade_two() -> None:
    {two_back}
'''
COLUMNS = 'sa.Column("id", sa.Integer(), primary_key=True), sa.Column("kind", sa.Enum("a", "b", name="{0}_kind"))'
SCRIPTS = {
    "a1.py": TEMPLATE.format(id="a1", down=None, message="tables", one=f'op.create_table("users", {COLUMNS.format("user")})',
                             one_back='op.drop_table("users")\n    op.execute("DROP TYPE IF EXISTS user_kind") if op.get_bind().dialect.name == "postgresql" else None',
                             two=f'op.create_table("posts", {COLUMNS.format("post")})',
                             two_back='op.drop_table("posts")\n    op.execute("DROP TYPE IF EXISTS post_kind") if op.get_bind().dialect.name == "postgresql" else None'),
    "b1.py": HEAD.format(id="b1", down="a1", message="rows, with an if") + '''
def upgrade(engine_name):
    if engine_name == "one":
        op.bulk_insert(sa.table("users", sa.column("id", sa.Integer)), [{"id": 1}, {"id": 2}])
    else:
        op.execute("INSERT INTO posts (id) VALUES (7)")


def downgrade(engine_name=""):
    op.execute("DELETE FROM %s" % {"one": "users", "two": "posts"}[engine_name])
''',
    "c1.py": TEMPLATE.format(id="c1", down="b1", message="asks the database", one='n = op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar()\n'
                             '    op.execute("INSERT INTO users (id) VALUES (%d)" % (n + 10))',
                             one_back='op.execute("DELETE FROM users WHERE id > 9")', two="pass", two_back="pass"),
}


class Project(Case):
    def make(self, databases, scripts=None, env=ENV, section=""):
        """A project with these databases, name to database; none: its section has no url."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        versions = folder / "db" / "versions"
        versions.mkdir(parents=True)
        (folder / "db" / "env.py").write_text(env)
        for name, text in (SCRIPTS if scripts is None else scripts).items():
            (versions / name).write_text(text)
        ini = "[alembic]\nscript_location = %(here)s/db\n" + (f"databases = {', '.join(databases)}\n" if databases else "") + section
        for name, database in databases.items():
            ini += f"\n[{name}]\n" + (f"sqlalchemy.url = {sqlalchemy_url(database).replace('%', '%%')}\n" if database else "")
        (folder / "alembic.ini").write_text(ini)
        return folder

    def two(self, kind, **more):
        databases = {"one": self.database(kind), "two": self.database(kind)}
        return self.make(databases, **more), databases["one"], databases["two"]


def counts(database):
    """How many rows are in each table."""
    return {name.rpartition(".")[2]: len(it) for name, it in rows(database).items()}


class BesideAlembic(Project):
    def compare(self, kind):
        ours, one, two = self.two(kind)
        theirs, their_one, their_two = self.two(kind)

        def same(when):
            for mine, other in ((one, their_one), (two, their_two)):
                self.assertEqual("", differences(mine, other), when)
                self.assertEqual(rows(mine), rows(other), when)

        def run(*arguments):
            for name in ("one", "two"):
                limbeck(*arguments, "--engine", name, folder=ours, check=0)
            if PYTHON:
                alembic(theirs, *arguments)
                same(arguments)

        run("upgrade", "head")
        self.assertEqual({"users": 3}, counts(one))
        self.assertEqual({"posts": 1}, counts(two))
        run("downgrade", "a1")
        run("upgrade", "c1")
        run("downgrade", "base")
        self.assertEqual({}, rows(one))
        if not PYTHON:
            return
        # By turns on the same databases.
        alembic(ours, "upgrade", "b1")
        run("upgrade", "head")
        alembic(ours, "downgrade", "b1")
        alembic(theirs, "downgrade", "b1")
        same("after Alembic's downgrade")

    def test_on_sqlite(self):
        self.compare(Sqlite)

    def test_on_postgresql(self):
        self.compare(Postgres)

    def test_one_stays_where_it_is_while_the_other_goes(self):
        folder, one, two = self.two(Sqlite)
        limbeck("upgrade", "--engine", "two", folder=folder, check=0)
        self.assertFalse(pathlib.Path(one.path).exists())
        self.assertIn("c1", limbeck("current", "--engine", "two", folder=folder, check=0).stdout)
        self.assertEqual("", limbeck("current", "--engine", "one", folder=folder, check=0).stdout)


class EachInTurn(Project):
    """Commands that name no engine go through all of them, as Alembic's do."""

    def test_there_and_back_beside_alembic(self):
        for kind in (Sqlite, Postgres):
            ours, one, two = self.two(kind)
            theirs, their_one, their_two = self.two(kind)
            for command in (["upgrade", "b1"], ["upgrade", "head"], ["downgrade", "-1"], ["stamp", "a1"], ["stamp", "b1"], ["downgrade", "base"]):
                with self.subTest(command, kind=kind.__name__):
                    said = limbeck(*command, folder=ours, check=0).stderr
                    self.assertLess(said.index("Database one\n"), said.index("Database two\n"))
                    if not PYTHON:
                        continue
                    alembic(theirs, *command)
                    for mine, other in ((one, their_one), (two, their_two)):
                        self.assertEqual("", differences(mine, other))
                        self.assertEqual(rows(mine), rows(other))

    def test_looking_at_all_of_them(self):
        folder, _, _ = self.two(Sqlite)
        result = limbeck("status", folder=folder, check=3)
        self.assertEqual(["one", "two"], re.findall(r"^engine +(\w+)$", result.stdout, re.M))
        limbeck("upgrade", "--engine", "one", folder=folder, check=0)
        self.assertEqual("c1 (head)\n", limbeck("current", folder=folder, check=0).stdout)
        limbeck("current", "--check-heads", folder=folder, check=3)
        self.assertEqual(2, limbeck(folder=folder, check=3).stdout.count("project "))
        limbeck("upgrade", folder=folder, check=0)
        self.assertEqual("c1 (head)\nc1 (head)\n", limbeck("current", "--check-heads", folder=folder, check=0).stdout)
        limbeck("status", folder=folder, check=0)
        self.assertEqual("two", json.loads(limbeck("status", "--engine", "two", "--json", folder=folder, check=0).stdout)["engine"])

    def test_one_that_fails_ends_it(self):
        of_one = SCRIPTS["b1.py"].replace('if engine_name == "one":', 'if engine_name == "one":\n        op.execute("no sql")')
        folder, one, two = self.two(Sqlite, scripts={**SCRIPTS, "b1.py": of_one})
        said = limbeck("upgrade", folder=folder, check=6).stderr
        self.assertIn("in the database one\n", said)
        self.assertIn("as it was before revision b1; 1 revision before it is done and stays; two was not begun", said)
        self.assertEqual({}, rows(two))
        of_two = SCRIPTS["b1.py"].replace("    else:", '    else:\n        op.execute("no sql")')
        folder, one, two = self.two(Sqlite, scripts={**SCRIPTS, "b1.py": of_two})
        said = limbeck("upgrade", folder=folder, check=6).stderr
        self.assertIn("in the database two\n", said)
        self.assertIn("; what was done in one stays", said)
        self.assertEqual({"users": 3}, counts(one))

    def test_none_is_touched_when_one_has_no_url(self):
        one = self.database(Sqlite)
        folder = self.make({"one": one, "two": None})
        self.assertIn("the engine two has no url", limbeck("upgrade", folder=folder, check=10).stderr)
        self.assertFalse(pathlib.Path(one.path).exists())

    def test_the_engine_of_the_configuration_alone(self):
        folder, one, two = self.two(Sqlite)
        (folder / "limbeck.toml").write_text('[alembic]\nengine = "two"\n')
        self.assertNotIn("Database", limbeck("upgrade", folder=folder, check=0).stderr)
        self.assertEqual({"posts": 1}, counts(two))
        self.assertFalse(pathlib.Path(one.path).exists())


class Refusals(Project):
    def refused(self, *arguments, folder, check=10):
        result = limbeck(*arguments, folder=folder, check=check)
        self.assertNotIn("Traceback", result.stderr)
        return result.stderr or result.stdout

    def test_what_needs_a_database_wants_an_engine_and_nothing_else_does(self):
        folder, one, two = self.two(Sqlite)
        for command in (["upgrade", "--sql"], ["downgrade", "a1:base", "--sql"], ["current", "--json"], ["upgrade", "--json"], ["--json"], ["lint"],
                        ["audit"], ["verify"], ["check"], ["repair"], ["health"], ["backup"], ["import", "alembic", "--dry-run"]):
            with self.subTest(command):
                said = self.refused(*command, folder=folder)
                self.assertIn("this project has several databases, and it is not said which one is meant", said)
                self.assertIn("--engine", said)
                self.assertIn("its engines are one, two", said)
        for command in (["heads"], ["history"], ["branches"], ["show", "a1"], ["revision", "-m", "x"]):
            limbeck(*command, folder=folder, check=0)
        self.assertFalse(pathlib.Path(one.path).exists() or pathlib.Path(two.path).exists())

    def test_an_engine_that_is_not_there(self):
        folder, _, _ = self.two(Sqlite)
        self.assertIn("did you mean two?", self.refused("upgrade", "--engine", "tow", folder=folder, check=2))
        self.assertIn("its engines are one, two", self.refused("heads", "--engine", "nothing", folder=folder, check=2))
        self.assertIn("--engine is empty", self.refused("upgrade", "--engine", "", folder=folder, check=2))
        (folder / "limbeck.toml").write_text('[alembic]\nengine = "tow"\n')
        said = self.refused("heads", folder=folder)
        self.assertIn("this project has no engine tow", said)
        self.assertIn("limbeck.toml:2:10", said)
        plain = self.make({}, env="context.run_migrations()\n", section="sqlalchemy.url = sqlite:///a.db\n")
        self.assertIn("it has one database", self.refused("upgrade", "--engine", "one", folder=plain, check=2))
        self.assertIn("none of Alembic's", self.refused("heads", "--engine", "one", folder=self.project({}), check=2))

    def test_an_engine_without_a_url(self):
        folder = self.make({"one": None, "two": self.database(Sqlite)})
        said = self.refused("upgrade", "--engine", "one", folder=folder)
        self.assertIn("the engine one has no url", said)
        self.assertIn('one = "postgresql://..."', said)
        other = self.database(Sqlite)
        limbeck("upgrade", "--engine", "one", "--url", other.url, folder=folder, check=0)
        self.assertEqual(["users"], list(rows(other)))

    def test_a_script_without_a_function_for_the_engine(self):
        databases = {"one": self.database(Sqlite), "three": self.database(Sqlite)}
        folder = self.make(databases, scripts={"a1.py": SCRIPTS["a1.py"]})
        said = self.refused("upgrade", "--engine", "three", folder=folder)
        self.assertIn("the script has no function upgrade_three() for the engine three", said)

    def test_a_script_that_wants_one_is_refused_before_any_other_runs(self):
        """Also those that are planned late, and those that run live at once."""
        plain = HEAD.format(id="a0", down=None, message="plain") + 'def upgrade():\n    op.create_table("t", sa.Column("id", sa.Integer()))\n'
        acting = SCRIPTS["c1.py"].replace("n = op", 'print("asked"); n = op').replace('"b1"', '"a1"').replace("'b1'", "'a1'")
        for text in (SCRIPTS["a1.py"], acting):
            scripts = {"a0.py": plain, "a1.py": SCRIPTS["a1.py"].replace("down_revision = None", 'down_revision = "a0"')}
            if text is acting:
                scripts = {"a0.py": plain, "c1.py": acting.replace("'a1'", "'a0'")}
            folder, one, two = self.two(Sqlite, scripts=scripts)
            database = self.database(Sqlite)
            said = self.refused("upgrade", "--url", database.url, folder=folder)
            self.assertIn("is for several databases: upgrade() takes engine_name", said)
            self.assertIn("its engines are one, two", said)
            self.assertEqual({}, rows(database))

    def test_a_plain_script_in_the_chain_is_refused_as_by_alembic(self):
        plain = HEAD.format(id="d1", down="c1", message="plain") + 'def upgrade():\n    op.create_table("t", sa.Column("id", sa.Integer()))\n'
        folder, one, two = self.two(Sqlite, scripts={**SCRIPTS, "d1.py": plain})
        for name, database in (("one", one), ("two", two)):
            said = self.refused("upgrade", "--engine", name, folder=folder)
            self.assertIn("revision d1 raised TypeError: upgrade() got an unexpected keyword argument 'engine_name'", said)
            self.assertIn("write def upgrade(engine_name)", said)
            self.assertNotIn("t", rows(database))
        env = folder / "db" / "env.py"
        one_call = "context.run_migrations(engine_name=name)\n        for transaction"
        self.assertIn(one_call, env.read_text())
        env.write_text("from application import several\n" + env.read_text().replace(
            one_call, one_call.replace("name)", "name) if several else context.run_migrations()")))
        for name, database in (("one", one), ("two", two)):
            limbeck("upgrade", "--engine", name, folder=folder, check=0)
            self.assertIn("t", rows(database))

    def test_two_engines_never_get_one_url(self):
        folder, one, two = self.two(Sqlite)
        (folder / "limbeck.toml").write_text('url = "sqlite:///own.db"\n')
        said = self.refused("upgrade", "--engine", "one", folder=folder)
        self.assertIn("url does not say of which engine it is", said)
        (folder / "limbeck.toml").write_text('url = "sqlite:///own.db"\n[alembic]\nengine = "one"\n')
        limbeck("upgrade", folder=folder, check=0)
        limbeck("upgrade", "--engine", "two", folder=folder, check=0)
        self.assertEqual(["users"], list(rows(Sqlite.at(str(folder / "own.db")))))
        self.assertEqual(["posts"], list(rows(two)))


class OtherCommands(Project):
    def test_a_recording_of_one_engine_is_not_that_of_another(self):
        # The last one asks the database: nothing of it is kept, and it is not written down.
        scripts = {name: SCRIPTS[name] for name in ("a1.py", "b1.py")}
        folder, one, two = self.two(Sqlite, scripts=scripts)
        starts = folder / "starts"
        python = folder / "python"
        python.write_text(f'#!/bin/sh\necho started >> "{starts}"\nexec python3 "$@"\n')
        python.chmod(0o755)
        (folder / "limbeck.toml").write_text(f'[alembic]\npython = "{python}"\n')

        def sql(engine):
            before = len(starts.read_text().splitlines()) if starts.exists() else 0
            text = limbeck("upgrade", "--sql", "--engine", engine, folder=folder, check=0, env={"XDG_CACHE_HOME": str(folder / "cache")}).stdout
            return text, len(starts.read_text().splitlines()) > before

        first, asked = sql("one")
        self.assertTrue(asked)
        self.assertIn("CREATE TABLE users", first)
        self.assertIn("INSERT INTO users", first)
        second, asked = sql("two")
        self.assertTrue(asked, "another engine is another recording")
        self.assertIn("CREATE TABLE posts", second)
        self.assertNotIn("users", second)
        self.assertEqual((first, False), sql("one"))
        self.assertEqual((second, False), sql("two"))

    def test_comparing_verifying_looking_and_importing(self):
        folder, one, two = self.two(Sqlite, scripts={name: SCRIPTS[name] for name in ("a1.py", "b1.py")})
        for name, table, other in (("one", "users", "posts"), ("two", "posts", "users")):
            limbeck("upgrade", "--engine", name, folder=folder, check=0)
            built = limbeck("inspect", "revisions", "--engine", name, folder=folder, check=0).stdout
            self.assertIn(table, built)
            self.assertNotIn(other, built)
            self.assertEqual("", limbeck("diff", "--engine", name, "--from", "revisions", "--to", "database", "--format", "operations",
                                         folder=folder, check=0).stdout)
            self.assertIn("nothing is wrong", limbeck("verify", "--engine", name, folder=folder, check=0).stdout
                          + limbeck("verify", "--engine", name, folder=folder, check=0).stderr)
            limbeck("lint", "--engine", name, "--fail-on", "error", folder=folder, check=0)
            self.assertIn("2 recorded", limbeck("audit", "--engine", name, folder=folder, check=0).stdout)
            target = folder / ("sql_" + name)
            limbeck("import", "alembic", str(target), "--engine", name, folder=folder, check=0)
            text = "".join(path.read_text() for path in (target / "migrations").iterdir())
            self.assertIn(table, text)
            self.assertNotIn(other, text)
        # Without an engine it is one error, and not a note for each revision.
        result = limbeck("import", "alembic", "--dry-run", "--dialect", "sqlite", folder=folder, check=10)
        self.assertIn("is for several databases", result.stderr)

    def test_a_backup_of_one_engine_is_not_restored_into_another(self):
        folder, one, two = self.two(Sqlite)
        for name in ("one", "two"):
            limbeck("upgrade", "--engine", name, folder=folder, check=0)
        limbeck("backup", "--engine", "one", "--output", "one.backup", folder=folder, check=0)
        before = rows(two)
        result = limbeck("restore", "one.backup", "--yes", "--engine", "two", folder=folder, check=2)
        self.assertIn("one.backup is a backup of the engine one, and the engine two is meant", result.stderr)
        self.assertIn("nothing was changed", result.stderr)
        self.assertEqual(before, rows(two))
        limbeck("downgrade", "base", "--engine", "one", folder=folder, check=0)
        limbeck("restore", "one.backup", "--yes", "--engine", "one", folder=folder, check=0)
        self.assertEqual({"users": 3}, counts(one))
        other = self.database(Sqlite)
        limbeck("restore", "one.backup", "--yes", "--url", other.url, folder=folder, check=0)
        self.assertEqual({"users": 3}, counts(other))

    def test_what_init_finds(self):
        folder, _, _ = self.two(Sqlite)
        result = limbeck("init", "--from-alembic", folder=folder, check=0)
        self.assertIn("It has several databases: one, two.", result.stdout)
        text = (folder / "limbeck.toml").read_text()
        self.assertIn('# engine = "one"\n# engine = "two"\n', text)
        limbeck("heads", folder=folder, check=0)
        (folder / "limbeck.toml").write_text(text.replace('# engine = "two"', 'engine = "two"'))
        limbeck("upgrade", folder=folder, check=0)
        (folder / "limbeck.toml").unlink()
        result = limbeck("init", "--from-alembic", "--json", folder=folder, check=0)
        self.assertEqual(["one", "two"], json.loads(result.stdout)["engines"])
        only = self.make({"one": self.database(Sqlite)})
        self.assertNotIn("several", limbeck("init", "--from-alembic", folder=only, check=0).stdout)



FLASK_ENV = '''from flask import current_app
from alembic import context

config = context.config
config.set_main_option("sqlalchemy.url", str(current_app.extensions["migrate"].db.engine.url))
bind_names = list(current_app.config["SQLALCHEMY_BINDS"])
for bind in bind_names:
    config.set_section_option(bind, "sqlalchemy.url", str(current_app.extensions["migrate"].db.engines[bind].url))
for name in ["", *bind_names]:
    context.configure(connection=connect(name))
    context.run_migrations(engine_name=name)
'''
FLASK = TEMPLATE.replace("upgrade_one", "upgrade_").replace("downgrade_one", "downgrade_").replace("grade_two", "grade_users").format(
    id="a1", down=None, message="both", one='op.create_table("posts", sa.Column("id", sa.Integer()))', one_back='op.drop_table("posts")',
    two='op.create_table("users", sa.Column("id", sa.Integer()))', two_back='op.drop_table("users")')


class Flask(Project):
    def test_the_main_database_has_no_name(self):
        folder = self.make({}, scripts={"a1.py": FLASK}, env=FLASK_ENV)
        main, users = self.database(Sqlite), self.database(Sqlite)
        result = limbeck("upgrade", "--url", main.url, folder=folder, check=10)
        self.assertIn("its engines are <default>, users", result.stderr)
        result = limbeck("upgrade", "--engine", "users", folder=folder, check=10)
        self.assertIn("env.py computes the urls of the engines", result.stderr)
        limbeck("upgrade", "--engine", "<default>", folder=folder, env={"DATABASE_URL": main.url}, check=0)
        limbeck("upgrade", "--engine", "users", "--url", users.url, folder=folder, check=0)
        self.assertEqual((["posts"], ["users"]), (list(rows(main)), list(rows(users))))

    def test_urls_in_limbeck_toml(self):
        folder = self.make({}, scripts={"a1.py": FLASK}, env=FLASK_ENV)
        main, users = self.database(Sqlite), self.database(Sqlite)
        (folder / "limbeck.toml").write_text(f'url = "{main.url}"\n[alembic.engines]\nusers = "${{USERS_URL}}"\n')
        for name in ("<default>", "users"):
            limbeck("upgrade", "--engine", name, folder=folder, env={"USERS_URL": users.url}, check=0)
        self.assertEqual((["posts"], ["users"]), (list(rows(main)), list(rows(users))))
        self.assertIn("USERS_URL is not set", limbeck("upgrade", "--engine", "users", folder=folder, check=10).stderr)


@unittest.skipUnless(PYTHON, "needs Alembic")
class Delegated(Project):
    """What needs the application is run by the project's own Alembic, on the one database that is meant."""
    NEEDS = HEAD.format(id="b1", down="a1", message="needs the application") + '''
def upgrade(engine_name):
    from application import NAMES
    op.execute("CREATE TABLE %s (id INTEGER)" % NAMES[engine_name])


def downgrade(engine_name):
    from application import NAMES
    op.execute("DROP TABLE %s" % NAMES[engine_name])
'''

    def make_both(self, kind):
        env = "import sys\nif sys.path:\n    sys.path.insert(0, 'lib')\n" + ENV
        folder, one, two = self.two(kind, scripts={"a1.py": SCRIPTS["a1.py"], "b1.py": self.NEEDS}, env=env)
        (folder / "lib").mkdir()
        (folder / "lib" / "application.py").write_text('NAMES = {"one": "app_one", "two": "app_two"}\n')
        (folder / "limbeck.toml").write_text(f'[alembic]\npython = "{PYTHON}"\ndelegate = true\n')
        return folder, one, two

    def test_the_other_database_is_let_be(self):
        for kind in (Sqlite, Postgres):
            folder, one, two = self.make_both(kind)
            result = limbeck("upgrade", "--engine", "two", folder=folder, check=0)
            self.assertIn("run by the project's own Alembic", result.stderr)
            self.assertIn("app_two", str(rows(two)))
            self.assertEqual({}, rows(one))
            limbeck("upgrade", "--engine", "one", folder=folder, check=0)
            self.assertIn("app_one", str(rows(one)))
            limbeck("downgrade", "a1", "--engine", "one", folder=folder, check=0)
            self.assertNotIn("app_one", str(rows(one)))
            self.assertIn("app_two", str(rows(two)))
            self.assertIn("b1", limbeck("current", "--engine", "two", folder=folder, check=0).stdout)

    def test_an_env_that_gives_scripts_nothing(self):
        """It connects to the one that is meant, or nothing is run."""
        for kind in (Sqlite, Postgres):
            folder, one, _ = self.make_both(kind)
            env = folder / "db" / "env.py"
            env.write_text(env.read_text().replace("engine_name=name", ""))
            script = folder / "db" / "versions" / "b1.py"
            script.write_text(script.read_text().replace("(engine_name)", "()").replace("[engine_name]", '["one"]'))
            other = self.database(kind)
            result = limbeck("upgrade", "--engine", "one", "--url", other.url, folder=folder, check=6)
            self.assertIn("connects to another database", result.stderr)
            limbeck("upgrade", "--engine", "one", folder=folder, check=0)
            self.assertIn("app_one", str(rows(one)))

    def test_never_on_another_database(self):
        for kind in (Sqlite, Postgres):
            folder, one, two = self.make_both(kind)
            other = self.database(kind)
            result = limbeck("upgrade", "--engine", "two", "--url", other.url, folder=folder, check=6)
            self.assertIn("connects to another database", result.stderr)
            self.assertEqual(({}, {}), (rows(one), rows(two)))

    def test_without_an_engine_nothing_is_handed_on(self):
        folder, one, two = self.make_both(Sqlite)
        result = limbeck("upgrade", "--url", one.url, folder=folder, check=10)
        self.assertIn("is for several databases", result.stderr)
        self.assertEqual({}, rows(one))


if __name__ == "__main__":
    unittest.main()
