"""Enable extensions for similarity search (pgvector came later)

Revision ID: 20251103_extensions
Revises: 20250811_oauth_fields
Create Date: 2025-11-03 08:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = "20251103_extensions"
down_revision = "20250811_oauth_fields"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent;")
    found = op.get_bind().execute(sa.text("SELECT extversion FROM pg_extension WHERE extname = 'pg_trgm'")).scalar_one_or_none()
    if found is None:
        raise RuntimeError("pg_trgm is not installed: ask the administrator of the database")


def downgrade():
    op.execute("DROP EXTENSION IF EXISTS unaccent")
    op.execute("DROP EXTENSION IF EXISTS pg_trgm")
