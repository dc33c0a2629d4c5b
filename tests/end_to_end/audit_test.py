"""limbeck audit: every rule on its examples, projects with and without databases, what is printed, bad input."""
import json
import os
import pathlib
import re
import unittest

from harness import ROOT, Case, Postgres, Sqlite, chain, limbeck

UP_AND_DOWN = "-- limbeck:upgrade\nCREATE TABLE {0} (id integer PRIMARY KEY);\n-- limbeck:downgrade\nDROP TABLE {0};\n"


def parts_of(example):
    """The files, commands and SQL of an example, in order."""
    for part in re.split(r"^=== ", example, flags=re.MULTILINE)[1:]:
        title, text = part.split("\n", 1)
        yield title, text


class Audit(Case):
    def audit(self, folder, *arguments, check=None):
        return limbeck("audit", *arguments, folder=folder, check=check)

    def report(self, folder, *arguments, check=None):
        return json.loads(self.audit(folder, "--json", *arguments, check=check).stdout)

    @staticmethod
    def rules_in(report):
        return {finding["rule"] for finding in report["findings"]}

    def example(self, text, dialect):
        """What the audit says of an example."""
        folder = pathlib.Path(self.project({}))
        arguments = ["--no-database", "--dialect", dialect] if dialect == "postgresql" else []
        for title, content in parts_of(text):
            if title.startswith("limbeck "):
                limbeck(*title.split()[1:], folder=folder)
            elif title == "in the database":
                Sqlite.at(str(folder / "limbeck.db")).script(content)
            else:
                if title == "alembic.ini":
                    (folder / "limbeck.toml").write_text("url = \"sqlite:///limbeck.db\"\n" +
                                                         (folder / "limbeck.toml").read_text().replace('migrations = "migrations"', ""))
                file = folder / title
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content)
        return self.report(folder, *arguments)


class Rules(Audit):
    def test_each_rule_finds_its_first_example_and_not_its_second(self):
        rules = json.loads(limbeck("audit", "--rules", "--json", folder=self.folder, check=0).stdout)["rules"]
        self.assertGreater(len(rules), 40)
        for rule in rules:
            with self.subTest(rule["name"]):
                dialect = rule["dialect"] or "sqlite"
                fires = self.example(rule["found_in"], dialect)
                self.assertIn(rule["name"], self.rules_in(fires))
                finding = next(it for it in fires["findings"] if it["rule"] == rule["name"])
                self.assertTrue(finding["message"] and finding["why"] and finding["instead"] and finding["fingerprint"])
                self.assertEqual(f"docs/audit-rules.md#{rule['name']}", finding["documentation"])
                quiet = self.example(rule["not_in"], dialect)
                self.assertNotIn(rule["name"], self.rules_in(quiet))
                self.assertFalse(self.rules_in(quiet) & {"unreadable-revision", "upgrade-fails"}, "it does not run")

    def test_the_page_of_the_rules_is_what_the_table_says(self):
        page = (ROOT / "docs" / "audit-rules.md").read_text()
        printed = limbeck("audit", "--rules", "--format", "markdown", folder=self.folder, check=0).stdout
        self.assertTrue(page.endswith("-->\n\n" + printed), 'write it anew from "limbeck audit --rules --format markdown"')

    def test_a_rule_is_explained(self):
        text = limbeck("audit", "--explain", "merge-of-related", folder=self.folder, check=0).stdout
        self.assertIn("There is nothing to merge", text)
        limbeck("audit", "--explain", "no-such-rule", folder=self.folder, check=2)


