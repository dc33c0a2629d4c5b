"""mood

Revision ID: e1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = 'e1'
down_revision = None
branch_labels = None
depends_on = None
mood = postgresql.ENUM("sad", "ok", "happy", name="mood", create_type=False)


def upgrade():
    mood.create(op.get_bind(), checkfirst=True)
    op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("mood", mood, server_default="ok"))
    op.create_table("u", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("state", sa.Enum("on", "off", name="state")))
    op.execute("INSERT INTO t (id) VALUES (1)")


def downgrade():
    op.drop_table("u")
    op.drop_table("t")
    mood.drop(op.get_bind(), checkfirst=True)
    op.execute("DROP TYPE state")
