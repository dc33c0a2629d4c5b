"""guarded

Revision ID: c1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'c1'
down_revision = None
branch_labels = None
depends_on = None

def _has(table):
    bind = op.get_bind()
    return sa.inspect(bind).has_table(table)


def upgrade():
    if not _has("notes"):
        op.create_table("notes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body", sa.Text()))
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("notes")}
    if "author" not in columns:
        op.add_column("notes", sa.Column("author", sa.String(30)))


def downgrade():
    if _has("notes"):
        op.drop_table("notes")
