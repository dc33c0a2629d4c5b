"""a column that says primary_key=True, where Alembic makes a key of it and where not

Revision ID: y2
Revises: y1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'y2'
down_revision = 'y1'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("plain", sa.Column("id", sa.Integer(), primary_key=True, nullable=True))
    op.add_column("empty", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("in_batch") as batch_op:
        batch_op.add_column(sa.Column("id", sa.Integer(), primary_key=True, nullable=True))
        batch_op.create_index("in_batch_a", ["a"])
    with op.batch_alter_table("always", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("id", sa.Integer(), primary_key=True))
        batch_op.add_column(sa.Column("no", sa.Integer(), primary_key=True))
    with op.batch_alter_table("numbered") as batch_op:
        batch_op.add_column(sa.Column("id", sa.Integer(), primary_key=True))
        batch_op.alter_column("a", nullable=False, existing_type=sa.Integer())
    with op.batch_alter_table("counting", recreate="always", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("keyed") as batch_op:
        batch_op.add_column(sa.Column("id", sa.Integer(), primary_key=True, nullable=True))
        batch_op.alter_column("b", nullable=False, existing_type=sa.String(5))
    with op.batch_alter_table("exchanged") as batch_op:
        batch_op.drop_column("a")
        batch_op.add_column(sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("two") as batch_op:
        batch_op.drop_column("a")
    with op.batch_alter_table("lost") as batch_op:
        batch_op.drop_constraint("lost_key", type_="primary")
        batch_op.add_column(sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("renamed") as batch_op:
        batch_op.drop_column("a")
        batch_op.add_column(sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    pass
