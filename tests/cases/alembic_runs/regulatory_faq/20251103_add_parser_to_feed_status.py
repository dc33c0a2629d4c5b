"""Add parser column to feed_status table

Revision ID: 20251103_parser
Revises: 20251103_fts_unaccent
Create Date: 2025-11-03 11:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = "20251103_parser"
down_revision = "20251103_fts_unaccent"
branch_labels = None
depends_on = None


def upgrade():
    conn = op.get_bind()
    columns = [column["name"] for column in sa.inspect(conn).get_columns("feed_status")]
    if "parser" not in columns:
        op.add_column("feed_status", sa.Column("parser", sa.String(50), nullable=True))
    op.execute("UPDATE feed_status SET parser = CASE WHEN source LIKE 'agenzia%' THEN 'agenzia_normativa' ELSE 'generic' END")
    op.alter_column("feed_status", "parser", nullable=False, server_default="generic")


def downgrade():
    op.drop_column("feed_status", "parser")
