"""limbeck verify: seeded mistakes are found, chains without one are clean. The cases are tests/cases/verify/*.txt:

    #: what the mistake is
    #: on postgresql sqlite
    #: finds RULE REVISION [OBJECT]       or: finds nothing
    === r1.sql                            a revision; up to the line "==="
"""
import json
import os
import pathlib
import shutil
import unittest

from harness import PROGRAM, ROOT, Case, Postgres, Sqlite, limbeck

KINDS = {"postgresql": Postgres, "sqlite": Sqlite}


STATEMENTS_BEFORE = """-- r1
--
-- limbeck:revision r1
-- limbeck:upgrade
CREATE TABLE people (id serial PRIMARY KEY, name varchar(40), age integer);
CREATE TABLE pets (id integer PRIMARY KEY, person integer NOT NULL REFERENCES people (id), name text);
-- limbeck:downgrade
DROP TABLE pets;
DROP TABLE people;
"""
STATEMENTS = """-- r2
--
-- limbeck:revision r2
-- limbeck:revises r1
-- limbeck:upgrade
CREATE INDEX people_name ON people (name);
UPDATE people SET age = 3;
ALTER TABLE people ALTER COLUMN age TYPE bigint;
ALTER TABLE pets ADD CHECK (id IS NOT NULL);
CREATE TABLE later (id integer);
-- limbeck:downgrade
DROP TABLE later;
ALTER TABLE pets DROP CONSTRAINT pets_id_check;
ALTER TABLE people ALTER COLUMN age TYPE integer;
DROP INDEX people_name;
"""


def read_case(path):
    comments, files, current = [], {}, None
    for line in path.read_text().splitlines(keepends=True):
        if line.startswith("=== "):
            current = line[4:].strip()
            files[current] = ""
        elif line.strip() == "===":
            current = None
        elif current:
            files[current] += line
        elif line.startswith("#: "):
            comments.append(line[3:].strip())
    dialects = next(comment[3:] for comment in comments if comment.startswith("on ")).split()
    finds = next(comment[6:] for comment in comments if comment.startswith("finds ")).split()
    return dialects, finds, files


