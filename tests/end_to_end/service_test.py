"""A program with a pool, before a server that stops, refuses, is slow, freezes, and cuts it off; the health of it all.

The program is tests/service/driver.cpp (LIMBECK_SERVICE_DRIVER). The server is one of this test's own, which it may break.
"""
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

from harness import PROGRAM, ROOT, Case, Postgres, Sqlite, chain, limbeck, wait_until
from server_loss_test import ServerCase

DRIVER = os.environ.get("LIMBECK_SERVICE_DRIVER", str(ROOT / "build" / "tests" / "service_driver"))
CONNECTIONS = 12


def driver(scenario, url, number):
    return subprocess.Popen([DRIVER, scenario, url, str(number)], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def outcomes(output):
    """Lines "done 5" as {"done": [5], ...}."""
    result = {}
    for line in output.splitlines():
        if not line.rsplit(" ", 1)[-1].isdigit():
            raise AssertionError(f"no outcome: {line!r} in {output[-2000:]}")
        what, number = line.rsplit(" ", 1)
        result.setdefault(what, []).append(int(number))
    return result


class Proxy:
    """Between a client and the server's socket. judge(data) of what the client sends: None passes it on."""

    def __init__(self, folder, server_folder, judge):
        self.judge = judge
        self.server = f"{server_folder}/.s.PGSQL.5432"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{folder}/.s.PGSQL.5432")
        self.listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(self.server)
                self._pass_on(client, server)
            except OSError:
                pass  # one of them is gone

    def _pass_on(self, client, server):
        cut = threading.Event()

        def back():
            while data := self._receive(server):
                if cut.is_set():
                    break
                client.sendall(data)
            self._end(client, server)

        backwards = threading.Thread(target=back, daemon=True)
        backwards.start()
        while data := self._receive(client):
            verdict = self.judge(data)
            if verdict == "cut before":
                break
            if verdict == "cut after":
                cut.set()
            server.sendall(data)
        if not cut.is_set():
            self._end(client, server)
        backwards.join()

    @staticmethod
    def _receive(connection):
        try:
            return connection.recv(65536)
        except OSError:
            return b""

    @staticmethod
    def _end(*connections):
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Once:
    """The verdict for the first data that hold the text; nothing for all others."""

    def __init__(self, text, verdict):
        self.text, self.verdict, self.lock, self.seen = text, verdict, threading.Lock(), 0

    def __call__(self, data):
        with self.lock:
            if self.text not in data or self.seen:
                return None
            self.seen = 1
            return self.verdict


class ServiceCase(ServerCase):
    def numbers(self):
        database = self.database(Postgres)
        database.script("CREATE TABLE numbers (n integer NOT NULL)")
        return database

    def through(self, database, judge):
        """The url of the database, by way of a proxy."""
        proxy = Proxy(self.folder, self.server_folder, judge)
        self.addCleanup(proxy.close)
        return database.url.replace(f"host={self.server_folder}", f"host={self.folder}")


class Restarts(ServiceCase):
    def test_every_row_once_although_the_server_is_restarted(self):
        database = self.numbers()
        count = 8000
        process = driver("insert", database.url, count)
        rng = random.Random(7)
        for mode in ("fast", "immediate", "fast"):
            time.sleep(rng.uniform(0.1, 0.3))
            if mode == "immediate":
                self.assertIsNone(process.poll(), "it has seen nothing of this")
            self.pg_ctl("-m", mode, "restart")
        output, _ = process.communicate(timeout=180)
        seen = outcomes(output)
        self.assertLessEqual(set(seen), {"done", "unknown"}, output[:2000])
        rows = [int(row[0]) for row in database.query("SELECT n FROM numbers")]
        self.assertEqual(len(rows), len(set(rows)), "a row was inserted twice")
        self.assertEqual(count, len(seen["done"]) + len(seen.get("unknown", [])))
        # What was reported done is there; of the unknown nobody knows.
        self.assertEqual(set(), set(seen["done"]) - set(rows))
        self.assertEqual(set(), set(rows) - set(seen["done"]) - set(seen.get("unknown", [])))

    def test_a_server_without_a_free_connection_is_waited_for(self):
        database = self.numbers()
        occupants = [subprocess.Popen(["psql", "-X", "-q", database.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                     for _ in range(CONNECTIONS)]
        for occupant in occupants:
            occupant.stdin.write("\\echo ready\n")
            occupant.stdin.flush()
            self.assertEqual("ready", occupant.stdout.readline().strip())
        try:
            refused = driver("connect", database.url, 2000).communicate(timeout=60)[0]
            self.assertEqual("refused 53300", refused.splitlines()[0])
            process = driver("insert", database.url, 5)
            time.sleep(1)
            self.assertIsNone(process.poll())
        finally:
            for occupant in occupants:
                occupant.stdin.close()
                occupant.wait(20)
                occupant.stdout.close()
        output, _ = process.communicate(timeout=90)
        self.assertEqual({"done": [1, 2, 3, 4, 5]}, {what: sorted(numbers) for what, numbers in outcomes(output).items()}, output)
        self.assertEqual([("5",)], database.query("SELECT count(*) FROM numbers"))


class Cut(ServiceCase):
    def test_a_commit_without_an_answer_is_unknown_and_never_repeated(self):
        for verdict, rows in (("cut before", "0"), ("cut after", "1")):
            with self.subTest(verdict=verdict):
                database = self.numbers()
                judge = Once(b"COMMIT\0", verdict)
                url = self.through(database, judge)
                output, _ = driver("insert", url, 1).communicate(timeout=60)
                self.assertEqual("unknown 1\n", output)
                self.assertEqual(1, judge.seen)
                self.assertEqual([(rows,)], database.query("SELECT count(*) FROM numbers"))
                os.unlink(f"{self.folder}/.s.PGSQL.5432")

    def test_a_statement_without_an_answer_is_repeated_in_a_new_transaction(self):
        for verdict in ("cut before", "cut after"):
            with self.subTest(verdict=verdict):
                database = self.numbers()
                url = self.through(database, Once(b"INSERT INTO numbers", verdict))
                output, _ = driver("insert", url, 1).communicate(timeout=60)
                self.assertEqual("done 1\n", output)
                self.assertEqual([("1",)], database.query("SELECT count(*) FROM numbers"))
                os.unlink(f"{self.folder}/.s.PGSQL.5432")


class Slow(ServiceCase):
    def test_a_deadline_holds_although_the_statement_is_slow(self):
        database = self.numbers()
        lines = driver("sleep", database.url, 700).communicate(timeout=60)[0].splitlines()
        self.assertEqual("deadline", lines[1])
        self.assertLess(int(lines[2]), 10_000)
        # The server was told, too.
        wait_until(lambda: database.query("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'") == [("0",)],
                   "the statement has ended")

    def test_a_deadline_holds_although_the_server_is_frozen(self):
        database = self.numbers()
        process = driver("sleep", database.url, 1000)
        backend = int(process.stdout.readline().split()[1])
        os.kill(backend, signal.SIGSTOP)
        try:
            output = process.communicate(timeout=60)[0].splitlines()
        finally:
            os.kill(backend, signal.SIGCONT)
        self.assertEqual("deadline", output[0])
        self.assertLess(int(output[1]), 15_000)

    def test_a_deadline_holds_although_nobody_answers_at_all(self):
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind(f"{self.folder}/.s.PGSQL.5432")
            silent.listen(8)
            output = driver("connect", f"postgresql://u@/d?host={self.folder}", 600).communicate(timeout=60)[0].splitlines()
        self.assertEqual("refused 08001", output[0])
        self.assertTrue(600 <= int(output[1]) < 10_000, output)


class Busy(Case):
    def test_an_sqlite_file_that_another_process_writes_is_waited_for(self):
        database = self.database(Sqlite)
        database.script("CREATE TABLE numbers (n integer NOT NULL)")
        writer = sqlite3.connect(database.path, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        process = driver("insert", database.url, 20)
        time.sleep(1)
        self.assertIsNone(process.poll())
        writer.execute("COMMIT")
        writer.close()
        output, _ = process.communicate(timeout=120)
        self.assertEqual({"done"}, set(outcomes(output)), output)
        self.assertEqual([(20,)], database.query("SELECT count(DISTINCT n) FROM numbers"))


class Health(ServiceCase):
    STEP = "-- limbeck:upgrade\nCREATE TABLE t{0} (id integer);\n-- limbeck:downgrade\nDROP TABLE t{0};"

    def health(self, folder, url, *options, code):
        result = limbeck("health", "--json", "--url", url, *options, folder=folder, check=code)
        return json.loads(result.stdout)

    def test_what_a_probe_sees(self):
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                folder = self.project(chain(self.STEP.format(1), self.STEP.format(2)))
                limbeck("upgrade", "r1", "--url", database.url, folder=folder, check=0)
                seen = self.health(folder, database.url, code=3)
                self.assertEqual(("pending", True, ["r1"], ["r2"], []),
                                 tuple(seen[key] for key in ("status", "reachable", "current", "pending", "unknown")))
                self.assertGreater(seen["latency_ms"], 0)
                self.assertTrue(seen["server_version"])
                limbeck("upgrade", "--url", database.url, folder=folder, check=0)
                self.assertEqual(("ok", []), tuple(self.health(folder, database.url, code=0)[key] for key in ("status", "pending")))
                text = limbeck("health", "--url", database.url, folder=folder, check=0).stdout
                self.assertIn("pending     none", text)
                older = self.project(chain(self.STEP.format(1)))
                seen = self.health(older, database.url, code=4)
                self.assertEqual(("newer_than_program", ["r2"]), (seen["status"], seen["unknown"]))
                # Without a project only the database is asked.
                self.assertIsNone(self.health(self.folder, database.url, code=0)["pending"])

    def test_nobody_there(self):
        folder = self.project(chain(self.STEP.format(1)))
        seen = self.health(folder, "postgresql://u:s3cret@127.0.0.1:1/d", code=9)
        self.assertEqual(("cannot_connect", False, None), (seen["status"], seen["reachable"], seen["latency_ms"]))
        self.assertNotIn("s3cret", json.dumps(seen))
        path = f"{self.folder}/not-there.db"
        self.health(folder, f"sqlite:///{path}", code=9)
        self.assertFalse(os.path.exists(path))
        self.health(folder, "postgresql://u@127.0.0.1:1/d", "--wait", "1", code=9)
        limbeck("health", "--wait", "soon", "--url", "sqlite:///a.db", folder=folder, check=2)

    def test_what_to_do_is_said(self):
        folder = self.project(chain(self.STEP.format(1)))
        seen = self.health(folder, "postgresql://u@127.0.0.1:1/d", code=9)
        self.assertEqual(("cannot connect to the PostgreSQL server", "check that the server runs and that host and port are right"),
                         (seen["fault"], seen["hint"]))
        self.assertIn("Connection refused", seen["detail"])
        text = limbeck("health", "--url", "postgresql://u@127.0.0.1:1/d", folder=folder, check=9).stdout
        self.assertIn("wrong       cannot connect to the PostgreSQL server\n            connection to server at", text)
        self.assertTrue(text.endswith("what to do  check that the server runs and that host and port are right\n"), text)
        database = self.database(Postgres)
        limbeck("upgrade", "-q", "--url", database.url, folder=folder, check=0)
        role = f"poor_{database.database}"
        database.script(f"CREATE ROLE {role} LOGIN")
        self.addCleanup(database.script, f"DROP ROLE {role}")
        poor = database.url.replace("//limbeck@", f"//{role}@")
        seen = self.health(folder, poor, code=9)
        self.assertEqual("the state of the database cannot be read: permission denied for table limbeck_version", seen["fault"])
        self.assertIn("GRANT SELECT ON", seen["hint"])
        seen = json.loads(driver("health", poor, 5000).communicate(timeout=60)[0])
        self.assertEqual("the revisions of the database cannot be read: permission denied for table limbeck_version", seen["fault"])
        self.assertTrue(seen["hint"])

    def test_a_server_that_comes_is_waited_for(self):
        database = self.numbers()
        folder = self.project({})
        self.pg_ctl("-m", "fast", "stop")
        try:
            self.health(folder, database.url, code=9)
            process = subprocess.Popen([PROGRAM, "health", "--wait", "60", "--json", "--url", database.url], cwd=folder, text=True,
                                       stdout=subprocess.PIPE)
            time.sleep(1)
            self.assertIsNone(process.poll())
        finally:
            self.pg_ctl("start")
        output, _ = process.communicate(timeout=90)
        self.assertEqual(0, process.returncode, output)
        self.assertTrue(json.loads(output)["reachable"])

    def test_a_wait_is_ended_by_an_interrupt(self):
        folder = self.project({})
        process = subprocess.Popen([PROGRAM, "health", "--wait", "60", "--url", "postgresql://u@127.0.0.1:1/d"], cwd=folder,
                                   stderr=subprocess.PIPE)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(130, process.returncode)

    def test_a_program_says_how_its_pool_is(self):
        database = self.numbers()
        seen = json.loads(driver("health", database.url, 5000).communicate(timeout=60)[0])
        self.assertEqual("ok", seen["status"])
        self.assertEqual((2, 1, 0, 0), tuple(seen["pool"][key] for key in ("size", "in_use", "idle", "waiting")))
        self.assertEqual([], seen["current"])


if __name__ == "__main__":
    if os.environ.get("LIMBECK_OWN_SERVER") == "yes":
        unittest.main()
    # A server of its own: the tests stop it, and use up its connections.
    os.environ["LIMBECK_OWN_SERVER"] = "yes"
    os.environ["LIMBECK_TEST_POSTGRES_CONF"] = f"max_connections = {CONNECTIONS}\nsuperuser_reserved_connections = 0\nmax_wal_senders = 0"
    os.execv(str(ROOT / "tools" / "with-postgres"), ["with-postgres", sys.executable, __file__, *sys.argv[1:]])
