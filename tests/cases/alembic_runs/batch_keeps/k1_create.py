"""create

Revision ID: k1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'k1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT CHECK (n <> ''), drop_me TEXT)")
    op.execute("CREATE TABLE c (p INTEGER REFERENCES p ON DELETE CASCADE)")
    op.execute("CREATE INDEX p_lower ON p (lower(n))")
    op.execute("CREATE TABLE log (n TEXT)")
    op.execute("CREATE TRIGGER p_log AFTER UPDATE ON p BEGIN INSERT INTO log VALUES (new.n); END")
    op.execute("INSERT INTO p VALUES (1, 'a', 'x'), (2, 'b', 'x')")
    op.execute("INSERT INTO c VALUES (1), (2)")


def downgrade():
    for table in ("c", "p", "log"):
        op.drop_table(table)
