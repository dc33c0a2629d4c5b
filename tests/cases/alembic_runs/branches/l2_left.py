"""left

Revision ID: l2
Revises: l1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'l2'
down_revision = 'l1'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("left_side", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("left_side")
