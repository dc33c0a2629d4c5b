"""loop

Revision ID: h3
Revises: h2
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'h3'
down_revision = 'h2'
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        conn = op.get_bind()
        while True:
            r = conn.execute(sa.text("""
                UPDATE big SET done = true WHERE id IN (SELECT id FROM big WHERE done IS NULL ORDER BY id LIMIT 1000)
            """))
            if r.rowcount <= 0:
                break
    op.alter_column("big", "done", nullable=False)


def downgrade():
    op.alter_column("big", "done", nullable=True)
    op.execute("UPDATE big SET done = NULL")
