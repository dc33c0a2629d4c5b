"""New revisions of Alembic projects with several databases: as Alembic writes them, and for the one that is meant."""
import pathlib
import shutil
import subprocess
import unittest

from alembic_engines_test import FLASK, FLASK_ENV, SCRIPTS, Project
from alembic_harness import PYTHON, alembic
from harness import Sqlite, limbeck

MAKO = '''"""${message}"""
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()

<%
    from flask import current_app
    db_names = [''] + list(current_app.config["SQLALCHEMY_BINDS"].keys())
%>
% for db_name in db_names:

def upgrade_${db_name}():
    ${context.get("%s_upgrades" % db_name, "pass")}

% endfor
'''


class Templates(Project):
    @unittest.skipUnless(PYTHON, "needs Alembic")
    def test_new_revisions_are_those_that_alembic_writes(self):
        template = pathlib.Path(subprocess.run([PYTHON, "-c", "import alembic; print(alembic.__path__[0])"], text=True, capture_output=True,
                                               check=True).stdout.strip()) / "templates" / "multidb" / "script.py.mako"
        folder, _, _ = self.two(Sqlite)
        shutil.copy(template, folder / "db" / "script.py.mako")
        path = folder / "db" / "versions" / "d1_more.py"
        texts = []
        for run in (lambda *arguments: limbeck(*arguments, folder=folder, check=0), lambda *arguments: alembic(folder, *arguments)):
            result = run("revision", "-m", "more", "--rev-id", "d1")
            self.assertNotIn("warning", result.stderr)
            texts.append([line for line in path.read_text().splitlines() if not line.startswith("Create Date")])
            path.unlink()
        self.assertEqual(*texts)

    def test_a_revision_from_the_declared_schema_goes_to_its_engine(self):
        folder, one, two = self.two(Sqlite, scripts={"a1.py": SCRIPTS["a1.py"]})
        (folder / "limbeck.toml").write_text('schema = "schema.sql"\n')
        (folder / "schema.sql").write_text("CREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR(1), title TEXT);\n")
        limbeck("revision", "--autogenerate", "-m", "a title", "--rev-id", "b2", "--engine", "two", folder=folder, check=0)
        text = (folder / "db" / "versions" / "b2_a_title.py").read_text()
        self.assertIn("def upgrade_one():\n    pass\n", text)
        self.assertIn("title", text.partition("def upgrade_two():")[2].partition("def downgrade_two")[0])
        for name in ("one", "two"):
            limbeck("upgrade", "--engine", name, folder=folder, check=0)
        self.assertIn("title", two.columns("posts"))

    def test_what_is_generated_for_one_runs_on_no_other(self):
        folder, _, _ = self.two(Sqlite, scripts={"a1.py": SCRIPTS["a1.py"]})
        (folder / "limbeck.toml").write_text('schema = "schema.sql"\n')
        (folder / "schema.sql").write_text("CREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR(1), title TEXT);\n")
        (folder / "db" / "script.py.mako").write_text("revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n\n\n"
                                                      "def upgrade():\n    ${upgrades}\n")
        result = limbeck("revision", "--autogenerate", "-m", "x", "--engine", "two", folder=folder, check=10)
        self.assertIn("what is generated for the engine two would run on every other database, too", result.stderr)
        self.assertEqual(["a1.py"], [path.name for path in (folder / "db" / "versions").iterdir()])

    def test_what_is_generated_is_written_or_refused(self):
        """A template has functions for some engines; what is generated for no engine or another one has no place there."""
        template = ("revision = ${repr(up_revision)}\n"
                    "down_revision = ${repr(down_revision)}\n\n\ndef upgrade(engine_name):\n    globals()['upgrade_%s' % engine_name]()\n"
                    "\n\ndef upgrade_one():\n    ${context.get('%s_upgrades' % 'one', 'pass')}\n")
        folder, one, _ = self.two(Sqlite, scripts={})
        (folder / "limbeck.toml").write_text('schema = "schema.sql"\n')
        (folder / "schema.sql").write_text("CREATE TABLE posts (id INTEGER NOT NULL PRIMARY KEY);\n")
        (folder / "db" / "script.py.mako").write_text(template)
        generate = ("revision", "--autogenerate", "-m", "x", "--rev-id", "a1")
        result = limbeck(*generate, "--engine", "two", folder=folder, check=10)
        self.assertIn("what is generated for the engine two has no place in the new script", result.stderr)
        self.assertIn("two has to be one", result.stderr)
        result = limbeck(*generate, "--url", one.url, folder=folder, check=10)
        self.assertIn("it is not said for which one this is generated", result.stderr)
        self.assertIn("its engines are one, two", result.stderr)
        self.assertEqual([], list((folder / "db" / "versions").iterdir()))
        limbeck(*generate, "--engine", "one", folder=folder, check=0)
        self.assertIn("CREATE TABLE posts", (folder / "db" / "versions" / "a1_x.py").read_text())

    def test_a_template_that_cannot_be_rendered(self):
        folder, _, _ = self.two(Sqlite)
        mako = folder / "db" / "script.py.mako"
        mako.write_text("<%\nimport os\n%>\nrevision = ${repr(up_revision)}\n\n\ndef upgrade(engine_name):\n    pass\n")
        result = limbeck("revision", "-m", "more", "--rev-id", "d1", folder=folder, check=0)
        self.assertIn("a standard template was used", result.stderr)
        text = (folder / "db" / "versions" / "d1_more.py").read_text()
        for name in ("upgrade_one", "downgrade_one", "upgrade_two", "downgrade_two"):
            self.assertIn(f"def {name}():\n    pass\n", text)
        # Without the names of its databases it would be a script for one.
        folder = self.make({}, scripts={})
        shutil.copy(mako, folder / "db" / "script.py.mako")
        result = limbeck("revision", "-m", "more", folder=folder, check=10)
        self.assertIn("list these in the table [alembic.engines]", result.stderr)
        self.assertEqual([], list((folder / "db" / "versions").iterdir()))

    def test_a_template_that_asks_flask(self):
        folder = self.make({}, scripts={"a1.py": FLASK}, env=FLASK_ENV)
        (folder / "db" / "script.py.mako").write_text(MAKO)
        result = limbeck("revision", "-m", "more", folder=folder, check=10)
        self.assertIn("asks the Flask application for its databases", result.stderr)
        self.assertIn("list these in the table [alembic.engines]", result.stderr)
        (folder / "limbeck.toml").write_text('[alembic.engines]\nusers = "sqlite:///users.db"\n')
        limbeck("revision", "-m", "more", "--rev-id", "b1", folder=folder, check=0)
        text = (folder / "db" / "versions" / "b1_more.py").read_text()
        self.assertIn("def upgrade_():\n    pass\n", text)
        self.assertIn("def upgrade_users():\n    pass\n", text)


if __name__ == "__main__":
    unittest.main()
