"""index

Revision ID: h2
Revises: h1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'h2'
down_revision = 'h1'
branch_labels = None
depends_on = None


def upgrade():
    op.get_bind().commit() if hasattr(op.get_bind(), "commit") else None
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 120000")
        op.create_index("ix_big_n", "big", ["n"], postgresql_concurrently=True)


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("ix_big_n", table_name="big", postgresql_concurrently=True, if_exists=True)
