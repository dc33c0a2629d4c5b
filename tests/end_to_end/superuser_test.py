"""The warning of a login that may do everything."""
import json
import unittest

from harness import Case, Postgres, Sqlite, chain, limbeck

FILES = chain("-- limbeck:upgrade\nCREATE TABLE t (id integer);\n-- limbeck:downgrade\nDROP TABLE t;",
              "-- limbeck:upgrade\nCREATE TABLE u (id integer);\n-- limbeck:downgrade\nDROP TABLE u;")


class Superuser(Case):
    def run_at(self, url, *arguments, settings=""):
        return limbeck(*arguments, "--url", url, folder=self.project(FILES, settings), check=0)

    def test_a_superuser_is_told_once_a_run(self):
        database = self.database(Postgres)
        for arguments in (["upgrade"], ["upgrade"], ["downgrade", "base"], ["upgrade", "--json"]):
            with self.subTest(arguments=arguments):
                result = self.run_at(database.url, *arguments)
                self.assertEqual(1, result.stderr.count("warning: limbeck is a superuser"), result.stderr)
                self.assertIn("superuser_warning = false", result.stderr)
                if "--json" in arguments:
                    json.loads(result.stdout)

    def test_it_can_be_taken_away(self):
        database = self.database(Postgres)
        self.assertNotIn("superuser", self.run_at(database.url, "upgrade", settings="superuser_warning = false\n").stderr)
        self.assertEqual("", self.run_at(database.url, "downgrade", "base", "--quiet").stderr)

    def test_nobody_else_is_told(self):
        database = self.database(Postgres)
        role = f"owner_{database.database}"
        database.script(f"CREATE ROLE {role} LOGIN; GRANT ALL ON SCHEMA public TO {role}")
        self.addCleanup(database.script, f"DROP OWNED BY {role}; DROP ROLE {role}")
        for url in (database.url.replace("//limbeck@", f"//{role}@"), self.database(Sqlite).url):
            for command in (["upgrade"], ["downgrade", "base"]):
                self.assertNotIn("superuser", self.run_at(url, *command).stderr)
        for command in (["status"], ["current"], ["history"], ["upgrade", "--sql"]):
            self.assertNotIn("superuser", limbeck(*command, "--url", database.url, folder=self.project(FILES)).stderr)


if __name__ == "__main__":
    unittest.main()
