"""Which functions of a script run for a project of several databases."""
import sqlite3
import unittest

from reader_case import HEAD, ReaderCase


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


if __name__ == "__main__":
    unittest.main()
