"""What scripts see of values that PostgreSQL gave, as SQLAlchemy and psycopg2 show them. The answers are written here."""
import unittest

import driver
from reader_case import HEAD, ReaderCase

SCRIPT = HEAD + """import enum
from sqlalchemy.dialects import postgresql


class Mood(enum.Enum):
    happy = "h"
    sad = "s"


"""


class Answering(driver.Reader):
    """Every statement is answered by one row with one cell."""

    def __init__(self, kind, cell):
        self.kind, self.cell = kind, cell
        super().__init__("postgresql")

    def _answer(self, event):
        return {"columns": ["a"], "types": [self.kind], "rows": [[self.cell]], "affected": 1}


class Rows(driver.Reader):
    """Every statement is answered by the same rows."""

    def __init__(self):
        super().__init__("postgresql")

    def _answer(self, event):
        return {"columns": ["a", "n"], "types": ["text", "int4"], "rows": [["b", "1"], ["a", "2"], ["b", "1"], ["a", "3"]], "affected": 4}


class Results(ReaderCase):
    def seen(self, kind, cell, column):
        """By itself, and as the column's value."""
        path = self.script("""
            print(repr(op.get_bind().execute(sa.text("SELECT a")).scalar()))
            print(repr(op.get_bind().execute(sa.select(sa.column("a", %s))).scalar()))
        """ % column, SCRIPT)
        with Answering(kind, cell) as reader:
            answer = reader.live(path)
        self.assertEqual(answer["event"], "finished", answer)
        return answer["output"].splitlines()

    def test_ranges(self):
        for kind, cell, column, raw, typed in (
                ("int4range", "[1,5)", "postgresql.INT4RANGE", "NumericRange(1, 5, '[)')", "Range(lower=1, upper=5, bounds='[)', empty=False)"),
                ("int8range", "empty", "postgresql.INT8RANGE", "NumericRange(empty=True)", "Range(lower=None, upper=None, bounds='[)', empty=True)"),
                ("numrange", "(,1.5]", "postgresql.NUMRANGE", "NumericRange(None, Decimal('1.5'), '(]')",
                 "Range(lower=None, upper=Decimal('1.5'), bounds='(]', empty=False)"),
                ("daterange", "[2020-01-01,)", "postgresql.DATERANGE", "DateRange(datetime.date(2020, 1, 1), None, '[)')",
                 "Range(lower=datetime.date(2020, 1, 1), upper=None, bounds='[)', empty=False)"),
                ("tsrange", '["2020-01-01 00:00:00","2020-02-01 00:00:00")', "postgresql.TSRANGE",
                 "DateTimeRange(datetime.datetime(2020, 1, 1, 0, 0), datetime.datetime(2020, 2, 1, 0, 0), '[)')",
                 "Range(lower=datetime.datetime(2020, 1, 1, 0, 0), upper=datetime.datetime(2020, 2, 1, 0, 0), bounds='[)', empty=False)")):
            with self.subTest(kind):
                self.assertEqual(self.seen(kind, cell, column), [raw, typed])

    def test_each_value_once(self):
        path = self.script("""
            asked = lambda: op.get_bind().execute(sa.text("SELECT a, n"))
            assert asked().unique().all() == [("b", 1), ("a", 2), ("a", 3)]
            assert asked().scalars().unique().all() == ["b", "a"] == asked().unique().scalars().all()
            assert asked().unique(lambda row: row[0]).all() == [("b", 1), ("a", 2)]
            assert [dict(row) for row in asked().mappings().unique()] == [{"a": "b", "n": 1}, {"a": "a", "n": 2}, {"a": "a", "n": 3}]
            result = asked().scalars(1).unique()
            assert (result.first(), asked().scalars().all()) == (1, ["b", "a", "b", "a"])
        """, SCRIPT)
        with Rows() as reader:
            answer = reader.live(path)
        self.assertEqual(answer["event"], "finished", answer)

    def test_what_a_range_knows(self):
        path = self.script("""
            r = op.get_bind().execute(sa.text("SELECT a")).scalar()
            assert (r.lower, r.upper, r.lower_inc, r.upper_inc, r.lower_inf, r.upper_inf, r.isempty) == (1, 5, True, False, False, False, False)
            assert 1 in r and 4 in r and 5 not in r and 0 not in r and bool(r) and r == postgresql.Range(1, 5)
            t = sa.table("t", sa.column("r", postgresql.INT4RANGE))
            op.execute(t.insert().values(r=postgresql.Range(2, None, bounds="(]")))
        """, SCRIPT)
        with Answering("int4range", "[1,5)") as reader:
            answer = reader.live(path)
            self.assertEqual(answer["event"], "finished", answer)
            self.assertEqual(reader.events[-1]["sql"], "INSERT INTO t (r) VALUES ('(2,]'::INT4RANGE)")

    def test_arrays(self):
        for kind, cell, column, expected in (
                ("", "{happy,sad}", 'postgresql.ARRAY(sa.Enum(Mood, name="mood"))', ["'{happy,sad}'", "[<Mood.happy: 'h'>, <Mood.sad: 's'>]"]),
                ("", "{happy,NULL}", 'postgresql.ARRAY(postgresql.ENUM("happy", name="mood"))', ["'{happy,NULL}'", "['happy', None]"]),
                ("_int4", "{1,2}", "postgresql.ARRAY(sa.Integer, as_tuple=True)", ["[1, 2]", "(1, 2)"]),
                ("_int4", "{{1,2},{3,4}}", "postgresql.ARRAY(sa.Integer)", ["[[1, 2], [3, 4]]"] * 2),
                ("_inet", "{10.0.0.1}", "postgresql.ARRAY(postgresql.INET)", ["['10.0.0.1']"] * 2),
                ("_uuid", "{6f7c3e5e-7d5a-4b8b-9d0a-111111111111}", "postgresql.ARRAY(postgresql.UUID(as_uuid=False))",
                 ["[UUID('6f7c3e5e-7d5a-4b8b-9d0a-111111111111')]", "['6f7c3e5e-7d5a-4b8b-9d0a-111111111111']"])):
            with self.subTest(column):
                self.assertEqual(self.seen(kind, cell, column), expected)

    def test_hstore(self):
        self.assertEqual(self.seen("", '"a"=>"1", "b"=>NULL, "q\\""=>"x\\\\\'"', "postgresql.HSTORE")[1], repr({"a": "1", "b": None, 'q"': "x\\'"}))
        path = self.script("""
            print(repr(op.get_bind().execute(sa.select(sa.column("a", postgresql.HSTORE)["k"])).scalar()))
        """, SCRIPT)
        with Answering("text", "1") as reader:
            self.assertEqual(reader.live(path)["output"], "'1'\n")

    def test_numbers_and_times(self):
        self.assertEqual(self.seen("float8", "1.5", "sa.Numeric"), ["1.5", "Decimal('1.5000000000')"])
        self.assertEqual(self.seen("time", "24:00:00", "sa.Time"), ["datetime.time(0, 0)"] * 2)


if __name__ == "__main__":
    unittest.main()
