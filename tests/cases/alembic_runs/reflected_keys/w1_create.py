"""create

Revision ID: w1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'w1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE p (a INTEGER, b INTEGER, UNIQUE (a), UNIQUE (a, b))")
    op.execute("""CREATE TABLE c (
        a INTEGER CONSTRAINT f1 REFERENCES p (a) ON DELETE CASCADE ON UPDATE SET NULL, b INTEGER, c INTEGER, d INTEGER, e INTEGER,
        CONSTRAINT f2 FOREIGN KEY (a, b) REFERENCES p (a, b) MATCH FULL DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT f3 FOREIGN KEY (c) REFERENCES p (a) NOT DEFERRABLE,
        CONSTRAINT f4 FOREIGN KEY (d) REFERENCES p (a) ON DELETE NO ACTION ON UPDATE RESTRICT DEFERRABLE,
        FOREIGN KEY (e) REFERENCES p (a) ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED)""")
    op.create_table("found", sa.Column("a", sa.Text()))


def downgrade():
    for name in ("found", "c", "p"):
        op.drop_table(name)
