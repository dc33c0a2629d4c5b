"""Runs scripts by the real Alembic in its --sql mode: reads JSON [[path, direction, dialect, options], ...] from its input and
writes, for each, {"statements": [...]} or {"error": text}. It runs under an interpreter that has Alembic."""
import importlib.util
import json
import sys

import alembic
import sqlalchemy
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext


def run(path, direction, dialect, options):
    texts = []
    metadata = sqlalchemy.MetaData(naming_convention=options.get("naming_convention"))
    context = MigrationContext.configure(dialect_name=dialect, dialect_opts={"paramstyle": "named"}, opts={
        "as_sql": True, "literal_binds": True, "target_metadata": metadata})
    context.impl.static_output = texts.append
    spec = importlib.util.spec_from_file_location("script", path)
    module = importlib.util.module_from_spec(spec)
    with Operations.context(context):
        spec.loader.exec_module(module)
        getattr(module, direction)()
    return [text.strip().rstrip(";").strip() for text in texts if text.strip().strip(";")]


def main():
    answers = []
    # What the scripts print is no answer.
    output, sys.stdout = sys.stdout, sys.stderr
    for arguments in json.load(sys.stdin):
        try:
            answers.append({"statements": run(*arguments)})
        except Exception as error:
            answers.append({"error": "%s: %s" % (type(error).__name__, error)})
    json.dump({"alembic": alembic.__version__, "sqlalchemy": sqlalchemy.__version__, "answers": answers}, output)


main()
