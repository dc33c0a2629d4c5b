"""The two example projects on both databases: up, down, up again, with rows that must survive."""
import shutil
import time
import unittest

from harness import ROOT, Case, Postgres, Sqlite, limbeck

REVIEW_ROWS = """
INSERT INTO users (id, email, full_name) VALUES (1, 'ann@example.com', 'Ann'), (2, 'bob@example.com', 'Bob');
INSERT INTO account_reviews (id, account_number, created_by) VALUES (10, 'DE001', 1), (11, 'DE002', 2);
INSERT INTO review_exceptions (id, review_id, exception_type, description, status, created_by) VALUES
  (100, 10, 'kyc_non_compliance', 'no proof of address', 'open', 1),
  (101, 10, 'dormant_funded_ufaa', 'no movement; since 2019', 'closed', 2),
  (102, 11, 'dormant_overdrawn_exit', 'overdrawn "badly"', 'open', 2);
UPDATE account_reviews SET status = 'submitted' WHERE id = 10;
"""
OLD_COLUMNS = "id, review_id, exception_type, description, status, created_by, created_at"
NEW_INDEXES = ["idx_review_exceptions_due_date", "idx_review_exceptions_priority",
               "idx_review_exceptions_priority_status", "idx_review_exceptions_type_priority"]

INTERVIEW_ROWS = """
INSERT INTO candidates (id, name, email) VALUES ('6f1c1f2e-0000-4000-8000-000000000001', 'Ann', 'ann@example.com');
INSERT INTO interviews (id, candidate_id, status, current_question_index) VALUES
  ('6f1c1f2e-0000-4000-8000-00000000000a', '6f1c1f2e-0000-4000-8000-000000000001', 'in_progress', 3),
  ('6f1c1f2e-0000-4000-8000-00000000000b', '6f1c1f2e-0000-4000-8000-000000000001', 'planned', 0);
"""


class Examples:
    kind = None

    def copy(self, name):
        folder = f"{self.folder}/{name}"
        shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns("*.db", "*.backup"))
        return folder

    def run_limbeck(self, *arguments, check=0):
        begin = time.monotonic()
        result = limbeck(*arguments, "--url", self.db.url, folder=self.project_folder, check=check)
        self.assertLess(time.monotonic() - begin, 1.0 * 6, "each migration takes under a second")
        return result

    def start(self, name):
        self.project_folder = self.copy(name)
        self.db = self.database(self.kind)

    def refused(self, sql):
        try:
            self.db.script(sql)
        except Exception as error:  # each client has its own kind
            return str(error)
        return ""

    def test_exception_review(self):
        self.start("exception_review")
        self.run_limbeck("upgrade", "005")
        self.db.script(REVIEW_ROWS)
        before = self.db.query(f"SELECT {OLD_COLUMNS} FROM review_exceptions ORDER BY id")
        at_005 = self.db.fingerprint()

        begin = time.monotonic()
        self.run_limbeck("upgrade", "head")
        self.assertLess(time.monotonic() - begin, 1.0)
        self.assertEqual(before, self.db.query(f"SELECT {OLD_COLUMNS} FROM review_exceptions ORDER BY id"))
        self.assertEqual({("Legacy Exception", "medium")},
                         set(self.db.query("SELECT title, priority FROM review_exceptions")))
        self.assertEqual("3", str(self.db.query("SELECT count(*) FROM review_exceptions WHERE due_date IS NULL")[0][0]))
        for index in NEW_INDEXES:
            self.assertIn(index, self.db.indexes("review_exceptions"))
        # The checks: a new type is taken, a wrong one and a missing title are not.
        self.db.script("INSERT INTO review_exceptions (id, review_id, exception_type, description, created_by, title, priority) "
                       "VALUES (103, 11, 'documentation', 'd', 1, 'Missing KYC Documentation', 'high')")
        insert = ("INSERT INTO review_exceptions (id, review_id, exception_type, description, created_by, title, priority) "
                  "VALUES (104, 11, {}, 'd', 1, {}, {})")
        self.assertIn("ck_review_exceptions_type", self.refused(insert.format("'other'", "'t'", "'low'")))
        self.assertIn("ck_review_exceptions_priority", self.refused(insert.format("'technical'", "'t'", "'urgent'")))
        self.assertTrue(self.refused(insert.format("'technical'", "NULL", "'low'")))
        # The second time nothing happens.
        self.assertNotIn("Running", self.run_limbeck("upgrade", "head").stderr)

        # The downgrade refuses to lose the exception of a new type, and leaves everything as it was.
        at_head = self.db.fingerprint()
        result = self.run_limbeck("downgrade", "005", check=6)
        self.assertIn("ck_review_exceptions_type", result.stderr)
        self.assertIn("rolled back", result.stderr)
        self.assertEqual(at_head, self.db.fingerprint())
        self.db.script("DELETE FROM review_exceptions WHERE id = 103")

        self.run_limbeck("downgrade", "005")
        self.assertEqual(at_005, self.db.fingerprint())
        self.run_limbeck("upgrade", "head")
        self.assertEqual(before, self.db.query(f"SELECT {OLD_COLUMNS} FROM review_exceptions ORDER BY id"))
        # The trigger of revision 005 still works.
        self.db.script("UPDATE account_reviews SET status = 'approved' WHERE id = 10")
        self.assertEqual([("draft", "submitted"), ("submitted", "approved")],
                         self.db.query("SELECT from_status, to_status FROM workflow_history ORDER BY id"))
        self.run_limbeck("downgrade", "base")
        self.assertEqual([], self.db.query("SELECT version_num FROM limbeck_version"))

    def test_interview(self):
        self.start("interview")
        self.run_limbeck("upgrade", "+1")
        self.db.script(INTERVIEW_ROWS)
        columns = self.db.columns("interviews")
        rows = self.db.query(f"SELECT {', '.join(columns)} FROM interviews ORDER BY id")
        before = self.db.fingerprint()
        begin = time.monotonic()
        self.run_limbeck("upgrade", "head")
        self.assertLess(time.monotonic() - begin, 1.0)
        self.assertEqual(columns + ["current_parent_question_id", "current_followup_count"], self.db.columns("interviews"))
        self.assertEqual(rows, self.db.query(f"SELECT {', '.join(columns)} FROM interviews ORDER BY id"))
        self.assertEqual("2", str(self.db.query("SELECT count(*) FROM interviews WHERE current_followup_count = 0 "
                                                "AND current_parent_question_id IS NULL")[0][0]))
        self.assertTrue(self.refused("UPDATE interviews SET current_followup_count = NULL"))
        self.assertNotIn("Running", self.run_limbeck("upgrade", "head").stderr)
        self.run_limbeck("downgrade", "-1")
        self.assertEqual(before, self.db.fingerprint())
        self.run_limbeck("upgrade", "head")
        self.assertEqual(rows, self.db.query(f"SELECT {', '.join(columns)} FROM interviews ORDER BY id"))


class SqliteExamples(Examples, Case):
    kind = Sqlite


class PostgresExamples(Examples, Case):
    kind = Postgres


if __name__ == "__main__":
    unittest.main()
