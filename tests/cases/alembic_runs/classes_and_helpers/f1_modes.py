"""modes

Revision ID: f1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa
from enum import Enum

revision = 'f1'
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("routers", "agents")


class Mode(int, Enum):
    off = 0
    on = 1


def add(name):
    op.create_table(name, sa.Column("id", sa.String(36), primary_key=True), sa.Column("room_id", sa.Integer()),
                    sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_%s_room" % name))


def fill():
    rooms = sa.table("rooms", sa.column("id"), sa.column("mode"))
    op.execute(rooms.insert().values(id=1, mode=Mode.on.value))
    op.execute(rooms.insert().from_select(["id", "mode"], sa.select(rooms.c.id + 10, sa.literal(1))))


def upgrade():
    op.create_table("rooms", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("mode", sa.SmallInteger(), nullable=False, server_default=str(Mode.off.value)),
                    sa.CheckConstraint(f"(id != 0) OR (mode != {Mode.off.value})", name="off_never_zero"))
    for name in TABLES:
        add(name)
    fill()


def downgrade():
    for name in reversed(TABLES):
        op.drop_table(name)
    op.drop_table("rooms")
