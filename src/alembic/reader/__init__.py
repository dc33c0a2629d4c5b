"""Runs Alembic revision scripts without Alembic: Python 3.8 and later, the standard library alone.

The program starts one reader for a command and speaks JSON lines with it (protocol.py). The reader gives scripts stand-ins
for alembic and sqlalchemy, and renders every statement itself, with all values as literals. It never connects to a database.
"""


def main(reader, writer, keep):
    """Answers the program's requests until it hangs up. keep: what the bootstrap has compiled is worth keeping."""
    from .server import serve
    serve(reader, writer, keep)
