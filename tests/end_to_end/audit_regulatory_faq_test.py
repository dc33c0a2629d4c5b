"""limbeck audit on the project of an audit that people made by hand: it finds what they found.

Their document lists 19 revisions with no broken link, the last of them applied; models in seven files, most of them
without a revision; users' ids that are declared as UUIDs and are integers; two tables that are declared twice; a comment
that says the wrong type; and what was good.
"""
import json
import os
import pathlib
import shutil
import unittest

from example_regulatory_faq_test import BUILT, CHAIN, EXAMPLE, IN_CONFLICT, MADE_BY_THE_APPLICATION, MISMATCHES, MISSING
from harness import ROOT, Case, Postgres, limbeck

ALEMBIC_CASE = ROOT / "tests" / "cases" / "alembic_runs" / "regulatory_faq"


class Project(Case):
    def setUp(self):
        super().setUp()
        self.project_folder = f"{self.folder}/regulatory_faq"
        shutil.copytree(EXAMPLE, self.project_folder, ignore=shutil.ignore_patterns("build"))
        os.symlink(BUILT, f"{self.project_folder}/build")
        self.db = self.database(Postgres)

    def report(self, *arguments, folder=None, check=4):
        result = limbeck("audit", "--json", "--url", self.db.url, *arguments, folder=folder or self.project_folder, check=check)
        return json.loads(result.stdout)

    @staticmethod
    def of(report, rule):
        return [finding for finding in report["findings"] if finding["rule"] == rule]

    def objects(self, report, rule):
        return {finding["object"] for finding in self.of(report, rule)}


class AsItWasFound(Project):
    def setUp(self):
        super().setUp()
        limbeck("upgrade", "heads", "--config", "found.toml", "--url", self.db.url, folder=self.project_folder, check=0)
        self.db.script((EXAMPLE / "found" / "create_all.sql").read_text())
        before = self.db.fingerprint()
        self.found = self.report("--config", "found.toml", "--to", "cmd:./build/found_models")
        self.assertEqual(before, self.db.fingerprint())

    def test_the_chain(self):
        self.assertEqual((19, CHAIN[-1:]), (self.found["revisions"], self.found["heads"]))
        self.assertEqual((CHAIN[-1:], 19), (self.found["database"]["current"], self.found["database"]["applied"]))
        good = {it["name"]: it["text"] for it in self.found["good"]}
        self.assertEqual(f"19 revisions from one base to one head, {CHAIN[-1]}, no link broken", good["whole-chain"])
        self.assertEqual("the database has all 19 revisions", good["applied"])
        for rule in ["missing-parent", "cycle", "several-heads", "duplicate-id", "unknown-in-database", "not-applied",
                     "changed-since-applied", "upgrade-fails", "downgrade-fails"]:
            self.assertEqual([], self.of(self.found, rule), rule)

    def test_each_model_without_a_migration_by_file(self):
        by_file = {}
        for finding in self.of(self.found, "table-without-migration"):
            if "something else made it" not in finding["message"]:
                by_file.setdefault(pathlib.Path(finding["file"]).stem, set()).add(finding["object"])
            self.assertGreater(finding["line"], 1)
        self.assertEqual({file: set(tables.split()) for file, tables in MISSING.items()}, by_file)
        # 36, where the document's summary counts 40 models and its lists add up to these.
        self.assertEqual(36, sum(map(len, by_file.values())))

    def test_tables_that_the_application_made(self):
        made = {finding["object"]: finding["file"] for finding in self.of(self.found, "table-without-migration")
                if "something else made it" in finding["message"]}
        self.assertEqual(MADE_BY_THE_APPLICATION, set(made))
        self.assertTrue(made["subscriptions"].endswith("subscription.h"))
        self.assertEqual(MADE_BY_THE_APPLICATION, {name for name in self.objects(self.found, "beside-revisions") if "." not in name})

    def test_types_of_the_users_ids(self):
        mismatches = self.of(self.found, "foreign-key-type-differs")
        self.assertEqual(MISMATCHES, {finding["object"] for finding in mismatches})
        for finding in mismatches:
            self.assertRegex(finding["message"], r"is integer in .*, and refers to user.id \(integer\); is declared by base::\w+ "
                                                 r"\(set base\) as uuid")
        self.assertEqual({"quality_analysis.h", "subscription.h", "data_export.h"},
                         {pathlib.Path(finding["file"]).name for finding in mismatches})
        self.assertEqual({f"{table}.id" for table in IN_CONFLICT}, self.objects(self.found, "column-type-differs"))

    def test_tables_that_two_sets_declare(self):
        twice = self.of(self.found, "declared-twice")
        self.assertEqual(IN_CONFLICT, {finding["object"] for finding in twice})
        for finding in twice:
            self.assertIn("(set sqlmodel) at ", finding["message"])
            self.assertIn("(set base)", finding["message"])
            self.assertIn("user_id (integer and uuid)", finding["message"])
            self.assertTrue(finding["file"].endswith("data_export.h"))

    def test_the_comment_that_is_wrong(self):
        comment, = self.of(self.found, "comment-contradicts-type")
        self.assertEqual("expert_profiles.user_id", comment["object"])
        self.assertIn("the comment says that user_id is UUID", comment["message"])
        self.assertTrue(comment["file"].endswith("20251121_add_expert_feedback_system.sql"))
        self.assertEqual({"expert_profiles"}, self.objects(self.found, "if-not-exists"))

    def test_what_is_good(self):
        good = {it["name"]: it["text"] for it in self.found["good"]}
        self.assertEqual("all 19 files begin with a date, YYYYMMDD", good["names"])
        self.assertEqual("all 19 revisions say what they do", good["messages"])
        self.assertIn("comments", good)
        self.assertIn("all 19 revisions have a downgrade", good["downgrades"])
        self.assertIn("indexes", good)
        self.assertIn("foreign-keys", good)
        self.assertIn("expert_credential_type, feedback_type", good["enums"])
        self.assertIn("timestamps", good)

    def test_the_verdict(self):
        self.assertEqual("unsound", self.found["verdict"])
        rules = [action["rule"] for action in self.found["actions"]]
        wanted = ["declared-twice", "foreign-key-type-differs", "table-without-migration"]
        self.assertEqual(wanted, [rule for rule in rules if rule in wanted])
        self.assertEqual([], self.found["not_looked_at"])


