"""table

Revision ID: h1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'h1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("big", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()), sa.Column("done", sa.Boolean()))
    op.execute("INSERT INTO big SELECT i, i % 7 FROM generate_series(1, 2500) i")


def downgrade():
    op.drop_table("big")
