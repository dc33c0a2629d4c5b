"""What a script's sessions write and when, on a SQLite database of the standard library."""
import textwrap
import unittest

from reader_case import HEAD, LiveCase


class Sessions(LiveCase):
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