class Projects(Audit):
    def sound(self):
        return self.project(chain(UP_AND_DOWN.format("users"), UP_AND_DOWN.format("orders")))

    def check_sound(self, database):
        folder = self.sound()
        where = ("--url", database.url) if database else ("--no-database", "--dialect", "postgresql")
        if database:
            limbeck("upgrade", "heads", *where, folder=folder, check=0)
        report = self.report(folder, "--strict", *where, check=0)
        self.assertEqual(("sound", [], []), (report["verdict"], report["findings"], report["actions"]))
        self.assertEqual((2, ["r2"]), (report["revisions"], report["heads"]))
        good = {it["name"]: it["text"] for it in report["good"]}
        self.assertEqual("all 2 revisions have a downgrade, and each was walked in memory", good["downgrades"])
        self.assertEqual("2 revisions from one base to one head, r2, no link broken", good["whole-chain"])
        self.assertEqual(database is not None, "applied" in good)
        self.assertEqual([], report["not_looked_at"])

    def test_a_sound_project_without_a_database(self):
        self.check_sound(None)

    def test_a_sound_project_on_sqlite(self):
        self.check_sound(self.database(Sqlite))

    def test_a_sound_project_on_postgresql(self):
        self.check_sound(self.database(Postgres))

    def drifted(self, database):
        folder = self.sound()
        limbeck("upgrade", "r1", "--url", database.url, folder=folder, check=0)
        database.script("ALTER TABLE users ADD COLUMN note text; CREATE TABLE beside (id integer PRIMARY KEY);")
        before = database.fingerprint()
        report = self.report(folder, "--url", database.url, check=0)
        self.assertEqual(before, database.fingerprint())
        self.assertEqual({("beside-revisions", "beside"), ("beside-revisions", "users.note"), ("not-applied", "r2")},
                         {(it["rule"], it["object"]) for it in report["findings"]})
        self.assertEqual(("flawed", ["beside-revisions"]), (report["verdict"], [it["rule"] for it in report["actions"]]))
        self.report(folder, "--strict", "--url", database.url, check=4)

    def test_drift_on_sqlite(self):
        self.drifted(self.database(Sqlite))

    def test_drift_on_postgresql(self):
        self.drifted(self.database(Postgres))

    def test_all_faults_of_a_graph_are_listed_at_once(self):
        def revision(name, parents):
            return f"-- limbeck:revision {name}\n-- limbeck:revises {parents}\n-- limbeck:upgrade\n-- limbeck:downgrade\n"
        folder = self.project({"a.sql": revision("a1", "gone"), "b.sql": revision("b2", "c3"), "c.sql": revision("c3", "b2"),
                               "d.sql": revision("a1", "a2"), "e.sql": "CREATE TABLE t (id integer);\n",
                               "f.sql": revision("f6", "f6"), "g.sql": "-- limbeck:revision g7\n-- limbeck:upgrade\nSELECT 1;\n"})
        report = self.report(folder, check=4)
        self.assertEqual([("unreadable-revision", "e.sql"), ("duplicate-id", "a1"), ("missing-parent", "a1"), ("cycle", "f6"),
                          ("cycle", "b2"), ("file-name", "file_template"), ("no-downgrade", "g7")],
                         [(it["rule"], it["object"]) for it in report["findings"]])
        self.assertIn("what the revisions build", report["not_looked_at"][0])

    def test_a_postgresql_block_is_looked_at_on_a_scratch_database(self):
        database = self.database(Postgres)
        folder = self.project(chain(
            "-- limbeck:upgrade\nDO $$ BEGIN CREATE TYPE mood AS ENUM ('sad'); EXCEPTION WHEN duplicate_object THEN null; END $$;\n"
            "CREATE TABLE days (id integer PRIMARY KEY, mood mood);\n-- limbeck:downgrade\nDROP TABLE days;\nDROP TYPE mood;\n"))
        limbeck("upgrade", "heads", "--url", database.url, folder=folder, check=0)
        block = "DO $$ BEGIN CREATE TYPE mood AS ENUM ('sad'); END $$;\n"
        schema = pathlib.Path(folder) / "schema.sql"
        schema.write_text(block + "CREATE TABLE days (id integer PRIMARY KEY, mood mood);\n")
        report = self.report(folder, "--url", database.url, "--to", "schema.sql", check=0)
        self.assertEqual([], report["findings"])
        schema.write_text(block + "CREATE TABLE days (id integer PRIMARY KEY, mood mood NOT NULL);\n")
        report = self.report(folder, "--url", database.url, "--to", "schema.sql", check=0)
        self.assertEqual([("nullability-differs", "days.mood")], [(it["rule"], it["object"]) for it in report["findings"]])
        without = self.report(folder, "--no-database", "--dialect", "postgresql")
        self.assertEqual([], without["findings"])
        self.assertTrue(any("what it does is known only when it runs" in it for it in without["not_looked_at"]))


    def test_heads_with_labels_are_kept_apart_on_purpose(self):
        def head(name, label):
            return f"-- limbeck:revision {name}\n{label}-- limbeck:upgrade\n-- limbeck:downgrade\n"
        labelled = self.project({f"{it}.sql": head(it, f"-- limbeck:labels {it}_line\n") for it in ("a1", "b2")})
        plain = self.project({f"{it}.sql": head(it, "") for it in ("a1", "b2")})
        for folder, severity in ((labelled, "notice"), (plain, "warning")):
            finding, = [it for it in self.report(folder, "--no-database")["findings"] if it["rule"] == "several-heads"]
            self.assertEqual((severity, "a1, b2"), (finding["severity"], finding["object"]))

    def test_a_downgrade_below_one_that_fails_is_still_tried(self):
        folder = self.project(chain("-- limbeck:upgrade\nCREATE TABLE a (id integer);\n-- limbeck:downgrade\nDROP TABLE aa;\n",
                                    UP_AND_DOWN.format("b"),
                                    "-- limbeck:upgrade\nCREATE TABLE c (id integer);\n-- limbeck:downgrade\nDROP TABLE cc;\n",
                                    "-- limbeck:upgrade\nCREATE TABLE d (id integer);\n-- limbeck:downgrade irreversible\n",
                                    UP_AND_DOWN.format("e")))
        for dialect in ("sqlite", "postgresql"):
            report = self.report(folder, "--no-database", "--dialect", dialect, check=4)
            self.assertEqual([("r3", "downgrade-fails"), ("r1", "downgrade-fails")],
                             [(it["object"], it["rule"]) for it in report["findings"]], dialect)

    def test_an_empty_downgrade_of_what_changes_nothing(self):
        up = "-- limbeck:upgrade\nCREATE TABLE a (id integer);\n-- limbeck:downgrade\nDROP TABLE a;\n"
        again = "-- limbeck:upgrade\nCREATE TABLE IF NOT EXISTS a (id integer);\n-- limbeck:downgrade\n"
        rows = "-- limbeck:upgrade\nINSERT INTO a VALUES (1);\n-- limbeck:downgrade\n"
        folder = self.project(chain(up, again, rows))
        for dialect in ("sqlite", "postgresql"):
            report = self.report(folder, "--no-database", "--dialect", dialect, check=0)
            self.assertEqual([("r3", "empty-downgrade", "notice"), ("a", "if-not-exists", "notice")],
                             [(it["object"], it["rule"], it["severity"]) for it in report["findings"]], dialect)


