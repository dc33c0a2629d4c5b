"""Index the embeddings of expert_faq_candidates, and a function that compares them

Revision ID: 20251126_embedding_index
Revises: 20251126_faq_candidates
Create Date: 2025-11-26 11:00:00.000000

"""
from alembic import op

revision = "20251126_embedding_index"
down_revision = "20251126_faq_candidates"
branch_labels = None
depends_on = None


def upgrade():
    conn = op.get_bind()
    conn.exec_driver_sql("""
        CREATE FUNCTION cosine_similarity(a real[], b real[]) RETURNS double precision AS $sim$
            SELECT sum(x * y) / nullif(sqrt(sum(x ^ 2)) * sqrt(sum(y ^ 2)), 0) -- 100%% alike is 1
            FROM unnest(a, b) AS pairs (x, y)
        $sim$ LANGUAGE SQL IMMUTABLE
    """)
    op.create_index(
        "idx_expert_faq_candidates_embedded", "expert_faq_candidates", ["approval_status"], postgresql_where="question_embedding IS NOT NULL"
    )
    op.execute("""
        INSERT INTO expert_faq_candidates (id, expert_id, question, answer, question_embedding)
        SELECT '5d2c1f36-0000-4000-8000-0000000000ee', id, 'E se il 16 è domenica?', 'Il giorno dopo.', '{0.25,0.5,1}' FROM expert_profiles
    """)


def downgrade():
    op.execute("DELETE FROM expert_faq_candidates")
    op.drop_index("idx_expert_faq_candidates_embedded", table_name="expert_faq_candidates")
    op.execute("DROP FUNCTION cosine_similarity(real[], real[])")
