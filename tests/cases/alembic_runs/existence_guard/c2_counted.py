"""counted

Revision ID: c2
Revises: c1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'c2'
down_revision = 'c1'
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT count(*) FROM notes")).scalar() == 0:
        bind.execute(sa.text("INSERT INTO notes (id, body, author) VALUES (:id, :body, :author)"),
                     {"id": 1, "body": "first", "author": "Zoë"})


def downgrade():
    op.execute("DELETE FROM notes WHERE id = 1")