class Scripts(Audit):
    def alembic(self, body, python=""):
        folder = pathlib.Path(self.folder) / "alembic_project"
        (folder / "alembic" / "versions").mkdir(parents=True)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///app.db\n")
        if python:
            (folder / "limbeck.toml").write_text(f'[alembic]\npython = "{python}"\n')
        header = 'revision = "{0}"\ndown_revision = {1}\nfrom alembic import op\nimport sqlalchemy as sa\n'
        for number, text in enumerate(body, 1):
            parent = repr(f"r{number - 1}") if number > 1 else "None"
            (folder / "alembic" / "versions" / f"r{number}_step.py").write_text(header.format(f"r{number}", parent) + text)
        return folder

    def test_downgrades_that_cannot_run_by_construction(self):
        folder = self.alembic([
            'def upgrade():\n    op.create_table("a", sa.Column("id", sa.Integer, primary_key=True))\n'
            'def downgrade():\n    op.drop_table("a")\n',
            'def upgrade():\n    op.create_table("b", sa.Column("a_id", sa.Integer))\n'
            '    op.create_foreign_key(None, "b", "a", ["a_id"], ["id"])\n'
            'def downgrade():\n    op.drop_constraint(None, "b", type_="foreignkey")\n    op.drop_table("b")\n',
            'def upgrade():\n    op.create_table("c", sa.Column("id", sa.Integer))\n'
            'def downgrade():\n    raise NotImplementedError("there is no way back")\n',
            'def upgrade():\n    op.create_table("d", sa.Column("id", sa.Integer))\n',
            'def upgrade():\n    op.create_table("e", sa.Column("id", sa.Integer))\ndef downgrade():\n    pass\n'])
        report = self.report(folder, "--no-database", "--dialect", "postgresql", check=4)
        self.assertEqual({("r2", "downgrade-fails"), ("r4", "no-downgrade"), ("r5", "empty-downgrade")},
                         {(it["object"], it["rule"]) for it in report["findings"]})
        self.assertEqual(["recorded"] * 5, [it["upgrade"] for it in report["scripts"]])
        self.assertEqual("cannot", report["scripts"][1]["downgrade"])

    def test_scripts_that_ask_sqlite_what_is_there(self):
        folder = self.alembic([
            'def upgrade():\n    op.create_table("a", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))\n'
            'def downgrade():\n    op.drop_table("a")\n',
            'def upgrade():\n    with op.batch_alter_table("a") as batch:\n        batch.alter_column("n", nullable=False)\n'
            'def downgrade():\n    with op.batch_alter_table("a") as batch:\n        batch.alter_column("n", nullable=True)\n',
            'def upgrade():\n    if "n" in [it["name"] for it in sa.inspect(op.get_bind()).get_columns("a")]:\n'
            '        op.create_index("a_n", "a", ["n"])\ndef downgrade():\n    op.drop_index("a_n")\n'])
        (folder / "schema.sql").write_text("CREATE TABLE a (id INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (id));\n"
                                           "CREATE INDEX a_n ON a (n);\n")
        report = self.report(folder, "--no-database", "--to", "schema.sql", check=0)
        self.assertEqual({"script-asks"}, self.rules_in(report))
        self.assertEqual("live", report["scripts"][2]["upgrade"])

    def test_without_python(self):
        folder = self.alembic(["def upgrade():\n    pass\n", "def upgrade():\n    pass\n"], python="no-such-python")
        report = self.report(folder, "--no-database", check=4)
        finding, = [it for it in report["findings"] if it["rule"] == "script-cannot-run"]
        self.assertIn("no-such-python", finding["message"])
        self.assertEqual({"script-cannot-run"}, self.rules_in(report))


