"""A PostgreSQL schema as pg_dump sees it, for comparing: an observer that knows nothing of Limbeck."""
import re
import subprocess


def schema_dump(url, *options):
    text = subprocess.run(["pg_dump", "-s", "-O", *options, url], text=True, capture_output=True, check=True).stdout
    kept = [line for line in text.splitlines() if line and not line.startswith(("--", "\\restrict", "\\unrestrict"))]
    return without_accidents(statement.rstrip(";") for statement in "\n".join(kept).split(";\n"))


def without_accidents(statements):
    """The statements in whatever order, and without what no statement can bring about: the order of columns and of storage
    parameters, and that an inherited column is not the table's own as well."""
    found, heirs = [], set()
    for statement in statements:
        table = re.match(r"CREATE (UNLOGGED |FOREIGN |)TABLE (.*?) \(\n(.*?)^\)(.*)", statement, re.S | re.M)
        if table and table[4].startswith("\nINHERITS"):
            heirs.add(table[2])
            statement = f"CREATE {table[1]}TABLE {table[2]}{table[4]}"
        elif table:
            columns = sorted(line.rstrip(",") for line in table[3].splitlines())
            statement = "\n".join([f"CREATE {table[1]}TABLE {table[2]}", *columns, table[4]])
        if statement.startswith("CREATE STATISTICS"):
            statement = re.sub(r"(?<= ON )(.*)(?= FROM )", lambda m: ", ".join(sorted(m[0].split(", "))), statement)
        found.append(re.sub(r"(?<=WITH \()[^()]*=[^()]*(?=\))", lambda m: ", ".join(sorted(m[0].split(", "))), statement))
    defaults = tuple(f"ALTER TABLE ONLY {heir} ALTER COLUMN" for heir in heirs)
    return sorted(statement for statement in found if not (statement.startswith(defaults) and " SET DEFAULT " in statement))
