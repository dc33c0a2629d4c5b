"""rebuild

Revision ID: k2
Revises: k1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'k2'
down_revision = 'k1'
branch_labels = None
depends_on = None


def upgrade():
    op.execute("PRAGMA foreign_keys = ON")
    with op.batch_alter_table("p") as batch_op:
        batch_op.alter_column("n", nullable=False, existing_type=sa.Text())
        batch_op.drop_column("drop_me")


def downgrade():
    with op.batch_alter_table("p") as batch_op:
        batch_op.alter_column("n", nullable=True, existing_type=sa.Text())
        batch_op.add_column(sa.Column("drop_me", sa.Text()))
