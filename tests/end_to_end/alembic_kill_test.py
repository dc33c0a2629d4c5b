"""A runner that dies in the middle of Alembic scripts: the next one ends as if nothing had happened.

The counters prove that each statement ran exactly once.
"""
import signal
import tempfile
import unittest

from alembic_harness import PYTHON, make_project
from harness import Case, Postgres, Sqlite, limbeck

HEAD = '''"""{id}"""
from alembic import op
import sqlalchemy as sa
{imports}
revision = "{id}"
down_revision = {down}


def count(name, n):
    op.execute(sa.text("UPDATE counters SET n = n + :n WHERE name = :name").bindparams(n=n, name=name))

'''

SCRIPTS = {
    "s1": '''
def upgrade():
    op.create_table("counters", sa.Column("name", sa.String(20), primary_key=True), sa.Column("n", sa.Integer()))
    items = op.create_table("items", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()), sa.Column("t", sa.Text()))
    op.bulk_insert(items, [{"id": i, "n": 0} for i in range(1, 26)])
    for name in ("recorded", "asked", "alone"):
        op.execute("INSERT INTO counters VALUES ('%s', 0)" % name)


def downgrade():
    op.drop_table("items")
    op.drop_table("counters")
''',
    # Recorded, with parts that are committed alone.
    "s2": '''
def upgrade():
    count("recorded", 1)
    with op.get_context().autocommit_block():
        count("recorded", 10)
        op.create_index("ix_items_n", "items", ["n"]{concurrently})
    count("recorded", 100)


def downgrade():
    count("recorded", -111)
    op.drop_index("ix_items_n", table_name="items")
''',
    # It asks, and stays in its transaction.
    "s3": '''
def upgrade():
    bind = op.get_bind()
    count("asked", 1)
    if bind.execute(sa.text("SELECT n FROM counters WHERE name = 'asked'")).scalar() == 1:
        count("asked", 10)


def downgrade():
    n = op.get_bind().execute(sa.text("SELECT n FROM counters WHERE name = 'asked'")).scalar()
    count("asked", -n)
''',
    # It asks, and leaves its transaction: batches by the number of rows that were changed.
    "s4": '''
def upgrade():
    conn = op.get_bind()
    count("alone", 1)
    with op.get_context().autocommit_block():
        rounds = 0
        while True:
            done = conn.execute(sa.text("UPDATE items SET n = n + 1, t = 'x' WHERE id IN "
                                        "(SELECT id FROM items WHERE t IS NULL ORDER BY id LIMIT 10)"))
            if done.rowcount <= 0:
                break
            rounds += 1
        assert rounds == 3, rounds
        count("alone", 10)
        op.create_index("ix_items_t", "items", ["t"]{concurrently})
    assert conn.execute(sa.text("SELECT count(*) FROM items WHERE t IS NULL")).scalar() == 0
    count("alone", 100)
    op.add_column("items", sa.Column("done", sa.Integer()))


def downgrade():
    with op.batch_alter_table("items") as batch_op:
        batch_op.drop_column("done")
    op.drop_index("ix_items_t", table_name="items")
    op.execute("UPDATE items SET n = 0, t = NULL")
    count("alone", -111)
''',
    # It looks whether its work is done, as scripts do that are meant to be run again.
    "s5": '''
def upgrade():
    names = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("items")}
    if "z" not in names:
        op.add_column("items", sa.Column("z", sa.Integer()))
    with op.get_context().autocommit_block():
        count("alone", 1000)
        if op.get_bind().execute(sa.text("SELECT n FROM counters WHERE name = 'recorded'")).scalar() < 1000:
            count("recorded", 1000)
        count("alone", 10000)
    count("asked", 1000)


def downgrade():
    count("asked", -1000)
    count("recorded", -1000)
    count("alone", -11000)
    with op.batch_alter_table("items") as batch_op:
        batch_op.drop_column("z")
''',
}
ON_SQLITE = '''
def upgrade():
    with op.batch_alter_table("items") as batch_op:
        batch_op.alter_column("n", nullable=False, existing_type=sa.Integer())
        batch_op.create_check_constraint("ck_items_n", "n >= 0")


def downgrade():
    with op.batch_alter_table("items") as batch_op:
        batch_op.drop_constraint("ck_items_n", type_="check")
        batch_op.alter_column("n", nullable=True, existing_type=sa.Integer())
'''
# What no stand-in can do.
DELEGATED = '''
Base = declarative_base()


class Counter(Base):
    __tablename__ = "counters"
    name = sa.Column(sa.String(20), primary_key=True)
    n = sa.Column(sa.Integer())


def upgrade():
    session = Session(bind=op.get_bind())
    session.query(Counter).filter(Counter.name == "asked").one().n += 100
    session.commit()


def downgrade():
    op.execute("UPDATE counters SET n = n - 100 WHERE name = 'asked'")
'''


