"""The conversation with the reader: what it records, where it says things stand, and live runs on a SQLite database."""
import marshal
import os
import pathlib
import select
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import unittest

import driver

HEAD = """import sqlalchemy as sa
from alembic import context, op
"""


class ReaderCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.scripts = 0

    def write(self, text, name=None):
        self.scripts += 1
        path = pathlib.Path(self.folder.name) / (name or "script_%d.py" % self.scripts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def script(self, body, head=HEAD):
        return self.write(head + "\n\ndef upgrade():\n" + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n")

    def reader(self, dialect="postgresql", **named):
        made = driver.Reader(dialect, **named)
        self.addCleanup(made.close)
        return made


class Purity(ReaderCase):
    def pure(self, body, head=HEAD):
        with driver.Reader() as reader:
            return reader.record(self.script(body, head))["pure"]

    def test_what_comes_of_the_script_alone(self):
        self.assertTrue(self.pure('op.create_table("t", sa.Column("a", sa.Enum("x", name="e")))'))
        self.assertTrue(self.pure("import json, textwrap\nfrom sqlalchemy.dialects import postgresql\nfor a in 'ab': op.drop_table(a)"))

    def test_what_does_not(self):
        for body in ("import os", "import json, time", "open", "lambda: exec('1')", "def f():\n    from random import random",
                     "class A:\n    import sys", "import no_such_module", "op.f.x = 1", "sa.event.listen(sa.Text, 'x', print)",
                     "context.config.get_main_option('a')", "\n".join("sa.b%d" % i for i in range(300)) + "\nimport os"):
            with self.subTest(body[-40:]):
                self.assertFalse(self.pure(body))

    def test_one_that_was_sent_is_not_read(self):
        reader = self.reader()
        path = self.script("op.drop_table('of_the_file')")
        answer = reader.ask({"do": "record", "id": "a", "path": path, "direction": "upgrade",
                             "source": HEAD + "\n\ndef upgrade():\n    # why\n    op.drop_table('sent')\n"})
        self.assertEqual(answer["items"], [{"sql": "DROP TABLE sent", "line": 7, "comment": "# why"}])


class Engines(ReaderCase):
    """Scripts for several databases are told which one is meant, as Alembic's template "multidb" has it."""
    TEMPLATE = HEAD + """

def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_one():
    op.execute("up one")


def downgrade_one():
    op.execute("down one")


def upgrade_():
    op.execute("up main")


def downgrade_():
    op.execute("down main")
"""

    def said(self, text, direction="upgrade", **configured):
        """What it records; or what it needs."""
        answer = self.reader(**configured).record(self.write(text), direction)
        if answer["event"] != "recorded":
            return answer.get("what") or answer["message"]
        return [item["sql"] for item in answer["items"]]

    def test_each_engine_has_its_functions(self):
        self.assertEqual(self.said(self.TEMPLATE, engine="one"), ["up one"])
        self.assertEqual(self.said(self.TEMPLATE, "downgrade", engine="one"), ["down one"])
        self.assertEqual(self.said(self.TEMPLATE, engine=""), ["up main"])
        self.assertEqual(self.said(self.TEMPLATE, engine="two"), "'upgrade_two'")

    def test_without_an_engine_nothing_of_it_runs(self):
        answer = self.reader().record(self.write(self.TEMPLATE))
        self.assertEqual((answer["event"], answer["what"], answer["text"], answer["line"], answer["engines"]),
                         ("needs", "engine", "upgrade() takes engine_name", 5, ["one", ""]))
        live = self.reader("sqlite", database=sqlite3.connect(":memory:"))
        self.assertEqual((live.live(self.write(self.TEMPLATE))["what"], live.events), ("engine", []))

    def test_how_a_function_may_take_it(self):
        body = "\n    op.execute('up ' + repr(%s))\n"
        for parameters, value, expected in (
                ("engine_name", "engine_name", ["up 'one'"]),
                ("engine_name=''", "engine_name", ["up 'one'"]),
                ("*, engine_name", "engine_name", ["up 'one'"]),
                ("*, engine_name=None", "engine_name", ["up 'one'"]),
                ("more=1, engine_name=None", "(more, engine_name)", ["up (1, 'one')"]),
                ("**given", "given", ["up {'engine_name': 'one'}"]),
                ("name=''", "name", ["up 'one'"]),
                ("name", "name", ["up 'one'"]),
                ("", "0", ["up 0"]),
                ("a=1, b=2", "(a, b)", ["up (1, 2)"]),
                ("engine_name, urls", "engine_name", "application"),
                ("a, b", "a", "application")):
            with self.subTest(parameters):
                self.assertEqual(self.said(HEAD + "def upgrade(%s):" % parameters + body % value, engine="one"), expected)

    def test_the_name_that_env_gives(self):
        text = HEAD + "def upgrade(%s):\n    op.execute('up ' + %s)\n"
        self.assertEqual(self.said(text % ("db, more='x'", "db + more"), engine="one", engine_argument="db"), ["up onex"])
        self.assertEqual(self.said(text % ("other='x'", "other"), engine="one", engine_argument="db"), ["up x"])
        self.assertEqual(self.said(text % ("other", "other"), engine="one", engine_argument="db"), "application")

    def test_an_env_that_gives_nothing(self):
        """A default is what Alembic leaves, too."""
        text = HEAD + "def upgrade(%s):\n    op.execute('up ' + repr(%s))\n"
        for parameters, value, expected in (("schema='public'", "schema", ["up 'public'"]), ("engine_name=None", "engine_name", ["up None"]),
                                            ("**given", "given", ["up {}"]), ("name", "name", ["up 'one'"]), ("a, b=1", "(a, b)", "application")):
            with self.subTest(parameters):
                self.assertEqual(self.said(text % (parameters, value), engine="one", has_engines=True, gives_no_arguments=True), expected)
        self.assertEqual(self.said(text % ("schema='public'", "schema"), has_engines=True, gives_no_arguments=True), ["up 'public'"])

    def test_one_with_a_default_is_asked_for_where_engines_are_listed(self):
        text = HEAD + "def upgrade(engine_name='x'):\n    op.execute('up ' + engine_name)\n"
        self.assertEqual(self.said(text), ["up x"])
        self.assertEqual(self.said(text, has_engines=True), "engine")
        self.assertEqual(self.said(HEAD + "def upgrade(**given):\n    op.execute('up')\n", has_engines=True), "engine")
        self.assertEqual(self.said(HEAD + "def upgrade():\n    op.execute('up')\n", has_engines=True), ["up"])

    def test_a_method_and_a_decorated_function(self):
        decorated = HEAD + """
import functools
def decorated(function):
    @functools.wraps(function)
    def called(*arguments, **named):
        return function(*arguments, **named)
    return called

@decorated
def upgrade(%s):
    op.execute('up ' + %s)
"""
        self.assertEqual(self.said(decorated % ("engine_name", "engine_name"), engine="one"), ["up one"])
        self.assertEqual(self.said(decorated % ("", "'all'"), engine="one"), ["up all"])
        self.assertEqual(self.said(HEAD + """
class A:
    def up(self, engine_name):
        op.execute('up ' + engine_name)
upgrade = A().up
""", engine="one"), ["up one"])

    def test_the_types_that_go_with_a_downgrade_are_those_of_the_engine(self):
        text = HEAD + """
def upgrade(engine_name):
    op.create_table(engine_name, sa.Column("a", sa.Enum("x", name="e_" + engine_name)))

def downgrade(engine_name):
    op.drop_table(engine_name)
"""
        answer = self.reader(engine="one").record(self.write(text), "downgrade")
        self.assertIn(["used", "", "one", "a", "e_one"], answer["types"])

    def test_the_template_is_kept_and_other_uses_of_globals_are_not(self):
        reader = self.reader(engine="one")
        other = self.TEMPLATE.replace('globals()["upgrade_%s" % engine_name]', "globals().get(f'upgrade_{engine_name}', lambda: None)")
        for text in (self.TEMPLATE, other, other.replace("    globals", "    'Upgrade all.'\n    globals")):
            self.assertTrue(reader.record(self.write(text))["pure"])
        for text in ('globals()["upgrade_%s" % engine_name]()\n    globals()["x"]', "globals()[engine_name]",
                     'globals()["%s" % engine_name]', 'globals().update({"upgrade_%s" % engine_name: 1})'):
            with self.subTest(text):
                answer = reader.record(self.write(HEAD + "one = x = None\ndef upgrade(engine_name):\n    " + text +
                                                  "\ndef upgrade_one(): pass\n"))
                self.assertFalse(answer["pure"], answer)


class Attached(ReaderCase):
    """The reader's modules come as text and as a version of Python has compiled them."""

    def compiled(self, sources):
        """By the Python that the reader runs in: its number, and the modules."""
        work = ("import importlib.util, marshal, sys; read = sys.stdin.buffer; made = {n: marshal.dumps(compile(t, n, 'exec')) "
                "for n, t in marshal.load(read).items()}; sys.stdout.buffer.write(marshal.dumps((importlib.util.MAGIC_NUMBER, made), 2))")
        python = os.environ.get("LIMBECK_TEST_PYTHON") or sys.executable
        made = subprocess.run([python, "-c", work], input=marshal.dumps(sources, 2), stdout=subprocess.PIPE, check=True)
        return marshal.loads(made.stdout)

    def records(self, attached):
        reader = self.reader(attached=attached)
        return reader.record(self.script('op.drop_table("t")'))["items"][0]["sql"]

    def test_what_this_python_compiled_is_taken(self):
        magic, code = self.compiled(driver.sources())
        useless = {name: b"raise SystemExit" for name in code}
        self.assertEqual(self.records(driver.attachment(useless, code, magic)), "DROP TABLE t")

    def test_what_another_one_compiled_is_not(self):
        magic, code = self.compiled(driver.sources())
        useless = {name: b"?" for name in code}
        self.assertEqual(self.records(driver.attachment(driver.sources(), useless, bytes(reversed(magic)))), "DROP TABLE t")


class HangUp(ReaderCase):
    def test_a_program_that_leaves_an_answer_unread(self):
        """The reader's next read is then refused, and not just at its end."""
        reader = self.reader()
        reader.send({"do": "nothing"})
        self.assertTrue(select.select([reader.socket], [], [], 20)[0])
        reader.close()
        self.assertEqual(reader.process.returncode, 0)


class Recorded(ReaderCase):
    def test_places_and_comments(self):
        path = self.script("""
            # ### commands auto generated by Alembic - please adjust! ###
            op.drop_table("a")

            # First a comment,
            # of two lines.
            op.execute(
                "UPDATE t SET a = 1"
            )
            def helper():
                op.execute("SELECT 1")
            helper()
            # ### end Alembic commands ###
        """)
        answer = self.reader().record(path)
        self.assertEqual([item["line"] for item in answer["items"]], [7, 11, 15])
        self.assertEqual([item.get("comment") for item in answer["items"]], [None, "# First a comment,\n# of two lines.", None])

    def test_each_comment_is_said_once_with_the_first_that_it_is_about(self):
        path = self.script("""
            # A comment of its own.

            # In a loop.
            for name in ("a", "b"):
                # Each of them.
                op.execute("DELETE FROM " + name)
            def add(table):
                # In the helper.
                op.add_column(table, sa.Column("x", sa.Integer, index=True))
            # The call.
            add("t")
            # The block.
            with op.batch_alter_table("t") as batch:
                # The first.
                batch.add_column(sa.Column("y", sa.Integer))
                # The second.
                batch.alter_column("z", nullable=True)
        """)
        said = lambda dialect: [item.get("comment", "") for item in self.reader(dialect=dialect).record(path)["items"]]
        before = ["# A comment of its own.\n# In a loop.\n# Each of them.", "", "# The call.\n# In the helper.", ""]
        self.assertEqual(said("postgresql"), before + ["# The block.\n# The first.", "# The second."])
        self.assertEqual(said("sqlite"), before + ["# The block.\n# The first.\n# The second."])

    def test_a_long_traceback_is_said_by_its_ends(self):
        answer = self.reader().record(self.script("def again(x):\n    return again(x)\nagain(1)"))
        self.assertEqual((answer["type"], len(answer["traceback"])), ("RecursionError", 10))
        self.assertRegex(answer["traceback"][4]["text"], r"^return again\(x\)  \(and \d+ calls more\)$")

    def test_output_is_captured(self):
        answer = self.reader().record(self.script('print("hello")'))
        self.assertEqual((answer["event"], answer["output"], answer["items"]), ("recorded", "hello\n", []))

    def test_the_same_text_each_time(self):
        path = self.script("""
            t = sa.table("t", sa.column("a"))
            inner = sa.select(t.c.a).subquery()
            op.execute(sa.select(inner.c.a))
        """)
        reader = self.reader()
        first, second = (reader.record(path)["items"][0]["sql"] for _ in range(2))
        self.assertEqual(first, second)
        self.assertIn("AS anon_1", first)

    def test_several_statements_in_one_text(self):
        answer = self.reader().record(self.script('op.execute("SELECT 1; SELECT 2;")\nop.execute("SELECT 3;")'))
        self.assertEqual([item.get("many") for item in answer["items"]], [True, None])
        self.assertEqual(answer["items"][1]["sql"], "SELECT 3")

    def test_a_result_that_nobody_looks_at_is_no_query(self):
        answer = self.reader().record(self.script('op.get_bind().execute(sa.text("UPDATE t SET a = :a"), {"a": 1})'))
        self.assertEqual([item["sql"] for item in answer["items"]], ["UPDATE t SET a = 1"])

    def test_parameters_by_their_keyword(self):
        answer = self.reader().record(self.script("""
            bind, t = op.get_bind(), sa.table("t", sa.column("a"))
            bind.execute(sa.text("UPDATE t SET a = :a"), parameters={"a": 1})
            bind.execute(t.insert(), parameters=[{"a": 2}, {"a": 3}])
            bind.execute(sa.text("UPDATE t SET a = :parameters"), parameters=4)
            bind.execute(sa.text("UPDATE t SET b = 1"), parameters=None)
        """))
        self.assertEqual([item["sql"] for item in answer["items"]], [
            "UPDATE t SET a = 1", "INSERT INTO t (a) VALUES (2), (3)", "UPDATE t SET a = 4", "UPDATE t SET b = 1"])

    def test_what_listens_to_tables_being_made_and_dropped(self):
        answer = self.reader().record(self.script("""
            metadata = sa.MetaData()
            t = sa.Table("a b", metadata, sa.Column("id", sa.Text), schema="app")
            sa.event.listen(t, "after_create", sa.DDL("SELECT '%(fullname)s %(extra)s %%'", context={"extra": 1}).execute_if(dialect=("postgresql", "mysql")))
            sa.event.listen(t, "after_create", sa.DDL("SELECT 'other'").execute_if(dialect="sqlite"))
            sa.event.listen(metadata, "before_create", sa.schema.CreateSchema("app").execute_if(dialect="postgresql"))

            @sa.event.listens_for(metadata, "after_drop")
            def dropped(target, connection, tables, **unused):
                connection.execute(sa.text("SELECT 'dropped %d'" % len(tables)))
            sa.event.listen(t, "before_drop", sa.DDL("SELECT '%(schema)s.%(table)s'"))
            metadata.create_all(op.get_bind(), checkfirst=False)
            metadata.drop_all(op.get_bind(), checkfirst=False)
        """))
        self.assertEqual([" ".join(item["sql"].split()) for item in answer["items"]], [
            "CREATE SCHEMA app", 'CREATE TABLE app."a b" ( id TEXT )', """SELECT 'app."a b" 1 %'""", """SELECT 'app."a b"'""",
            'DROP TABLE app."a b"', "SELECT 'dropped 1'"])
        answer = self.reader().record(self.script('sa.DDL("SELECT 1").execute_if(callable_=lambda *unused: True)'))
        self.assertEqual(answer.get("what"), "application", answer)

    def test_every_table_listened_to(self):
        answer = self.reader().record(self.script("""
            @sa.event.listens_for(sa.Table, "after_create")
            def made(target, connection, **unused):
                connection.execute(sa.text("SELECT '%s'" % target.name))
            op.create_table("t", sa.Column("a", sa.Text))
            sa.event.remove(sa.Table, "after_create", made)
        """))
        self.assertEqual(answer["items"][-1]["sql"], "SELECT 't'")

    def test_rows_of_which_the_first_says_the_columns(self):
        path = self.script("""
            bind = op.get_bind()
            t = op.create_table("t", sa.Column("id", sa.Integer), sa.Column("a", sa.Text, default="x"), sa.Column("b", sa.Text, server_default="y"))
            op.bulk_insert(t, [{"id": 1}, {"id": 2, "b": "left out"}])
            op.bulk_insert(t, [{"id": 3}, {"id": 4, "b": "its own"}], multiinsert=False)
            bind.execute(t.insert())
            bind.execute(t.insert(), [{}, {"b": "left out"}])
            u = sa.table("u", sa.column("id", sa.Integer))
            bind.execute(u.insert(), [{}, {}])
        """)
        first = "INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'x')"
        each = ["INSERT INTO t (id, a) VALUES (%d, 'x')" % row for row in (1, 3)] + \
            ["INSERT INTO t (id, a, b) VALUES (%d, 'x', '%s')" % row for row in ((2, "left out"), (4, "its own"))]
        rest = ["INSERT INTO t (a) VALUES ('x')", "INSERT INTO t (a) VALUES ('x')", "INSERT INTO t (a) VALUES ('x')"] + \
            ["INSERT INTO u DEFAULT VALUES"] * 2
        for offline, expected in ((False, [first, each[1], each[3]]), (True, [each[0], each[2], each[1], each[3]])):
            answer = self.reader().record(path, offline=offline)
            self.assertEqual([item["sql"] for item in answer["items"][1:]], expected + rest)
            self.assertEqual(answer["notes"], [] if offline else [
                "bulk_insert into t leaves out b of later rows, as Alembic does: the first row does not have it"])

    def test_division_by_the_version_of_sqlalchemy(self):
        path = self.script('t = sa.table("t", sa.column("a", sa.Integer))\nop.execute(t.update().values(a=t.c.a / 2))')
        for version, expected in (("1.4", "UPDATE t SET a=(t.a / 2)"), ("2.0", "UPDATE t SET a=(t.a / CAST(2 AS NUMERIC))")):
            answer = self.reader(sqlalchemy=version).record(path)
            self.assertEqual([expected], [item["sql"] for item in answer["items"]])
            self.assertEqual([], answer["notes"])
            self.assertFalse(answer["pure"])
        answer = self.reader(sqlalchemy="1.4").record(self.script('sa.column("a", sa.Integer) // 2'))
        self.assertEqual(("raised", "TypeError"), (answer["event"], answer["type"]))

    def test_columns_of_models_by_their_own_names(self):
        path = self.script("""
            class Model(declarative_base()):
                __tablename__ = "t"
                id = sa.Column("a", sa.Integer, primary_key=True)
                number = sa.Column("b", sa.Integer)
            op.bulk_insert(Model.__table__, [{"a": 1, "b": 2}])
            op.execute(Model.__table__.insert().values(a=3, b=4))
            op.execute(sa.update(Model).values(b=5, id=6).where(Model.__table__.c.a == 1, Model.__table__.c["b"] == 2))
        """, HEAD + "from sqlalchemy.orm import declarative_base\n")
        self.assertEqual([item["sql"] for item in self.reader().record(path)["items"]], [
            "INSERT INTO t (a, b) VALUES (1, 2)", "INSERT INTO t (a, b) VALUES (3, 4)",
            "UPDATE t SET a=6, b=5 WHERE t.a = 1 AND t.b = 2"])

    def test_what_types_and_columns_look_like(self):
        path = self.script("""
            from sqlalchemy.dialects import postgresql
            class Mood(enum.Enum):
                good = 1
            for one in (sa.Integer(), sa.String(20), sa.Numeric(10, 2), sa.Float(53), sa.LargeBinary(20), sa.DateTime(timezone=True),
                        sa.Enum(Mood, native_enum=False), sa.ARRAY(sa.String(3)), postgresql.ARRAY(sa.Text, dimensions=2),
                        postgresql.ENUM("a", name="y"), postgresql.TIMESTAMP(precision=3), postgresql.JSONB(), sa.Boolean(name="ck")):
                print(repr(one))
            print(repr(sa.Column("a", sa.Integer, sa.ForeignKey("u.b"), primary_key=True, server_default="1", comment="x")))
        """, HEAD + "import enum\n")
        self.assertEqual(self.reader().record(path)["output"].splitlines(), [
            "Integer()", "String(length=20)", "Numeric(precision=10, scale=2)", "Float(precision=53)", "LargeBinary(length=20)",
            "DateTime(timezone=True)", "Enum('good', name='mood', native_enum=False)", "ARRAY(String(length=3))",
            "ARRAY(Text(), dimensions=2)", "ENUM('a', name='y')", "TIMESTAMP(precision=3)", "JSONB(astext_type=Text())", "Boolean(name='ck')",
            "Column('a', Integer(), ForeignKey('u.b'), table=None, primary_key=True, nullable=False, "
            "server_default=DefaultClause('1', for_update=False), comment='x')"])

    def test_what_tables_and_constraints_look_like(self):
        path = self.script("""
            t = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), sa.UniqueConstraint("a", name="u"), schema="s")
            print(repr(t), str(t), str(t.c.a), repr(t.metadata))
            print(t.primary_key, [one for one in t.constraints if one.name == "u"][0])
            print(sa.Index("i", "a", unique=True), sa.Sequence("q", start=5), sa.Identity(), sa.FetchedValue(), sa.text("a = :b"))
        """)
        column = "Column('a', Integer(), table=<t>, primary_key=True, nullable=False)"
        self.assertEqual(self.reader().record(path)["output"].splitlines(), [
            "Table('t', MetaData(), %s, schema='s') s.t t.a MetaData()" % column,
            "PrimaryKeyConstraint(%s) UniqueConstraint(%s)" % (column, column),
            "Index('i', 'a', unique=True) Sequence('q', start=5) Identity() FetchedValue() a = :b"])

    def test_queries_of_models_by_themselves(self):
        path = self.script("""
            session = scoped_session(sessionmaker(bind=op.get_bind()))
            Base.query = session.query_property()
            assert Base.query is None
            Model.query.filter_by(name="a").update({"name": "b"}, synchronize_session=False)
            session.commit()
        """, HEAD + textwrap.dedent("""
            from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker
            Base = declarative_base()
            class Model(Base):
                __tablename__ = "t"
                id = sa.Column(sa.Integer, primary_key=True)
                name = sa.Column(sa.Text)
        """))
        self.assertEqual(["UPDATE t SET name='b' WHERE t.name = 'a'"], [item["sql"] for item in self.reader().record(path)["items"]])

    def test_the_text_of_an_address(self):
        path = self.script("""
            text = str(op.get_bind().engine.url)
            assert "sqlite" not in text and "postgres" in text.lower() and text.startswith(("postgresql", "sqlite"))
            print("at %s" % text)
        """)
        self.assertEqual("recorded", self.reader().record(path)["event"])
        for question in ('"prod" in text', 'text == "postgresql://"', 'text.split("/")', 'text[-1]'):
            answer = self.reader().record(self.script("text = str(op.get_bind().engine.url)\n" + question))
            self.assertEqual(("needs", "the address of the database (str(engine.url))", 2), (answer["event"], answer["text"], answer["line"] - 5))

    def test_a_key_from_a_sequence(self):
        path = self.script("""
            t = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, sa.Sequence("s", schema="app"), primary_key=True),
                         sa.Column("n", sa.Integer, sa.Sequence("o", optional=True)), sa.Column("a", sa.Text))
            op.get_bind().execute(t.insert())
            op.bulk_insert(t, [{"a": "x"}, {"a": "y"}])
        """)
        for dialect, expected in (
                ("postgresql", ["INSERT INTO t (id) VALUES (nextval('app.s'))",
                                "INSERT INTO t (id, a) VALUES (nextval('app.s'), 'x'), (nextval('app.s'), 'y')"]),
                ("sqlite", ["INSERT INTO t DEFAULT VALUES", "INSERT INTO t (a) VALUES ('x'), ('y')"])):
            self.assertEqual([item["sql"] for item in self.reader(dialect).record(path)["items"]], expected)

    def test_statements_that_the_driver_gets_as_they_are(self):
        answer = self.reader().record(self.script("""
            bind = op.get_bind()
            cursor = bind.connection.cursor()
            cursor.execute("SELECT '%%'; SELECT '%'")
            cursor.execute("SELECT '%%', %s, %s", ["a", [1, 2]])
            cursor.execute("SELECT '%%'", [])
            with bind.connection.dbapi_connection.cursor() as cursor:
                cursor.executemany("UPDATE t SET a = %(a)s", [{"a": 1}, {"a": 2}])
            bind.exec_driver_sql("SELECT '%%'")
            bind.exec_driver_sql("SELECT '%%'", execution_options={"no_parameters": True})
        """))
        self.assertEqual([item["sql"] for item in answer["items"]], [
            "SELECT '%%'; SELECT '%'", "SELECT '%', 'a', ARRAY[1, 2]", "SELECT '%'", "UPDATE t SET a = 1", "UPDATE t SET a = 2", "SELECT '%'", "SELECT '%%'"])
        for body in ("op.get_bind().connection.info.dsn", "op.get_bind().connection.driver_connection.autocommit = True",
                     "op.get_bind().connection.cursor().copy_expert('COPY t FROM stdin', None)", "op.get_bind().engine.raw_connection()"):
            self.assertEqual(self.reader().record(self.script(body)).get("what"), "application", body)

    def test_options_of_the_context(self):
        body = 'op.execute("SELECT %r, %r" % (op.get_context().opts.get("version_table_schema"), op.get_context().opts.get("render_as_batch", 1)))'
        for configured, shown in (({}, None), ({"version_table_schema": "app"}, "app")):
            answer = self.reader(**configured).record(self.script(body))
            self.assertEqual(answer["items"][0]["sql"], "SELECT %r, 1" % shown)
        for body in ('op.get_context().opts["schema_name"]', 'op.get_context().opts.get("tenant", "public")', 'context.config.attributes["role"]'):
            answer = self.reader().record(self.script(body))
            self.assertEqual((answer["event"], answer.get("what")), ("needs", "application"), answer)
            self.assertIn("what env.py", answer["text"])
        self.assertEqual(self.reader().record(self.script('assert context.config.attributes.get("role") is None'))["event"], "recorded")

    def test_the_metadata_of_env_py(self):
        body = """
            convention = op.get_context().opts["target_metadata"].naming_convention
            with op.batch_alter_table("t", naming_convention=convention) as batch:
                batch.create_unique_constraint(None, ["a"])
        """
        answer = self.reader(naming_convention={"uq": "%(table_name)s_%(column_0_name)s_key"}).record(self.script(body))
        self.assertIn("t_a_key", str(answer["items"]))
        for body in (body, 'op.execute("SELECT %d" % len(op.get_context().opts["target_metadata"].tables))'):
            answer = self.reader().record(self.script(body))
            self.assertEqual((answer["event"], answer.get("what")), ("needs", "application"), answer)
            self.assertIn("target_metadata of env.py", answer["text"])

    def test_the_environment_behind_the_context(self):
        answer = self.reader(x=["a=1"]).record(self.script("""
            environment = op.get_context().environment_context
            assert environment.is_transactional_ddl() and environment.get_x_argument(as_dictionary=True) == {"a": "1"}
        """))
        self.assertEqual(answer["event"], "recorded", answer)

    def test_statements_for_other_schemas_than_they_name(self):
        moved = '{None: "tenant"}'
        for body in ("op.get_bind().execution_options(schema_translate_map=%s)", "op.get_bind().engine.execution_options(schema_translate_map=%s)",
                     'op.execute("SELECT 1", execution_options={"schema_translate_map": %s})',
                     'op.get_bind().execute(sa.text("SELECT 1"), execution_options={"schema_translate_map": %s})',
                     'op.execute(sa.table("t").delete().execution_options(schema_translate_map=%s))'):
            answer = self.reader().record(self.script(body % moved))
            self.assertEqual((answer["event"], answer.get("what")), ("needs", "application"), answer)
        answer = self.reader().record(self.script("op.get_bind().execution_options(schema_translate_map={None: None})"))
        self.assertEqual(answer["event"], "recorded", answer)

    def test_what_a_script_writes_into_that_of_sql_mode(self):
        path = self.script("""
            impl = op.get_context().impl
            impl.static_output("-- a note")
            if context.is_offline_mode():
                impl.static_output("SELECT 1; SELECT 2")
        """)
        answer = self.reader().record(path, offline=True)
        self.assertEqual([(item["sql"], item.get("many")) for item in answer["items"]], [("SELECT 1; SELECT 2", True)])
        answer = self.reader().record(path)
        self.assertEqual((answer["items"], answer["output"]), ([], "-- a note\n"))

    def test_the_database_s_name_is_asked_of_it(self):
        answer = self.reader().record(self.script('op.execute("ALTER DATABASE %s SET a = 1" % op.get_bind().engine.url.database)'))
        self.assertEqual((answer["event"], answer.get("what"), answer["text"]), ("needs", "query", "SELECT current_database()"))

    def test_a_query_is_needed_whatever_the_script_catches(self):
        answer = self.reader().record(self.script("""
            try:
                op.get_bind().execute(sa.text("SELECT 1")).fetchall()
            except:
                pass
        """))
        self.assertEqual((answer["event"], answer["what"], answer["line"]), ("needs", "query", 7))
        answer = self.reader().record(self.script("op.get_bind().execute(sa.text('\\n    SELECT a,\\n    %s FROM t')).scalar()" % ("b" * 200)))
        self.assertEqual(answer["text"], "SELECT a, %s..." % ("b" * 150))

    def test_what_a_package_lacks(self):
        """from package import Name looks for a module of that name, too."""
        self.write("", "package/__init__.py")
        head = HEAD + "import sys\nsys.path.insert(0, %r)\n" % self.folder.name + textwrap.dedent("""
            from package import Base, Named, decorated, Type
            import package.below.deeper
            class Model(Base):
                @decorated("a")
                def method(self):
                    pass
            NAMED = Named("a")
        """)
        reader = self.reader()
        answer = reader.record(self.script('op.drop_table("t")', head))
        self.assertEqual([item["sql"] for item in answer.get("items", ())], ["DROP TABLE t"], answer)
        for body, text in (('op.add_column("t", sa.Column("a", Type()))', "the column type package.Type is not known"),
                           ("for one in Type: pass", "package.Type (there is no Type in package)"),
                           ("package.below.deeper.act()", "package.below.deeper.act (the module package.below.deeper is not there)")):
            with self.subTest(body=body):
                answer = reader.record(self.script(body, head))
                self.assertEqual((answer["event"], answer.get("what")), ("needs", "application"), answer)
                self.assertIn(text, answer["text"])

    def test_rowcount_and_inspect_are_queries(self):
        reader = self.reader()
        for body in ('op.get_bind().execute(sa.text("DELETE FROM t")).rowcount', 'sa.inspect(op.get_bind()).get_columns("t")',
                     'for row in op.get_bind().execute("SELECT 1"): pass', 'sa.Table("t", sa.MetaData(), autoload_with=op.get_bind())',
                     'op.get_bind().dialect.has_table(op.get_bind(), "t")'):
            with self.subTest(body=body):
                answer = reader.record(self.script(body))
                self.assertEqual((answer["event"], answer.get("what")), ("needs", "query"))

    def test_what_a_script_raises(self):
        path = self.script("""
            op.drop_table("a")
            raise ValueError("no way back")
        """)
        answer = self.reader().record(path)
        self.assertEqual((answer["event"], answer["type"], answer["message"], answer["file"], answer["line"]),
                         ("raised", "ValueError", "no way back", path, 7))
        self.assertEqual(answer["traceback"][-1]["text"], 'raise ValueError("no way back")')

    def test_scripts_that_are_broken(self):
        reader = self.reader()
        answer = reader.record(self.write("def upgrade(:\n    pass\n"))
        self.assertEqual((answer["type"], answer["line"], answer["column"] > 0), ("SyntaxError", 1, True))
        self.assertEqual(reader.record(self.script("import sys; sys.exit(3)"))["type"], "SystemExit")
        self.assertEqual(reader.record(self.script("pass"), "downgrade")["type"], "MissingFunction")
        self.assertEqual(reader.record(os.path.join(self.folder.name, "none.py"))["type"], "FileNotFoundError")
        self.assertEqual(reader.record(self.script("op.no_such_thing()"))["event"], "needs")
        # After all of it the reader still works.
        self.assertEqual(reader.record(self.script("pass"))["event"], "recorded")

    def test_the_types_that_a_table_used(self):
        path = self.write(HEAD + textwrap.dedent("""

            def upgrade():
                op.create_table("t", sa.Column("m", sa.Enum("a", name="mood")), sa.Column("n", sa.Enum("a", name="kept")))


            def downgrade():
                op.drop_table("t")
                sa.Enum(name="mood").drop(op.get_bind())
        """))
        reader = self.reader()
        self.assertEqual(reader.record(path, "downgrade")["types"],
                         [["used", "", "t", "m", "mood"], ["used", "", "t", "n", "kept"], ["gone", "", "t"], ["type_gone", "mood"]])

    def test_surroundings(self):
        answer = self.reader("sqlite", x=["a=b"], config={"key": "value"}).record(self.script("""
            assert not context.is_offline_mode()
            assert op.get_context().dialect.name == op.get_bind().dialect.name == op.get_bind().engine.name == "sqlite"
            assert context.get_x_argument(as_dictionary=True) == {"a": "b"}
            assert context.config.get_main_option("key") == "value"
            assert op.f("x") == "x"
        """), offline=False)
        self.assertEqual(answer["event"], "recorded", answer)
        offline = self.reader("sqlite").record(self.script("assert context.is_offline_mode()"), offline=True)
        self.assertEqual(offline["event"], "recorded", offline)


class Modules(ReaderCase):
    def test_modules_that_are_not_there(self):
        reader = self.reader()
        answer = reader.record(self.script("pass", HEAD + "import nowhere.at_all as x\nfrom other import Y, decorator\nclass Z(Y):\n"
                                           "    a = 1\n@decorator('x')\ndef f(): pass\nwhatever = x.y(1)[2]\n"))
        self.assertEqual(answer["event"], "recorded", answer)
        answer = reader.record(self.script('op.execute("UPDATE t SET a = %s" % x.y)', HEAD + "import nowhere as x\n"))
        self.assertEqual((answer["what"], answer["line"]), ("application", 7))
        self.assertIn("nowhere.y", answer["text"])

    def test_operations_that_a_project_adds_to_blocks(self):
        script = HEAD + textwrap.dedent("""
            from alembic.operations import BatchOperations, MigrateOperation, Operations


            @BatchOperations.register_operation("shrink", "batch_shrink")
            class Shrink(MigrateOperation):
                def __init__(self, table):
                    self.table = table

                @classmethod
                def batch_shrink(cls, operations):
                    return operations.invoke(cls(operations.impl.table_name))


            @Operations.implementation_for(Shrink)
            def shrink(operations, operation):
                operations.execute("VACUUM " + operation.table)
                operations.add_column(sa.Column("shrunk", sa.Boolean))
                assert operations.migration_context.dialect.name == "postgresql"
        """)
        body = 'with op.batch_alter_table("t") as batch:\n    batch.add_column(sa.Column("a", sa.Text))\n    batch.shrink()'
        answer = self.reader().record(self.script(body, script))
        self.assertEqual([item["sql"] for item in answer["items"]], [
            "VACUUM t", "ALTER TABLE t ADD COLUMN a TEXT", "ALTER TABLE t ADD COLUMN shrunk BOOLEAN"])
        answer = self.reader().record(self.script('with op.batch_alter_table("t") as batch:\n    batch.shrink_it()'))
        self.assertEqual((answer["event"], answer.get("what")), ("needs", "application"), answer)
        self.assertIn("shrink_it (Alembic has no such operation, ", answer["text"])

    def test_a_value_that_is_not_there_in_a_text(self):
        for text in ("'%r' % (VALUE,)", "'%s' % (str([VALUE]))"):
            answer = self.reader().record(self.script("op.execute(%s)" % text, HEAD + "from app.values import VALUE\nprint([VALUE])\n"))
            self.assertEqual((answer["event"], answer.get("what")), ("needs", "application"), answer)

    def test_names_of_modules_that_are_not_there_in_a_change_of_a_table(self):
        reader = self.reader("sqlite")
        head = HEAD + "from app.names import SCHEMA\n"
        for body in ('op.drop_column("t", "a", schema=SCHEMA)', 'with op.batch_alter_table("t") as batch:\n    batch.drop_column(SCHEMA)'):
            answer = reader.record(self.script(body, head))
            self.assertEqual((answer["event"], answer.get("what")), ("needs", "application"), answer)
            self.assertIn("app.names.SCHEMA", answer["text"])

    def test_what_is_called_for_what_it_does_is_not_passed_over(self):
        reader = self.reader()
        head = HEAD + "from app.work import move_rows, Thing\nfrom structlog import get_logger\nlogger = get_logger()\n"
        self.assertEqual(reader.record(self.script("move_rows(op.get_bind())", head))["what"], "application")
        self.assertEqual(reader.record(self.script("Thing().run()", head))["what"], "application")
        self.assertEqual(reader.record(self.script('logger.info("it goes on")', head))["event"], "recorded")

    def test_code_of_the_application_that_raises(self):
        self.write("import json\n\n\ndef option(name):\n    raise LookupError('no option ' + name)\n\n\ndef parse(text):\n    return json.loads(text)\n\n\n"
                   "def run(op):\n    op.nothing_of_the_kind('a').b\n", "settings.py")
        reader = self.reader(paths=[self.folder.name])
        answer = reader.record(self.script("settings.option('level')", HEAD + "import settings\n"))
        self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 7), answer)
        self.assertRegex(answer["text"], r"option raised LookupError: no option level \(/.*/settings.py:5\)")
        answer = reader.record(self.script("settings.parse('{')", HEAD + "import settings\n"))
        self.assertEqual((answer["event"], answer["type"]), ("raised", "JSONDecodeError"), answer)

    def test_a_value_that_code_in_c_looks_at(self):
        answer = self.reader().record(self.script("datetime.datetime(2024, 1, 1, tzinfo=pytz.utc)", HEAD + "import datetime\nimport nopytz as pytz\n"))
        self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 8), answer)

    def test_types_that_do_something_to_their_table(self):
        answer = self.reader().record(self.script('op.add_column("t", sa.Column("a", Small([1, 2])))', HEAD + textwrap.dedent("""
            from sqlalchemy.event import listens_for


            class Small(sa.TypeDecorator, sa.types.SchemaType):
                impl = sa.SmallInteger

                def __init__(self, allowed=()):
                    self.allowed = allowed
                    sa.TypeDecorator.__init__(self)


            @listens_for(Small, "before_parent_attach")
            def attach(type_, column):
                @listens_for(column, "after_parent_attach")
                def to_table(column, table):
                    check = sa.CheckConstraint(sa.type_coerce(column, sa.SmallInteger).in_(type_.allowed), "valid_" + column.name)
                    assert check.table is table
        """)))
        self.assertEqual([item["sql"] for item in answer.get("items", [answer])],
                         ["ALTER TABLE t ADD COLUMN a SMALLINT", "ALTER TABLE t ADD CONSTRAINT valid_a CHECK (a IN (1, 2))"])

    def test_an_import_that_may_fail_fails(self):
        answer = self.reader().record(self.script("assert json.__name__ == 'json'", HEAD + (
            "try:\n    import nowhere_json as json\nexcept ImportError:\n    import json\n")))
        self.assertEqual(answer["event"], "recorded", answer)

    def test_the_project_s_own_modules(self):
        self.write("NAMES = ['a', 'b']\n", "app/names.py")
        self.write("import nothing_of_the_kind\nimport sqlalchemy as sa\n\n\nclass Code(sa.TypeDecorator):\n    impl = sa.String\n", "app/types.py")
        self.write("raise RuntimeError('no settings')\n", "app/broken.py")
        reader = self.reader(paths=[self.folder.name], types={})
        head = HEAD + "from app.names import NAMES\nfrom app.types import Code\nimport app.broken\n"
        answer = reader.record(self.script('for name in NAMES:\n    op.add_column(name, sa.Column("c", Code(5)))', head))
        self.assertEqual([item["sql"] for item in answer["items"]],
                         ["ALTER TABLE a ADD COLUMN c VARCHAR(5)", "ALTER TABLE b ADD COLUMN c VARCHAR(5)"])
        answer = reader.record(self.script("op.execute(str(app.broken.url))", head))
        self.assertEqual(answer["what"], "application")
        self.assertIn("no settings", answer["text"])

    def test_values_that_only_the_application_has_and_nobody_looks_at(self):
        self.write("import os\nfrom nowhere import Settings\n\n\ndef get_logger():\n    return 1 if Settings().TESTING else 2\n", "app/log.py")
        self.write(textwrap.dedent("""\
            from __future__ import annotations
            import os
            import sqlalchemy as sa
            NAME: Undefined = "a"
            URL, ECHO = os.environ["NO_SUCH_VARIABLE"].split()
            engine = sa.create_engine(URL)
            if URL.startswith("sqlite"):
                sessions = engine.one
            else:
                from nowhere import sessions
            if "NO_SUCH_VARIABLE" not in os.environ:
                raise ValueError("NO_SUCH_VARIABLE is not set")


            @URL.register
            class Job:
                kind = URL + "/jobs"


            class Code(sa.TypeDecorator):
                impl = sa.String
        """), "app/db.py")
        self.write("import os\nimport sqlalchemy as sa\nmetadata = sa.MetaData()\nmetadata.naming_convention = os.environ['NO_SUCH_VARIABLE']\n"
                   "class Code(sa.TypeDecorator):\n    impl = sa.String\n", "app/model.py")
        reader = self.reader(paths=[self.folder.name], types={})
        head = HEAD + "from app.log import get_logger\nimport app.db\nlogger = get_logger()\n"
        answer = reader.record(self.script('logger.info("goes on")\nop.add_column(app.db.NAME, sa.Column("c", app.db.Code(5)))', head))
        self.assertEqual([item["sql"] for item in answer.get("items", [answer])], ["ALTER TABLE a ADD COLUMN c VARCHAR(5)"])
        self.assertFalse(answer["pure"])
        for value, text in (("logger", "Settings().TESTING"), ("app.db.ECHO", "app.db.ECHO (" + self.folder.name + "/app/db.py:5: KeyError: 'NO_SUCH_VARIABLE'"),
                            ("app.db.Job", "db.py:16: "), ("app.db.sessions", "db.py:7: app.db.URL.startswith() (")):
            answer = reader.record(self.script("op.drop_table('a')\nop.execute('SELECT ' + str(%s))" % value, head))
            self.assertEqual((answer["event"], answer.get("what"), answer.get("line")), ("needs", "application", 10), answer)
            self.assertIn(text, answer["text"])
        # A statement that does more than give names is not passed over, and so is nothing behind it.
        answer = reader.record(self.script('op.add_column("t", sa.Column("c", Code(5)))', HEAD + "from app.model import Code\n"))
        self.assertEqual((answer["event"], answer.get("what")), ("needs", "application"), answer)
        self.assertIn("app.model could not be loaded: KeyError", answer["text"])
        answer = reader.record(self.script("pass", head + "if logger:\n    print(logger)\n"))
        self.assertEqual((answer["event"], answer.get("what"), answer.get("line")), ("needs", "application", 6), answer)

    def test_modules_of_the_project_that_only_their_package_is_imported_of(self):
        self.write("", "app/__init__.py")
        self.write("NAME = 'there'\n", "app/below.py")
        answer = self.reader(paths=[self.folder.name]).record(self.script("op.drop_table(app.below.NAME)", HEAD + "import app\n"))
        self.assertEqual([item["sql"] for item in answer.get("items", [answer])], ["DROP TABLE there"])

    def test_modules_behind_what_is_installed(self):
        self.write("NAME = 'own'\n", "app/names.py")
        self.write("raise RuntimeError('not the one that is installed')\n", "json/__init__.py")
        answer = self.reader(fallback_paths=[self.folder.name]).record(
            self.script("op.drop_table(NAME + json.dumps(1))", HEAD + "import json\nfrom app.names import NAME\n"))
        self.assertEqual([item["sql"] for item in answer.get("items", [answer])], ["DROP TABLE own1"])

    def test_modules_of_the_project_that_are_called_like_those_of_python(self):
        """Alembic has loaded Python's own before it looks into the project's folders."""
        for name in ("types/__init__.py", "enum.py", "functools.py", "calendar.py", "selectors.py"):
            self.write("raise RuntimeError('this is the project module')\n", name)
        self.write("NAME = 'own'\n", "secrets.py")
        reader = self.reader(folder=self.folder.name, paths=[self.folder.name])
        answer = reader.record(self.script("op.drop_table(secrets.NAME + calendar.month_name[1])", HEAD + "import calendar, secrets\n"))
        self.assertEqual([item["sql"] for item in answer.get("items", [answer])], ['DROP TABLE "ownJanuary"'])

    def test_arguments_that_env_py_gives(self):
        answer = self.reader().record(self.write(HEAD + "\n\ndef upgrade(op, tables, engine=None):\n    op.drop_table('t')\n"))
        self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 5), answer)
        self.assertIn("upgrade() takes op, tables", answer["text"])
        answer = self.reader().record(self.write(HEAD + "\n\nclass Change:\n    def up(self):\n        op.drop_table('t')\n\n\nupgrade = Change().up\n"))
        self.assertEqual(answer["event"], "recorded", answer)
        answer = self.reader().record(self.write(HEAD + "\n\ndef upgrade(engine=None, *more, **named):\n    op.drop_table('t')\n"))
        self.assertEqual(answer["event"], "recorded", answer)

    def test_what_the_project_compiles_itself(self):
        head = HEAD + textwrap.dedent("""
            from sqlalchemy.ext.compiler import compiles
            from sqlalchemy.schema import CreateTable, DDLElement
            from sqlalchemy.sql.expression import ClauseElement, Executable, FunctionElement


            class Copied(Executable, ClauseElement):
                _execution_options = Executable._execution_options.union({"autocommit": True})

                def __init__(self, source, target):
                    self.source, self.target = source, target


            @compiles(Copied)
            def copied(element, compiler, **named):
                return "INSERT INTO %s %s" % (compiler.preparer.quote(element.target), compiler.process(element.source))


            class View(DDLElement):
                def __init__(self, name, query):
                    self.name, self.query = name, query


            @compiles(View)
            def view(element, compiler, **named):
                return "CREATE VIEW %s AS %s" % (element.name, compiler.sql_compiler.process(element.query, literal_binds=True))


            class utcnow(FunctionElement):
                type = sa.DateTime()
                inherit_cache = True


            @compiles(utcnow, "postgresql")
            def in_utc(element, compiler, **named):
                return "TIMEZONE('utc', CURRENT_TIMESTAMP)"


            class JSONB(sa.JSON):
                __visit_name__ = "JSONB"


            @compiles(JSONB, "sqlite")
            def jsonb(element, compiler, **named):
                return "JSONB"


            @compiles(CreateTable)
            def never(element, compiler, **named):
                raise AssertionError("a construct of SQLAlchemy's own")


            t = sa.table("t", sa.column("id"))
        """)
        script = self.script("""
            op.execute(Copied(sa.select(t.c.id).where(t.c.id == 1), "Other"))
            op.execute(View("v", sa.select(t.c.id)))
            op.create_table("n", sa.Column("at", sa.DateTime, server_default=utcnow()), sa.Column("d", JSONB))
        """, head)
        expected = ['INSERT INTO "Other" SELECT t.id FROM t WHERE t.id = 1', "CREATE VIEW v AS SELECT t.id FROM t"]
        for dialect, columns in (("postgresql", "at TIMESTAMP WITHOUT TIME ZONE DEFAULT TIMEZONE('utc', CURRENT_TIMESTAMP),\n    d JSON"),
                                 ("sqlite", "at DATETIME DEFAULT (utcnow()),\n    d JSONB")):
            answer = self.reader(dialect).record(script)
            self.assertEqual([item.get("sql", item) for item in answer.get("items", [answer])],
                             expected + ["CREATE TABLE n (\n    %s\n)" % columns])

    def test_operations_that_the_project_adds(self):
        self.write(textwrap.dedent("""
            from alembic.operations import MigrateOperation, Operations


            @Operations.register_operation("create_view")
            class CreateView(MigrateOperation):
                def __init__(self, name, text):
                    self.name, self.text = name, text

                @classmethod
                def create_view(cls, operations, name, text, **kw):
                    return operations.invoke(cls(name, text, **kw))


            @Operations.implementation_for(CreateView)
            def create_view(operations, operation):
                operations.execute("CREATE VIEW %s AS %s" % (operation.name, operation.text))
        """), "app/views.py")
        answer = self.reader(paths=[self.folder.name]).record(self.script('op.create_view("v", "SELECT 1")', HEAD + "import app.views\n"))
        self.assertEqual([item["sql"] for item in answer.get("items", [answer])], ["CREATE VIEW v AS SELECT 1"])

    def test_compiling_by_hand(self):
        answer = self.reader().record(self.script("""
            t = sa.table("t", sa.column("a"))
            op.execute(str(t.update().values(a="x").compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})))
        """, HEAD + "from sqlalchemy.dialects import postgresql\n"))
        self.assertEqual([item["sql"] for item in answer.get("items", [answer])], ["UPDATE t SET a='x'"])

    def test_the_project_s_table_of_types(self):
        self.write("import sqlalchemy as sa\n\n\nclass Code(sa.TypeDecorator):\n    impl = sa.String\n", "kinds/real.py")
        self.write("from kinds.real import Code\n", "kinds/__init__.py")
        reader = self.reader(paths=[self.folder.name], types={"kinds.Code": "char(3)"})
        answer = reader.record(self.script('op.add_column("t", sa.Column("c", kinds.Code()))', HEAD + "import kinds\n"))
        self.assertEqual([item["sql"] for item in answer["items"]], ["ALTER TABLE t ADD COLUMN c char(3)"])

    def test_nothing_is_written_beside_the_scripts(self):
        path = self.script("pass")
        self.reader().record(path)
        self.assertEqual(os.listdir(self.folder.name), [os.path.basename(path)])


