"""Whether the plans between two PostgreSQL schemas keep what they promise, on two databases that are used again and again.

Many pairs are tried at once, each in schemas of its own; when something is wrong, each is tried alone.
"""
import json
import os
import re
import subprocess
import tempfile

from failures import Failure, NotLoaded, RowsDoNotFit
from schema_dump import schema_dump
from postgres.renames import declared as renames_of
from postgres.surroundings import READER
from postgres.tables import Table

CLEAN = """SET client_min_messages = error;
DO $$ DECLARE it record; BEGIN
FOR it IN SELECT evtname FROM pg_event_trigger LOOP EXECUTE format('DROP EVENT TRIGGER %I', it.evtname); END LOOP;
FOR it IN SELECT pubname FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', it.pubname); END LOOP;
FOR it IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP EXECUTE format('DROP EXTENSION %I CASCADE', it.extname); END LOOP;
FOR it IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public$)' LOOP
  EXECUTE format('DROP SCHEMA %I CASCADE', it.nspname); END LOOP;
FOR it IN SELECT fdwname FROM pg_foreign_data_wrapper LOOP EXECUTE format('DROP FOREIGN DATA WRAPPER %I CASCADE', it.fdwname); END LOOP;
END $$;
"""
# What a plan cannot know to fail: rows that do not fit what the new schema asks for.
ROWS_DO_NOT_FIT = ("violates", "contains null values", "could not create unique index", "could not create exclusion constraint", "is violated by some row",
                   "conflicting key value")
# And values of another type.
VALUES_DO_NOT_FIT = ("invalid input", "out of range", "invalid label", "malformed", "cannot be cast")


class Databases:
    """The two databases of one process of the test."""

    def __init__(self, program, name):
        self.server, self.program = os.environ["LIMBECK_TEST_POSTGRES"], program
        self.work, self.target = f"{name}_work", f"{name}_target"
        self.folder = tempfile.mkdtemp(prefix="limbeck-property.")
        for database in (self.work, self.target):
            self.psql("postgres", f"CREATE DATABASE {database}", check=True)
        self.psql("postgres", f"CREATE ROLE {READER}")

    def url(self, database):
        return self.server.replace("/postgres?", f"/{database}?")

    def drop(self):
        for database in (self.work, self.target):
            self.psql("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        for name in os.listdir(self.folder):
            os.unlink(os.path.join(self.folder, name))
        os.rmdir(self.folder)

    def psql(self, database, sql, check=False, stop=True):
        result = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", f"ON_ERROR_STOP={int(stop)}", self.url(database)],
                                input=sql, text=True, capture_output=True, timeout=120)
        if check and result.returncode != 0:
            raise AssertionError(result.stderr)
        return result

    def limbeck(self, *arguments):
        result = subprocess.run([self.program, *arguments], text=True, capture_output=True, timeout=120, cwd=self.folder, stdin=subprocess.DEVNULL)
        if result.returncode != 0:
            raise Failure(f"limbeck {arguments[0]} exits with {result.returncode}:\n{result.stderr.strip()}")
        return result.stdout

    def diff(self, source, to, *more):
        """to: a database, or a file."""
        sources = [it if os.path.sep in it else self.url(it) for it in (source, to)]
        return json.loads(self.limbeck("diff", "--from", sources[0], "--to", sources[1], "--format", "json", *more))

    def load(self, database, worlds):
        """The numbers of those that can be loaded, and what was said of the others."""
        script = CLEAN
        for world in worlds:
            script += "BEGIN;\n" + "".join(statement + ";\n" for statement in world.sql()) + f"SELECT 'loaded {world.number}';\nCOMMIT;\n"
        result = self.psql(database, script, stop=False)
        return {int(number) for number in re.findall(r"^loaded (\d+)$", result.stdout, re.M)}, result.stderr

    def put_rows(self, worlds):
        script = "SET session_replication_role = replica;\n" + "".join(
            statement + ";\n" for world in worlds for statement in world.rows())
        return self.psql(self.work, script, stop=True)

    def rows(self, tables):
        """Table to rows, as a list of column to text."""
        script = "SET row_security = off;\n" + "".join(f"SELECT coalesce(json_agg(t), '[]') FROM ONLY {table} t;\n" for table in tables)
        out = self.psql(self.work, script, check=True).stdout
        decoder, at, found = json.JSONDecoder(parse_float=str, parse_int=str), 0, []
        for _ in tables:
            value, at = decoder.raw_decode(out, at)
            found.append(value)
            at += 1
        return dict(zip(tables, found))

    def apply(self, plan, back):
        script = "".join(statement["sql"] + ";\n" for statement in plan["before"])
        script += "".join(statement["sql"] + ";\n" for operation in plan["operations"] for statement in operation["statements"])
        script += "".join(statement["sql"] + ";\n" for statement in plan["after"])
        result = self.psql(self.work, script)
        if result.returncode == 0:
            return
        kind = RowsDoNotFit if any(cause in result.stderr for cause in ROWS_DO_NOT_FIT + VALUES_DO_NOT_FIT) else Failure
        raise kind(f"the plan {'back ' if back else ''}fails: {result.stderr.strip()}\n{script}")