def make_scripts(kind, delegated):
    bodies = dict(SCRIPTS)
    if kind is Sqlite:
        bodies["s6"] = ON_SQLITE
    if delegated:
        bodies["s7"] = DELEGATED
    files, down = {}, "None"
    for name, body in bodies.items():
        imports = "from sqlalchemy.orm import Session, declarative_base\n" if body is DELEGATED else ""
        concurrently = ", postgresql_concurrently=True" if kind is Postgres else ""
        files[f"{name}.py"] = HEAD.format(id=name, down=down, imports=imports) + body.replace("{concurrently}", concurrently)
        down = f'"{name}"'
    return files


class KillScripts:
    kind = None
    delegated = False

    def setUp(self):
        super().setUp()
        self.scripts = make_scripts(self.kind, self.delegated)
        database, folder = self.make()
        self.run_one(folder, "upgrade", "head")
        self.at_head = database.fingerprint()
        self.check(database)
        self.run_one(folder, "downgrade", "s1")
        self.at_s1 = database.fingerprint()

    def make(self):
        database = self.database(self.kind)
        return database, make_project(tempfile.mkdtemp(dir=self.folder), self.scripts, database)

    def run_one(self, folder, *arguments, crash_at=None, check=0):
        env = {"LIMBECK_CRASH_AT": str(crash_at)} if crash_at else {}
        python = ["--delegate"] if self.delegated else []
        if self.delegated:
            (folder / "limbeck.toml").write_text(f'[alembic]\npython = "{PYTHON}"\n')
        return limbeck(*arguments, "--no-backup", *python, folder=folder, env=env, check=check)

    def check(self, database):
        counters = {name: int(n) for name, n in database.query("SELECT name, n FROM counters")}
        self.assertEqual({"recorded": 1111, "asked": 1111 if self.delegated else 1011, "alone": 11111}, counters)
        self.assertEqual(["1"], [str(n) for (n,) in database.query("SELECT DISTINCT n FROM items")])

    def crash_everywhere(self, prepare, arguments, expected, least):
        point = 0
        while True:
            point += 1
            database, folder = self.make()
            for command in prepare:
                self.run_one(folder, *command)
            result = self.run_one(folder, *arguments, crash_at=point, check=None)
            if result.returncode == 0:
                break
            with self.subTest(point=point):
                self.assertEqual(-signal.SIGKILL, result.returncode, result.stderr)
                self.run_one(folder, *arguments)
                self.assertEqual(expected, database.fingerprint())
                self.assertEqual([], database.query("SELECT revision FROM limbeck_journal WHERE outcome = 'started'"))
            database.drop()
        self.assertGreater(point, least, "there are more transitions than that")

    def test_upgrade_dies_at_every_transition(self):
        self.crash_everywhere([], ["upgrade", "head"], self.at_head, 12)

    def test_downgrade_dies_at_every_transition(self):
        self.crash_everywhere([["upgrade", "head"]], ["downgrade", "s1"], self.at_s1, 4)


class OnSqlite(KillScripts, Case):
    kind = Sqlite


class OnPostgres(KillScripts, Case):
    kind = Postgres


# It needs what a statement has answered that is not run again.
REMEMBERS = '''
def upgrade():
    conn = op.get_bind()
    op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()))
    op.create_table("b", sa.Column("a_id", sa.Integer()))
    made = conn.execute(sa.text("INSERT INTO a (id, n) VALUES (7, 1) RETURNING id"))
    with op.get_context().autocommit_block():
        op.create_index("ix_a_n", "a", ["n"])
    conn.execute(sa.text("INSERT INTO b VALUES (:id)"), {"id": made.scalar()})
'''


class RemembersOnSqlite(Case):
    kind = Sqlite

    def test_an_answer_that_is_gone_is_not_made_up(self):
        gone = 0
        for point in range(1, 30):
            database = self.database(self.kind)
            script = HEAD.format(id="r1", down="None", imports="") + REMEMBERS
            folder = make_project(tempfile.mkdtemp(dir=self.folder), {"r1.py": script}, database)
            first = limbeck("upgrade", "head", folder=folder, env={"LIMBECK_CRASH_AT": str(point)}, check=None)
            again = limbeck("upgrade", "head", folder=folder, check=None)
            rows = [int(id) for (id,) in database.query("SELECT a_id FROM b")] if again.returncode == 0 else None
            database.drop()
            if rows is None:
                self.assertIn("what it answered is not known any more", again.stderr)
                self.assertIn("r1.py:", again.stderr)
                gone += 1
            else:
                self.assertEqual([7], rows)
            if first.returncode == 0:
                break
        self.assertEqual(0, first.returncode)
        self.assertGreater(gone, 0)


class RemembersOnPostgres(RemembersOnSqlite):
    kind = Postgres


@unittest.skipUnless(PYTHON, "needs Alembic")
class DelegatedOnSqlite(KillScripts, Case):
    kind = Sqlite
    delegated = True


if __name__ == "__main__":
    unittest.main()