class Keywords(ReaderCase):
    """A misspelt keyword would make another schema without a word: what SQLAlchemy and Alembic refuse is refused."""
    HEAD = HEAD + """from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import mapped_column
"""

    def said(self, call, dialect="postgresql"):
        answer = self.reader(dialect).record(self.script(call, self.HEAD))
        return answer["event"], answer.get("type"), answer.get("message"), answer.get("line")

    def test_unknown_ones_are_refused_where_they_stand(self):
        unknown, meant = "%s() got an unexpected keyword argument %r", "; did you mean %r?"
        refused = {
            'op.add_column("t", sa.Column("s", sa.Text, nulable=False))': unknown % ("Column", "nulable") + meant % "nullable",
            'op.add_column("t", sa.Column("s", sa.String(lenght=5)))': unknown % ("String", "lenght") + meant % "length",
            'sa.Integer(unsigned=True)': unknown % ("Integer", "unsigned"),
            'sa.DateTime(timezon=True)': unknown % ("DateTime", "timezon") + meant % "timezone",
            'sa.Boolean(creat=1)': unknown % ("Boolean", "creat"),
            'sa.ForeignKey("a.id", ondelte="CASCADE")': unknown % ("ForeignKey", "ondelte") + meant % "ondelete",
            'sa.UniqueConstraint("a", nam="u")': unknown % ("UniqueConstraint", "nam") + meant % "name",
            'sa.CheckConstraint("a > 0", names="c")': unknown % ("CheckConstraint", "names") + meant % "name",
            'op.create_unique_constraint("u", "t", ["a"], deferable=True)':
                unknown % ("UniqueConstraint", "deferable") + meant % "deferrable",
            'op.create_index("i", "t", ["a"], uniqe=True)': unknown % ("Index", "uniqe") + meant % "unique",
            'op.create_table("t", coment="c")': unknown % ("Table", "coment") + meant % "comment",
            'op.drop_table("t", cascade=True)': unknown % ("Table", "cascade"),
            'sa.Sequence("s", strat=5)': unknown % ("Sequence", "strat") + meant % "start",
            'sa.Integer(11)': "Integer() takes no arguments",
            'op.add_column("t", sa.Column("a", sa.BigInteger(20)))': "BigInteger() takes no arguments",
            'postgresql.DOMAIN("d", sa.Text, chek="a")': unknown % ("DOMAIN", "chek") + meant % "check",
            'sa.ColumnDefault(5, for_updat=True)': unknown % ("ColumnDefault", "for_updat"),
            'sa.text("a", bindparam=5)': unknown % ("text", "bindparam"),
            'sa.table("t").update(vales=5)': unknown % ("update", "vales"),
            'sa.insert(sa.table("t"), vales=5)': unknown % ("insert", "vales"),
        }
        for call, message in refused.items():
            for dialect in ("postgresql", "sqlite"):
                with self.subTest(call, dialect=dialect):
                    self.assertEqual(self.said(call, dialect), ("raised", "TypeError", message, 8))
        for call in ('op.drop_constraint("c", "t", type="check")', 'op.add_column("t", sa.Column("a", sa.Text), nullable=False)',
                     'sa.MetaData(shema="s")', 'sa.JSON(none_as_nul=True)', 'postgresql.UUID(as_uid=True)', 'sa.PickleType(picler=5)'):
            with self.subTest(call):
                event, kind, message, line = self.said(call)
                self.assertEqual((event, kind, line), ("raised", "TypeError", 8))
                self.assertIn("got an unexpected keyword argument", message)

    def test_unknown_ones_in_a_block_too(self):
        for call in ('batch.drop_constraint("c", type="check")', 'batch.create_index("i", ["a"], uniqe=True)',
                     'batch.add_column(sa.Column("a", sa.Text), nullable=False)', 'batch.create_unique_constraint("u", ["a"], nam=1)'):
            for dialect in ("postgresql", "sqlite"):
                with self.subTest(call, dialect=dialect):
                    event, kind, message, line = self.said('with op.batch_alter_table("t") as batch:\n    ' + call, dialect)
                    self.assertEqual((event, kind, line), ("raised", "TypeError", 9))

    def test_those_of_a_database_that_it_does_not_know(self):
        on_behalf = "Argument %r is not accepted by dialect %r on behalf of %s"
        for call, message in {
            'op.create_index("i", "t", ["a"], postgresql_were=sa.text("a > 0"))':
                on_behalf % ("postgresql_were", "postgresql", "Index") + "; did you mean 'postgresql_where'?",
            'op.create_index("i", "t", ["a"], postgresql_usng="hash")':
                on_behalf % ("postgresql_usng", "postgresql", "Index") + "; did you mean 'postgresql_using'?",
            'op.create_index("i", "t", ["a"], sqlite_using="x")': on_behalf % ("sqlite_using", "sqlite", "Index"),
            'op.create_table("t", postgresql_wiht={"fillfactor": 70})':
                on_behalf % ("postgresql_wiht", "postgresql", "Table") + "; did you mean 'postgresql_with'?",
            'sa.UniqueConstraint("a", postgresql_where=sa.text("a > 0"))':
                on_behalf % ("postgresql_where", "postgresql", "UniqueConstraint"),
        }.items():
            with self.subTest(call):
                self.assertEqual(self.said(call), ("raised", "ArgumentError", message, 8))

    def test_what_any_version_takes(self):
        for call in (
                'op.create_table("t", sa.Column("a", sa.Integer, quote=True, doc="d", insert_default=1, system=False, key="b"), '
                'sa.CheckConstraint("a > 0", name="c", postgresql_not_valid=True, info={}), implicit_returning=False, '
                'mysql_engine="InnoDB", mariadb_charset="x", mssql_x=1, oracle_compress=True, redshift_distkey="a", '
                'sqlite_autoincrement=True, postgresql_partition_by="LIST (a)", _constraints_included=True)',
                'op.create_index("i", "t", ["a"], unique=True, quote=None, postgresql_nulls_not_distinct=True, mysql_length=5, '
                'sqlite_where=sa.text("a > 0"), postgresql_include=["b"], postgresql_tablespace=None, if_not_exists=True)',
                'op.drop_index("i", table_name="t", unique=True, postgresql_using="gin", postgresql_ops={}, if_exists=True)',
                'op.drop_column("t", "a", if_exist=True, mssql_drop_default=True)',
                'op.alter_column("t", "a", nulable=False, existing_type=sa.Integer(), postgresql_usng="x")',
                'op.drop_table("t", comment="c", info={}, mysql_engine="x")',
                'sa.String(5, convert_unicode=True, unicode_error="x", _expect_unicode=True), sa.Unicode(collation_schema="x")',
                'sa.Boolean(name="b", _create_events=False), sa.Enum("a", name="e", anything=1), postgresql.ENUM("a", name="e", x=1)',
                'sa.ForeignKey("a.id", postgresql_not_valid=True, info={}), sa.Sequence("s", quote=True, for_update=False)',
                'mysql.INTEGER(display_width=11, unsigned=True), mysql.DATETIME(fsp=6), mysql.FLOAT(scale=2), mysql.NVARCHAR(5, binary=True)',
                'sqlite.DATETIME(truncate_microseconds=True), sqlite.DATE(storage_format="x", regexp="y"), sa.Identity(oracle_order=True)',
                'mapped_column(sa.Integer, init=False, sort_order=3, deferred_raiseload=True, dataclass_metadata=None)',
                'postgresql.ExcludeConstraint(("a", "="), using="gist", anything=1), sa.UniqueConstraint("a", sqlite_on_conflict="FAIL")'):
            with self.subTest(call):
                self.assertEqual(self.said(call)[:3], ("recorded", None, None))

    def test_what_looks_like_another_database_s_is_noted(self):
        answer = self.reader().record(self.script('sa.Column("a", sa.Text, server_defualt="x")\nsa.Index("i", postgres_where=1, x_y=2)'))
        self.assertEqual(answer["notes"], [
            "%s leaves out %r, as SQLAlchemy does: it is no argument of its own; did you mean %r?" % one for one in (
                ("Column", "server_defualt", "server_default"), ("Index", "postgres_where", "postgresql_where"))])

    def test_decorated_types_pass_theirs_on(self):
        answer = self.reader().record(self.script("""
            class Name(sa.TypeDecorator):
                impl = sa.String
            op.add_column("t", sa.Column("a", Name(length=5)))
            op.add_column("t", sa.Column("a", Name(lenght=5)))
        """))
        self.assertEqual((answer["event"], answer["type"], answer["line"]), ("raised", "TypeError", 9))