class Output(Audit):
    def setUp(self):
        super().setUp()
        self.project_folder = self.project(chain("-- limbeck:upgrade\nCREATE TABLE t (id integer);\n"))

    def test_text(self):
        text = self.audit(self.project_folder, "--no-database", check=0).stdout
        for part in ["warning: A revision has no way back, and does not say so [no-downgrade]", "--> migrations/r1.sql:3",
                     "verdict: flawed (0 errors, 1 warning, 0 notices)", "what to do, in this order",
                     "  1. Write downgrades, or say that there is none: r1 [no-downgrade]"]:
            self.assertIn(part, text)

    def test_sarif(self):
        log = json.loads(self.audit(self.project_folder, "--no-database", "--format", "sarif", check=0).stdout)
        result = log["runs"][0]["results"][0]
        self.assertEqual(("no-downgrade", "warning"), (result["ruleId"], result["level"]))
        self.assertEqual("migrations/r1.sql", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        self.assertEqual("no-downgrade", log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"])

    def test_github(self):
        text = self.audit(self.project_folder, "--no-database", "--format", "github", check=0).stdout
        down = self.audit(self.project_folder, "--format", "github", "--url", "postgresql://nobody@127.0.0.1:1/nothing", check=0)
        self.assertIn("::warning title=database-unreachable::", down.stdout)
        self.assertRegex(text, r"^::warning file=migrations/r1.sql,line=3,col=21,title=no-downgrade::revision r1 has no downgrade")


class BadInput(Audit):
    def test_no_project(self):
        self.assertIn("there is no limbeck.toml", self.audit(self.folder, check=10).stderr)

    def test_a_broken_configuration(self):
        folder = self.project({})
        (pathlib.Path(folder) / "limbeck.toml").write_text("migrations = [\n")
        self.audit(folder, check=10)

    def test_a_folder_that_is_not_there(self):
        folder = self.project({})
        (pathlib.Path(folder) / "limbeck.toml").write_text('migrations = "nowhere"\n')
        report = self.report(folder, check=4)
        self.assertEqual({"unreadable-revision"}, self.rules_in(report))

    def test_a_database_that_is_down(self):
        folder = self.project(chain(UP_AND_DOWN.format("users")))
        url = "postgresql://nobody@127.0.0.1:1/nothing"
        report = self.report(folder, "--url", url, check=0)
        self.assertEqual([("database-unreachable", "warning")], [(it["rule"], it["severity"]) for it in report["findings"]])
        self.assertIn("downgrades", {it["name"] for it in report["good"]})
        report = self.report(folder, "--url", url, "--database", check=4)
        self.assertEqual([("database-unreachable", "error")], [(it["rule"], it["severity"]) for it in report["findings"]])
        self.audit(folder, "--database", "--no-database", check=2)
        self.audit(folder, "--database", "--dialect", "sqlite", "--url", url, check=2)

    def test_a_body_that_is_not_closed(self):
        folder = self.project(chain(UP_AND_DOWN.format("users"), "-- limbeck:upgrade\nSELECT 'open;\n", UP_AND_DOWN.format("orders")))
        report = self.report(folder, "--no-database", check=4)
        self.assertEqual([("unreadable-revision", "r2.sql")], [(it["rule"], it["object"]) for it in report["findings"]])
        self.assertEqual(["what the revisions build: some of them cannot be read"], report["not_looked_at"])

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_a_file_that_may_not_be_read(self):
        folder = self.project(chain(UP_AND_DOWN.format("users")))
        os.chmod(f"{folder}/migrations/r1.sql", 0)
        self.assertEqual({"unreadable-revision"}, self.rules_in(self.report(folder, check=4)))

    def test_files_that_are_no_revisions(self):
        folder = self.project(chain(UP_AND_DOWN.format("users")))
        migrations = pathlib.Path(folder) / "migrations"
        (migrations / "binary.sql").write_bytes(b"\x00\xff\xfe")
        (migrations / "open.sql").write_text("-- limbeck:revision x1\n-- limbeck:upgrade\nSELECT 'open;\n")
        (migrations / "link.sql").symlink_to("/etc/passwd")
        (migrations / "folder.sql").mkdir()
        report = self.report(folder, check=4)
        self.assertEqual({"binary.sql", "open.sql", "link.sql", "folder.sql"},
                         {it["object"] for it in report["findings"] if it["rule"] == "unreadable-revision"})

    def test_a_table_that_is_declared_dropped_and_declared_anew(self):
        folder = self.project(chain(UP_AND_DOWN.format("users")))
        schema = pathlib.Path(folder) / "schema.sql"
        schema.write_text("CREATE TABLE users (id text);\nDROP TABLE users;\nCREATE TABLE users (id integer PRIMARY KEY);\n")
        report = self.report(folder, "--no-database", "--to", "schema.sql", check=0)
        self.assertEqual(set(), self.rules_in(report))
        self.assertEqual([3], [it["line"] for it in report["declared"]])

    def test_a_program_of_models_that_fails(self):
        folder = self.project(chain(UP_AND_DOWN.format("users")))
        report = self.report(folder, "--to", "cmd:exit 3", check=4)
        self.assertEqual({"declared-unreadable", "not-applied"}, self.rules_in(report))
        report = self.report(folder, "--to", "cmd:printf 'one\\n two\\n\\n' >&2; exit 3", check=4)
        message = next(it["message"] for it in report["findings"] if it["rule"] == "declared-unreadable")
        self.assertEqual("the program that prints the schema failed: it ended with exit code 3: one; two", message)

    def test_names_from_outside_are_made_safe(self):
        folder = self.project(chain("-- limbeck:upgrade\nCREATE TABLE \"a\x1b[31m\" (id integer);\n-- limbeck:downgrade\nDROP TABLE x;\n"))
        text = self.audit(folder, "--to", f"cmd:printf 'CREATE TABLE \"b\x1b[31m\" (id integer);'", check=4).stdout
        self.assertNotIn("\x1b", text)


if __name__ == "__main__":
    unittest.main()
