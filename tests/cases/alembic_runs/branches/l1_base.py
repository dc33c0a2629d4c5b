"""base

Revision ID: l1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'l1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("base", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("base")
