"""create

Revision ID: b1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'b1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "t",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("a", sa.String(10), server_default="x"),
        sa.Column("b", sa.Text(), comment="old"),
        sa.Column("c", sa.String()),
        sa.Column("ref", sa.Integer()),
    )
    op.execute("INSERT INTO t (id, a, b, c) VALUES (1, 'one', 'two', '3'), (2, 'uno', NULL, '4')")


def downgrade():
    op.drop_table("t")
