"""Add Intelligent FAQ System tables

Revision ID: 20250805_faq_tables
Revises: 20250804_regulatory_docs
Create Date: 2025-08-05 09:12:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

revision = "20250805_faq_tables"
down_revision = "20250804_regulatory_docs"
branch_labels = None
depends_on = None


def upgrade():
    update_sensitivity = postgresql.ENUM("low", "medium", "high", name="updatesensitivity")
    update_sensitivity.create(op.get_bind())

    op.create_table(
        "faq_entries",
        sa.Column("id", UUID(as_uuid=True), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(100), server_default="general", nullable=False),
        sa.Column("tags", ARRAY(sa.String(50)), server_default=sa.text("ARRAY[]::varchar[]"), nullable=False),
        sa.Column("faq_type", sa.Enum("faq", "guide", name="faqtype"), server_default="faq", nullable=False),
        sa.Column(
            "update_sensitivity",
            postgresql.ENUM("low", "medium", "high", name="updatesensitivity", create_type=False),
            server_default="medium",
            nullable=False,
        ),
        sa.Column("hit_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("avg_helpfulness", sa.Float(), nullable=True),
        sa.Column("valid_during", postgresql.DATERANGE(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_faq_entries"),
        sa.CheckConstraint("hit_count >= 0", name="positive_hit_count"),
    )
    op.create_table(
        "faq_variation_cache",
        sa.Column("id", UUID(as_uuid=True), primary_key=True, server_default=sa.text("gen_random_uuid()")),
        sa.Column("faq_id", UUID(as_uuid=True), sa.ForeignKey("faq_entries.id", ondelete="CASCADE"), nullable=False),
        sa.Column("variation", sa.Text(), nullable=False),
        sa.Column("context", JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("idx_faq_entries_question_gin", "faq_entries", [sa.text("to_tsvector('italian', question)")], postgresql_using="gin")
    op.create_index("idx_faq_topic_sensitivity", "faq_entries", ["topic", "update_sensitivity"])
    op.create_index(op.f("ix_faq_variation_cache_faq_id"), "faq_variation_cache", ["faq_id"])

    op.execute(
        sa.text(
            "INSERT INTO faq_entries (id, question, answer, tags, update_sensitivity, valid_during) "
            "VALUES (:id, :question, :answer, :tags, CAST(:sensitivity AS updatesensitivity), '[2025-01-01,2026-01-01)'::daterange)"
        ).bindparams(
            id="5d2c1f36-0000-4000-8000-000000000001",
            question="Quando si versa l'IVA?",
            answer="Entro il 16: ogni mese, o ogni trimestre.",
            tags=["iva", "f24"],
            sensitivity="high",
        )
    )


def downgrade():
    op.drop_index(op.f("ix_faq_variation_cache_faq_id"), table_name="faq_variation_cache")
    op.drop_index("idx_faq_topic_sensitivity", table_name="faq_entries")
    op.drop_index("idx_faq_entries_question_gin", table_name="faq_entries")
    op.drop_table("faq_variation_cache")
    op.drop_table("faq_entries")
    sa.Enum(name="faqtype").drop(op.get_bind(), checkfirst=True)
    sa.Enum(name="updatesensitivity").drop(op.get_bind(), checkfirst=True)
