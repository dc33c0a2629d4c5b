"""Add question_embedding column to faq_candidates table

The table has no migration: where something else has made it, it gets the column; else it is made here.

Revision ID: 20251126_faq_candidates
Revises: 20251126_embedding_expert
Create Date: 2025-11-26 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "20251126_faq_candidates"
down_revision = "20251126_embedding_expert"
branch_labels = None
depends_on = None


def upgrade():
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table("faq_candidates"):
        op.create_table(
            "faq_candidates",
            sa.Column("id", postgresql.UUID(as_uuid=True), primary_key=True, server_default=sa.func.gen_random_uuid()),
            sa.Column("suggested_question", sa.Text, nullable=False),
            sa.Column("roi_score", sa.Numeric(10, 4), nullable=False, server_default=sa.literal_column("0")),
            sa.Column("status", sa.String(20), nullable=False, server_default="pending"),
        )
    existing = {column["name"] for column in inspector.get_columns("faq_entries")}
    assert {"question", "answer"} <= existing, existing
    op.add_column("faq_candidates", sa.Column("question_embedding", postgresql.ARRAY(sa.REAL, dimensions=1), nullable=True))
    op.execute(
        sa.text("INSERT INTO faq_candidates (id, suggested_question) SELECT id, question || :end FROM faq_entries").bindparams(end=" (bis)")
    )


def downgrade():
    op.drop_table("faq_candidates")