class AsItWasMended(Project):
    def test_what_is_left(self):
        limbeck("upgrade", "heads", "--url", self.db.url, folder=self.project_folder, check=0)
        mended = self.report()
        # The tables that the application had made are adopted, and no downgrade drops them: it leads to what was found, and
        # not to an empty database.
        self.assertEqual(["20251201_adopt_application_tables"], [it["object"] for it in self.of(mended, "empty-downgrade")])
        back, = self.of(mended, "downgrade-fails")
        self.assertIn("cannot drop table public.user", back["message"])
        self.assertEqual({"comment-contradicts-type", "if-not-exists", "empty-downgrade", "downgrade-fails"},
                         {finding["rule"] for finding in mended["findings"]})


class AsAlembicProject(Project):
    def test_how_each_script_runs(self):
        folder = pathlib.Path(self.folder) / "alembic_project"
        versions = folder / "alembic" / "versions"
        shutil.copytree(ALEMBIC_CASE, versions, ignore=shutil.ignore_patterns("*.toml"))
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
        limbeck("upgrade", "heads", "--url", self.db.url, folder=folder, check=0)
        report = self.report("--to", f"cmd:{BUILT}/found_models", folder=folder)
        self.assertEqual((19, 19), (report["revisions"], report["database"]["applied"]))
        ways = {script["id"]: script["upgrade"] for script in report["scripts"]}
        self.assertEqual(19, len(ways))
        self.assertLessEqual(set(ways.values()), {"recorded", "live"})
        self.assertEqual("live", ways["20251103_extensions"])
        self.assertEqual({script for script, way in ways.items() if way == "live"},
                         {finding["object"] for finding in self.of(report, "script-asks")
                          if finding["message"].startswith("the upgrade")})
        self.assertIn("expert_profiles.user_id", self.objects(report, "comment-contradicts-type"))
        self.assertLessEqual({"expert_profiles.user_id", "expert_generated_tasks.expert_id"},
                             self.objects(report, "foreign-key-type-differs"))
        self.assertLessEqual({"expert_profiles", "expert_feedback", "expert_generated_tasks", "expert_faq_candidates"},
                             self.objects(report, "if-not-exists"))
        self.assertEqual([], self.of(report, "upgrade-fails") + self.of(report, "downgrade-fails"))
        good = {it["name"]: it["text"] for it in report["good"]}
        self.assertIn("scripts hold SQL that was written by hand", good["hand-written"])
        self.assertIn("19 revisions from one base to one head", good["whole-chain"])


if __name__ == "__main__":
    unittest.main()
