"""an index over a connection of its own

Revision ID: h4
Revises: h3
Create Date: 2024-03-02 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'h4'
down_revision = 'h3'
branch_labels = None
depends_on = None


def upgrade():
    engine = op.get_bind().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        found = conn.execute(sa.text("SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_big_done'")).scalar()
        if not found:
            conn.execute(sa.text("CREATE INDEX CONCURRENTLY ix_big_done ON big (done)"))


def downgrade():
    with op.get_bind().engine.connect() as conn:
        conn = conn.execution_options(isolation_level="AUTOCOMMIT")
        conn.execute(sa.text("DROP INDEX CONCURRENTLY ix_big_done"))
