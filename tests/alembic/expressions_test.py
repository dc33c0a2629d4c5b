"""What tables, columns, models and expressions of a script come to."""
import textwrap
import unittest

from reader_case import HEAD, ReaderCase


class Expressions(ReaderCase):
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


if __name__ == "__main__":
    unittest.main()
