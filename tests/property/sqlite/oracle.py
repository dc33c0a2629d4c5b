"""Whether the plans between two SQLite schemas keep what they promise, each on a file of its own."""
import json
import os
import sqlite3
import subprocess
import tempfile

from names import quote
from failures import Failure, NotLoaded, RowsDoNotFit
from sqlite.tables import Table

ROWS_DO_NOT_FIT = ("constraint failed", "cannot store")


class Databases:
    def __init__(self, program, _name):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="limbeck-property.")

    def file(self, name):
        return os.path.join(self.folder, f"{name}.db")

    def drop(self):
        for name in os.listdir(self.folder):
            os.unlink(os.path.join(self.folder, name))
        os.rmdir(self.folder)

    def diff(self, source, to, *more):
        arguments = ["diff", "--from", self.file(source), "--to", self.file(to), "--format", "json", *more]
        result = subprocess.run([self.program, *arguments], text=True, capture_output=True, timeout=120, cwd=self.folder, stdin=subprocess.DEVNULL)
        if result.returncode != 0:
            raise Failure(f"limbeck diff exits with {result.returncode}:\n{result.stderr.strip()}")
        return json.loads(result.stdout)

    def load(self, name, world, rows=False):
        """Rows are put in before triggers could fire."""
        if os.path.exists(self.file(name)):
            os.unlink(self.file(name))
        connection = sqlite3.connect(self.file(name), isolation_level=None)
        try:
            connection.execute("BEGIN")
            statements = world.sql()
            for statement in statements:
                if not statement.startswith("CREATE TRIGGER"):
                    connection.execute(statement)
        except sqlite3.Error as error:
            raise NotLoaded({world.number}, f"{error}: {statement}") from error
        try:
            for row in world.rows() if rows else ():
                connection.execute(row)
        except sqlite3.Error as error:
            raise RowsDoNotFit(str(error)) from error
        try:
            for statement in statements:
                if statement.startswith("CREATE TRIGGER"):
                    connection.execute(statement)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise NotLoaded({world.number}, f"{error}: {statement}") from error
        finally:
            connection.close()

    def query(self, name, sql):
        connection = sqlite3.connect(self.file(name))
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def apply(self, plan, name):
        connection = sqlite3.connect(self.file(name), isolation_level=None)
        statements = [s["sql"] for s in plan["before"]] + [s["sql"] for op in plan["operations"] for s in op["statements"]]
        statements += [s["sql"] for s in plan["after"]]
        try:
            for statement in statements:
                connection.execute(statement)
            # SQLite 3.40 mistakes one column for another in tables without row ids whose key is not their first column.
            broken = [text for text, in connection.execute("PRAGMA integrity_check") if text != "ok" and not text.startswith("NULL value in")]
            if broken:
                raise Failure(f"integrity_check says {broken} after\n{text_of(plan)}")
        except sqlite3.Error as error:
            kind = RowsDoNotFit if any(cause in str(error) for cause in ROWS_DO_NOT_FIT) else Failure
            raise kind(f"ERROR: the plan fails: {error}: {statement}\n{text_of(plan)}") from error
        finally:
            connection.close()

    def index_keys(self, name, index):
        literal = "'" + index.replace("'", "''") + "'"
        return self.query(name, f"SELECT name, desc, coll FROM pragma_index_xinfo({literal}) WHERE key")

    def facts(self, name):
        """What SQLite itself knows of each object."""
        found = []
        for kind, object_name, sql in self.query(name, "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"):
            facts = []
            literal = "'" + object_name.replace("'", "''") + "'"
            if kind in ("table", "view"):
                facts.append(sorted((row[1:] for row in self.query(name, f"SELECT * FROM pragma_table_xinfo({literal})")), key=repr))
                facts.append(sorted((row[2:] for row in self.query(name, f"SELECT * FROM pragma_foreign_key_list({literal})")), key=repr))
                facts.append(sorted(((*row[2:], self.index_keys(name, row[1])) for row in
                                     self.query(name, f"SELECT * FROM pragma_index_list({literal})")), key=repr))
                facts.append(self.query(name, f"SELECT wr, strict FROM pragma_table_list({literal})"))
            if kind != "table":
                facts.append(" ".join(sql.replace('"', "").lower().split()))
            found.append((kind, object_name, facts))
        return sorted(found, key=repr)


def try_pairs(databases, pairs):
    without = 0
    for pair in pairs:
        try:
            try_pair(databases, *pair, rows=True)
        except RowsDoNotFit as error:
            without += 1
            try:
                try_pair(databases, *pair, rows=False)
            except RowsDoNotFit as again:
                raise Failure(f"without a row in the database: {again}") from error
    return without


def try_pair(databases, before, after, rows):
    databases.load("work", before, rows)
    databases.load("origin", before)
    databases.load("target", after)
    old, new = databases.facts("origin"), databases.facts("target")
    there = databases.diff("work", "target")
    back = databases.diff("work", "target", "--reverse") if before.number % 2 else databases.diff("target", "work")
    kept = kept_columns(there, before, after)
    seen = [sorted(databases.query("work", f"SELECT {columns} FROM {quote(name)}"), key=repr) for name, columns in kept]
    databases.apply(there, "work")
    must_be_same(databases, "target", new, "after the plan", there)
    now = [sorted(databases.query("work", f"SELECT {columns} FROM {quote(name)}"), key=repr) for name, columns in kept]
    if seen != now:
        raise Failure(f"rows: of {kept}, {seen} became {now}\nthe plan:\n{text_of(there)}")
    databases.apply(back, "work")
    must_be_same(databases, "origin", old, "after the way back", back)


def must_be_same(databases, other, facts, what, plan):
    again = databases.diff("work", other)
    if again["operations"]:
        raise Failure(f"a second plan {what}:\n{text_of(again)}\nafter:\n{text_of(plan)}")
    now = databases.facts("work")
    if now != facts:
        lost = "\n".join(f"- {fact}" for fact in facts if fact not in now)
        new = "\n".join(f"+ {fact}" for fact in now if fact not in facts)
        raise Failure(f"the schema differs {what}:\n{lost}\n{new}\nthe plan:\n{text_of(plan)}")


def text_of(plan):
    return "\n".join(statement["sql"] + ";" for operation in plan["operations"] for statement in operation["statements"])


def kept_columns(plan, before, after):
    """Tables and their columns that both sides have, which must keep their values, as numbers or texts alike."""
    names = {table.name: table for table in after.all(Table)}
    found = []
    for table in before.all(Table):
        other = names.get(table.name)
        if other is None or other.uid != table.uid:
            continue
        columns = {column.name: column for column in other.columns(after)}
        kept = [column.name for column in table.columns(before)
                if column.name in columns and columns[column.name].uid == column.uid and not column.generated
                and not columns[column.name].generated]
        if kept:
            found.append((table.name, ", ".join(f"CAST(CAST({quote(name)} AS TEXT) AS NUMERIC)" for name in kept)))
    return found
