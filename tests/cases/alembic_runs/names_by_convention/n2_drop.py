"""drop what has no name

Revision ID: n2
Revises: n1

"""
from alembic import op

revision = "n2"
down_revision = "n1"

names = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}


def upgrade():
    with op.batch_alter_table("w", naming_convention=names) as batch:
        batch.drop_constraint("fk_w_u_id_u", type_="foreignkey")
        batch.drop_constraint("uq_w_a", type_="unique")


def downgrade():
    with op.batch_alter_table("w") as batch:
        batch.create_unique_constraint("uq_w_a", ["a"])
        batch.create_foreign_key("fk_w_u_id_u", "u", ["u_id"], ["id"])
