"""Scripts that ask the database, on a SQLite database of the standard library."""
import sqlite3
import textwrap
import unittest

import driver
from reader_case import HEAD, LiveCase


class Live(LiveCase):
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


if __name__ == "__main__":
    unittest.main()