class AnnotatedColumns(ReaderCase):
    maxDiff = None
    HEAD = HEAD + textwrap.dedent("""
        import datetime
        import enum
        from typing import Any, ClassVar, List, Literal, Optional, Union
        from sqlalchemy import orm
        from sqlalchemy.orm import Mapped, mapped_column

        class Mood(enum.Enum):
            low = 1
            high = 2


        class Document(sa.TypeDecorator):
            impl = sa.JSON


        class Base(orm.DeclarativeBase):
            type_annotation_map = {List[str]: Document, str: sa.String(40)}


        class Dated:
            made_at: Mapped[datetime.datetime]


        class Car(Dated, Base):
            __tablename__ = "car"
            wheels: ClassVar[int] = 4
            id: Mapped[int] = mapped_column(primary_key=True)
            tags: Mapped[List[str]]
            name: orm.Mapped[str]
            mood: Mapped[Optional[Mood]]
            short: Mapped["Optional[str]"] = mapped_column(sa.String(3))
            long: "Mapped[Union[str, None]]"
            level: Mapped[Literal["a", "b"]]
            price: Mapped[Optional[float]] = mapped_column(nullable=False)
            owner: Mapped["Owner"] = orm.relationship()
    """)

    def statements(self, body, dialect="postgresql"):
        answer = self.reader(dialect).record(self.script(body, self.HEAD))
        return [item.get("sql", item) for item in answer.get("items", [answer])]

    def test_types_and_null(self):
        self.assertEqual(self.statements("op.create_table('t', *[one.copy() for one in Car.__table__.columns])")[-1], textwrap.dedent("""\
            CREATE TABLE t (
                id SERIAL NOT NULL,
                tags JSON NOT NULL,
                name VARCHAR(40) NOT NULL,
                mood mood,
                short VARCHAR(3),
                long VARCHAR(40),
                level VARCHAR(1) NOT NULL,
                price FLOAT NOT NULL,
                made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
                PRIMARY KEY (id)
            )"""))

    def test_values_of_documents(self):
        body = "op.execute(sa.update(Car).values(price=Car.tags[['a', 'it\\'s']].as_float(), name=Car.tags['b'].as_string()))"
        self.assertEqual(self.statements(body), [
            "UPDATE car SET name=CAST(car.tags ->> 'b' AS VARCHAR), price=CAST(car.tags #>> '{a, it''s}' AS FLOAT)"])
        self.assertEqual(self.statements(body, "sqlite"), [
            "UPDATE car SET name=JSON_EXTRACT(car.tags, '$.\"b\"'), price=JSON_EXTRACT(car.tags, '$.\"a\".\"it''s\"')"])

    def test_columns_of_annotated(self):
        if tuple(map(int, self.reader().ready["python"].split(".")[:2])) < (3, 9):
            self.skipTest("Annotated is not in this Python's typing")
        body = """
            from typing import Annotated

            key = Annotated[int, mapped_column(primary_key=True)]
            coded = Annotated[str, mapped_column(sa.String(7), sa.ForeignKey("codes.code"), nullable=False)]


            class Van(Base):
                __tablename__ = "van"
                id: Mapped[key]
                code: Mapped[Optional[coded]]
                other: Mapped[Optional[coded]] = mapped_column(nullable=True)
            op.create_table("t", *[one.copy() for one in Van.__table__.columns])
        """
        self.assertEqual(self.statements(body), [textwrap.dedent("""\
            CREATE TABLE t (
                id SERIAL NOT NULL,
                code VARCHAR(7) NOT NULL,
                other VARCHAR(7),
                PRIMARY KEY (id),
                FOREIGN KEY(code) REFERENCES codes (code),
                FOREIGN KEY(other) REFERENCES codes (code)
            )""")])


