"""names

Revision ID: d1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'd1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    people = op.create_table("people", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(50)),
                             sa.Column("flags", sa.JSON()))
    op.bulk_insert(people, [
        {"id": 1, "name": "Ada L.", "flags": {"a": [1, 2]}},
        {"id": 2, "name": "Grace H.", "flags": None},
    ])


def downgrade():
    op.drop_table("people")
