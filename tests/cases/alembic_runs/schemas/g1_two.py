"""two

Revision ID: g1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'g1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE SCHEMA events")
    op.execute("CREATE SCHEMA plugins")
    op.create_table("e", sa.Column("id", sa.Integer(), primary_key=True), schema="events")
    op.create_table("p", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("e_id", sa.Integer(), index=True),
                    schema="plugins")
    op.create_foreign_key(None, "p", "e", ["e_id"], ["id"], source_schema="plugins", referent_schema="events")
    op.create_table("q", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("e_id", sa.Integer(), sa.ForeignKey("events.e.id"), nullable=False), schema="plugins")


def downgrade():
    op.drop_table("q", schema="plugins")
    inspector = sa.inspect(op.get_bind())
    for key in inspector.get_foreign_keys("p", schema="plugins"):
        op.drop_constraint(key["name"], "p", type_="foreignkey", schema="plugins")
    op.drop_table("p", schema="plugins")
    op.drop_table("e", schema="events")
    op.execute(sa.text("DROP SCHEMA plugins"))
    op.execute("DROP SCHEMA events")
