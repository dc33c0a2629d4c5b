"""Add publication_date column to knowledge_items

Revision ID: 20251111_publication_date
Revises: 20251103_junk_flags
Create Date: 2025-11-11 09:30:00.000000

"""
import re
from datetime import date

from alembic import op
import sqlalchemy as sa

revision = "20251111_publication_date"
down_revision = "20251103_junk_flags"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("knowledge_items", sa.Column("publication_date", sa.Date(), nullable=True, comment="As printed; null where none was found"))
    op.create_index(op.f("ix_knowledge_items_publication_date"), "knowledge_items", [sa.text("publication_date DESC NULLS LAST")])

    # The day of the month that a text names, of this year.
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, content FROM knowledge_items ORDER BY id")).mappings().all()
    for row in rows:
        found = re.search(r"\bil (\d{1,2}) del mese", row["content"])
        if found:
            bind.execute(
                sa.text("UPDATE knowledge_items SET publication_date = :day WHERE id = :id"),
                {"day": date(2025, 1, int(found.group(1))), "id": row["id"]},
            )


def downgrade():
    op.drop_index(op.f("ix_knowledge_items_publication_date"), table_name="knowledge_items")
    op.drop_column("knowledge_items", "publication_date")
