"""more

Revision ID: e2
Revises: e1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = 'e2'
down_revision = 'e1'
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'elated'")
    op.execute("UPDATE t SET mood = 'elated'")
    op.add_column("t", sa.Column("other", postgresql.ENUM(name="state", create_type=False), nullable=True))
    op.add_column("t", sa.Column("tags", postgresql.ARRAY(sa.String()), server_default="{}", nullable=False))


def downgrade():
    op.drop_column("t", "tags")
    op.drop_column("t", "other")
    op.execute("UPDATE t SET mood = 'happy' WHERE mood = 'elated'")
