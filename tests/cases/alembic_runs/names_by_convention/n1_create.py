"""create

Revision ID: n1
Revises: 

"""
from alembic import op
import sqlalchemy as sa

revision = "n1"
down_revision = None


def upgrade():
    op.create_table("u", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "w",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("a", sa.Integer(), unique=True),
        sa.Column("u_id", sa.Integer(), sa.ForeignKey("u.id")),
    )
    op.execute("INSERT INTO u VALUES (1)")
    op.execute("INSERT INTO w VALUES (1, 2, 1), (2, 3, NULL)")


def downgrade():
    op.drop_table("w")
    op.drop_table("u")