class Live(ReaderCase):
    """With the test in the program's place, on SQLite."""

    def setUp(self):
        super().setUp()
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        self.database.executescript("""
            CREATE TABLE u (id INTEGER PRIMARY KEY, name VARCHAR(10) NOT NULL, at DATETIME, flag BOOLEAN, raw BLOB, j JSON,
                t_id INTEGER, CONSTRAINT fk_t FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE, CONSTRAINT uq_name UNIQUE (name),
                CONSTRAINT ck_id CHECK (id > 0 AND (name <> ')')));
            CREATE TABLE t (id INTEGER PRIMARY KEY);
            CREATE UNIQUE INDEX ix_flag ON u (flag);
            CREATE VIEW v AS SELECT 1 AS one;
            INSERT INTO t VALUES (1);
            INSERT INTO u VALUES (1, 'a', '2024-01-02 03:04:05.000006', 1, x'00ff', '{"k": [1]}', 1), (2, 'b', NULL, 0, NULL, NULL, NULL);
        """)
        self.addCleanup(self.database.close)
        self.live_reader = self.reader("sqlite", database=self.database)

    def run_live(self, body, head=HEAD):
        return self.live_reader.live(self.script(body, head))

    def assert_holds(self, body):
        answer = self.run_live(body)
        self.assertEqual(answer["event"], "finished", answer)

    def test_rows(self):
        self.assert_holds("""
            bind = op.get_bind()
            result = bind.execute(sa.text("SELECT id, name FROM u ORDER BY id"))
            assert result.keys() == ["id", "name"]
            rows = result.fetchall()
            assert rows == [(1, "a"), (2, "b")], rows
            first = rows[0]
            assert first.name == first["name"] == first[1] == first._mapping["name"] == "a"
            assert first._asdict() == dict(first._mapping) == {"id": 1, "name": "a"}
            id, name = first
            ask = lambda: bind.execute(sa.text("SELECT name FROM u ORDER BY id"))
            assert [row.name for row in ask()] == ["a", "b"] == ask().scalars().all() == [one["name"] for one in ask().mappings()]
            assert ask().first() == ask().fetchone() == ("a",) and ask().scalar() == "a"
            assert ask().fetchmany(1) == [("a",)]
            assert bind.execute(sa.text("SELECT 1 WHERE 0")).scalar_one_or_none() is None
            assert bind.scalar(sa.text("SELECT count(*) FROM u WHERE id = :i"), {"i": 2}) == 1
            assert bind.execute(sa.text("UPDATE u SET name = name")).rowcount == 2
            assert not bind.execute(sa.text("UPDATE u SET name = name")).returns_rows
            try:
                ask().one()
                assert False
            except sa.exc.MultipleResultsFound:
                pass
        """)

    def test_typed_rows(self):
        self.assert_holds("""
            import datetime
            u = sa.table("u", sa.column("at", sa.DateTime), sa.column("flag", sa.Boolean), sa.column("raw", sa.LargeBinary),
                         sa.column("j", sa.JSON), sa.column("id", sa.Integer))
            rows = op.get_bind().execute(sa.select(u).order_by(u.c.id)).all()
            assert rows[0][:4] == (datetime.datetime(2024, 1, 2, 3, 4, 5, 6), True, b"\\x00\\xff", {"k": [1]}), rows
            assert rows[1][:4] == (None, False, None, None), rows
            assert op.get_bind().execute(sa.select([sa.func.count()]).select_from(u)).scalar() == 2
            assert op.get_bind().execute(sa.text("SELECT 9e999, -9e999, 0.5")).one() == (float("inf"), float("-inf"), 0.5)
            kinds = sa.text("SELECT at FROM u WHERE id = 1").columns(at=sa.DateTime)
            assert op.get_bind().execute(kinds).scalar().year == 2024
            part = sa.text("SELECT id, at FROM u").columns(id=sa.Integer, at=sa.DateTime).subquery("part")
            assert op.get_bind().execute(sa.select(part.c.at).where(part.c.id == 1)).scalar().year == 2024
        """)

    def test_inserted_keys(self):
        self.assert_holds("""
            table = sa.Table("u", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
            assert op.get_bind().execute(table.insert().values(name="c")).inserted_primary_key[0] == 3
            assert op.get_bind().execute(table.insert().values(id=9, name="d")).inserted_primary_key == (9,)
        """)

    def test_inspector(self):
        self.assert_holds("""
            inspector = sa.inspect(op.get_bind())
            assert inspector.get_table_names() == ["t", "u"] and inspector.get_view_names() == ["v"]
            assert inspector.has_table("u") and not inspector.has_table("w")
            columns = {one["name"]: one for one in inspector.get_columns("u")}
            assert list(columns) == ["id", "name", "at", "flag", "raw", "j", "t_id"]
            assert isinstance(columns["name"]["type"], sa.VARCHAR) and columns["name"]["type"].length == 10
            assert columns["name"]["nullable"] is False and columns["at"]["nullable"] is True
            assert inspector.get_pk_constraint("u")["constrained_columns"] == ["id"]
            key, = inspector.get_foreign_keys("u")
            assert key["name"] == "fk_t" and key["referred_table"] == "t" and key["options"] == {"ondelete": "CASCADE"}, key
            assert inspector.get_unique_constraints("u") == [{"name": "uq_name", "column_names": ["name"]}]
            assert inspector.get_indexes("u")[0]["name"] == "ix_flag" and inspector.get_indexes("u")[0]["unique"] == 1
            op.execute("CREATE TABLE refers (a INTEGER REFERENCES u, b INTEGER REFERENCES t, c INTEGER, CONSTRAINT last FOREIGN KEY (c) REFERENCES t (id))")
            keys = [(one["name"], one["constrained_columns"], one["referred_columns"]) for one in inspector.get_foreign_keys("refers")]
            assert keys == [("last", ["c"], ["id"]), (None, ["b"], ["id"]), (None, ["a"], ["id"])], keys
            op.execute("DROP TABLE refers")
            check, = inspector.get_check_constraints("u")
            assert check["name"] == "ck_id" and check["sqltext"] == "id > 0 AND (name <> ')')", check
            try:
                inspector.get_columns("w")
                assert False
            except sa.exc.NoSuchTableError:
                pass
            dialect = op.get_bind().dialect
            assert dialect.get_pk_constraint(op.get_bind(), table_name="u")["constrained_columns"] == ["id"]
            assert [one["name"] for one in dialect.get_columns(op.get_bind(), "t")] == ["id"] and not hasattr(dialect, "get_magic")
            assert sa.sql.compiler.IdentifierPreparer(dialect).quote("order") == dialect.identifier_preparer.quote("order") == '"order"'
            table = sa.Table("u", sa.MetaData(), autoload_with=op.get_bind())
            assert table.c.name.type.length == 10 and table.primary_key.column_names() == ["id"]
            assert [row.id for row in op.get_bind().execute(table.select().where(table.c.id > 1))] == [2]
        """)

    def test_columns_that_are_called_as_methods(self):
        self.assert_holds("""
            row = op.get_bind().execute(sa.text('SELECT count(*) AS count, 7 AS "index", 8 AS "values", 9 AS "items" FROM u WHERE 0')).one()
            assert (row.count, row.index, row.values, row.items) == (0, 7, 8, 9), row
            row = op.get_bind().execute(sa.text("SELECT 1 AS a, 1 AS b")).one()
            assert row.count(1) == 2 and row.keys() == ["a", "b"]
        """)

    def test_parameters_of_several_executions(self):
        self.assert_holds("""
            bind = op.get_bind()
            u = sa.table("u", sa.column("id", sa.Integer), sa.column("name"), sa.column("t_id", sa.Integer))
            both = [{"n": "c", "i": 1}, {"n": "d", "i": 2}]
            assert bind.execute(sa.text("UPDATE u SET name = :n WHERE id = :i"), both).rowcount == 2
            assert bind.exec_driver_sql("UPDATE u SET name = ? WHERE id = ?", [("e", 1), ("f", 2), ("g", 3)]).rowcount == 2
            bind.execute(u.insert().values(name=sa.func.upper(sa.bindparam("n")), id=sa.bindparam("i")), [{"n": "x", "i": 5}, {"n": "y", "i": 6}])
            bind.execute(u.insert().values(t_id=1), [{"name": "p", "id": 7}, {"name": "q", "id": 8}])
            bind.execute(u.update().where(u.c.id == sa.bindparam("i")).values(t_id=None), {"i": 7, "name": "r"})
            bind.execute(u.insert().from_select(["name", "id"], sa.select(sa.literal("s"), u.c.id + 10).where(u.c.id == sa.bindparam("i"))), {"i": 8})
            bind.execute(u.insert(), [{"id": 30, "name": "z", "none": 5}, {"id": 31, "name": "y", "t_id": 1}])
            op.bulk_insert(u, [{"id": 32, "name": "x", "none": 5}])
            bind.execute(u.update().where(u.c.id == 32), {"name": "w", "none": 5})
            assert bind.execute(sa.text("SELECT id, name, t_id FROM u WHERE id >= 30 ORDER BY id")).fetchall() == [
                (30, "z", None), (31, "y", None), (32, "w", None)]
            rows = bind.execute(sa.text("SELECT id, name, t_id FROM u WHERE id < 30 ORDER BY id")).fetchall()
            assert rows == [(1, "e", 1), (2, "f", None), (5, "X", None), (6, "Y", None), (7, "r", None), (8, "q", 1), (18, "s", None)], rows
        """)

    def test_functions_by_themselves(self):
        self.assert_holds("""
            bind = op.get_bind()
            assert bind.execute(sa.func.lower("ABC")).scalar() == bind.scalar(sa.func.coalesce(None, "abc")) == "abc"
            ids = sa.select(sa.text("id")).select_from(sa.text("u")).where(sa.text("id > :i").bindparams(i=1))
            assert bind.execute(ids).fetchall() == [(2,)]
        """)

    def test_the_servers_version(self):
        self.database.close()
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        self.live_reader = self.reader("sqlite", database=self.database, server_version=None)
        self.assert_holds("""
            assert op.get_bind().dialect.server_version_info == tuple(map(int, %r.split("."))), op.get_bind().dialect.server_version_info
        """ % sqlite3.sqlite_version)
        answer = self.live_reader.record(self.script("op.get_bind().dialect.server_version_info >= (3, 35)"))
        self.assertEqual((answer["event"], answer["what"]), ("needs", "query"))

    def test_times_as_the_driver_writes_them(self):
        self.assert_holds("""
            import datetime
            moment = datetime.datetime(2024, 1, 2, 3, 4, 5)
            op.execute("CREATE TABLE times (id INTEGER PRIMARY KEY, at)")
            typed, untyped = sa.table("times", sa.column("at", sa.DateTime)), sa.table("times", sa.column("at"))
            op.get_bind().execute(sa.text("INSERT INTO times (at) VALUES (:at)"), {"at": moment})
            op.get_bind().execute(sa.text("INSERT INTO times (at) VALUES (:at)").bindparams(at=moment))
            op.get_bind().execute(untyped.insert().values(at=moment))
            op.get_bind().execute(typed.insert().values(at=moment))
            op.get_bind().execute(sa.text("INSERT INTO times (at) VALUES (:at)"), {"at": moment.replace(tzinfo=datetime.timezone.utc)})
            found = op.get_bind().execute(sa.text("SELECT at FROM times ORDER BY id")).scalars().all()
            assert found == ["2024-01-02 03:04:05", "2024-01-02 03:04:05.000000"] * 2 + ["2024-01-02 03:04:05+00:00"], found
            n = sa.table("times", sa.column("id", sa.Numeric(10, 2)))
            assert str(op.get_bind().execute(sa.select(n.c.id).limit(1)).scalar()) == "1.00"
        """)

    def test_reflected_tables(self):
        self.assert_holds("""
            metadata = sa.MetaData()
            u = sa.Table("u", metadata, sa.Column("name", sa.Text), autoload_with=op.get_bind())
            assert sorted(metadata.tables) == ["t", "u"] and list(u.c.keys())[:3] == ["id", "name", "at"], u.c.keys()
            assert isinstance(u.c.name.type, sa.Text) and [one.name for one in u.primary_key] == ["id"]
            key, = u.foreign_keys
            assert (key.target_fullname, key.column.table.name, key.parent.name, key.constraint.name) == ("t.id", "t", "t_id", "fk_t")
            assert u.c.t_id.foreign_keys == [key] and not u.c.id.foreign_keys
            assert sorted(type(one).__name__ for one in u.constraints) == [
                "CheckConstraint", "ForeignKeyConstraint", "PrimaryKeyConstraint", "UniqueConstraint"]
            assert list(sa.Table("u", sa.MetaData(), autoload_with=op.get_bind(), include_columns=["id"]).c.keys()) == ["id"]
            copied = u.to_metadata(sa.MetaData())
            assert len(copied.foreign_keys) == len(copied.foreign_key_constraints) == 1
        """)

    def test_errors_of_the_database_can_be_caught(self):
        self.assert_holds("""
            for text, kind in (("SELECT * FROM nowhere", sa.exc.OperationalError), ("INSERT INTO u (id) VALUES (1)", sa.exc.IntegrityError)):
                try:
                    op.execute(text)
                    assert False
                except kind as error:
                    assert isinstance(error, sa.exc.SQLAlchemyError) and str(error.orig)
        """)
        answer = self.run_live('op.execute("SELECT * FROM nowhere")')
        self.assertEqual((answer["event"], answer["type"], answer["line"]), ("raised", "OperationalError", 6))

    def test_events(self):
        self.assert_holds("""
            with op.batch_alter_table("u") as batch:
                batch.drop_column("raw")
            with op.get_context().autocommit_block():
                op.execute("SELECT 1")
            op.get_bind().commit()
            with op.get_bind().begin_nested():
                op.execute("DELETE FROM t WHERE id = 5")
            try:
                with op.get_bind().begin_nested():
                    op.execute("DELETE FROM t")
                    raise ValueError()
            except ValueError:
                pass
            op.execute("SELECT 1; SELECT 2")
        """)
        seen = [event.get("sql") or event["event"] for event in self.live_reader.events]
        self.assertEqual(seen, ["batch", "autocommit", "SELECT 1", "autocommit", "commit", "SAVEPOINT sa_savepoint_1",
                                "DELETE FROM t WHERE id = 5", "RELEASE SAVEPOINT sa_savepoint_1", "SAVEPOINT sa_savepoint_2",
                                "DELETE FROM t", "ROLLBACK TO SAVEPOINT sa_savepoint_2", "SELECT 1; SELECT 2"])
        self.assertEqual(self.database.execute("SELECT count(*) FROM t").fetchone(), (1,))

    def test_values_for_the_places_of_a_text(self):
        self.assert_holds("""
            bind = op.get_bind()
            bind.execute("UPDATE u SET name = ? WHERE id = 1", ("one",))
            assert bind.execute("SELECT name FROM u WHERE id = 1").scalar() == "one"
            bind.execute("UPDATE u SET name = ? WHERE id = ?", "two", 1)
            bind.execute("UPDATE u SET name = ? WHERE id = ?", ("three", 2), ("four", 99))
            bind.execute("UPDATE u SET name = ? WHERE id = ?", [("three", 2), ("four", 98)])
            bind.exec_driver_sql("UPDATE u SET flag = 0 WHERE id = ?", (2,))
            assert [row[0] for row in bind.execute("SELECT name FROM u WHERE id IN (?, ?) ORDER BY id", [1, 2])] == ["two", "three"]
            assert bind.execute("SELECT id FROM u WHERE id = ?", 2).scalar() == 2
            assert bind.execute(sa.text("SELECT id FROM u WHERE id = :id"), {"id": 2}).scalar() == 2
            for values in ((1,), (1, 2, 3)):
                try:
                    bind.exec_driver_sql("SELECT ?, ?", values)
                    assert False
                except sa.exc.ProgrammingError:
                    pass
        """)

    def test_an_engine_that_commits_by_itself(self):
        self.assert_holds("""
            engine = op.get_bind().engine
            with engine.connect() as connection:
                connection.execute(sa.text("DELETE FROM t WHERE id = 6"))
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                assert connection.execute(sa.text("SELECT count(*) FROM t")).scalar() == 1
                connection.execute(sa.text("DELETE FROM t WHERE id = 7"))
                connection.exec_driver_sql("DELETE FROM t WHERE id = 8")
            with engine.execution_options(isolation_level="AUTOCOMMIT").begin() as connection:
                connection.execute(sa.text("DELETE FROM t WHERE id = 9"))
        """)
        seen = [event.get("sql") or event["event"] for event in self.live_reader.events]
        self.assertEqual(seen, ["DELETE FROM t WHERE id = 6", "SELECT count(*) FROM t", "autocommit", "DELETE FROM t WHERE id = 7",
                                "autocommit", "autocommit", "DELETE FROM t WHERE id = 8", "autocommit", "autocommit",
                                "DELETE FROM t WHERE id = 9", "autocommit"])
        answer = self.run_live('op.get_bind().execution_options(isolation_level="AUTOCOMMIT")')
        self.assertEqual((answer["event"], answer["type"]), ("raised", "InvalidRequestError"))

    def test_a_constraint_without_a_name_is_found_by_the_convention(self):
        self.database.executescript("CREATE TABLE w (a INTEGER, b INTEGER REFERENCES t (id), UNIQUE (a))")
        answer = self.run_live("""
            names = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
            with op.batch_alter_table("w", naming_convention=names) as batch:
                batch.drop_constraint("fk_w_b_t", type_="foreignkey")
                batch.drop_constraint("uq_w_a", type_="unique")
        """)
        self.assertEqual(answer["event"], "finished", answer)
        self.assertEqual(self.live_reader.events[-1]["batch"]["changes"], [
            {"change": "drop_constraint", "name": None, "columns": ["b"], "type": "foreignkey"},
            {"change": "drop_constraint", "name": None, "columns": ["a"], "type": "unique"}])

    def test_its_own_transaction_control_is_refused(self):
        for body in ('op.get_bind().execute("ROLLBACK")', 'op.get_bind().rollback()', 'op.get_bind().execute(sa.text("BEGIN"))'):
            with self.subTest(body=body):
                self.assertEqual(self.run_live(body)["event"], "raised")
        answer = self.run_live('print("before")\nop.get_bind().rollback()\nprint("behind")')
        self.assertEqual((answer["type"], answer["line"]), ("RolledBack", 7))

    MODELS = HEAD + textwrap.dedent("""
        from sqlalchemy import orm
        Base = orm.declarative_base()


        class U(Base):
            __tablename__ = "u"
            id = sa.Column(sa.Integer, primary_key=True)
            title = sa.Column("name", sa.String, nullable=False)
            flag = sa.Column(sa.Boolean, default=False)
            t_id = sa.Column(sa.ForeignKey("t.id"))
            t = orm.relationship("T")


        class T(Base):
            __tablename__ = "t"
            id = sa.Column(sa.Integer, primary_key=True)
    """)

    def test_a_session_executes_statements(self):
        answer = self.run_live("""
            session = orm.Session(bind=op.get_bind())
            with session:
                assert session.execute(sa.text("SELECT count(*) FROM u")).scalar() == 2
                assert session.execute(sa.select(U.title).where(U.id == 2)).scalar() == "b"
                session.execute(sa.update(U).where(U.id == 2).values(title="z"))
                session.commit()
        """, self.MODELS)
        self.assertEqual(answer["event"], "finished", answer)
        self.assertEqual(self.database.execute("SELECT name FROM u WHERE id = 2").fetchone(), ("z",))

    def test_indexes_and_columns_of_several_tables(self):
        answer = self.run_live("""
            found = sa.inspect(op.get_bind())
            u = sa.Table("u", sa.MetaData(), autoload_with=op.get_bind())
            assert [one.columns.keys() for one in u.indexes] == [["flag"]]
            assert sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Index("ix", "a")).indexes[0].columns.keys() == ["a"]
            assert [one["name"] for one in found.get_multi_indexes()[None, "u"]] == ["ix_flag"]
            assert set(found.get_multi_columns(filter_names=["u"])) == {(None, "u")}
        """)
        self.assertEqual(answer["event"], "finished", answer)

    def test_tables_of_sqlite_that_are_made_of_reflected_ones(self):
        answer = self.run_live("""
            bind = op.get_bind()
            bind.exec_driver_sql("CREATE TABLE r (a VARCHAR(9), b TEXT, \\"c d\\" TEXT GENERATED ALWAYS AS (a || ':x)') STORED)")
            bind.exec_driver_sql("CREATE UNIQUE INDEX part ON r (a) WHERE b > ':b'")
            bind.exec_driver_sql("CREATE INDEX expressed ON r (lower(a), b)")
            r = sa.Table("r", sa.MetaData(), autoload_with=bind)
            assert [one["name"] for one in sa.inspect(bind).get_indexes("r")] == ["part"]
            r.drop(bind)
            r.create(bind)
            assert r.c["c d"].computed.sqltext.text.replace("\\\\", "") == "a || ':x)'", r.c["c d"].computed.sqltext.text
        """)
        self.assertEqual(answer["event"], "finished", answer)
        self.assertEqual([" ".join(sql.split()) for sql, in self.database.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'r'")], [
            """CREATE TABLE r ( a VARCHAR(9), b TEXT, "c d" TEXT GENERATED ALWAYS AS (a || ':x)') STORED )""",
            "CREATE UNIQUE INDEX part ON r (a) WHERE b > ':b'"])

    def test_the_default_of_a_column(self):
        answer = self.run_live("""
            op.get_bind().exec_driver_sql("CREATE TABLE d (a TEXT DEFAULT ('x :y' || 'z::w'), b INTEGER)")
            d = sa.Table("d", sa.MetaData(), autoload_with=op.get_bind())
            assert str(d.c.a.server_default.arg) == "'x :y' || 'z::w'" and d.c.b.server_default is None
            assert "z::w" in d.c.a.server_default.arg.text
            assert sa.Column("a", server_default="x").server_default.arg == "x"
        """)
        self.assertEqual(answer["event"], "finished", answer)

    def test_two_models_of_one_table(self):
        models = self.MODELS + textwrap.dedent("""

            class Later(Base):
                __tablename__ = "u"
                __table_args__ = {"extend_existing": True}
                id = sa.Column(sa.Integer, primary_key=True)
                raw = sa.Column(sa.LargeBinary)
        """)
        answer = self.run_live("op.get_bind().execute(sa.update(Later).where(Later.id == 2).values(raw=b'x', title='z'))", models)
        self.assertEqual(answer["event"], "finished", answer)
        self.assertEqual(self.database.execute("SELECT raw, name FROM u WHERE id = 2").fetchone(), (b"x", "z"))

    def test_the_driver_s_connection_and_its_cursors(self):
        answer = self.run_live("""
            driver = op.get_bind().connection.driver_connection
            assert driver.execute("SELECT id FROM u WHERE id = ?", (2,)).fetchone() == (2,)
            driver.executescript("CREATE TABLE s (a INTEGER); INSERT INTO s VALUES (1), (2);")
            cursor = driver.cursor()
            cursor.execute("SELECT a, a + 1 AS b FROM s ORDER BY a")
            assert [one[0] for one in cursor.description] == ["a", "b"]
            assert [row for row in cursor] == [(1, 2), (2, 3)] and cursor.fetchall() == []
            cursor.execute("DELETE FROM s WHERE a = :a", {"a": 1})
            assert cursor.rowcount == 1 and cursor.description is None
            cursor.close()
            with driver:
                driver.execute("INSERT INTO s VALUES (3)")
        """)
        self.assertEqual(answer["event"], "finished", answer)
        self.assertEqual(self.database.execute("SELECT a FROM s").fetchall(), [(2,), (3,)])

    def test_when_a_session_writes_what_is_pending(self):
        answer = self.run_live("""
            op.execute("DROP INDEX ix_flag")
            session = orm.Session(bind=op.get_bind())
            known = session.query(U).count()
            count = sa.text("SELECT count(*) FROM u")
            session.add(U(id=7, title="p"))
            assert session.execute(count).scalar() == known and session.execute(sa.select(sa.column("id")).select_from(sa.table("u"))).all()
            assert session.query(U).autoflush(False).count() == known
            with session.no_autoflush:
                assert session.query(U).count() == known
            assert session.query(U).count() == known + 1
            session = orm.sessionmaker(bind=op.get_bind(), autoflush=False)()
            session.add(U(id=8, title="q"))
            assert session.scalar(sa.select(sa.func.count()).select_from(U)) == known + 1
            session.commit()
            assert session.scalar(count) == known + 2
            session.close()
            session.rollback()
        """, self.MODELS)
        self.assertEqual(answer["event"], "finished", answer)

    def test_a_session_s_transaction_that_ends_in_an_error(self):
        for work, expected in (("pass", ("finished", None)), ("session.execute(sa.text('DELETE FROM u'))", ("raised", "RolledBack"))):
            answer = self.run_live("""
                try:
                    with orm.sessionmaker(bind=op.get_bind()).begin() as session:
                        %s
                        raise ValueError()
                except ValueError:
                    pass
            """ % work, self.MODELS)
            self.assertEqual((answer["event"], answer.get("type")), expected, answer)

    def test_what_an_object_says_of_its_row(self):
        models = self.MODELS + textwrap.dedent("""
            from sqlalchemy.ext.mutable import MutableDict


            class W(orm.declarative_base()):
                __tablename__ = "w"
                id = sa.Column(sa.Integer, primary_key=True)
                a = sa.Column(sa.Text)
                b = sa.Column(sa.Text, server_default="b")
                c = sa.Column(sa.Text, default=sa.func.lower("C"), onupdate=sa.func.upper("u"))
                data = sa.Column(MutableDict.as_mutable(sa.JSON))
        """)
        answer = self.run_live("""
            bind = op.get_bind()
            bind.exec_driver_sql("CREATE TABLE w (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'a', b TEXT DEFAULT 'b', c TEXT, data JSON)")
            session = orm.Session(bind=bind)
            w = W(b=None, data={"x": 1})
            w.beside = "of Python alone"
            session.add(w)
            session.flush()
            assert (w.a, w.b, w.c) == (None, "b", "c"), (w.a, w.b, w.c)
            w.data["y"] = 2
            session.execute(sa.text("UPDATE w SET b = 'sql'"))
            session.commit()
            assert (w.b, w.c, w.data) == ("sql", "U", {"x": 1, "y": 2}), (w.b, w.c, w.data)
            session.query(W).filter(W.id == w.id).update({"b": "bulk"})
            assert w.b == "bulk"
            session.query(W).filter(W.id == 0).delete()
            w.a = "after"
            session.commit()
            bind.exec_driver_sql("UPDATE w SET a = 'sql'")
            w.a = "after"
            session.flush()
            assert bind.exec_driver_sql("SELECT a FROM w").scalar() == "after"
            session.execute(sa.update(W), [{"id": w.id, "a": "by key"}])
            session.bulk_insert_mappings(W, [{"id": 5, "a": None, "b": None}])
            session.bulk_save_objects([W(id=6)])
            rows = bind.exec_driver_sql("SELECT id, a, b FROM w ORDER BY id").fetchall()
            assert rows == [(w.id, "by key", "bulk"), (5, "a", "b"), (6, "a", "b")], rows
            kept = orm.Session(bind=bind, expire_on_commit=False)
            w = kept.get(W, 5)
            kept.commit()
            bind.exec_driver_sql("DELETE FROM w")
            assert w.a == "a"
            session.expire_all()
            try:
                session.get(W, 6)
            finally:
                session.close()
        """, models)
        self.assertEqual(answer["event"], "finished", answer)
        # Before the key is known, that is all done when it is: in a live run.
        body = "session = orm.Session(bind=op.get_bind())\nw = W()\nsession.add(w)\nsession.flush()\n%s\nsession.commit()"
        for behind in ("w.a = 'x'", "session.delete(w)", "print(w.b)", "print((w.id,))"):
            answer = self.reader("postgresql").record(self.script(body % behind, models))
            self.assertEqual((answer["event"], answer.get("what")), ("needs", "query"), answer)

    def test_what_makes_sessions(self):
        answer = self.run_live("""
            Scoped = orm.scoped_session(orm.sessionmaker[orm.Session](autoflush=False))
            Scoped.configure(bind=op.get_bind())
            session = Scoped()
            op.execute("DROP INDEX ix_flag")
            session.add(U(id=7, title="x"))
            assert Scoped() is session and Scoped.query(U).count() == 2  # without autoflush
            Scoped.commit()
            Scoped.remove()
            assert Scoped() is not session
            make = orm.sessionmaker(bind=op.get_bind())
            with make() as session:
                session.execute(sa.text("UPDATE u SET name = 'y' WHERE id = 7"))
            with make.begin() as session:
                session.get(U, 1).title = "z"
        """, self.MODELS)
        self.assertEqual(answer["event"], "finished", answer)
        self.assertEqual(self.database.execute("SELECT name FROM u WHERE id IN (1, 7) ORDER BY id").fetchall(), [("z",), ("y",)])

    def test_a_session_rolls_back_what_it_has_a_part_in(self):
        answer = self.run_live("""
            session = orm.Session(bind=op.get_bind())
            op.execute("UPDATE u SET name = 'kept' WHERE id = 2")
            session.rollback()
            session.execute(sa.text("UPDATE u SET name = 'too' WHERE id = 1"))
            session.commit()
            session.rollback()
        """, self.MODELS)
        self.assertEqual(answer["event"], "finished", answer)
        for used in ("session.execute(sa.text('SELECT 1'))", "op.execute('DROP INDEX ix_flag')\nsession.add(U(title='x'))\nsession.flush()"):
            answer = self.run_live("session = orm.Session(bind=op.get_bind())\n%s\nsession.rollback()" % used, self.MODELS)
            self.assertEqual((answer["event"], answer.get("type")), ("raised", "RolledBack"), answer)

    def test_a_session_handles_objects_that_are_rows(self):
        answer = self.run_live("""
            op.execute("DROP INDEX ix_flag")
            session = orm.Session(bind=op.get_bind())
            first, second = session.query(U).order_by(U.id).all()
            assert (first.id, first.title, first.flag) == (1, "a", True) and second.flag is False
            assert session.query(U).filter(U.id == 1).one() is first is session.get(U, 1) is session.query(U).get(1)
            assert session.scalars(sa.select(U).filter_by(title="b")).all() == [second]
            assert session.execute(sa.select(U, U.id)).first() == (first, 1)
            assert session.query(U).join(T).count() == 1 and session.query(U.title, T.id).join(T, U.t_id == T.id).all() == [("a", 1)]
            assert session.query(sa.func.count(U.id)).scalar() == 2
            assert session.query(U).options(orm.load_only(U.title)).first() is first
            first.title = "changed"
            new = U(title="new", t_id=1)
            session.add(new)
            session.commit()
            assert new.id == 3 and new.flag is False
            session.add_all([U(id=8, title="x"), U(id=9, title="y")])
            assert session.query(U).filter(U.id > 7).count() == 2
            assert session.query(U).filter(U.id == 9).delete() == 1
            session.bulk_update_mappings(U, [{"id": 8, "title": "bulk"}])
            session.bulk_save_objects([U(id=10, title="saved")])
            session.query(U).filter_by(id=2).update({"title": "by query"})
            session.commit()
        """, self.MODELS)
        self.assertEqual(answer["event"], "finished", answer)
        self.assertEqual(self.database.execute("SELECT id, name, flag, t_id FROM u ORDER BY id").fetchall(),
                         [(1, "changed", 1, 1), (2, "by query", 0, None), (3, "new", 0, 1), (8, "bulk", 0, None), (10, "saved", 0, None)])
        updates = [event["sql"] for event in self.live_reader.events if event.get("sql", "").startswith("UPDATE u SET name='changed'")]
        self.assertEqual(updates, ["UPDATE u SET name='changed' WHERE u.id = 1"])

    def test_models_of_flask_sqlalchemy(self):
        answer = self.reader().record(self.script("""
            op.bulk_insert(LetterRate.__table__, [{"id": 1, "class_": "first"}])
        """, HEAD + textwrap.dedent("""
            from flask_sqlalchemy import SQLAlchemy
            db = SQLAlchemy()


            class LetterRate(db.Model):
                id = db.Column(db.Integer, primary_key=True)
                class_ = db.Column("class", db.String(5))
        """)))
        self.assertEqual([item["sql"] for item in answer.get("items", [answer])],
                         ["INSERT INTO letter_rate (id, class) VALUES (1, 'first')"])

    def test_what_only_a_mapping_knows_needs_the_application(self):
        for body in ("session.query(U).first().t", "list(session.query(U).first().t)", "U(id=5, t=T(id=1))",
                     "session.delete(session.query(U).first())", "session.merge(U(id=5, t=T(id=1)))", "session.query(U).join(U.t).all()",
                     "one = session.query(U).first(); one.t = 5; session.commit()"):
            with self.subTest(body=body):
                answer = self.run_live("session = orm.Session(op.get_bind())\n" + body.replace("; ", "\n"), self.MODELS)
                if body.endswith("first().t"):
                    self.assertEqual(answer["event"], "finished")
                else:
                    self.assertEqual(answer.get("what"), "application", answer)

    def test_objects_that_are_only_added_are_recorded(self):
        path = self.script("""
            session = orm.Session(bind=op.get_bind())
            session.add(T(id=5))
            session.commit()
        """, self.MODELS)
        self.assertEqual([item["sql"] for item in self.reader("sqlite").record(path)["items"]], ["INSERT INTO t (id) VALUES (5)"])
        path = self.script("""
            session = orm.Session(bind=op.get_bind())
            new = T()
            session.add(new)
            session.commit()
            op.execute("SELECT %d" % new.id)
        """, self.MODELS)
        self.assertEqual(self.reader("sqlite").record(path)["what"], "query")


if __name__ == "__main__":
    unittest.main()
