"""what is said of foreign keys

Revision ID: w2
Revises: w1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'w2'
down_revision = 'w1'
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    found = sa.table("found", sa.column("a", sa.Text()))
    for key in sa.inspect(bind).get_foreign_keys("c"):
        text = "%s %s %s" % (key["name"], key["constrained_columns"], sorted(key["options"].items()))
        bind.execute(found.insert().values(a=text))
    table = sa.Table("c", sa.MetaData(), autoload_with=bind)
    for key in table.foreign_key_constraints:
        bind.execute(found.insert().values(a="%s %s %s %s %s %s" % (key.name, key.ondelete, key.onupdate, key.deferrable, key.initially, key.match)))


def downgrade():
    op.execute("DELETE FROM found")
