"""examples/regulatory_faq: what is said of the project as it was found, and that the mended one agrees with its database."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import textwrap
import unittest

from harness import PROGRAM, ROOT, Case, Postgres, current, limbeck

EXAMPLE = ROOT / "examples" / "regulatory_faq"
BUILT = pathlib.Path(PROGRAM).parent / "examples" / "regulatory_faq"

CHAIN = """
20250804_add_postgresql_fts 20250804_add_regulatory_documents 20250805_add_faq_tables 20250805_add_database_encryption
20250805_add_gdpr_deletion_system 20250811_add_user_oauth_fields 20251103_enable_pgvector 20251103_vector_indexes
20251103_fts_unaccent_weights 20251103_add_parser_to_feed_status 20251103_extraction_quality_and_junk_flags
20251111_add_publication_date 20251121_add_expert_feedback_system 20251124_add_user_role
20251124_add_generated_faq_id_to_expert_feedback 20251126_add_question_embedding_to_faq
20251126_add_question_embedding_to_faq_candidates 20251126_add_embedding_to_expert_faq_candidates
20251126_add_query_signature_to_faq_candidates
""".split()

# The tables of the models without a migration, by the header that declares them.
MISSING = {
    "quality_analysis": "prompt_templates failure_patterns system_improvements quality_metrics expert_validations",
    "regional_taxes": "regione comune regional_tax_rates comunal_tax_rates",
    "ccnl_database": "ccnl_sectors ccnl_agreements job_levels salary_tables working_hours overtime_rules "
                     "leave_entitlements notice_periods special_allowances",
    "ccnl_update_models": "ccnl_database ccnl_versions ccnl_update_events ccnl_change_logs ccnl_monitoring_metrics",
    "faq_automation": "query_clusters faq_candidates generated_faqs rss_faq_impact faq_generation_jobs",
    "subscription": "subscription_plans subscription_plan_changes",
    "data_export": "data_export_requests export_audit_logs query_history faq_interactions knowledge_base_searches "
                   "electronic_invoices",
}
MISSING_TABLES = {table for tables in MISSING.values() for table in tables.split()}
# Made by the application, in no migration; two of them are other tables than the models of these names.
MADE_BY_THE_APPLICATION = {"subscriptions", "invoices", "document_analyses", "tax_calculations"}
IN_CONFLICT = {"document_analyses", "tax_calculations"}
# Declared as a UUID, an INTEGER in the database.
MISMATCHES = {"expert_profiles.user_id", "expert_generated_tasks.expert_id", "expert_faq_candidates.approved_by",
              "subscriptions.user_id", "invoices.user_id", "document_analyses.user_id", "tax_calculations.user_id"}

ROWS = """
INSERT INTO "user" (id, email, hashed_password) VALUES (7, 'giulia@example.com', 'x');
INSERT INTO expert_profiles (id, user_id, credential_types) VALUES
  ('5d2c1f36-0000-4000-8000-0000000000aa', 7, '{dottore_commercialista,revisore_legale}');
INSERT INTO expert_faq_candidates (expert_id, question, answer, approved_by, question_embedding) VALUES
  ('5d2c1f36-0000-4000-8000-0000000000aa', 'Quando si versa l''IVA?', 'Entro il 16.', 7, '{0.25,0.5}');
