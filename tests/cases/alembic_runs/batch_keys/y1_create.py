"""create

Revision ID: y1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'y1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    for name in ("plain", "in_batch", "numbered"):
        op.create_table(name, sa.Column("a", sa.Integer()), sa.Column("b", sa.String(5)))
        op.execute("INSERT INTO %s (a, b) VALUES (1, 'x'), (7, 'y'), (9, 'z')" % name)
        op.execute("DELETE FROM %s WHERE a = 1" % name)
    for name in ("empty", "always", "counting"):
        op.create_table(name, sa.Column("a", sa.Integer()))
    for name in ("keyed", "exchanged"):
        op.create_table(name, sa.Column("a", sa.Integer(), primary_key=True), sa.Column("b", sa.String(5)))
        op.execute("INSERT INTO %s (a, b) VALUES (5, 'x'), (3, 'y')" % name)
    for name in ("two", "lost"):
        op.create_table(name, sa.Column("a", sa.Integer()), sa.Column("b", sa.String(5)), sa.Column("c", sa.Integer()),
                        sa.PrimaryKeyConstraint("a", "b", name="%s_key" % name))
        op.execute("INSERT INTO %s VALUES (1, 'x', 2), (2, 'y', 3)" % name)
    op.create_table("renamed", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.PrimaryKeyConstraint("a", name="renamed_key"))


def downgrade():
    for name in ("plain", "in_batch", "always", "numbered", "empty", "counting", "keyed", "exchanged", "two", "lost",
                 "renamed"):
        op.drop_table(name)
