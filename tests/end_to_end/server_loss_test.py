"""A server that stops, a pooler in between, a password: each test starts a PostgreSQL of its own, which it may break."""
import os
import pathlib
import random
import subprocess
import sys
import time
import unittest

from harness import PROGRAM, ROOT, Case, Postgres, chain, current, limbeck, wait_until

BIN = "/usr/lib/postgresql/15/bin"
ROWS = 200


def as_server(*argv):
    """The server's programs refuse to run as root."""
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.geteuid() == 0 else []
    return subprocess.run([*prefix, *argv], capture_output=True, text=True, timeout=90)


class ServerCase(Case):
    def setUp(self):
        super().setUp()
        self.server_folder = os.environ["LIMBECK_TEST_POSTGRES_FOLDER"]

    def pg_ctl(self, *arguments):
        result = as_server(f"{BIN}/pg_ctl", "-D", f"{self.server_folder}/data", "-w", "-t", "60",
                           "-l", f"{self.server_folder}/data/server.log", *arguments)
        self.assertEqual(0, result.returncode, result.stdout + result.stderr)


class ServerLoss(ServerCase):
    def test_server_is_stopped_at_once_and_started_again(self):
        folder = self.project(chain(
            f"""-- limbeck:upgrade
CREATE TABLE counters (n integer NOT NULL);
INSERT INTO counters VALUES (0);
CREATE TABLE items (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0);
INSERT INTO items (id) SELECT generate_series(1, {ROWS});
-- limbeck:downgrade
DROP TABLE items;
DROP TABLE counters;""",
            "-- limbeck:upgrade\nUPDATE counters SET n = n + 1;\n-- limbeck:downgrade\nUPDATE counters SET n = n - 1;",
            """-- limbeck:upgrade no-transaction
UPDATE counters SET n = n + 10;
CREATE INDEX CONCURRENTLY ix_items_n ON items (n);
UPDATE counters SET n = n + 100;
-- limbeck:downgrade
DROP INDEX ix_items_n;
UPDATE counters SET n = n - 110;""",
            "-- limbeck:backfill table=items batch=10\nUPDATE items SET n = n + 1;\n-- limbeck:downgrade\nUPDATE items SET n = n - 1;"))
        undisturbed = self.database(Postgres)
        begin = time.monotonic()
        limbeck("upgrade", "head", "--url", undisturbed.url, folder=folder, check=0)
        whole = time.monotonic() - begin
        expected = undisturbed.fingerprint()
        seed = random.randrange(1 << 30)
        rng = random.Random(seed)
        losses = 0
        for round_number in range(30):
            if losses >= 4:
                break
            database = self.database(Postgres)
            process = subprocess.Popen([PROGRAM, "upgrade", "head", "--url", database.url], cwd=folder,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            time.sleep(rng.uniform(0, whole))
            self.pg_ctl("-m", "immediate", "stop")
            _, errors = process.communicate(timeout=90)
            self.pg_ctl("start")
            with self.subTest(seed=seed, round=round_number):
                if process.returncode != 0:
                    losses += 1
                    self.assertIn(process.returncode, (6, 7, 9), errors)
                    self.assertIn("error:", errors)
                else:
                    whole *= 0.7  # it was faster than the undisturbed one
                limbeck("upgrade", "head", "--url", database.url, folder=folder, check=0)
                self.assertEqual(expected, database.fingerprint())
                self.assertEqual([("111",)], database.query("SELECT n FROM counters"))
                self.assertEqual([("1", str(ROWS))], database.query("SELECT n, count(*) FROM items GROUP BY n"))
        self.assertGreater(losses, 0, f"seed {seed}")

    ASLEEP = "FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"

    def lose(self, break_it, check):
        """What a run says that is disturbed while its last statement sleeps."""
        process = subprocess.Popen([PROGRAM, "upgrade", "head", "--url", self.db.url], cwd=self.folder_of_project,
                                   stderr=subprocess.PIPE, text=True)
        wait_until(lambda: self.db.query(f"SELECT 1 {self.ASLEEP}"), "the statement")
        break_it()
        said = process.communicate(timeout=60)[1]
        self.assertEqual(check, process.returncode, said)
        return said

    def terminate(self):
        self.db.query(f"SELECT pg_terminate_backend(pid) {self.ASLEEP}")

    def cancel(self):
        self.db.query(f"SELECT pg_cancel_backend(pid) {self.ASLEEP}")

    def stop(self):
        self.pg_ctl("-m", "immediate", "stop")

    def test_what_was_running_is_named(self):
        self.db = self.database(Postgres)
        self.folder_of_project = self.project(chain("-- limbeck:upgrade\nCREATE TABLE t (id integer);\nSELECT pg_sleep(60);"))
        said = self.lose(self.terminate, check=9)
        self.assertIn("error: the connection to the server was lost: terminating connection due to administrator command (SQLSTATE 57P01)\n"
                      "  --> migrations/r1.sql:7:1\n", said)
        self.assertIn("\nstate: rolled back: the database is as it was before revision r1\n", said)
        # Its COMMIT was on the way, too.
        said = self.lose(self.stop, check=9)
        self.pg_ctl("start")
        self.assertIn("error: the connection to the server was lost: server closed the connection unexpectedly\n  --> migrations/r1.sql:7:1\n", said)
        self.assertIn("\nstate: unknown: the connection broke before the server said that revision r1 was committed\n", said)

    def test_the_reason_of_an_earlier_stop_is_forgotten(self):
        self.db = self.database(Postgres)
        self.folder_of_project = self.project(chain(
            "-- limbeck:upgrade\nCREATE TABLE t (id integer PRIMARY KEY, n integer);\nINSERT INTO t VALUES (1);\n"
            "-- limbeck:backfill table=t\nUPDATE t SET n = 1 WHERE pg_sleep(60) IS NULL;"))
        look = ["status", "--url", self.db.url]
        self.lose(self.cancel, check=7)
        self.assertIn(": canceling statement due to user request", limbeck(*look, folder=self.folder_of_project, check=4).stdout)
        self.lose(self.terminate, check=7)
        self.assertNotIn("canceling statement", limbeck(*look, folder=self.folder_of_project, check=4).stdout)


class Password(ServerCase):
    SECRET = "s3cret/p@ss"

    def test_a_wrong_password_is_never_printed(self):
        database = self.database(Postgres)
        database.script("CREATE ROLE guarded LOGIN PASSWORD 'another'; "
                        f"GRANT ALL ON DATABASE {database.database} TO guarded")
        self.addCleanup(database.script, f"DROP OWNED BY guarded; DROP ROLE guarded")
        hba = f"{self.server_folder}/data/pg_hba.conf"
        before = pathlib.Path(hba).read_text()
        with open(hba, "w") as file:
            file.write("local all guarded scram-sha-256\n" + before)
        self.pg_ctl("reload")
        time.sleep(0.3)
        try:
            folder = self.project(chain("-- limbeck:upgrade\n-- limbeck:downgrade"))
            place = f"/{database.database}?host={self.server_folder}"
            for url, env in ((f"postgresql://guarded:{self.SECRET.replace('/', '%2F').replace('@', '%40')}@{place}", {}),
                             (f"host={self.server_folder} dbname={database.database} user=guarded password='{self.SECRET}'", {}),
                             (f"postgresql://guarded@{place}", {"PGPASSWORD": self.SECRET})):
                for command in (["upgrade", "head"], ["status"], ["current", "--json"], ["upgrade", "head", "--json"]):
                    with self.subTest(url=url, command=command):
                        result = limbeck(*command, "--url", url, folder=folder, env=env, check=9)
                        output = result.stdout + result.stderr
                        self.assertIn("password", output)
                        self.assertNotIn("s3cret", output)
        finally:
            with open(hba, "w") as file:
                file.write(before)
            self.pg_ctl("reload")


class Pooler(ServerCase):
    def test_a_transaction_pooler_is_refused(self):
        pooler = "/usr/sbin/pgbouncer"
        if not os.path.exists(pooler):
            self.skipTest("pgbouncer is not installed")
        database = self.database(Postgres)
        folder = self.server_folder
        for mode, code in (("transaction", 9), ("session", 0)):
            with self.subTest(mode=mode):
                settings = f"{folder}/{mode}.ini"
                with open(settings, "w") as file:
                    file.write(f"[databases]\n* = host={folder} user=limbeck\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {folder}\n"
                               f"listen_port = 6433\nauth_type = any\npool_mode = {mode}\nlogfile = {folder}/{mode}.log\n"
                               f"pidfile = {folder}/{mode}.pid\n")
                os.chmod(settings, 0o644)
                prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.geteuid() == 0 else []
                process = subprocess.Popen([*prefix, pooler, "-q", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    for _ in range(100):
                        if os.path.exists(f"{folder}/.s.PGSQL.6433"):
                            break
                        time.sleep(0.05)
                    url = f"postgresql://limbeck@/{database.database}?host={folder}&port=6433"
                    project = self.project(chain("-- limbeck:upgrade\nCREATE TABLE t (id integer);\n-- limbeck:downgrade\nDROP TABLE t;"))
                    result = limbeck("upgrade", "head", "--url", url, folder=project)
                    if mode == "transaction":
                        self.assertEqual(9, result.returncode, result.stderr)
                        self.assertIn("pooler", result.stderr)
                        self.assertEqual([], database.query("SELECT 1 FROM pg_class WHERE relname LIKE 'limbeck%'"))
                    else:
                        # PgBouncer gives a process number of its own in every mode: what cannot be told apart is refused.
                        self.assertIn(result.returncode, (0, 9), result.stderr)
                finally:
                    process.terminate()
                    process.wait(20)


if __name__ == "__main__":
    if os.environ.get("LIMBECK_OWN_SERVER") == "yes":
        unittest.main()
    # A server of its own: the tests stop it and change its rules.
    os.environ["LIMBECK_OWN_SERVER"] = "yes"
    os.execv(str(ROOT / "tools" / "with-postgres"), ["with-postgres", sys.executable, __file__, *sys.argv[1:]])
