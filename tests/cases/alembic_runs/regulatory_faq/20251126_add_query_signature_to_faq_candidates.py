"""Add query_signature column to expert_faq_candidates for golden set lookup

Revision ID: 20251126_add_question_embedding
Revises: 20251126_embedding_index
Create Date: 2025-11-26 12:00:00.000000

"""
import hashlib

import sqlalchemy as sa
from alembic import op

revision = "20251126_add_question_embedding"
down_revision = "20251126_embedding_index"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("expert_faq_candidates", sa.Column("query_signature", sa.String(64), nullable=True))

    connection = op.get_bind()
    candidates = sa.table(
        "expert_faq_candidates", sa.column("id"), sa.column("question", sa.Text), sa.column("query_signature", sa.String), sa.column("created_at")
    )
    for id, question in connection.execute(sa.select(candidates.c.id, candidates.c.question).order_by(candidates.c.created_at)):
        signature = hashlib.sha256(question.strip().lower().encode("utf-8")).hexdigest()
        connection.execute(sa.update(candidates).where(candidates.c.id == id).values(query_signature=signature))

    op.create_index(op.f("ix_expert_faq_candidates_query_signature"), "expert_faq_candidates", ["query_signature"], unique=False)


def downgrade():
    op.drop_index(op.f("ix_expert_faq_candidates_query_signature"), table_name="expert_faq_candidates")
    op.drop_column("expert_faq_candidates", "query_signature")
