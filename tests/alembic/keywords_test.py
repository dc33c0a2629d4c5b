"""Arguments that a call does not know, and what the annotations of a model's columns say."""
import textwrap
import unittest

from reader_case import HEAD, ReaderCase


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


if __name__ == "__main__":
    unittest.main()
