"""What sessions, queries and rows do, on a SQLite database of the standard library."""
import sqlite3
import textwrap
import unittest

from reader_case import HEAD, ReaderCase

MODELS = HEAD + textwrap.dedent("""
    from sqlalchemy import func, orm
    Base = orm.declarative_base()


    class U(Base):
        __tablename__ = "u"
        id = sa.Column(sa.Integer, primary_key=True)
        title = sa.Column("name", sa.String, nullable=False)
        flag = sa.Column(sa.Boolean, default=False)
        t_id = sa.Column(sa.Integer)


    class T(Base):
        __tablename__ = "t"
        id = sa.Column(sa.Integer, primary_key=True)
        v = sa.Column(sa.String)
""")


class Orm(ReaderCase):
    def setUp(self):
        super().setUp()
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        self.database.executescript("""
            CREATE TABLE u (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, flag BOOLEAN, t_id INTEGER);
            INSERT INTO u VALUES (1, 'a', 1, 1), (2, 'b', 0, 1), (3, 'c', 1, 2);
            CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR);
            INSERT INTO t VALUES (1, 'x'), (2, 'y');
        """)
        self.addCleanup(self.database.close)

    def says(self, body, expected):
        """What it prints, as the real SQLAlchemy prints it."""
        reader = self.reader("sqlite", database=self.database)
        answer = reader.live(self.script("s = orm.Session(op.get_bind())\nc = op.get_bind()\n" + textwrap.dedent(body), MODELS))
        self.assertEqual(answer["event"], "finished", answer)
        self.assertEqual(answer["output"].strip().split("\n"), textwrap.dedent(expected).strip().split("\n"))

    def test_a_class_beside_an_aggregate(self):
        self.says("""
            for u, n in s.query(U, func.count()).group_by(U).order_by(U.id): print(u.id, u.title, n)
            row = s.query(U, func.count().label("n")).group_by(U).order_by(U.id).first()
            print(row.U.title, row.n, row._fields)
        """, """
            1 a 1
            2 b 1
            3 c 1
            a 1 ('U', 'n')
        """)

    def test_an_attribute_with_another_name(self):
        """A session calls the column so; the table and a connection keep its name."""
        self.says("""
            row = s.query(U.id, U.title).filter(U.title == "b").one()
            print(row.title, row._fields, row._mapping[U.title], hasattr(row, "name"))
            print(s.execute(sa.select(U.title)).keys(), s.execute(sa.select(U.title)).mappings().first())
            print(c.execute(sa.select(U.title)).keys(), s.query(U.__table__.c.name).first()._fields, U.__table__.c.keys()[1])
            inner = s.query(U.title, U.flag).subquery()
            print(inner.c.keys(), s.query(inner.c.title).order_by(inner.c.title).first()._fields)
            v = orm.aliased(U)
            print(s.query(v.title).first().title, s.query(U, v.title).filter(U.id == v.id).first()._fields)
            print(s.query(U.title.label("z")).first()._fields, s.query(U).options(orm.load_only(U.title)).first().title)
            print(s.execute(sa.update(U).where(U.title == "a").values(title="A").returning(U.id, U.title)).one()._fields)
        """, """
            b ('id', 'title') b False
            ['title'] {'title': 'a'}
            ['name'] ('name',) name
            ['title', 'flag'] ('title',)
            a ('U', 'title')
            ('z',) a
            ('id', 'title')
        """)

    def test_changes_come_before_new_rows(self):
        """A new row may take what another had; the changed ones come in the order of their keys."""
        self.database.executescript("CREATE UNIQUE INDEX uq ON t (v); CREATE TABLE log (v); CREATE TRIGGER tr AFTER UPDATE ON t "
                                    "BEGIN INSERT INTO log VALUES (new.id); END")
        self.says("""
            two, one = s.query(T).order_by(T.id.desc()).all()
            s.add(T(v="x"))
            two.v, one.v = "z", "w"
            s.flush()
            print(c.execute(sa.text("SELECT id, v FROM t ORDER BY id")).all(), c.execute(sa.text("SELECT v FROM log")).scalars().all())
        """, """
            [(1, 'w'), (2, 'z'), (3, 'x')] [1, 2]
        """)

    def test_columns_of_mixins(self):
        head = HEAD + textwrap.dedent("""
            from sqlalchemy import orm
            Base = orm.declarative_base()


            class Made:
                made = sa.Column(sa.Integer)

                @orm.declared_attr
                def owner(cls):
                    return sa.Column(cls.__tablename__ + "_owner", sa.Integer)


            class X(Made, Base):
                __tablename__ = "x"
                id = sa.Column(sa.Integer, primary_key=True)
                code = sa.Column(sa.String)
        """)
        for version, expected in (("2.0", "['id', 'code', 'made', 'x_owner']"), ("1.4", "['made', 'id', 'code', 'x_owner']")):
            with self.subTest(version):
                answer = self.reader("sqlite", sqlalchemy=version).record(self.script("print([c.name for c in X.__table__.c])", head))
                self.assertEqual((answer["event"], answer["output"].strip()), ("recorded", expected), answer)

    def test_a_default_that_looks_at_its_row(self):
        self.says("""
            double = lambda context: (context.get_current_parameters()["n"] or 0) * 2
            x = sa.Table("x", sa.MetaData(), sa.Column("n", sa.Integer), sa.Column("d", sa.Integer, default=double, onupdate=double),
                         sa.Column("e", sa.Integer, default=lambda: 5))
            x.create(c)
            c.execute(x.insert().values(n=4))
            c.execute(x.insert(), [{"n": 1}, {"n": 2, "d": 9}])
            c.execute(x.update().where(x.c.n == 1).values(n=7))
            print(c.execute(sa.select(x).order_by(x.c.n)).all())
            class Y(Base):
                __tablename__ = "x"
                __table_args__ = {"extend_existing": True}
                n = sa.Column(sa.Integer, primary_key=True)
                d = sa.Column(sa.Integer, default=lambda context: context.current_parameters["n"] + 1)
            s.add(Y(n=50))
            s.flush()
            print(c.execute(sa.select(x.c.d).where(x.c.n == 50)).scalar())
        """, """
            [(2, 4, 5), (4, 8, 5), (7, 14, 5)]
            51
        """)

    def test_merge(self):
        self.says("""
            m = s.merge(T(id=1, v="new"))
            print(m.id, m.v)
            s.merge(T(id=9, v="nine"))
            x = T(id=2)
            m = s.merge(x)
            print(m.v, m is x, s.merge(m) is m)
            s.merge(T(v="auto"))
            print(s.merge(U(id=1, title="z")).flag)
            s.commit()
        """, """
            1 new
            y False True
            True
        """)
        self.assertEqual(self.database.execute("SELECT * FROM t ORDER BY id").fetchall(), [(1, "new"), (2, "y"), (9, "nine"), (10, "auto")])
        self.assertEqual(self.database.execute("SELECT * FROM u WHERE id = 1").fetchall(), [(1, "z", 1, 1)])

    def test_what_else_a_query_does(self):
        self.says("""
            q = s.query(U.id, U.title).order_by(U.id)
            print(q.add_columns(U.flag).first(), q.slice(1, 3).all(), q[1:2], q[0])
            print(s.query(U).filter(U.id == 1).value(U.title), list(s.query(U).order_by(U.id).values(U.id)))
            n = s.query(func.count(U.id)).filter(U.t_id == T.id).label("n")
            print([(t.id, n) for t, n in s.query(T, n).order_by(T.id)])
            c = s.query(U.id.label("i")).filter(U.id > 1).cte("c")
            print(s.query(c.c.i).order_by(c.c.i).all())
            print(s.query(U).add_entity(T).filter(U.t_id == T.id).order_by(U.id).all()[0][1].v)
            print([one["name"] for one in s.query(U, U.id).column_descriptions])
            print(s.query(U.id).filter(sa.text("id > :n")).params(n=1).order_by(U.id).all())
            print([(u.id, u.flag) for u in s.query(U).from_statement(sa.text("SELECT * FROM u WHERE id > 1 ORDER BY id DESC"))])
            print([t.v for t in s.scalars(sa.select(T).from_statement(sa.text("SELECT id FROM t ORDER BY id")))])
        """, """
            (1, 'a', True) [(2, 'b'), (3, 'c')] [(2, 'b')] (1, 'a')
            a [(1,), (2,), (3,)]
            [(1, 2), (2, 1)]
            [(2,), (3,)]
            x
            ['U', 'id']
            [(2,), (3,)]
            [(3, True), (2, False)]
            ['x', 'y']
        """)

    def test_queries_of_several(self):
        self.says("""
            print(s.query(U.id).union(s.query(T.id)).count(), sorted(s.query(U.id).union_all(s.query(T.id)).all()))
            both = s.query(U).filter(U.id == 1).union(s.query(U).filter(U.id > 1))
            print([u.title for u in both.filter(U.id != 2).order_by(U.id.desc())], both.filter_by(id=3).one().flag)
            print(s.query(U.id).except_(s.query(T.id)).all(), both.filter(U.title == "b").one().id)
        """, """
            3 [(1,), (1,), (2,), (2,), (3,)]
            ['c', 'a'] True
            [(3,)] 2
        """)

    def test_a_class_under_another_name(self):
        self.says("""
            u, v = orm.aliased(U), orm.aliased(U, name="v")
            print([one.title for one in s.query(u).filter(u.id > 1).order_by(u.title.desc())])
            print([(a.title, b.title) for a, b in s.query(U, v).join(v, v.id > U.id).order_by(U.id, v.id)])
            print(s.query(v).filter(v.flag.is_(False)).one() is s.get(U, 2))
            print(s.query(U.id).filter(sa.exists().where(sa.and_(v.t_id == U.t_id, v.id < U.id))).all())
        """, """
            ['c', 'b']
            [('a', 'b'), ('a', 'c'), ('b', 'c')]
            True
            [(2,)]
        """)

    def test_a_row_by_its_columns(self):
        """Two tables have columns of one name."""
        self.says("""
            u, t = U.__table__, T.__table__
            row = c.execute(sa.select(u.c.id, t.c.id, t.c.v).where(t.c.id == u.c.t_id, u.c.id == 3)).first()
            print(row._mapping[u.c.id], row._mapping[t.c.id], row._mapping[t.c.v], row._fields)
            row = c.execute(sa.select(u, t).where(t.c.id == u.c.t_id, u.c.id == 3).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)).first()
            print(row._mapping[t.c.id], row.t_id, row.u_id, row._fields)
            a = t.alias("a")
            row = c.execute(sa.select(t.c.id, a.c.id).where(t.c.id < a.c.id)).first()
            print(row._mapping[t.c.id], row._mapping[a.c.id])
        """, """
            3 2 y ('id', 'id_1', 'v')
            2 2 3 ('u_id', 'u_name', 'u_flag', 'u_t_id', 't_id', 't_v')
            1 2
        """)

    def test_values_as_sqlite_gives_them(self):
        self.says("""
            import decimal
            print(c.execute(sa.select(U.id.between(1, 2), U.id < 2, U.id * decimal.Decimal("1.5"), U.title + 5)).first())
            c.execute(T.__table__.insert().values(id=8, v=sa.cast(sa.literal({"a": 1}, sa.PickleType), sa.LargeBinary)))
            print(c.execute(sa.text("SELECT substr(v, 1, 2) = x'8005' FROM t WHERE id = 8")).scalar())
        """, """
            (1, True, Decimal('1.5000000000'), 5)
            1
        """)

    def test_before_sqlalchemy_2(self):
        """Statements execute themselves, and a connection's row has names."""
        reader = self.reader("sqlite", database=self.database, sqlalchemy="1.4")
        answer = reader.live(self.script("""
            meta = sa.MetaData(bind=op.get_bind())
            t = sa.Table("t", meta, autoload=True)
            t.insert().execute(id=7, v="seven")
            t.update().where(t.c.id == 1).values(v="one").execute()
            print(t.select().where(t.c.id == 7).execute().fetchone()["v"], sa.select([sa.func.count()]).select_from(t).scalar())
            row = sa.text("SELECT id, v FROM t WHERE id = :i").execute(i=1).first()
            print("v" in row, "w" in row)
        """, MODELS))
        self.assertEqual((answer["event"], answer.get("output")), ("finished", "seven 3\nTrue False\n"), answer)

    def test_rows_and_results(self):
        self.says("""
            row = c.execute(sa.text("SELECT 1 AS a, 'x' AS b")).first()
            print(row.tuple(), row.t)
            mappings = c.execute(sa.text("SELECT id FROM t ORDER BY id")).mappings()
            print(mappings.closed, mappings.fetchone())
            mappings.close()
            print(mappings.closed)
            print(c.execute(sa.select(U.id / 2).order_by(U.id)).scalars().all()[0])
            print(c.execute(T.__table__.insert().values(v="z")).inserted_primary_key_rows)
            print(sa.inspect(c).get_sorted_table_and_fkc_names())
        """, """
            (1, 'x') (1, 'x')
            False {'id': 1}
            True
            0.5000000000
            [(3,)]
            [('t', []), ('u', []), (None, [])]
        """)


if __name__ == "__main__":
    unittest.main()
