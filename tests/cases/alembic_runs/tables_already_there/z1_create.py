"""create

Revision ID: z1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'z1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("a", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False), sa.Column("b_id", sa.Integer()))
    op.create_table("single", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False))
    op.execute("CREATE VIEW seen AS SELECT 1 AS id")


def downgrade():
    op.execute("DROP VIEW seen")
    op.drop_table("single")
    op.drop_table("a")
