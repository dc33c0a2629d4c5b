"""What the reader says where its stand-ins lack something of SQLAlchemy's, and where the script is mistaken."""
import sqlite3
import unittest

from reader_case import HEAD, ReaderCase

TABLE = 'u = sa.table("u", sa.column("a", sa.Integer))\n'


class Lacking(ReaderCase):
    def answer(self, body):
        return self.reader("sqlite").record(self.script(TABLE + body))

    def test_an_attribute_that_sqlalchemy_has_needs_the_application(self):
        for body, text in (("sa.select(u.c.a).replace_selectable(u, u)", "SQLAlchemy's Select.replace_selectable"),
                           ("sa.String(5).adapt_to_emulated()", "SQLAlchemy's String.adapt_to_emulated"),
                           ("op.get_bind().recover_twophase()", "SQLAlchemy's Connection.recover_twophase"),
                           ("op.get_bind().dialect.create_xid()", "SQLAlchemy's Dialect.create_xid"),
                           ("getattr(u.c.a, 'shares_lineage')(u.c.a)", "SQLAlchemy's ColumnClause.shares_lineage"),
                           ("sa.Index('i').get_dialect_option('a', 'b')", "SQLAlchemy's Index.get_dialect_option")):
            with self.subTest(body=body):
                answer = self.answer(body)
                self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 7), answer)
                self.assertEqual(answer["text"], text + ", which has no stand-in here")

    def test_so_does_an_attribute_of_what_is_a_function_here(self):
        if self.reader().ready["python"].startswith(("3.8.", "3.9.")):
            self.skipTest("whose attribute it is, an error says since Python 3.10")
        for body, text in (("op.get_bind().dialect.has_table.dispatch()", "SQLAlchemy's Dialect.has_table.dispatch"),
                           ("sa.select.inherit_cache", "SQLAlchemy's select.inherit_cache")):
            with self.subTest(body=body):
                answer = self.answer(body)
                self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 7), answer)
                self.assertEqual(answer["text"], text + ", which has no stand-in here")

    def test_so_does_what_python_asks_of_a_value_that_is_not_there(self):
        if self.reader().ready["python"].startswith(("3.8.", "3.9.")):
            self.skipTest("whose attribute it is, an error says since Python 3.10")
        answer = self.answer("from no_such_app import Base\nBase.__subclasses__()")
        self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 8), answer)
        self.assertIn("no_such_app.Base", answer["text"])

    def test_it_ends_the_run_whatever_the_script_catches(self):
        answer = self.answer("try:\n    sa.select(u.c.a).replace_selectable(u, u)\nexcept Exception:\n    pass")
        self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 8), answer)

    def test_a_script_may_ask_whether_it_is_there(self):
        for body in ("assert not hasattr(sa.select(u.c.a), 'replace_selectable')",
                     "assert getattr(op.get_bind(), 'recover_twophase', 5) == 5",
                     "try:\n    sa.select(u.c.a).replace_selectable\nexcept AttributeError:\n    pass\nelse:\n    raise KeyError"):
            with self.subTest(body=body):
                self.assertEqual(self.answer(body)["event"], "recorded")

    def test_a_mistake_is_the_scripts(self):
        for body, kind in (("sa.select(u.c.a).wheer(u.c.a == 1)", "AttributeError"), ("op.get_bind().exceute('x')", "AttributeError"),
                           ("None.a", "AttributeError"), ("'a' + 5", "TypeError"), ("u.c.b", "AttributeError"),
                           ("def cast(a): pass\n    cast(1, 2)".replace("\n    ", "\n"), "TypeError"), ("bool(u.c.a < 5)", "TypeError"),
                           ("op.drop_constraint('a')", "TypeError"), ("sa.cast(1)", "TypeError")):
            with self.subTest(body=body):
                answer = self.answer(body)
                self.assertEqual((answer["event"], answer.get("type")), ("raised", kind), answer)

    def test_arguments_that_a_stand_in_does_not_take_need_the_application(self):
        for body in ("sa.case((u.c.a == 1, 2), no_such=1)", "sa.select(u.c.a).limit(5, 6)", "sa.MetaData() << 5"):
            with self.subTest(body=body):
                answer = self.answer(body)
                self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 7), answer)
                self.assertIn("more of SQLAlchemy than its stand-ins do (", answer["text"])

    def test_results_lack_things_too(self):
        reader = self.reader("sqlite", database=sqlite3.connect(":memory:"))
        answer = reader.live(self.script("op.get_bind().execute(sa.text('SELECT 1 AS a')).cursor_strategy"))
        self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 6), answer)


if __name__ == "__main__":
    unittest.main()
