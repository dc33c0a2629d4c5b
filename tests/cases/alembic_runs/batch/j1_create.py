"""create

Revision ID: j1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'j1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", sa.String(10)),
                    sa.Column("b", sa.Integer(), nullable=False), sa.Column("gone", sa.Text()),
                    sa.UniqueConstraint("a", name="uq_parent_a"))
    op.create_index("ix_parent_b", "parent", ["b"])
    op.create_table("child", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id", ondelete="CASCADE")))
    op.execute("INSERT INTO parent VALUES (1, 'x', 5, 'z'), (2, 'y', 6, 'z')")
    op.execute("INSERT INTO child VALUES (1, 1), (2, 2), (3, 2)")


def downgrade():
    op.drop_table("child")
    op.drop_table("parent")
