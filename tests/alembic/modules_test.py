"""What a script imports: modules that are not there, the project's own, and code that the reader does not run."""
import os
import textwrap
import unittest

from reader_case import HEAD, ReaderCase


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


if __name__ == "__main__":
    unittest.main()