INSERT INTO knowledge_items (title, content, category) VALUES ('Perché l''IVA?', 'Il 22%.', 'fiscale');
"""
APPLICATION_ROWS = """
INSERT INTO subscriptions (user_id, plan_name, current_period_end) VALUES (7, 'pro', '2026-01-01');
INSERT INTO document_analyses (user_id, filename, document_type) VALUES (7, 'f24.pdf', 'f24');
"""


class RegulatoryFaq(Case):
    def setUp(self):
        super().setUp()
        self.project_folder = f"{self.folder}/regulatory_faq"
        shutil.copytree(EXAMPLE, self.project_folder, ignore=shutil.ignore_patterns("build"))
        os.symlink(BUILT, f"{self.project_folder}/build")
        self.db = self.database(Postgres)

    def run_limbeck(self, *arguments, project="limbeck.toml", check=0):
        return limbeck(*arguments, "--config", project, "--url", self.db.url, folder=self.project_folder, check=check)

    def verify(self, state, *arguments, check=0):
        """What a program with the models of this state says when it starts."""
        result = subprocess.run([BUILT / f"{state}_verify", *arguments], text=True, capture_output=True, timeout=120,
                                env={**os.environ, "DATABASE_URL": self.db.url})
        self.assertEqual(check, result.returncode, result.stdout + result.stderr)
        return result

    def found(self):
        """The database of the audit: the 19 revisions, and what the application made."""
        self.run_limbeck("upgrade", "heads", project="found.toml")
        self.db.script((EXAMPLE / "found" / "create_all.sql").read_text())

    def operations(self, begin, end, project="found.toml"):
        answer = json.loads(self.run_limbeck("check", "--json", project=project, check=4).stdout)
        return next(pair["operations"] for pair in answer["pairs"] if (pair["from"], pair["to"]) == (begin, end))

    @staticmethod
    def created_tables(operations):
        return {operation["object"]["name"] for operation in operations
                if operation["operation"] == "create" and operation["object"]["kind"] == "table"}

    def test_the_chain_goes_up_and_down_and_up_again(self):
        history = json.loads(self.run_limbeck("history", "--json", project="found.toml").stdout)
        self.assertEqual(CHAIN, [revision["id"] for revision in reversed(history["revisions"])])
        self.run_limbeck("upgrade", "20251121_add_expert_feedback_system", project="found.toml")
        self.db.script("INSERT INTO \"user\" (id, email, hashed_password) VALUES (7, 'giulia@example.com', 'x');"
                       "INSERT INTO expert_profiles (user_id) VALUES (7);")
        before = self.db.fingerprint()
        self.run_limbeck("upgrade", "heads", project="found.toml")
        self.assertEqual([("giulia@example.com", "expert")], self.db.query('SELECT email, role FROM "user"'))
        self.run_limbeck("downgrade", "20251121_add_expert_feedback_system", project="found.toml")
        self.assertEqual(before, self.db.fingerprint())
        self.run_limbeck("downgrade", "base", project="found.toml")
        self.assertEqual([("0",)], self.db.query("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' "
                                                 "AND tablename NOT LIKE 'limbeck%'"))
        self.run_limbeck("upgrade", "heads", project="found.toml")
        self.assertEqual(CHAIN[-1:], current(self.db, self.project_folder))

    def test_a_table_in_two_sets_is_an_error_that_names_both(self):
        self.found()
        result = self.run_limbeck("check", "--to", "cmd:./build/found_models", project="found.toml", check=10)
        self.assertIn("table document_analyses is declared by two sets of models: sqlmodel and base", result.stderr)
        self.assertIn("sqlmodel.h", result.stderr)
        self.assertIn("data_export.h", result.stderr)
        self.assertIn("declared by two sets of models: sqlmodel and base", self.verify("found", check=10).stderr)

    def test_the_found_project(self):
        self.found()
        # What the application made is in no revision.
        beside = self.operations("revisions", "database")
        self.assertEqual(MADE_BY_THE_APPLICATION, self.created_tables(beside))
        operations = self.operations("database", "declared schema")
        self.assertEqual(MISSING_TABLES, self.created_tables(operations))
        types = {f"{operation['from']['name']}.{operation['from']['part']}":
                     (operation["from"]["definition"]["type"], operation["to"]["definition"]["type"])
                 for operation in operations if operation["operation"] == "alter"}
        primary_keys = {f"{table}.id" for table in IN_CONFLICT}
        self.assertEqual(dict.fromkeys(MISMATCHES | primary_keys, ("integer", "uuid")), types)
        # The tables in conflict: no column but the user's is the same.
        dropped = {operation["object"]["name"] for operation in operations
                   if operation["operation"] == "drop" and operation["object"]["kind"] == "column"}
        self.assertEqual(IN_CONFLICT, dropped)

    def test_what_a_program_with_the_found_models_says_at_its_start(self):
        self.found()
        said = self.verify("found", "--base-first", check=4).stdout
        self.assertEqual(MISSING_TABLES, set(re.findall(r"^table public\.(\w+): a table is missing$", said, re.MULTILINE)))
        self.assertEqual(MISMATCHES | {f"{table}.id" for table in IN_CONFLICT}, set(re.findall(
            r"^column public\.(\w+\.\w+): uuid is expected, integer is there$", said, re.MULTILINE)))
        self.assertEqual({"document_analyses.file_name", "document_analyses.analysis_result", "document_analyses.analyzed_at",
                          "tax_calculations.calculation_type", "tax_calculations.input_data", "tax_calculations.result"},
                         set(re.findall(r"^column public\.(\w+\.\w+): .* is missing$", said, re.MULTILINE)))

    def test_the_mended_project_agrees(self):
        self.found()
        self.db.script(ROWS + APPLICATION_ROWS)
        self.run_limbeck("upgrade", "heads")
        self.assertIn("database and declared schema agree", self.run_limbeck("check").stdout)
        self.assertEqual("", self.verify("mended").stdout)
        self.assertEqual([("f24.pdf", "pro", "pending")], self.db.query(
            "SELECT filename, plan_name, approval_status FROM document_analyses JOIN subscriptions USING (user_id) "
            "JOIN expert_faq_candidates ON approved_by = user_id"))
        self.assertEqual([], self.db.query("SELECT table_name, column_name FROM information_schema.columns "
                                           "WHERE column_name IN ('user_id', 'approved_by') AND data_type <> 'integer'"))
        # Back to what the audit found, and up again; a new database comes to the same.
        mended = self.db.fingerprint()
        self.run_limbeck("downgrade", CHAIN[-1])
        self.assertEqual(MISSING_TABLES, self.created_tables(self.operations("database", "declared schema")))
        self.run_limbeck("upgrade", "heads")
        self.assertEqual(mended, self.db.fingerprint())
        self.db = self.database(Postgres)
        self.run_limbeck("upgrade", "heads")
        self.run_limbeck("check")

    def test_a_foreign_key_of_another_type_does_not_compile(self):
        compiler = [os.environ.get("CXX", "c++"), "-std=c++20", "-fsyntax-only", f"-I{ROOT / 'include'}",
                    f"-I{EXAMPLE / 'models'}", f"-I{EXAMPLE / 'found'}", "-x", "c++", "-"]
        program = textwrap.dedent("""\
            #include "quality_analysis.h"
            using base::ExpertProfile;
            namespace model = limbeck::model;
            constexpr auto column = model::column<&ExpertProfile::user_id>({});
            """)
        key = "model::references<&sqlmodel::User::id>.of_another_set()"
        good = subprocess.run(compiler, input=program.format(""), text=True, capture_output=True, timeout=600)
        self.assertEqual((0, ""), (good.returncode, good.stderr))
        bad = subprocess.run(compiler, input=program.format(key), text=True, capture_output=True, timeout=600)
        self.assertNotEqual(0, bad.returncode)
        self.assertIn("a foreign key has another type than the column that it refers to", bad.stderr)


if __name__ == "__main__":
    unittest.main()
