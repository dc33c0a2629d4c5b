"""of a table that is there, SQLAlchemy makes nothing else either

Revision ID: z2
Revises: z1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'z2'
down_revision = 'z1'
branch_labels = None
depends_on = None


def upgrade():
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
             sa.Column("b_id", sa.Integer(), sa.ForeignKey("b.id", name="a_b"), index=True), sa.Column("number", sa.Integer(), unique=True),
             comment="nobody sees it")
    sa.Table("b", metadata, sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
             sa.Column("a_id", sa.Integer(), sa.ForeignKey("a.id", name="b_a"), index=True), comment="of b")
    sa.Table("c", metadata, sa.Column("id", sa.Integer(), sa.Sequence("c_ids"), primary_key=True))
    sa.Table("seen", metadata, sa.Column("id", sa.Integer(), index=True))
    metadata.create_all(op.get_bind())
    metadata.create_all(op.get_bind())
    single = sa.Table("single", metadata, sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False), sa.Column("n", sa.Integer(), index=True))
    single.create(op.get_bind(), checkfirst=True)


def downgrade():
    op.drop_table("c")
    op.drop_table("b")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE c_ids")
