"""Alembic projects: constraints are named by the naming convention of env.py's metadata, as Alembic names them."""
import tempfile
import unittest

from alembic_harness import alembic, differences, make_project
from harness import Case, Postgres, Sqlite, limbeck

SCRIPT = '''
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer, unique=True),
                    sa.Column("up", sa.Integer, sa.ForeignKey("t.id")), sa.CheckConstraint("a > 0", name="small"),
                    sa.CheckConstraint("a < 9", name=op.f("written")), sa.UniqueConstraint("up", name="own"))


def downgrade():
    op.drop_constraint("small", "t", type_="check")
    op.drop_table("t")
'''

CONVENTION = '''{
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
}
'''

NAMED = {"ck_t_small", "fk_t_up_t", "own", "pk_t", "uq_t_a", "written"}
PLAIN = {"own", "small", "t_a_key", "t_pkey", "t_up_fkey", "written"}

BASE = {"app/__init__.py": "", "app/names.py": "CONVENTION = " + CONVENTION, "app/models.py": "import app.other\nfrom .base import Base\n",
        "app/other.py": "def made(naming_convention=None):\n    return naming_convention\n",
        "app/base.py": "from sqlalchemy import MetaData\nfrom sqlalchemy.ext.declarative import declarative_base\n"
                       "from .names import CONVENTION as NAMES\nBase = declarative_base(metadata=MetaData(naming_convention=NAMES))\n"}
FLASK = {"flask.py": "import app_of_flask\nclass current_app:\n    extensions = {'migrate': app_of_flask}\n",
         "app_of_flask.py": "import sqlalchemy as sa\nclass db:\n    metadata = sa.MetaData(naming_convention=" + CONVENTION + ")\n",
         "tests/other.py": "import sqlalchemy as sa\nmetadata = sa.MetaData(naming_convention={'pk': 'other'})\n"}
SECOND = {**BASE, "app/second.py": "import sqlalchemy as sa\nmetadata = sa.MetaData(naming_convention={'pk': 'other_%(table_name)s'})\n"}

# What stands in env.py before it configures, its target_metadata, the project's modules, and the names that this makes.
PROJECTS = {
    "in env.py": ("import sqlalchemy\nNAMES = " + CONVENTION, "sqlalchemy.MetaData(naming_convention=NAMES)", {}, NAMED),
    "imported": ("from app.models import Base as B\ntarget_metadata = B.metadata", "target_metadata", BASE, NAMED),
    "by its module": ("import app.base", "app.base.Base.metadata", BASE, NAMED),
    "put in later": ("import sqlalchemy\nmetadata = sqlalchemy.MetaData()\nmetadata.naming_convention = " + CONVENTION, "metadata", {}, NAMED),
    "with a function": ("import sqlalchemy\ndef twice(constraint, table):\n    return table.name * 2\nNAMES = " +
                        CONVENTION.replace("{", "{'twice': twice, ", 1), "sqlalchemy.MetaData(naming_convention=NAMES)", {}, NAMED),
    "pairs": ("import sqlalchemy\nNAMES = (('pk', 'pk_%(table_name)s'), ('uq', 'uq_%(table_name)s_%(column_0_name)s'))",
              "sqlalchemy.MetaData(naming_convention=dict(NAMES))", {}, PLAIN - {"t_a_key", "t_pkey"} | {"pk_t", "uq_t_a"}),
    "imported pairs": ("from app.base import Base", "Base.metadata", {
        **BASE, "app/names.py": "CONVENTION = (('pk', 'pk_%(table_name)s'), ('uq', 'uq_%(table_name)s_%(column_0_name)s'))\n",
        "app/base.py": BASE["app/base.py"].replace("=NAMES", "=dict(NAMES)")}, PLAIN - {"t_a_key", "t_pkey"} | {"pk_t", "uq_t_a"}),
    "by keywords": ("import sqlalchemy", "sqlalchemy.MetaData(naming_convention=dict(pk='pk_%(table_name)s', uq='uq_%(table_name)s_%(column_0_name)s'))", {},
                    PLAIN - {"t_a_key", "t_pkey"} | {"pk_t", "uq_t_a"}),
    "of Flask": ("from flask import current_app\ntarget_db = current_app.extensions['migrate'].db", "target_db.metadata", FLASK, NAMED),
    "not of this metadata": ("from app.models import Base", "None", BASE, PLAIN),
    "of a metadata without": ("import sqlalchemy\nfrom app.models import Base\nplain = sqlalchemy.MetaData()", "plain", BASE, PLAIN),
    "one of several": ("from app.models import Base", "[Base.metadata]", BASE, PLAIN),
}


