"""merge

Revision ID: l4
Revises: ('l2', 'l3')
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'l4'
down_revision = ('l2', 'l3')
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
