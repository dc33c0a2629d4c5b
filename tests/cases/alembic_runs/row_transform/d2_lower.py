"""lower

Revision ID: d2
Revises: d1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'd2'
down_revision = 'd1'
branch_labels = None
depends_on = None


def upgrade():
    conn = op.get_bind()
    op.add_column("people", sa.Column("login", sa.String(50)))
    for row in conn.execute(sa.text("SELECT id, name FROM people ORDER BY id")):
        conn.execute(sa.text("UPDATE people SET login = :login WHERE id = :id")
                     .bindparams(login=row.name.lower().replace(" ", ""), id=row.id))
    people = sa.table("people", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("login", sa.String))
    conn.execute(people.update().where(people.c.id == 2).values(name=sa.func.upper(people.c.name)))
    names = [row[0] for row in conn.execute(sa.select(people.c.name).order_by(people.c.id)).fetchall()]
    assert names == ["Ada L.", "GRACE H."], names


def downgrade():
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_column("login")
