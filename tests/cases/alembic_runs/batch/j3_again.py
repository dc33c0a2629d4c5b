"""a constraint takes the place of the one of its name

Revision ID: j3
Revises: j2
"""
from alembic import op
import sqlalchemy as sa

revision = "j3"
down_revision = "j2"


def upgrade():
    op.create_table("stages", sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("stage", sa.Enum("a", "b", name="stage", native_enum=False, create_constraint=True)))
    with op.batch_alter_table("stages") as batch:
        batch.alter_column("stage", existing_type=sa.Enum("a", "b", name="stage"),
                           type_=sa.Enum("a", "b", "c", name="stage", create_constraint=True))
    op.execute("INSERT INTO stages (stage) VALUES ('c')")


def downgrade():
    op.drop_table("stages")
