"""alter

Revision ID: b2
Revises: b1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'b2'
down_revision = 'b1'
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column("t", "a", existing_type=sa.String(10), type_=sa.String(40), nullable=False, server_default=None)
    op.alter_column("t", "b", new_column_name="bb", comment="new", existing_comment="old")
    op.alter_column("t", "c", type_=sa.Integer(), postgresql_using="c::integer", server_default="7")
    op.create_unique_constraint("uq_t_a", "t", ["a"])
    op.create_check_constraint("ck_t_c", "t", "c > 0")
    op.create_foreign_key("fk_t_ref", "t", "t", ["ref"], ["id"], ondelete="SET NULL", deferrable=True, initially="DEFERRED")
    op.create_table_comment("t", "a table")
    op.create_index(None, "t", ["c"], postgresql_where=sa.text("c > 10"), postgresql_using="btree")


def downgrade():
    op.drop_index("ix_t_c", table_name="t")
    op.drop_table_comment("t", existing_comment="a table")
    op.drop_constraint("fk_t_ref", "t", type_="foreignkey")
    op.drop_constraint("ck_t_c", "t", type_="check")
    op.drop_constraint("uq_t_a", "t", type_="unique")
    op.alter_column("t", "c", type_=sa.String(), postgresql_using="c::varchar", server_default=None)
    op.alter_column("t", "bb", new_column_name="b", comment="old", existing_comment="new")
    op.alter_column("t", "a", type_=sa.String(10), existing_type=sa.String(40), nullable=True, server_default="x")
