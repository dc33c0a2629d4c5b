"""The cases of tests/cases/diff through the program: apply the plan to the old schema, and look.

For each case: the result of the plan equals the new schema, as the database's own dump tells; a second diff is empty;
the reverse brings the old schema back; the rows are still there. "limbeck diff" compares a database with an SQL file,
and prints SQL that the database's own shell runs.

The sections of a case: "---- NAME" begins it; then "---- old", "---- new" (SQL), "---- rows" (SQL run on the old schema),
"---- renames" (OLD=NEW, one a line), "---- plan" (the operations, one a line), "---- never" (texts that the plan must not
hold, one a line), "---- ask" (a query a line, " => " and its rows on the new schema: columns apart by "|", rows by ";").
"""
import pathlib
import unittest

from harness import ROOT, Case, Postgres, Sqlite, limbeck
from schema_dump import schema_dump

CASES = ROOT / "tests" / "cases" / "diff"
SECTIONS = ("old", "rows", "new", "renames", "plan", "never", "ask")


def cases(folder):
    for path in sorted((CASES / folder).glob("*.case")):
        case, section = None, None
        for line in path.read_text().splitlines():
            if not line.startswith("---- "):
                if section is not None:
                    case[section] += line + "\n"
            elif line[5:] in SECTIONS:
                section = line[5:]
                case[section] = ""
            else:
                if case:
                    yield case
                case, section = {"name": f"{path.name}: {line[5:]}"}, None
        if case:
            yield case


def lines(case, section):
    return [line for line in case.get(section, "").splitlines() if line.strip()]


class Triad:
    kind = None

    def dump(self, database):
        raise NotImplementedError

    def plan(self, source, declared, *options):
        return limbeck("diff", "--from", source if isinstance(source, str) else source.url, "--to", declared, "--no-cache", *options, check=0,
                       folder=self.folder).stdout

    def bring(self, database, declared, what, renames=()):
        """Applies the plan; a second one must be empty."""
        sql = self.plan(database, declared, "--format", "sql", *renames)
        try:
            database.script(sql)
        except Exception as error:
            raise AssertionError(f"{what}: {error}\nthe plan:\n{sql}") from None
        again = self.plan(database, declared, "--format", "sql")
        self.assertEqual(again, "", f"{what}: a second plan; the first one was:\n{sql}")
        return sql

    def bring_back(self, database, old, new, renames):
        """By the reverse of the way there."""
        sql = self.plan(old, new, "--reverse", "--format", "sql", "--dialect", self.kind.name, "--url", database.url, *renames)
        try:
            database.script(sql)
        except Exception as error:
            raise AssertionError(f"backwards: {error}\nthe plan:\n{sql}") from None
        again = self.plan(database, old, "--format", "sql")
        self.assertEqual(again, "", f"backwards: a second plan; the first one was:\n{sql}")
        return sql

    def declared(self, name, sql):
        path = pathlib.Path(self.folder) / f"{name}.sql"
        path.write_text(sql)
        return str(path)

    def rows(self, database, query):
        return ";".join("|".join("" if value is None else str(value) for value in row) for row in database.query(query))

    def run_case(self, case):
        database, target, origin = (self.database(self.kind) for _ in range(3))
        for it in (database, origin):
            it.script(case["old"])
        target.script(case["new"])
        if "rows" in case:
            database.script(case["rows"])
        old, new = self.declared("old", case["old"]), self.declared("new", case["new"])
        renames = [word for line in lines(case, "renames") for word in ("--rename", line)]
        if "plan" in case:
            self.assertEqual(self.plan(database, new, *renames).splitlines(), lines(case, "plan"))
        sql = self.bring(database, new, "forwards", renames)
        for text in lines(case, "never"):
            self.assertNotIn(text, sql)
        self.assertEqual(self.dump(database), self.dump(target), f"the plan was:\n{sql}")
        for line in lines(case, "ask"):
            query, expected = line.split(" => ")
            self.assertEqual(self.rows(database, query), expected, f"{query}\nthe plan was:\n{sql}")
        sql = self.bring_back(database, old, new, renames)
        self.assertEqual(self.dump(database), self.dump(origin), f"the plan was:\n{sql}")
        for it in (database, target, origin):
            it.drop()

    def test_cases(self):
        seen = 0
        for case in cases(self.kind.name):
            seen += 1
            with self.subTest(case["name"]):
                self.run_case(case)
        self.assertGreater(seen, 0)


class OnPostgres(Triad, Case):
    kind = Postgres

    def dump(self, database):
        return schema_dump(database.url, "-x")


class OnSqlite(Triad, Case):
    kind = Sqlite

    def dump(self, database):
        """What SQLite itself knows of each object; spelling and order of columns are the author's own."""
        found = []
        for kind, name in database.query("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"):
            facts = []
            if kind in ("table", "view"):
                facts.append(sorted(row[1:] for row in database.query(f"SELECT * FROM pragma_table_xinfo({quote(name)})")))
                facts.append(sorted(row[2:] for row in database.query(f"SELECT * FROM pragma_foreign_key_list({quote(name)})")))
            if kind == "index":
                facts.append([row[2:] for row in database.query(f"SELECT * FROM pragma_index_xinfo({quote(name)})")])
            found.append((kind, name, facts))
        return sorted(found, key=repr)


def quote(name):
    return "'" + name.replace("'", "''") + "'"


if __name__ == "__main__":
    unittest.main()
