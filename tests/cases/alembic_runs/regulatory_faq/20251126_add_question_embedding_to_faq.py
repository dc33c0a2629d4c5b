"""Add question_embedding column to expert_faq_candidates

Revision ID: 20251126_embedding_expert
Revises: 8f2d6c51e07b
Create Date: 2025-11-26 09:00:00.000000

"""
from alembic import op

revision = "20251126_embedding_expert"
down_revision = "8f2d6c51e07b"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        ALTER TABLE expert_faq_candidates
        ADD COLUMN IF NOT EXISTS question_embedding real[];
    """)
    op.execute("COMMENT ON COLUMN expert_faq_candidates.question_embedding IS 'text-embedding-3-small, 1536 numbers: \"[0.1,…]\"'")


def downgrade():
    op.execute("ALTER TABLE expert_faq_candidates DROP COLUMN IF EXISTS question_embedding;")