class Naming(Case):
    def project(self, kind, head, metadata, modules, script=SCRIPT):
        database = self.database(kind)
        folder = make_project(tempfile.mkdtemp(dir=self.folder), {"a1.py": script}, database)
        for name, text in modules.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        env = folder / "migrations" / "env.py"
        env.write_text("import sys\nsys.path.insert(0, '.')\n" + head + "\n" +
                       env.read_text().replace("connection=connection,", f"connection=connection, target_metadata={metadata},"))
        return folder, database

    def names(self, database):
        return {name for (name,) in database.query("SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass")}

    def test_the_convention_of_env_py(self):
        for about, (head, metadata, modules, names) in PROJECTS.items():
            with self.subTest(about):
                folder, database = self.project(Postgres, head, metadata, modules)
                limbeck("upgrade", "head", folder=folder, check=0)
                self.assertEqual(names, self.names(database))
                limbeck("downgrade", "base", folder=folder, check=0)
                alembic(folder, "upgrade", "head")
                self.assertEqual(names, self.names(database))

    def test_sqlite(self):
        head, metadata, modules, _ = PROJECTS["imported"]
        by_limbeck, database = self.project(Sqlite, head, metadata, modules)
        limbeck("upgrade", "head", folder=by_limbeck, check=0)
        by_alembic, other = self.project(Sqlite, head, metadata, modules)
        alembic(by_alembic, "upgrade", "head")
        self.assertEqual("", differences(database, other))
        self.assertIn("CONSTRAINT pk_t PRIMARY KEY", database.query("SELECT sql FROM sqlite_master WHERE name = 't'")[0][0])

    def test_what_limbeck_toml_says_comes_first(self):
        head, metadata, modules, _ = PROJECTS["imported"]
        for table, primary_key in (("", "t_pkey"), ('pk = "key_%(table_name)s"\n', "key_t")):
            folder, database = self.project(Postgres, head, metadata, modules)
            (folder / "limbeck.toml").write_text("[alembic.naming_convention]\n" + table)
            limbeck("upgrade", "head", folder=folder, check=0)
            self.assertIn(primary_key, self.names(database))

    def test_a_convention_that_is_not_known(self):
        two = ("from app.models import Base\nimport app.second", "Base.metadata", SECOND)
        function = ("import sqlalchemy\ndef twice(constraint, table):\n    return table.name * 2\nNAMES = {'twice': twice, 'pk': 'pk_%(twice)s'}",
                    "sqlalchemy.MetaData(naming_convention=NAMES)", {})
        computed = ("import sqlalchemy\ndef names():\n    return {'pk': 'key'}", "sqlalchemy.MetaData(naming_convention=names())", {})
        named = SCRIPT.replace('"id", sa.Integer, primary_key=True', '"id", sa.Integer').replace(", unique=True", "") \
            .replace(', sa.ForeignKey("t.id")', "").replace('"small"', 'op.f("small")')
        for (head, metadata, modules), why in ((function, "%(twice)s of the naming convention of env.py's metadata"), (two, "(app/names.py:1: another is in app/second.py:2)"), (computed, "(migrations/env.py:16: it is computed)")):
            folder, database = self.project(Sqlite, head, metadata, modules)
            said = limbeck("upgrade", "head", folder=folder, check=10).stderr
            self.assertIn(why, said)
            self.assertIn("needs the application", said)
            self.assertIn("a1.py:10", said)
            self.assertEqual([], database.query("SELECT name FROM sqlite_master WHERE name = 't'"))
            folder, database = self.project(Sqlite, head, metadata, modules, named)
            limbeck("upgrade", "head", folder=folder, check=0)


if __name__ == "__main__":
    unittest.main()
