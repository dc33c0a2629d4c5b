"""Alembic projects for the end-to-end tests, and Alembic itself where a Python has it."""
import os
import pathlib
import re
import shutil
import subprocess

from harness import ROOT, limbeck

CASES = ROOT / "tests" / "cases" / "alembic_runs"
ENV = '''from alembic import context
from sqlalchemy import create_engine

url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
'''


def python_with_alembic():
    """An interpreter that has Alembic and a driver for PostgreSQL; None where there is none."""
    for python in (os.environ.get("LIMBECK_TEST_ALEMBIC_PYTHON"), "/usr/bin/python3", "python3"):
        if not python or not shutil.which(python):
            continue
        found = subprocess.run([python, "-c", "import alembic, psycopg2"], capture_output=True, check=False)
        if found.returncode == 0:
            return python
    return None


PYTHON = python_with_alembic()


def sqlalchemy_url(database):
    """The tests' server listens on a socket: SQLAlchemy wants its folder as a parameter."""
    if database.name == "sqlite":
        return f"sqlite:///{database.path}"
    parts = dict(re.findall(r"[?&](\w+)=([^&]+)", database.url))
    user = re.match(r"postgresql://([^@/]*)@?", database.url).group(1)
    query = "&".join(f"{key}={value}" for key, value in parts.items() if key in ("host", "port"))
    return f"postgresql://{user}{'@' if user else ''}/{database.database}?{query}"


def make_project(folder, scripts, database):
    """A project with a copy of the scripts (paths, or name to text), whose url is the database's."""
    folder = pathlib.Path(folder)
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    url = sqlalchemy_url(database).replace("%", "%%")
    (folder / "alembic.ini").write_text(f"[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = {url}\n")
    (folder / "migrations" / "env.py").write_text(ENV)
    if isinstance(scripts, dict):
        for name, text in scripts.items():
            (versions / name).write_text(text)
    else:
        for path in scripts:
            shutil.copy(path, versions)
    return folder


def alembic(folder, *arguments, check=0):
    result = subprocess.run([PYTHON, "-W", "ignore", "-m", "alembic", *arguments], cwd=folder, text=True, capture_output=True,
                            timeout=300, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    if check is not None and result.returncode != check:
        raise AssertionError(f"alembic {' '.join(arguments)}: exit {result.returncode}\n{result.stdout}\n{result.stderr}")
    return result


def differences(left, right):
    """What differs between two databases, as Limbeck sees it."""
    result = limbeck("diff", "--from", left.url, "--to", right.url, "--format", "operations", check=0)
    return result.stdout


def rows(database):
    """All rows of all tables but those of the tools."""
    if database.name == "sqlite":
        tables = [name for (name,) in database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    else:
        tables = [name for (name,) in database.query(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")]
    tables = [name for name in tables if not re.search(r"(limbeck_journal|alembic_version)$", name)]
    # A time of insertion differs from run to run.
    stamp = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*(\+\d\d)?")
    result = {}
    for name in sorted(tables):
        # Where a column stands is no promise: Alembic's batch mode puts a new one anywhere.
        columns = ", ".join(f'"{column}"' for column in sorted(database.columns(name)))
        result[name] = sorted(stamp.sub("TIME", repr(row)) for row in database.query(f"SELECT {columns} FROM {name}"))
    return result
