"""A measured process: what every benchmark is made of."""
import glob
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

# Debian's psql and pg_dump are Perl programs that look for the real ones, for 25 milliseconds: no floor.
POSTGRES_PROGRAMS = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda folder: float(folder.split("/")[-2]))
if POSTGRES_PROGRAMS:
    os.environ["PATH"] = os.pathsep.join([POSTGRES_PROGRAMS[-1], os.environ["PATH"]])
# Python programs keep the code of what they have read, as they do where nobody forbids it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


class Measured(NamedTuple):
    seconds: float
    processor: float  # seconds, of the process alone: what a server did for it is not in here
    megabytes: float  # at its peak; not less than this script's own, which the process begins as a copy of


class Run:
    def __init__(self, argv, folder=None, env=None, stdin=None, accept=(0,)):
        self.argv, self.folder, self.env, self.stdin, self.accept = argv, folder, env, stdin, accept

    def measure(self):
        with open(os.devnull, "r+b") as null, tempfile.TemporaryFile() as errors:
            stdin = open(self.stdin, "rb") if self.stdin else null
            begin = time.perf_counter()
            process = subprocess.Popen(self.argv, cwd=self.folder, env={**os.environ, **(self.env or {})},
                                       stdin=stdin, stdout=null, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            if stdin is not null:
                stdin.close()
            if process.returncode not in self.accept:
                errors.seek(0)
                sys.exit(f"{' '.join(self.argv)}: exit {process.returncode}\n{errors.read().decode()[-2000:]}")
        return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(measured):
    """Of each figure by itself; of the memory the greatest."""
    return Measured(statistics.median(it.seconds for it in measured), statistics.median(it.processor for it in measured),
                    max(it.megabytes for it in measured))
