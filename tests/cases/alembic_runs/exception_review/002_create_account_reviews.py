"""Create account reviews

Revision ID: 002
Revises: 001
Create Date: 2024-01-04 09:00:00.000000

"""
import enum
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = '002'
down_revision: Union[str, None] = '001'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


class ReviewStatus(str, enum.Enum):
    DRAFT = 'draft'
    SUBMITTED = 'submitted'
    APPROVED = 'approved'
    REJECTED = 'rejected'


# Kept as text with a check, so that SQLite (the tests) and PostgreSQL (production) agree.
review_status = sa.Enum(
    ReviewStatus,
    values_callable=lambda members: [member.value for member in members],
    native_enum=False,
    create_constraint=True,
    length=20,
    name='ck_account_reviews_status',
)


def upgrade() -> None:
    op.create_table(
        'account_reviews',
        sa.Column('id', sa.Integer(), primary_key=True),
        sa.Column('account_number', sa.String(34), nullable=False),
        sa.Column('status', review_status, nullable=False, server_default=ReviewStatus.DRAFT.value),
        sa.Column('created_by', sa.Integer(), sa.ForeignKey('users.id', name='fk_account_reviews_created_by'), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.func.current_timestamp(), nullable=False),
    )
    op.create_index('idx_account_reviews_status', 'account_reviews', ['status'])


def downgrade() -> None:
    op.drop_index('idx_account_reviews_status', table_name='account_reviews')
    op.drop_table('account_reviews')
