"""Add follow-up tracking fields to interviews table.

Interviews in progress go on: they have no parent question and have asked no follow-up yet.

Revision ID: d8e0b5917c46
Revises: a4f3c81e90b2
Create Date: 2025-11-12 09:00:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = 'd8e0b5917c46'
down_revision = 'a4f3c81e90b2'
branch_labels = None
depends_on = None


def _has_column(table: str, column: str) -> bool:
    inspector = sa.inspect(op.get_bind())
    return column in {found['name'] for found in inspector.get_columns(table)}


def upgrade() -> None:
    """Add current_parent_question_id and current_followup_count columns."""
    # Safe to run again where a developer has added one of them by hand.
    if not _has_column('interviews', 'current_parent_question_id'):
        op.add_column(
            'interviews',
            sa.Column(
                'current_parent_question_id',
                postgresql.UUID(as_uuid=True).with_variant(sa.CHAR(36), 'sqlite'),
                nullable=True,
                server_default=None,
            ),
        )
    if not _has_column('interviews', 'current_followup_count'):
        op.add_column(
            'interviews',
            sa.Column('current_followup_count', sa.Integer(), nullable=False, server_default='0'),
        )


def downgrade() -> None:
    """Remove follow-up tracking columns."""
    with op.batch_alter_table('interviews', schema=None) as batch_op:
        batch_op.drop_column('current_followup_count')
        batch_op.drop_column('current_parent_question_id')
