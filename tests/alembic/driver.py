"""Plays the program's end of the conversation with the reader of Alembic's scripts, for tests: without the program.

Live runs go to a SQLite database of the standard library.
"""
import fcntl
import json
import math
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "alembic"
INSTALLED = pathlib.Path(__file__).resolve().parent / "installed"


def sources():
    """The reader's modules, of each its text."""
    return {"limbeck_reader" if path.stem == "__init__" else "limbeck_reader." + path.stem: path.read_bytes()
            for path in sorted((SOURCES / "reader").glob("*.py"))}


def attachment(source, code=None, magic=b""):
    """The modules as the program hands them over: as text, and as a Python has compiled them."""
    index, contents = {"magic": magic.hex()}, b""
    for part, modules in (("code", code or {}), ("source", source)):
        index[part] = {}
        for name, content in modules.items():
            index[part][name] = [len(contents), len(content)]
            contents += content
    return json.dumps(index).encode() + b"\n" + contents


def _cell(cell):
    """As the program writes it."""
    if isinstance(cell, bytes):
        return {"bytes": cell.hex()}
    if isinstance(cell, float) and not math.isfinite(cell):
        return {"real": "Infinity" if cell > 0 else "-Infinity"}
    return cell


class Reader:
    """A reader process. database: a sqlite3 connection that live runs work on; folder: where it runs; attached: its attachment, if it is
    another one; sqlalchemy: the version that is installed, as far as it can be told, of those in the folder "installed"."""

    def __init__(self, dialect="postgresql", python=None, database=None, env=None, folder=None, attached=None, sqlalchemy="2.0",
                 **configured):
        python = python or os.environ.get("LIMBECK_TEST_PYTHON") or sys.executable
        env = env or {**os.environ, "PYTHONPATH": str(INSTALLED / sqlalchemy)}
        ours, theirs = socket.socketpair()
        bootstrap = (SOURCES / "bootstrap.py").read_text(encoding="utf-8")
        # Descriptor 3 is what the reader speaks on, and its modules are the file that is descriptor 4.
        modules = os.memfd_create("modules")
        os.write(modules, attached or attachment(sources()))
        os.lseek(modules, 0, os.SEEK_SET)
        spoken_on, read_from = (fcntl.fcntl(number, fcntl.F_DUPFD, 10) for number in (theirs.fileno(), modules))
        move = 'exec "$0" -u -c "$1" 3<&%d 4<&%d %d<&- %d<&-' % (spoken_on, read_from, spoken_on, read_from)
        self.process = subprocess.Popen(["bash", "-c", move, python, bootstrap], stdin=subprocess.DEVNULL,
                                        pass_fds=[spoken_on, read_from], env=env, cwd=folder)
        for number in (spoken_on, read_from, modules):
            os.close(number)
        theirs.close()
        self.socket = ours
        self.lines = ours.makefile("rb")
        self.database = database
        self.events = []
        version = sqlite3.sqlite_version if dialect == "sqlite" else "15.4"
        self.ready = self.ask({"do": "configure", "dialect": dialect, "server_version": version, "paths": [], **configured})

    def send(self, message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self):
        line = self.lines.readline()
        if not line:
            raise AssertionError("the reader has gone away")
        return json.loads(line)

    def ask(self, message):
        self.send(message)
        return self.receive()

    def record(self, path, direction="upgrade", offline=False, id=None):
        return self.ask({"do": "record", "id": id or pathlib.Path(path).stem, "path": str(path), "direction": direction,
                         "offline": offline})

    def live(self, path, direction="upgrade", id=None):
        """Runs a script on the database; what it did on the way is in events."""
        self.events = []
        self.send({"do": "live", "id": id or pathlib.Path(path).stem, "path": str(path), "direction": direction})
        while True:
            event = self.receive()
            if event["event"] in ("finished", "needs", "raised", "refused"):
                return event
            self.events.append(event)
            self.send(self._answer(event))

    def _answer(self, event):
        if event["event"] != "execute":
            return {"affected": 0}
        try:
            if event["many"]:
                self.database.executescript(event["sql"])
                return {"affected": 0}
            cursor = self.database.execute(event["sql"])
        except sqlite3.Error as error:
            state = "SQLITE_CONSTRAINT" if isinstance(error, sqlite3.IntegrityError) else "SQLITE_ERROR"
            return {"error": {"sqlstate": state, "message": str(error)}}
        if cursor.description is None:
            return {"affected": cursor.rowcount}
        rows = [[_cell(cell) for cell in row] for row in cursor.fetchall()]
        return {"columns": [one[0] for one in cursor.description], "types": [""] * len(cursor.description), "rows": rows,
                "affected": len(rows)}

    def close(self):
        self.lines.close()
        self.socket.close()
        self.process.wait(timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()
