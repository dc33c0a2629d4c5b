"""Add extraction quality and junk detection fields

Revision ID: 20251103_junk_flags
Revises: 20251103_parser
Create Date: 2025-11-03 12:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = "20251103_junk_flags"
down_revision = "20251103_parser"
branch_labels = None
depends_on = None

tables = {"knowledge_items": ["extraction_method", "text_quality"], "knowledge_chunks": ["junk", "ocr_used", "start_char"]}
types = {
    "extraction_method": sa.VARCHAR(50),
    "text_quality": sa.Numeric(precision=3, scale=2),
    "junk": sa.BOOLEAN(),
    "ocr_used": sa.BOOLEAN(),
    "start_char": sa.INTEGER(),
}


def upgrade():
    for table, columns in tables.items():
        for column in columns:
            flag = isinstance(types[column], sa.Boolean)
            op.add_column(table, sa.Column(column, types[column], nullable=not flag, server_default=sa.false() if flag else None))
    op.create_index("idx_kc_not_junk", "knowledge_chunks", ["knowledge_item_id"], postgresql_where=sa.text("junk = false"))
    op.execute("UPDATE knowledge_items SET extraction_method = 'pdf', text_quality = round(length(content) / 100.0, 2)")


def downgrade():
    op.drop_index("idx_kc_not_junk", "knowledge_chunks")
    for table, columns in tables.items():
        for column in columns:
            op.drop_column(table, column)