class Mistakes(Case):
    def verify(self, database, folder, *arguments, code):
        result = limbeck("verify", "--json", "--url", database.url, *arguments, folder=folder, check=code, timeout=300)
        return json.loads(result.stdout)

    def assert_untouched(self, database):
        tables = ("SELECT name FROM sqlite_master" if database.name == "sqlite" else
                  "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        self.assertEqual([], database.query(tables), "verify works in scratch databases alone")

    def test_cases(self):
        paths = sorted((ROOT / "tests/cases/verify").glob("*.txt"))
        self.assertGreater(len(paths), 15)
        databases = {name: self.database(kind) for name, kind in KINDS.items()}
        for path in paths:
            dialects, finds, files = read_case(path)
            for dialect in dialects:
                with self.subTest(case=path.name, dialect=dialect):
                    folder = self.project(files)
                    clean = finds == ["nothing"]
                    report = self.verify(databases[dialect], folder, code=0 if clean else 4)
                    wrong = [finding for finding in report["findings"] if finding["severity"] != "notice"]
                    if clean:
                        self.assertEqual([], wrong)
                        self.assertEqual([], [one for one in report["findings"] if one["rule"] in ("no-rows", "rows-may-fail")])
                        self.assertTrue(report["way_back"])
                        continue
                    rule, revision, *objects = finds
                    found = [one for one in wrong if one["rule"] == rule and one["revision"] == revision and
                             all(object in one["object"] for object in objects)]
                    self.assertEqual(1, len(found), report["findings"])
                    self.assertEqual({revision}, {one["revision"] for one in wrong}, "the others are right")
        for database in databases.values():
            self.assert_untouched(database)

    def test_the_examples_are_clean(self):
        for example in sorted((ROOT / "examples").iterdir()):
            if not (example / "limbeck.toml").exists():
                continue
            settings = (example / "limbeck.toml").read_text()
            built = pathlib.Path(PROGRAM).parent / "examples" / example.name
            for kind in [Postgres] if "PostgreSQL alone" in settings else KINDS.values():
                with self.subTest(example=example.name, kind=kind.name):
                    folder = f"{self.folder}/{example.name}-{kind.name}"
                    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("*.db", "*.backup", "build"))
                    # The programs that print its models, where they are built.
                    if any(built.glob("*_models")):
                        os.symlink(built, f"{folder}/build")
                    else:
                        pathlib.Path(folder, "limbeck.toml").write_text(
                            "".join(line for line in settings.splitlines(keepends=True) if not line.startswith("models")))
                    report = self.verify(self.database(kind), folder, code=0)
                    self.assertEqual([], [one for one in report["findings"] if one["severity"] != "notice" or one["rule"] == "no-rows"])

    def test_locks_and_times(self):
        _, _, files = read_case(ROOT / "tests/cases/verify/type_change_rounds.txt")
        database = self.database(Postgres)
        folder = self.project(files)
        second = self.verify(database, folder, "r2", code=4)["revisions"][0]
        self.assertEqual("r2", second["id"])
        self.assertEqual([("accounts", "ACCESS EXCLUSIVE")], [(lock["table"], lock["mode"]) for lock in second["locks"]])
        self.assertGreaterEqual(second["rows"], 3)
        self.assertGreater(second["up_seconds"], 0)

    def test_the_statements(self):
        """What each of them takes and does, in both directions."""
        files = {"r1.sql": STATEMENTS_BEFORE, "r2.sql": STATEMENTS}
        folder = self.project(files)
        database = self.database(Postgres)
        report = self.verify(database, folder, "r2", code=0)["revisions"][0]
        up = [one for one in report["statements"] if one["direction"] == "upgrade"]
        down = [one for one in report["statements"] if one["direction"] == "downgrade"]
        self.assertEqual([6, 7, 8, 9, 10], [one["line"] for one in up])
        self.assertEqual([12, 13, 14, 15], [one["line"] for one in down])
        for one in up + down:
            self.assertTrue(one["file"].endswith("r2.sql"), one)
            self.assertGreater(one["seconds"], 0)

        def of(statement, table):
            return next(it for it in statement["tables"] if it["table"] == table)

        def done(statement, table):
            it = of(statement, table)
            return it["mode"], it["taken_here"], [what for what in ("rewrites", "scans", "builds_index") if it[what]]

        self.assertEqual("CREATE INDEX people_name ON people (name)", up[0]["statement"])
        self.assertEqual(("SHARE", True, ["builds_index"]), done(up[0], "people"))
        self.assertEqual(("SHARE", False, []), done(up[1], "people"), "it was taken before, and is stronger")
        self.assertEqual(3, of(up[1], "people")["rows_written"])
        self.assertEqual(("ACCESS EXCLUSIVE", True, ["rewrites"]), done(up[2], "people"))
        self.assertEqual(("ACCESS EXCLUSIVE", True, ["scans"]), done(up[3], "pets"))
        # It was taken before, and is held on.
        self.assertEqual(("ACCESS EXCLUSIVE", False, []), done(up[3], "people"))
        self.assertEqual([], [it for it in up[4]["tables"] if it["table"] == "later"], "it was not there before")
        self.assertEqual(("ACCESS EXCLUSIVE", True, ["rewrites"]), done(down[2], "people"))
        self.assertEqual(["people", "pets"], [lock["table"] for lock in report["down_locks"] if lock["table"] != "later"])
        text = limbeck("verify", "r2", "--url", database.url, folder=folder, check=0, timeout=300).stdout
        self.assertRegex(text, r"r2\.sql:6  CREATE INDEX people_name ON people \(name\)  \([\d.]+ ms\)\n"
                               r" +SHARE on public.people: builds an index; writes wait meanwhile\n")
        self.assertNotIn("r2.sql:10", text, "nobody waits for it")
        self.assertIn("r2.sql:10", limbeck("verify", "r2", "-v", "--url", database.url, folder=folder, check=0, timeout=300).stdout)

    def test_a_revision_that_wants_fewer_messages(self):
        """What its statements do is seen all the same."""
        folder = self.project({"r1.sql": STATEMENTS_BEFORE, "r2.sql": STATEMENTS.replace("-- limbeck:upgrade\n", "-- limbeck:upgrade\nSET client_min_messages = error;\n")})
        report = self.verify(self.database(Postgres), folder, "r2", code=0)["revisions"][0]
        index = next(one for one in report["statements"] if one["statement"].startswith("CREATE INDEX"))
        self.assertEqual([("people", True)], [(it["table"], it["builds_index"]) for it in index["tables"]])

    def test_the_statements_of_sqlite(self):
        folder = self.project({"r1.sql": STATEMENTS_BEFORE.replace("serial", "integer")})
        database = self.database(Sqlite)
        report = self.verify(database, folder, code=0)["revisions"][0]
        self.assertEqual(4, len(report["statements"]))
        for one in report["statements"]:
            self.assertEqual([("", "", "RESERVED")], [(it["schema"], it["table"], it["mode"]) for it in one["tables"]])
        text = limbeck("verify", "-v", "--url", database.url, folder=folder, check=0, timeout=300).stdout
        self.assertIn("RESERVED on the whole database", text)

    def test_from_production(self):
        _, _, files = read_case(ROOT / "tests/cases/verify/not_null_on_rows_with_null_postgresql.txt")
        database = self.database(Postgres)
        folder = self.project(files)
        limbeck("upgrade", "r1", "--url", database.url, folder=folder, check=0)
        database.script("INSERT INTO people SELECT g, 'x' FROM generate_series(1, 5000) g; ANALYZE people; CREATE TABLE other (id integer)")
        before = database.fingerprint()
        report = self.verify(database, folder, "--from-production", code=0)
        self.assertEqual(["r2"], [one["id"] for one in report["revisions"]])
        lock = next(lock for lock in report["revisions"][0]["locks"] if lock["table"] == "people")
        self.assertEqual(5000, lock["estimated_rows"])
        self.assertGreater(lock["bytes"], 0)
        self.assertEqual(before, database.fingerprint())

    def test_not_null_where_the_statistics_know_of_no_null(self):
        """The step passes, and it is said what that rests on; with NULLs there, or without statistics, it is an error."""
        for kind in KINDS.values():
            _, _, files = read_case(ROOT / f"tests/cases/verify/not_null_on_rows_with_null_{kind.name}.txt")
            numbers = ("generate_series(1, 500) g" if kind is Postgres else
                       "(WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < 500) SELECT g FROM n)")
            for name, analyze, rule in (("'x'", True, "not-null-by-statistics"), ("CASE WHEN g % 9 > 0 THEN 'x' END", True, "upgrade-fails-on-rows"),
                                        ("'x'", False, "upgrade-fails-on-rows")):
                if kind is Sqlite and not analyze:
                    continue  # its rows are looked at
                with self.subTest(kind=kind.name, name=name, analyze=analyze):
                    database, folder = self.database(kind), self.project(files)
                    limbeck("upgrade", "r1", "--url", database.url, folder=folder, check=0)
                    database.script("ALTER TABLE people SET (autovacuum_enabled = false);" if kind is Postgres else "")
                    database.script(f"INSERT INTO people SELECT g, {name} FROM {numbers};" + (" ANALYZE people;" if analyze else ""))
                    passes = rule == "not-null-by-statistics"
                    report = self.verify(database, folder, "--from-production", code=0 if passes else 4)
                    self.assertEqual([(rule, "notice" if passes else "error")], [(one["rule"], one["severity"]) for one in report["findings"]])
                    if passes:
                        self.assertIn("people.name becomes NOT NULL: statistics say that no row there holds NULL, and they are of a sample",
                                      report["findings"][0]["message"])

    def test_keys_and_checks_where_the_statistics_know_of_no_null(self):
        files = {"r1.sql": "-- r1\n--\n-- limbeck:revision r1\n-- limbeck:upgrade\nCREATE TABLE towns (id integer PRIMARY KEY);\n"
                           "CREATE TABLE people (code integer, name text, mail text, town integer REFERENCES towns);\n"
                           "-- limbeck:downgrade\nDROP TABLE people;\nDROP TABLE towns;\n",
                 "r2.sql": "-- r2\n--\n-- limbeck:revision r2\n-- limbeck:revises r1\n-- limbeck:upgrade\n"
                           "ALTER TABLE people ADD PRIMARY KEY (code), ADD CHECK (name IS NOT NULL), ADD UNIQUE NULLS NOT DISTINCT (mail), ALTER town SET NOT NULL;\n"
                           "-- limbeck:downgrade\nALTER TABLE people DROP CONSTRAINT people_pkey, DROP CONSTRAINT people_name_check, DROP CONSTRAINT people_mail_key, ALTER code DROP NOT NULL, ALTER town DROP NOT NULL;\n"}
        database, folder = self.database(Postgres), self.project(files)
        limbeck("upgrade", "r1", "--url", database.url, folder=folder, check=0)
        database.script("INSERT INTO towns SELECT generate_series(1, 30); INSERT INTO people SELECT g, 'x', 'm' || g, g % 30 + 1 FROM generate_series(1, 500) g; ANALYZE;")
        report = self.verify(database, folder, "--from-production", code=0)
        self.assertEqual([("not-null-by-statistics", "public.people.code"), ("not-null-by-statistics", "public.people.town")],
                         sorted((one["rule"], one["object"]) for one in report["findings"]))
        # What is mended first rests on no statistics.
        mended = files["r2.sql"].replace("-- limbeck:upgrade\n", "-- limbeck:upgrade\nUPDATE people SET code = 7 WHERE code IS NULL;\n")
        pathlib.Path(folder, "migrations", "r2.sql").write_text(mended)
        report = self.verify(database, folder, "--from-production", code=0)
        self.assertEqual(["public.people.town"], [one["object"] for one in report["findings"]])

    def test_rows_in_the_likeness_of_production(self):
        """As many in proportion, with as many NULLs and different values; and none of its values."""
        make = {Postgres: "CREATE TABLE people (id serial PRIMARY KEY, name text NOT NULL, note text, kind text NOT NULL, code integer NOT NULL UNIQUE);\n"
                          "CREATE TABLE orders (id integer PRIMARY KEY, person integer NOT NULL REFERENCES people (id));",
                Sqlite: "CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, note text, kind text NOT NULL, code integer NOT NULL UNIQUE);\n"
                        "CREATE TABLE orders (id integer PRIMARY KEY, person integer NOT NULL REFERENCES people (id));"}
        # It fails on rows that are not like those.
        likeness = ("(SELECT count(*) FROM people) = 0 OR ((SELECT count(*) FROM people) BETWEEN 900 AND 1100 AND (SELECT count(*) FROM orders) BETWEEN 2900 AND 3100"
                    " AND (SELECT count(*) FROM people WHERE note IS NULL) BETWEEN 700 AND 850 AND (SELECT count(DISTINCT kind) FROM people) BETWEEN 3 AND 9"
                    " AND (SELECT count(*) FROM people WHERE name LIKE '%secret%' OR note LIKE '%secret%') = 0"
                    " AND (SELECT avg(length(name)) FROM people) > 25 AND (SELECT count(DISTINCT person) FROM orders) > 500)")
        for kind in KINDS.values():
            with self.subTest(kind=kind.name):
                folder = self.project({
                    "r1.sql": f"-- r1\n--\n-- limbeck:revision r1\n-- limbeck:upgrade\n{make[kind]}\n-- limbeck:downgrade\nDROP TABLE orders;\nDROP TABLE people;\n",
                    "r2.sql": "-- r2\n--\n-- limbeck:revision r2\n-- limbeck:revises r1\n-- limbeck:upgrade\nCREATE TABLE alike (yes boolean CHECK (yes));\n"
                              f"INSERT INTO alike SELECT {likeness};\nCREATE INDEX people_name ON people (name, note);\n"
                              "-- limbeck:downgrade\nDROP INDEX people_name;\nDROP TABLE alike;\n"
                              + ("SELECT count(pg_sleep(0.0005)) FROM people;\n" if kind is Postgres else "")})
                database = self.database(kind)
                limbeck("upgrade", "r1", "--url", database.url, folder=folder, check=0)
                numbers = ("generate_series(1, 20000) g" if kind is Postgres else
                           "(WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < 20000) SELECT g FROM n)")
                database.script(f"INSERT INTO people (name, note, kind, code) SELECT 'the secret name of number ' || g, CASE WHEN g % 4 = 0 THEN 'secret' END, 'k' || g % 5, g FROM {numbers};"
                                f"INSERT INTO orders SELECT 3 * g + n.i, g FROM {numbers}, (SELECT 0 AS i UNION SELECT 1 UNION SELECT 2) n; ANALYZE;")
                before = database.fingerprint()
                result = limbeck("verify", "--from-production", "--rows", "4000", "--json", "--url", database.url, folder=folder, check=0, timeout=300)
                self.assertNotIn("secret", result.stdout + result.stderr)
                revision = json.loads(result.stdout)["revisions"][0]
                self.assertEqual("r2", revision["id"])
                index = revision["statements"][2]
                self.assertTrue(index["statement"].startswith("CREATE INDEX"))
                # A thousand rows may be too few for a machine to tell.
                if "estimate" in index:
                    self.assertEqual(("people", 20000), (index["estimate"]["table"], round(index["estimate"]["rows_there"], -3)))
                    self.assertTrue(900 <= index["estimate"]["rows_here"] <= 1100, index)
                    self.assertGreater(index["estimate"]["seconds"], index["seconds"])
                if kind is Postgres:  # what takes its time for each row, in the downgrade
                    slow = revision["statements"][-1]
                    self.assertEqual("downgrade", slow["direction"])
                    self.assertEqual("people", slow["estimate"]["table"])
                    self.assertGreater(slow["estimate"]["seconds"], 10 * slow["seconds"])
                self.assertEqual(before, database.fingerprint())
        for rows in ("0", "-1", "x", "1e3", "99999999999"):
            self.assertIn("--rows takes a number", limbeck("verify", "--from-production", "--rows", rows, "--url", database.url, folder=folder, check=2).stderr)
        self.assertIn("--from-production", limbeck("verify", "--rows", "5", "--url", database.url, folder=folder, check=2).stderr)

    def test_tables_with_many_keys_and_columns_in_production(self):
        """Seven keys go through more combinations than a number holds, and SQLite reads no 2000 results at once."""
        towns = ", ".join(f"t{i} integer NOT NULL REFERENCES towns (id)" for i in range(8))
        columns = ", ".join(f"c{i} integer" for i in range(900))
        folder = self.project({
            "r1.sql": "-- r1\n--\n-- limbeck:revision r1\n-- limbeck:upgrade\nCREATE TABLE towns (id integer PRIMARY KEY);\n"
                      f"CREATE TABLE trips (id integer PRIMARY KEY, {towns});\nCREATE TABLE wide (id integer PRIMARY KEY, {columns});\n"
                      "-- limbeck:downgrade\nDROP TABLE wide;\nDROP TABLE trips;\nDROP TABLE towns;\n",
            "r2.sql": "-- r2\n--\n-- limbeck:revision r2\n-- limbeck:revises r1\n-- limbeck:upgrade\nCREATE TABLE enough (yes boolean CHECK (yes));\n"
                      "INSERT INTO enough SELECT (SELECT count(*) FROM trips) IN (0, 4096);\n-- limbeck:downgrade\nDROP TABLE enough;\n"})
        database = self.database(Sqlite)
        limbeck("upgrade", "r1", "--url", database.url, folder=folder, check=0)
        numbers = "WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < {}) INSERT INTO {} SELECT {} FROM n;"
        database.script(numbers.format(1024, "towns", "g") + numbers.format(4096, "trips", "g" + 8 * ", g % 1024 + 1"))
        self.verify(database, folder, "--from-production", code=0)

    def test_partitioned_tables_like_those_of_production(self):
        """Their rows fit the partitions that are there, and are counted once."""
        files = {"r1.sql": "-- r1\n--\n-- limbeck:revision r1\n-- limbeck:upgrade\n"
                           "CREATE TABLE visits (note text, id bigint NOT NULL, day date NOT NULL, kind text NOT NULL, PRIMARY KEY (id, day, kind)) PARTITION BY RANGE (day);\n"
                           "CREATE TABLE visits_2020 PARTITION OF visits FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');\n"
                           "CREATE TABLE visits_2021 PARTITION OF visits FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (kind);\n"
                           "CREATE TABLE visits_2021_web PARTITION OF visits_2021 FOR VALUES IN ('web', 'app');\n"
                           "CREATE TABLE others (id integer PRIMARY KEY);\n",
                 "r2.sql": "-- r2\n--\n-- limbeck:revision r2\n-- limbeck:revises r1\n-- limbeck:upgrade\n"
                           "CREATE TABLE alike (visits bigint, others bigint);\nINSERT INTO alike SELECT (SELECT count(*) FROM visits), (SELECT count(*) FROM others);\n"
                           "ALTER TABLE alike ADD CHECK (visits = 0 OR visits BETWEEN 900 AND 1100 AND others BETWEEN 900 AND 1100);\n"
                           "-- limbeck:downgrade\nDROP TABLE alike;\n"}
        database, folder = self.database(Postgres), self.project(files)
        limbeck("upgrade", "r1", "--url", database.url, folder=folder, check=0)
        database.script("INSERT INTO visits SELECT 'x', g, '2020-01-01'::date + g % 700, 'web' FROM generate_series(1, 5000) g;"
                        "INSERT INTO others SELECT generate_series(1, 5000); ANALYZE;")
        report = self.verify(database, folder, "--from-production", "--rows", "2000", code=0)
        self.assertEqual([], [one["message"] for one in report["findings"] if one["severity"] == "error" or one["rule"] == "no-rows"])

    def test_revisions_without_a_way_back_like_those_of_production(self):
        """No revision is run again for each that has none: twice as many transactions for twice as many revisions."""
        database = self.database(Postgres)
        database.script("CREATE TABLE there (id integer PRIMARY KEY); INSERT INTO there SELECT generate_series(1, 100); ANALYZE;")
        transactions = []
        for count in (10, 20):
            files = {f"r{i:02}.sql": f"-- r{i}\n--\n-- limbeck:revision r{i:02}\n" + (f"-- limbeck:revises r{i - 1:02}\n" if i else "") +
                                     f"-- limbeck:upgrade\nCREATE TABLE t{i} (id integer);\n" for i in range(count)}
            before = int(database.query("SELECT pg_catalog.txid_current()")[0][0])
            self.verify(database, self.project(files), "--from-production", code=0)
            transactions.append(int(database.query("SELECT pg_catalog.txid_current()")[0][0]) - before)
        self.assertLess(transactions[1], 2.2 * transactions[0], transactions)

    def test_a_circle_that_no_row_can_begin(self):
        files = {"r1.sql": "-- r1\n--\n-- limbeck:revision r1\n-- limbeck:upgrade\nCREATE TABLE a (id integer PRIMARY KEY, b integer NOT NULL);\n"
                           "CREATE TABLE b (id integer PRIMARY KEY, a integer NOT NULL REFERENCES a);\nALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b;\n"
                           "-- limbeck:downgrade\nALTER TABLE a DROP CONSTRAINT a_b;\nDROP TABLE b;\nDROP TABLE a;\n",
                 "r2.sql": "-- r2\n--\n-- limbeck:revision r2\n-- limbeck:revises r1\n-- limbeck:upgrade\nSELECT 1;\n-- limbeck:downgrade\nSELECT 1;\n"}
        report = self.verify(self.database(Postgres), self.project(files), code=0)
        without = [one for one in report["findings"] if one["rule"] == "no-rows"]
        self.assertEqual(["public.a", "public.b"], sorted(one["object"] for one in without))
        for one in without:
            self.assertIn("no row can be the first: public.a, public.b refer to each other in a circle", one["message"])

    def test_the_declared_schema(self):
        for kind in KINDS.values():
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                files = {"r1.sql": "-- r1\n--\n-- limbeck:revision r1\n-- limbeck:upgrade\nCREATE TABLE a (id integer PRIMARY KEY);\n"
                                   "-- limbeck:downgrade\nDROP TABLE a;\n"}
                folder = self.project(files, 'schema = "schema.sql"\n')
                schema = pathlib.Path(folder, "schema.sql")
                schema.write_text("CREATE TABLE a (id integer PRIMARY KEY);\n")
                self.assertTrue(self.verify(database, folder, code=0)["clean"])
                schema.write_text("CREATE TABLE a (id integer PRIMARY KEY, b text);\n")
                rules = [one["rule"] for one in self.verify(database, folder, code=4)["findings"]]
                self.assertEqual(["differs-from-declared"], rules)


if __name__ == "__main__":
    unittest.main()
