#!/usr/bin/env python3
"""Random schemas A and B: the plan from one to the other makes it, keeps the rows, and its way back comes back.

    run.py [--pairs N | --seconds S] [--seed N] [--only postgresql|sqlite] [--case N ...] [--jobs N]

The same seed gives the same cases: case number N of the seed is made of "seed:N" alone, and --case tries it again.
What fails is printed as a smaller pair that fails in the same way. PostgreSQL is LIMBECK_TEST_POSTGRES; the program LIMBECK_PROGRAM.
"""
import argparse
import collections
import multiprocessing
import os
import pathlib
import random
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "end_to_end")]
import importlib

from shrink import shrink

PROGRAM = os.environ.get("LIMBECK_PROGRAM", str(HERE.parents[1] / "build" / "limbeck"))
BATCH = {"postgresql": 16, "sqlite": 16}


class Tester:
    """One process's databases, and what it has seen."""

    def __init__(self, kind, seed, name, shrink_seconds):
        folder = {"postgresql": "postgres", "sqlite": "sqlite"}[kind]
        self.random_pair = importlib.import_module(f"{folder}.pair").random_pair
        self.oracle = importlib.import_module(f"{folder}.oracle")
        self.databases = self.oracle.Databases(PROGRAM, name)
        self.seed, self.shrink_seconds = seed, shrink_seconds
        self.seen = collections.Counter()
        self.failures = []

    def pair(self, number):
        return self.random_pair(number, random.Random(f"{self.seed}:{number}"))

    def run(self, numbers):
        self.bisect([self.pair(number) for number in numbers])
        self.seen["pairs"] += len(numbers)

    def bisect(self, pairs):
        """All at once; halves when something is wrong, down to the one that it is."""
        if not pairs:
            return
        oracle = self.oracle
        try:
            self.seen["without rows"] += oracle.try_pairs(self.databases, pairs)
            return
        except oracle.NotLoaded as error:
            numbers = error.args[0]
            self.seen["not loaded"] += len(numbers)
            if os.environ.get("LIMBECK_PROPERTY_VERBOSE"):
                print("not loaded:", numbers, error.args[1][:300])
            self.bisect([pair for pair in pairs if pair[0].number not in numbers])
            return
        except oracle.RowsDoNotFit:
            pass
        except oracle.Failure as error:
            if len(pairs) == 1:
                self.report(pairs[0], error)
                return
        middle = len(pairs) // 2
        found = len(self.failures)
        self.bisect(pairs[:middle])
        self.bisect(pairs[middle:])
        if len(pairs) == 2 and len(self.failures) == found:
            self.together(pairs)

    def together(self, pairs):
        """Wrong only beside each other; where only rows were the reason, there is nothing to tell."""
        try:
            self.oracle.try_pairs(self.databases, pairs)
        except self.oracle.RowsDoNotFit:
            pass
        except self.oracle.Failure as error:
            self.failures.append((pairs[0][0].number, kind_of(error), f"pairs {[p[0].number for p in pairs]} together: {error}"))

    def report(self, pair, error):
        kind = kind_of(error)
        if self.shrink_seconds:
            pair = shrink(pair, lambda candidate: self.fails_as(candidate, kind), self.shrink_seconds)
            try:
                self.oracle.try_pairs(self.databases, [pair])
            except Exception as smaller:
                error = smaller
        sides = "".join(f"-- {side}\n" + "".join(f"{text};\n" for text in world.sql()) for side, world in zip(("old", "new"), pair))
        self.failures.append((pair[0].number, kind, f"{sides}-- failure\n{error}"))

    def fails_as(self, pair, kind):
        try:
            self.oracle.try_pairs(self.databases, [pair])
        except self.oracle.Failure as error:
            return kind_of(error) == kind
        except Exception:
            return False
        return False


def kind_of(error):
    """What the failure is like, without names and numbers: a shrunk pair has to fail in the same way."""
    text = str(error)
    server = re.search(r"ERROR:[^\n]*", text)
    text = server[0] if server else text.split("\n", 1)[0]
    if not server and text.endswith(":"):
        text = "\n".join(str(error).split("\n", 2)[:2])
    return re.sub(r'"[^"]*"|\S*_\S*|\S*\d\S*|\(.*|= .*', "...", text)[:120]


def work(arguments):
    kind, seed, numbers, end, shrink_seconds, name = arguments
    tester = Tester(kind, seed, name, shrink_seconds)
    try:
        for at in range(0, len(numbers), BATCH[kind]):
            if end and time.time() > end:
                break
            tester.run(numbers[at:at + BATCH[kind]])
    finally:
        tester.databases.drop()
    return kind, tester.seen, tester.failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=250, help="of each database")
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--only", choices=("postgresql", "sqlite"))
    parser.add_argument("--case", type=int, nargs="+")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--shrink-seconds", type=int, default=30)
    options = parser.parse_args()
    seed = random.randrange(10**9) if options.seed is None else options.seed
    kinds = [options.only] if options.only else ["postgresql", "sqlite"]
    if "postgresql" in kinds and not os.environ.get("LIMBECK_TEST_POSTGRES"):
        sys.exit("LIMBECK_TEST_POSTGRES is not set; tools/with-postgres sets it")
    print(f"seed {seed}", flush=True)
    end = time.time() + options.seconds if options.seconds else None
    numbers = options.case if options.case else range(10**6 if end else options.pairs)
    tasks = []
    for kind in kinds:
        if end:  # every process goes on until the end
            tasks += [(kind, seed, numbers[job::options.jobs], end, options.shrink_seconds, f"property_{kind}_{job}") for job in range(options.jobs)]
        else:
            parts = [numbers[at:at + BATCH[kind] * 2] for at in range(0, len(numbers), BATCH[kind] * 2)]
            tasks += [(kind, seed, part, end, options.shrink_seconds, f"property_{kind}_{at}") for at, part in enumerate(parts)]
    seen, failed = collections.defaultdict(collections.Counter), 0
    kinds_of_failure = collections.Counter()
    with multiprocessing.Pool(len(tasks) if end else options.jobs) as pool:
        for kind, counted, failures in pool.imap_unordered(work, tasks):
            seen[kind].update(counted)
            failed += len(failures)
            for number, what, text in failures:
                kinds_of_failure[f"{kind}: {what}"] += 1
                print(f"==== {kind}, seed {seed}, case {number}: {what}\n{text}\n", flush=True)
    for kind, counted in seen.items():
        print(f"{kind}: " + ", ".join(f"{value} {name}" for name, value in counted.items() if value or name == "pairs"))
    for what, count in kinds_of_failure.most_common():
        print(f"{count} times: {what}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
