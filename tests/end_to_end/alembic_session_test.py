"""Alembic projects: the schema and the role that env.py sets for its session are those of Limbeck's sessions."""
import tempfile
import unittest

from alembic_harness import alembic, make_project
from harness import Case, Postgres, Sqlite, limbeck

SCRIPT = '''
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("t")
'''

OWNER = "limbeck_session_owner"
SETTINGS = f"""
        connection.execute(text("SET search_path TO app, public"))
        connection.execute(text("SET ROLE {OWNER}"))
"""
COMPUTED = """
        if connection.dialect.name != "sqlite":
            connection.execute(text("SET search_path TO %s" % os.environ.get("TENANT", "app")))
"""
MADE = "SELECT schemaname || '.' || tablename, tableowner FROM pg_tables WHERE tablename IN ('t', 'alembic_version') ORDER BY 1"


class Sessions(Case):
    def project(self, settings, kind=Postgres):
        database = self.database(kind)
        if kind is Postgres:
            database.script(f"DO $$ BEGIN CREATE ROLE {OWNER}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;"
                            f"CREATE SCHEMA app AUTHORIZATION {OWNER}")
        folder = make_project(tempfile.mkdtemp(dir=self.folder), {"a1.py": SCRIPT}, database)
        env = folder / "migrations" / "env.py"
        configures = "        context.configure("
        self.assertIn(configures, env.read_text())
        env.write_text("from sqlalchemy import text\nimport os\n" + env.read_text().replace(configures, settings + configures))
        return folder, database

    def with_path(self, database, schema):
        return database.url + ("&" if "?" in database.url else "?") + "options=-csearch_path%3D" + schema

    def test_a_schema_and_a_role(self):
        folder, database = self.project(SETTINGS)
        made = [("app.alembic_version", OWNER), ("app.t", OWNER)]
        limbeck("upgrade", "head", folder=folder, check=0)
        self.assertEqual(made, database.query(MADE))
        self.assertIn("a1", alembic(folder, "current").stdout)
        alembic(folder, "downgrade", "base")
        alembic(folder, "upgrade", "head")
        self.assertEqual(made, database.query(MADE))
        self.assertIn("a1", limbeck("current", folder=folder, check=0).stdout)
        limbeck("backup", folder=folder, check=0)
        limbeck("downgrade", "base", folder=folder, check=0)
        self.assertNotIn("search_path", limbeck("upgrade", "head", "--sql", folder=folder, check=0).stdout)

    def test_what_the_url_says_comes_first(self):
        folder, database = self.project(SETTINGS)
        database.script(f"CREATE SCHEMA other AUTHORIZATION {OWNER}")
        limbeck("upgrade", "head", "--url", self.with_path(database, "other"), folder=folder, check=0)
        self.assertEqual([("other.alembic_version", OWNER), ("other.t", OWNER)], database.query(MADE))

    def test_what_is_only_known_when_env_py_runs(self):
        folder, database = self.project(COMPUTED)
        said = limbeck("upgrade", "head", folder=folder, check=10).stderr
        self.assertIn("env.py sets search_path, and to what is only known when it runs", said)
        self.assertIn("env.py:", said)
        self.assertIn("options=-csearch_path%3Dapp", said)
        self.assertEqual([], database.query(MADE))
        limbeck("heads", folder=folder, check=0)
        limbeck("upgrade", "head", "--sql", folder=folder, check=0)
        limbeck("upgrade", "head", "--url", self.with_path(database, "app"), folder=folder, check=0)
        self.assertEqual(["app.alembic_version", "app.t"], [name for name, _ in database.query(MADE)])

    def test_sqlite_has_neither(self):
        folder, database = self.project(COMPUTED, Sqlite)
        limbeck("upgrade", "head", folder=folder, check=0)
        self.assertEqual([], database.query("SELECT * FROM t"))


if __name__ == "__main__":
    unittest.main()
