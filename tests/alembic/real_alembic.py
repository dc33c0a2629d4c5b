"""Runs scripts by the real Alembic in its --sql mode: reads JSON [[path, direction, dialect, options], ...] from its input and
writes, for each, {"statements": [...]} or {"error": text}. It runs under an interpreter that has Alembic."""
import importlib.util
import json
import sys

import alembic
import sqlalchemy
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext


class Collected:
    """What Alembic would write into its output, a statement at a time."""

    def __init__(self):
        self.texts = []

    def write(self, text):
        self.texts.append(text)

    def flush(self):
        pass


def run(path, direction, dialect, options):
    output = Collected()
    metadata = sqlalchemy.MetaData(naming_convention=options.get("naming_convention"))
    context = MigrationContext.configure(dialect_name=dialect, dialect_opts={"paramstyle": "named"}, opts={
        "as_sql": True, "literal_binds": True, "output_buffer": output, "target_metadata": metadata})
    spec = importlib.util.spec_from_file_location("script", path)
    module = importlib.util.module_from_spec(spec)
    with Operations.context(context):
        spec.loader.exec_module(module)
        getattr(module, direction)()
    return [text.strip().rstrip(";").strip() for text in "".join(output.texts).split(";\n\n") if text.strip().strip(";")]


def main():
    answers = []
    for arguments in json.load(sys.stdin):
        try:
            answers.append({"statements": run(*arguments)})
        except Exception as error:
            answers.append({"error": "%s: %s" % (type(error).__name__, error)})
    json.dump({"alembic": alembic.__version__, "sqlalchemy": sqlalchemy.__version__, "answers": answers}, sys.stdout)


main()
