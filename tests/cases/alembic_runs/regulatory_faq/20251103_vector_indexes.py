"""Create indexes for hybrid retrieval

Revision ID: 20251103_vector_indexes
Revises: 20251103_extensions
Create Date: 2025-11-03 09:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = "20251103_vector_indexes"
down_revision = "20251103_extensions"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "knowledge_chunks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("knowledge_item_id", sa.Integer(), nullable=False),
        sa.Column("chunk_text", sa.Text(), nullable=False),
        sa.Column("chunk_index", sa.Integer(), nullable=False),
        sa.Column("embedding", sa.ARRAY(sa.REAL()), nullable=True),
        sa.Column("kb_epoch", sa.Float(), server_default=sa.text("EXTRACT(EPOCH FROM now())"), nullable=False),
        sa.ForeignKeyConstraint(["knowledge_item_id"], ["knowledge_items.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("knowledge_item_id", "chunk_index"),
    )
    # On a table in use: outside of a transaction.
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_knowledge_items_title_trgm ON knowledge_items USING gin (title gin_trgm_ops)"
        )
        op.create_index(
            "idx_kc_item_epoch",
            "knowledge_chunks",
            ["knowledge_item_id", sa.text("kb_epoch DESC")],
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS idx_knowledge_items_title_trgm")
    op.drop_table("knowledge_chunks")