def try_pairs(databases, pairs):
    """Nothing, or a Failure. Returns how many of them had to go without rows."""
    try:
        try_with(databases, pairs, rows=True)
        return 0
    except RowsDoNotFit as error:
        if len(pairs) > 1:
            raise
        try:
            try_with(databases, pairs, rows=False)
        except RowsDoNotFit as without:
            raise Failure(f"without a row in the database: {without}") from error
        return 1


def try_with(databases, pairs, rows):
    work, target = databases.work, databases.target
    for database, worlds in ((work, [before for before, _ in pairs]), (target, [after for _, after in pairs])):
        loaded, complaints = databases.load(database, worlds)
        if len(loaded) < len(worlds):
            raise NotLoaded({world.number for world in worlds} - loaded, complaints)
    dump_before, dump_after = (schema_dump(databases.url(it)) for it in (work, target))
    snapshot = os.path.join(databases.folder, "before.json")
    with open(snapshot, "w") as file:
        file.write(databases.limbeck("inspect", databases.url(work), "--format", "json", "--privileges", "on"))
    renames = [rename for pair in pairs for rename in renames_of(*pair)]
    there = databases.diff(work, target, *options(rename.there for rename in renames))
    if pairs[0][0].number % 2:
        back = databases.diff(work, target, "--reverse", *options(rename.there for rename in renames))
    else:
        back = databases.diff(target, work, *options(rename.back for rename in renames))
    kept = {}
    if rows:
        put = databases.put_rows([before for before, _ in pairs])
        if put.returncode != 0:
            raise RowsDoNotFit(put.stderr)
        kept = kept_tables(there, pairs)
        seen = databases.rows([old for old, _, _ in kept])
    databases.apply(there, back=False)
    must_be_empty(databases.diff(work, target), "a second plan", there)
    must_be_same(schema_dump(databases.url(work)), dump_after, "after the plan", there)
    if rows:
        compare_rows(kept, seen, databases.rows([new for _, new, _ in kept]), there)
    databases.apply(back, back=True)
    must_be_empty(databases.diff(work, snapshot, "--privileges", "on"), "a second plan after the way back", back)
    must_be_same(schema_dump(databases.url(work)), dump_before, "after the way back", back)


def options(renames):
    return [word for rename in renames for word in ("--rename", rename)]


def text_of(plan):
    return "\n".join(statement["sql"] + ";" for operation in plan["operations"] for statement in operation["statements"])


def must_be_empty(plan, what, first):
    if plan["operations"]:
        raise Failure(f"{what}:\n{text_of(plan)}\nafter:\n{text_of(first)}")


def must_be_same(one, other, what, plan):
    if one != other:
        lost = "\n".join("- " + text for text in other if text not in one)
        new = "\n".join("+ " + text for text in one if text not in other)
        raise Failure(f"pg_dump differs {what}:\n{lost}\n{new}\nthe plan:\n{text_of(plan)}")


def kept_tables(plan, pairs):
    """Old name, new name, and the columns that must keep their values: what both sides have, unless the plan says it goes."""
    drops = {(op["object"]["kind"], op["object"].get("schema"), op["object"]["name"], op["object"].get("part"))
             for op in plan["operations"] if op["operation"] == "drop"}
    found = []
    for before, after in pairs:
        renamed = {rename.uid for rename in renames_of(before, after)}
        for table in before.all(Table):
            now = after.items.get(table.uid)
            if not isinstance(now, Table):
                continue
            if table.uid not in renamed and (before[table.schema].name, table.name) != (after[now.schema].name, now.name):
                continue
            key = (before[table.schema].name, table.name)
            if table.key or now.key or ("table", *key, None) in drops and table.bound:
                continue  # rows are in partitions, and what a partition cannot stay in says the plan
            columns = []
            there = {column.uid: column for column in now.every_column(after)}
            for column in table.every_column(before):
                other = there.get(column.uid)
                if other is None or other.generated or column.generated:
                    continue
                if other.name != column.name and column.uid not in renamed:
                    continue
                if column.type.text(before) == other.type.text(after) and not column.type.user and not column.type.array:
                    columns.append((column.name, other.name))
            found.append((table.text(before), now.text(after), columns))
    return found


def compare_rows(kept, before, after, plan):
    for old, new, columns in kept:
        one = sorted(json.dumps([row[name] for name, _ in columns]) for row in before[old])
        other = sorted(json.dumps([row[name] for _, name in columns]) for row in after[new])
        if one != other:
            raise Failure(f"rows of {old}, columns {columns}: {one} became {other}\nthe plan:\n{text_of(plan)}")
