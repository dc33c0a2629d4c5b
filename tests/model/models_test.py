"""Programs made of C++ models and the command line: what they declare becomes revisions, tables, and is compared again."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "end_to_end"))
from harness import Case, Postgres, Sqlite, limbeck  # noqa: E402

PROGRAMS = pathlib.Path(os.environ["LIMBECK_MODELS"])
EXPECTED = pathlib.Path(__file__).resolve().parent / "expected"


def program(name):
    return str(PROGRAMS / name)


def ask(name, *arguments):
    return subprocess.run([program(name), *arguments], text=True, capture_output=True, timeout=60)


class Models(Case):
    def models_project(self, database, *programs, settings=""):
        commands = ", ".join(json.dumps(f"cmd:{it}") for it in programs)
        return self.project({}, settings=f'url = "{database.url}"\nmodels = [{commands}]\n{settings}')

    def point_at(self, folder, *programs):
        path = pathlib.Path(folder) / "limbeck.toml"
        lines = [line for line in path.read_text().splitlines() if not line.startswith("models")]
        commands = ", ".join(json.dumps(f"cmd:{it}") for it in programs)
        path.write_text("\n".join(lines) + f"\nmodels = [{commands}]\n")

    def is_clean(self, folder):
        result = limbeck("check", folder=folder)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def on_both(self, test):
        for kind in (Sqlite, Postgres):
            with self.subTest(database=kind.name):
                test(self.database(kind))

    def test_the_sql_for_people_is_as_expected(self):
        for name in ("shop_models", "options_models", "seeds_models"):
            for dialect in ("postgresql", "sqlite"):
                with self.subTest(program=name, dialect=dialect):
                    result = ask(name, "--sql", dialect)
                    self.assertEqual(result.returncode, 0, result.stderr)
                    path = EXPECTED / f"{name}.{dialect}.sql"
                    if "--update" in ARGUMENTS:
                        path.write_text(result.stdout)
                    self.assertEqual(result.stdout, path.read_text())

    def test_a_program_says_how_it_is_used(self):
        self.assertIn("usage:", ask("shop_models", "--help").stdout)
        wrong = ask("shop_models", "--sq")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("usage:", wrong.stderr)
        wrong = ask("shop_models", "--sql", "oracle")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("postgresql", wrong.stderr)

    def test_models_become_revisions_and_change(self):
        def check(database):
            folder = self.models_project(database, program("shop_models"))
            limbeck("revision", "--autogenerate", "-m", "all tables", folder=folder, check=0)
            limbeck("upgrade", folder=folder, check=0)
            self.is_clean(folder)
            before = database.fingerprint()
            self.point_at(folder, program("shop_models_changed"))
            self.assertNotEqual(limbeck("check", folder=folder).returncode, 0)
            self.insert_user(database)
            limbeck("revision", "--autogenerate", "-m", "more", folder=folder, check=0)
            limbeck("upgrade", folder=folder, check=0)
            self.is_clean(folder)
            self.assertEqual(database.query("SELECT display_name FROM users"), [("Ann",)])
            limbeck("downgrade", "-1", folder=folder, check=0)
            self.assertEqual(database.query("SELECT nickname FROM users"), [("Ann",)])
            database.script("DELETE FROM users")
            after = database.fingerprint()
            self.assertEqual(self.shape(after), self.shape(before))
            limbeck("downgrade", "base", folder=folder, check=0)
            limbeck("upgrade", folder=folder, check=0)

        self.on_both(check)

    @staticmethod
    def shape(fingerprint):
        """The schema alone: identities have counted on."""
        return sorted(repr(line) for line in fingerprint[0] if "setval" not in line)

    @staticmethod
    def insert_user(database):
        database.script("INSERT INTO users (email, nickname) VALUES ('ann@example.org', 'Ann')")

    def test_the_database_fills_in_what_a_row_leaves_out(self):
        def check(database):
            folder = self.models_project(database, program("shop_models"))
            limbeck("revision", "--autogenerate", "-m", "all tables", folder=folder, check=0)
            limbeck("upgrade", folder=folder, check=0)
            self.insert_user(database)
            (identity, key, role, created, updated), = database.query(
                "SELECT id, key, role, created_at, updated_at FROM users")
            self.assertEqual(str(identity), "1")
            self.assertRegex(key, "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
            self.assertEqual(role, "member")
            self.assertEqual(created, updated)
            self.assertRegex(created, r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00")
            database.script("UPDATE users SET updated_at = '2001-01-01 00:00:00.000000+00:00', nickname = 'Anna'")
            (after,), = database.query("SELECT updated_at FROM users")
            self.assertGreater(after, created)
            for wrong in ("INSERT INTO users (email, role) VALUES ('b@example.org', 'king')",
                          "INSERT INTO users (email) VALUES ('b')",
                          "INSERT INTO users (email) VALUES ('ANN@example.org')"):
                with self.assertRaises(Exception):
                    database.script(wrong)

        self.on_both(check)

    def test_the_time_is_the_servers_whatever_the_session_finds_first(self):
        database = self.database(Postgres)
        folder = self.models_project(database, program("shop_models"))
        limbeck("revision", "--autogenerate", "-m", "all tables", folder=folder, check=0)
        limbeck("upgrade", folder=folder, check=0)
        self.insert_user(database)
        database.script("CREATE SCHEMA evil; CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS $$SELECT '2001-01-01'::timestamptz$$;"
                        "SET search_path = evil, public, pg_catalog; SELECT now() < '2002-01-01' OR 1 / 0 = 1; UPDATE users SET nickname = 'Anna'")
        self.assertEqual(database.query("SELECT updated_at > '2020-01-01' FROM users"), [("t",)])

    def test_the_functions_of_older_versions_are_replaced_once(self):
        database = self.database(Postgres)
        folder = self.models_project(database, program("shop_models"))
        limbeck("revision", "--autogenerate", "-m", "all tables", folder=folder, check=0)
        file, = (pathlib.Path(folder) / "migrations").iterdir()
        file.write_text(file.read_text().replace("pg_catalog.now()", "now()"))
        limbeck("upgrade", folder=folder, check=0)
        self.insert_user(database)
        limbeck("revision", "--autogenerate", "-m", "qualified", folder=folder, check=0)
        (made,) = (it for it in (pathlib.Path(folder) / "migrations").iterdir() if it != file)
        upgrade = made.read_text().split("-- limbeck:upgrade\n")[1].split("-- limbeck:downgrade")[0]
        statements = [line for line in upgrade.splitlines() if line.split(" ")[0] in ("CREATE", "ALTER", "DROP")]
        self.assertEqual(len(statements), 2, upgrade)  # of timestamp with and without a zone
        for statement in statements:
            self.assertTrue(statement.startswith("CREATE OR REPLACE FUNCTION"), statement)
        limbeck("upgrade", folder=folder, check=0)
        self.is_clean(folder)
        limbeck("downgrade", "-1", folder=folder, check=0)
        limbeck("upgrade", folder=folder, check=0)

    def test_what_is_declared_is_made_and_unmade(self):
        def check(database):
            for name in ("options_models", "seeds_models"):
                with self.subTest(program=name):
                    folder = self.models_project(database, program(name))
                    limbeck("revision", "--autogenerate", "-m", "all tables", folder=folder, check=0)
                    limbeck("upgrade", folder=folder, check=0)
                    self.is_clean(folder)
                    limbeck("downgrade", "base", folder=folder, check=0)

        self.on_both(check)

    def test_two_programs_declare_one_schema(self):
        def check(database):
            folder = self.models_project(database, program("shop_models"), program("billing_models"))
            limbeck("revision", "--autogenerate", "-m", "all tables", folder=folder, check=0)
            limbeck("upgrade", folder=folder, check=0)
            self.is_clean(folder)
            self.assertIn("invoices", repr(database.fingerprint()))

        self.on_both(check)

    def test_models_and_sql_declare_one_schema(self):
        def check(database):
            folder = self.models_project(database, program("shop_models"), settings='schema = "more.sql"\n')
            (pathlib.Path(folder) / "more.sql").write_text("CREATE TABLE more (id integer PRIMARY KEY);")
            limbeck("revision", "--autogenerate", "-m", "all tables", folder=folder, check=0)
            limbeck("upgrade", folder=folder, check=0)
            self.is_clean(folder)

        self.on_both(check)

    def test_a_table_of_two_sets_is_an_error_that_names_both(self):
        def check(database):
            folder = self.models_project(database, program("shop_models"), program("clash_models"))
            result = limbeck("revision", "--autogenerate", "-m", "x", folder=folder, check=10)
            self.assertIn("table users is declared by two sets of models: people and accounts", result.stderr)
            self.assertRegex(result.stderr, r"struct shop::User at .*shop\.h:\d+")
            self.assertRegex(result.stderr, r"struct Account at .*clash_models\.cpp:\d+")

        self.on_both(check)

    def test_an_enum_of_two_sets_has_the_same_labels(self):
        database = self.database(Postgres)
        folder = self.models_project(database, program("shop_models"), program("clash_models") + " enum")
        result = limbeck("check", folder=folder, check=10)
        self.assertIn('type "role" is declared by two sets of models, people and guests', result.stderr)

    def test_diff_reads_models(self):
        result = limbeck("diff", "--from", f"cmd:{program('shop_models')}", "--to", f"cmd:{program('shop_models_changed')}",
                         "--dialect", "sqlite", "--format", "sql", check=0)
        self.assertIn("RENAME COLUMN", result.stdout)

    def test_faulty_documents_are_named(self):
        database = self.database(Sqlite)
        for document in ('{"limbeck_models": 2}', '{"limbeck_models": 1}', '{"limbeck_models": 1, "tables": 3, "sql": {}}',
                         '{"limbeck_models": "x"}', '{"limbeck_models": 1, "tables": [], "sql": {}}'):
            with self.subTest(document=document):
                folder = self.models_project(database, f"echo '{document}'")
                result = limbeck("check", folder=folder, check=10)
                self.assertRegex(result.stderr, "models")

    def test_only_programs_are_models(self):
        folder = self.project({}, settings='models = "schema.sql"\n')
        self.assertIn("cmd:", limbeck("check", folder=folder, check=10).stderr)


ARGUMENTS = sys.argv[1:]

if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *(it for it in ARGUMENTS if it != "--update")])
