"""Create review exceptions

Revision ID: 003
Revises: 002
Create Date: 2024-01-08 09:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = '003'
down_revision = '002'
branch_labels = None
depends_on = None

EXCEPTION_TYPES = ('kyc_non_compliance', 'dormant_funded_ufaa', 'dormant_overdrawn_exit')
STATUSES = ('open', 'in_progress', 'resolved', 'closed')


def one_of(column, values):
    return "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))


def upgrade():
    review_exceptions = op.create_table(
        'review_exceptions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('review_id', sa.Integer(), nullable=False),
        sa.Column('exception_type', sa.String(length=50), nullable=False),
        sa.Column('description', sa.Text(), nullable=False),
        sa.Column('status', sa.String(length=20), server_default='open', nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('CURRENT_TIMESTAMP'), nullable=False),
        sa.CheckConstraint(one_of('exception_type', EXCEPTION_TYPES), name='ck_review_exceptions_type'),
        sa.CheckConstraint(one_of('status', STATUSES), name='ck_review_exceptions_status'),
        sa.ForeignKeyConstraint(['review_id'], ['account_reviews.id'], name='fk_review_exceptions_review_id', ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['created_by'], ['users.id'], name='fk_review_exceptions_created_by'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('idx_review_exceptions_review_id', 'review_exceptions', ['review_id'])

    # The reviews that were carried over from the spreadsheet, and what was wrong with them.
    users = sa.table('users', sa.column('id', sa.Integer), sa.column('email', sa.String), sa.column('full_name', sa.String))
    reviews = sa.table(
        'account_reviews',
        sa.column('id', sa.Integer),
        sa.column('account_number', sa.String),
        sa.column('status', sa.String),
        sa.column('created_by', sa.Integer),
    )
    op.bulk_insert(users, [{'id': 1, 'email': 'import@example.com', 'full_name': "Carried over (Achieng' O.)"}])
    op.bulk_insert(
        reviews,
        [
            {'id': 1, 'account_number': '0011-2', 'status': 'submitted', 'created_by': 1},
            {'id': 2, 'account_number': '0034-9', 'status': 'draft', 'created_by': 1},
        ],
    )
    op.bulk_insert(
        review_exceptions,
        [
            {'id': 1, 'review_id': 1, 'exception_type': 'kyc_non_compliance', 'description': 'No proof of address: 100% missing', 'created_by': 1},
            {'id': 2, 'review_id': 2, 'exception_type': 'dormant_funded_ufaa', 'description': "Client's funds unclaimed", 'created_by': 1},
        ],
    )


def downgrade():
    op.drop_index('idx_review_exceptions_review_id', table_name='review_exceptions')
    op.drop_table('review_exceptions')
    op.execute("DELETE FROM account_reviews WHERE created_by = 1")
    op.execute("DELETE FROM users WHERE email = 'import@example.com'")
