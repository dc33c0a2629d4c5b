"""change

Revision ID: j2
Revises: j1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'j2'
down_revision = 'j1'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("parent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("c", sa.String(5), nullable=False, server_default="c"))
        batch_op.alter_column("a", existing_type=sa.String(10), type_=sa.String(99), nullable=False)
        batch_op.alter_column("b", new_column_name="bb", existing_type=sa.Integer())
        batch_op.drop_column("gone")
        batch_op.create_check_constraint("ck_parent_c", "c <> ''")
        batch_op.create_index("ix_parent_c", ["c"], unique=False)
    with op.batch_alter_table("child") as batch_op:
        batch_op.add_column(sa.Column("boss_id", sa.Integer()))
        batch_op.create_foreign_key("fk_child_boss", "parent", ["boss_id"], ["id"])


def downgrade():
    with op.batch_alter_table("child") as batch_op:
        batch_op.drop_constraint("fk_child_boss", type_="foreignkey")
        batch_op.drop_column("boss_id")
    with op.batch_alter_table("parent") as batch_op:
        batch_op.drop_index("ix_parent_c")
        batch_op.drop_constraint("ck_parent_c", type_="check")
        batch_op.add_column(sa.Column("gone", sa.Text()))
        batch_op.alter_column("bb", new_column_name="b", existing_type=sa.Integer())
        batch_op.alter_column("a", type_=sa.String(10), existing_type=sa.String(99), nullable=True)
        batch_op.drop_column("c")
