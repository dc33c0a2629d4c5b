"""Copies of tables as the database has them: a column that counts by itself does so in the copy, with a sequence of its own

Revision ID: k3
Revises: k2
"""
import sqlalchemy as sa
from alembic import op

revision = "k3"
down_revision = "k2"


def upgrade():
    op.create_table("counted", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9), server_default="x"))
    op.create_table("given", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
                    sa.Column("counted_id", sa.Integer, sa.ForeignKey("counted.id")))
    known = sa.MetaData()
    known.reflect(bind=op.get_bind(), only=["counted", "given"])
    for name in ("counted", "given"):
        op.create_table("copy_of_" + name, sa.MetaData(), *[column._copy() for column in known.tables[name].columns])


def downgrade():
    for name in ("copy_of_given", "copy_of_counted", "given", "counted"):
        op.drop_table(name)
