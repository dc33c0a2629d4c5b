"""create all database tables with proper enum handling

Revision ID: 45182f983623
Revises:
Create Date: 2025-11-18 08:24:11.402913

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision: str = '45182f983623'
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


# The types are made by upgrade() before any table and dropped by downgrade() after the last: create_type=False keeps
# create_table from making them a second time.
wallet_provider = postgresql.ENUM('fincra', 'paystack', 'flutterwave', name='wallet_provider', create_type=False)
project_status = postgresql.ENUM(
    'draft', 'pending', 'active', 'in_progress', 'completed', 'disputed', 'cancelled', 'refunded', name='project_status', create_type=False
)
milestone_status = postgresql.ENUM('pending', 'in_progress', 'completed', 'approved', 'rejected', 'disputed', name='milestone_status', create_type=False)
transaction_type = postgresql.ENUM(
    'deposit', 'withdrawal', 'escrow_hold', 'escrow_release', 'refund', 'fee', 'commission', name='transaction_type', create_type=False
)
transaction_status = postgresql.ENUM(
    'pending', 'processing', 'completed', 'failed', 'cancelled', 'refunded', name='transaction_status', create_type=False
)
kyc_type = postgresql.ENUM('kyc', 'kyb', name='kyc_type', create_type=False)
kyc_status = postgresql.ENUM('pending', 'approved', 'rejected', name='kyc_status', create_type=False)
user_role = postgresql.ENUM('admin', 'client', 'freelancer', name='user_role', create_type=False)
hold_status = postgresql.ENUM('active', 'released', 'captured', name='hold_status', create_type=False)
ledger_transaction_type = postgresql.ENUM('debit', 'credit', name='ledger_transaction_type', create_type=False)

ENUMS = [
    wallet_provider,
    project_status,
    milestone_status,
    transaction_type,
    transaction_status,
    kyc_type,
    kyc_status,
    user_role,
    hold_status,
    ledger_transaction_type,
]


def timestamps():
    return [
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.func.now(), onupdate=sa.func.now(), nullable=True),
    ]


def upgrade() -> None:
    bind = op.get_bind()
    for enum in ENUMS:
        enum.create(bind, checkfirst=True)

    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('phone_number', sa.String(length=20), nullable=True),
    sa.Column('hashed_password', sa.String(length=255), nullable=False),
    sa.Column('full_name', sa.String(length=255), nullable=True, comment="As on the holder's papers"),
    sa.Column('role', user_role, server_default=sa.text("'client'::user_role"), nullable=False),
    sa.Column('is_active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('is_verified', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('last_login', sa.DateTime(timezone=True), nullable=True),
    *timestamps(),
    sa.PrimaryKeyConstraint('id'),
    comment='People and firms that pay or are paid'
    )
    op.create_index(op.f('ix_users_email'), 'users', ['email'], unique=True)
    op.create_index(op.f('ix_users_id'), 'users', ['id'], unique=False)
    op.create_index('ix_users_phone_verified', 'users', ['phone_number'], unique=True, postgresql_where=sa.text('is_verified'))

    op.create_table('projects',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=255), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('total_amount', sa.Numeric(precision=15, scale=2), nullable=False),
    sa.Column('commission_rate', sa.Numeric(precision=5, scale=4), server_default='0.025', nullable=False),
    sa.Column('currency', sa.String(length=3), server_default='NGN', nullable=False),
    sa.Column('status', project_status, server_default='draft', nullable=False),
    sa.Column('creator_id', sa.Integer(), nullable=False),
    sa.Column('buyer_id', sa.Integer(), nullable=True),
    sa.Column('seller_id', sa.Integer(), nullable=True),
    sa.Column('tags', postgresql.ARRAY(sa.String(length=40)), server_default='{}', nullable=False),
    sa.Column('due_date', sa.DateTime(timezone=True), nullable=True),
    *timestamps(),
    sa.CheckConstraint('total_amount > 0', name='ck_projects_total_amount'),
    sa.CheckConstraint('buyer_id IS NULL OR buyer_id <> seller_id', name=op.f('ck_projects_two_parties')),
    sa.ForeignKeyConstraint(['buyer_id'], ['users.id'], ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['creator_id'], ['users.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['seller_id'], ['users.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_projects_id'), 'projects', ['id'], unique=False)
    op.create_index(op.f('ix_projects_status'), 'projects', ['status'], unique=False)
    op.create_index('ix_projects_tags', 'projects', ['tags'], unique=False, postgresql_using='gin')

    op.create_table('milestones',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=255), nullable=False),
    sa.Column('amount', sa.Numeric(15, 2), nullable=False),
    sa.Column('position', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('status', milestone_status, server_default='pending', nullable=False),
    sa.Column('is_paid', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True),
    *timestamps(),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('project_id', 'position', name='uq_milestones_position', deferrable=True, initially='DEFERRED')
    )
    op.create_index(op.f('ix_milestones_project_id'), 'milestones', ['project_id'], unique=False)

    op.create_table('transactions',
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.Column('reference', postgresql.UUID(as_uuid=True), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('type', transaction_type, nullable=False),
    sa.Column('status', transaction_status, server_default='pending', nullable=False),
    sa.Column('amount', sa.Numeric(15, 2), nullable=False),
    sa.Column('fee', sa.Numeric(15, 2), server_default='0', nullable=False),
    sa.Column('net_amount', sa.Numeric(15, 2), sa.Computed('amount - fee', persisted=True), nullable=True),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    *timestamps(),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('reference')
    )
    op.create_index('ix_transactions_user_status', 'transactions', ['user_id', 'status', sa.text('created_at DESC')], unique=False)
    op.create_index('ix_transactions_payload', 'transactions', ['payload'], postgresql_using='gin', postgresql_ops={'payload': 'jsonb_path_ops'})

    op.create_table('kyc',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('type', kyc_type, server_default='kyc', nullable=False),
    sa.Column('status', kyc_status, server_default='pending', nullable=False),
    sa.Column('image', sa.LargeBinary(), nullable=True),
    sa.Column('nin_or_passport', sa.String(length=50), nullable=True),
    sa.Column('rejection_reason', sa.Text(), nullable=True),
    sa.Column('verified_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('kyc_user_id_fkey'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('kyc_pkey'))
    )
    op.create_index(op.f('ix_kyc_user_id'), 'kyc', ['user_id'], unique=True)

    # The user_id of the wallet tables is text from the wallet service: no foreign key, on purpose.
    op.create_table('link_tokens',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=64), nullable=False),
    sa.Column('provider', wallet_provider, nullable=False),
    sa.Column('is_consumed', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), server_default=sa.text("now() + interval '15 minutes'"), nullable=False),
    sa.PrimaryKeyConstraint('token')
    )

    op.create_table('wallet_registry',
    sa.Column('id', postgresql.UUID(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('user_id', sa.String(length=64), nullable=False, index=True),
    sa.Column('provider', wallet_provider, nullable=False),
    sa.Column('provider_account_id', sa.String(length=128), nullable=False),
    sa.Column('metadata', postgresql.JSON(astext_type=sa.Text()), nullable=True),
    *timestamps(),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('provider', 'provider_account_id', name='uq_wallet_registry_account')
    )

    op.create_table('holds',
    sa.Column('id', postgresql.UUID(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('user_id', sa.String(length=64), nullable=False),
    sa.Column('amount', sa.Numeric(precision=18, scale=2), nullable=False),
    sa.Column('status', hold_status, server_default='active', nullable=False),
    sa.Column('order_id', sa.String(length=64), nullable=True),
    sa.Column('released_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    *timestamps(),
    sa.CheckConstraint("(status = 'active') = (released_at IS NULL)", name='ck_holds_released'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_holds_active', 'holds', ['user_id'], postgresql_where=sa.text("status = 'active'"), postgresql_include=['amount'])

    op.create_table('ledger_entries',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True, start=1000), nullable=False),
    sa.Column('hold_id', postgresql.UUID(), nullable=True),
    sa.Column('user_id', sa.String(length=64), nullable=False),
    sa.Column('transaction_type', ledger_transaction_type, nullable=False),
    sa.Column('amount', sa.Numeric(18, 2), nullable=False),
    sa.Column('description', sa.Text(), server_default='', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['hold_id'], ['holds.id'], ),
    sa.PrimaryKeyConstraint('id')
    )

    op.create_table('wallet_balance_snapshot',
    sa.Column('wallet_id', postgresql.UUID(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('provider', wallet_provider, nullable=False),
    sa.Column('balance', sa.Numeric(18, 2), server_default=sa.text('0.00'), nullable=False),
    sa.ForeignKeyConstraint(['wallet_id'], ['wallet_registry.id'], onupdate='CASCADE', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('wallet_id', 'as_of')
    )

    op.create_table('webhook_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider', wallet_provider, nullable=False),
    sa.Column('event', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=20), server_default='received', nullable=False),
    sa.Column('body', postgresql.JSONB(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), server_default=sa.text('CURRENT_TIMESTAMP'), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )


def downgrade() -> None:
    for table in (
        'webhook_events',
        'wallet_balance_snapshot',
        'ledger_entries',
        'holds',
        'wallet_registry',
        'link_tokens',
        'kyc',
        'transactions',
        'milestones',
        'projects',
        'users',
    ):
        op.drop_table(table)

    for enum in reversed(ENUMS):
        enum.drop(op.get_bind(), checkfirst=True)
