"""Add regulatory documents tables for Dynamic Knowledge Collection System

Revision ID: 20250804_regulatory_docs
Revises: 20250804_postgresql_fts
Create Date: 2025-08-04 15:30:00.000000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "20250804_regulatory_docs"
down_revision = "20250804_postgresql_fts"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "regulatory_documents",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("source", sa.String(50), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False, unique=True),
        sa.Column("content_hash", sa.CHAR(64), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("previous_version_id", sa.String(100), sa.ForeignKey("regulatory_documents.id"), nullable=True),
        sa.Column("document_metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=True, server_default="{}"),
        sa.Column("topics", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("importance_score", sa.DECIMAL(3, 2), nullable=False, server_default="0.50"),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("importance_score >= 0 AND importance_score <= 1", name="valid_importance_score"),
        comment="Circulars, decrees and rulings, each version a row",
    )
    op.create_table(
        "feed_status",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("feed_url", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=50)),
        sa.Column("status", sa.String(length=20), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("errors", sa.Integer, server_default="0", nullable=False),
        sa.Column("last_checked", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("feed_url", name="uq_feed_status_feed_url"),
    )

    for column in ("source", "content_hash"):
        op.create_index(f"idx_regulatory_documents_{column}", "regulatory_documents", [column])
    op.execute("CREATE INDEX idx_regulatory_documents_topics ON regulatory_documents USING GIN (topics)")
    op.execute("CREATE INDEX idx_regulatory_documents_metadata ON regulatory_documents USING GIN (document_metadata jsonb_path_ops)")
    op.create_index(
        "idx_regulatory_documents_current",
        "regulatory_documents",
        ["source", sa.text("importance_score DESC")],
        postgresql_where=sa.column("archived_at").is_(None),
    )

    feeds = sa.sql.table("feed_status", sa.sql.column("feed_url", sa.String), sa.sql.column("source", sa.String))
    op.bulk_insert(
        feeds,
        [
            {"feed_url": "https://example.org/agenzia/rss.xml?x=1&y=%20", "source": "agenzia_entrate"},
            {"feed_url": "https://example.org/inps:8443/feed", "source": "inps"},
        ],
    )


def downgrade():
    op.drop_table("feed_status")
    op.execute("DROP INDEX IF EXISTS idx_regulatory_documents_topics")
    op.execute("DROP INDEX IF EXISTS idx_regulatory_documents_metadata")
    op.drop_table("regulatory_documents")
