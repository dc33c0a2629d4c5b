"""after

Revision ID: l5
Revises: l4
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'l5'
down_revision = 'l4'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("after_merge", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("after_merge")
