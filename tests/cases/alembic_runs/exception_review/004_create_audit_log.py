"""Create the audit log

Revision ID: 004
Revises: 003
Create Date: 2024-01-11 09:00:00.000000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '004'
down_revision = '003'
branch_labels = None
depends_on = None

# SQLite numbers only INTEGER keys by itself.
BigKey = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
Details = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade():
    op.create_table(
        'audit_log',
        sa.Column('id', BigKey, autoincrement=True, nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('action', sa.String(length=50), nullable=False),
        sa.Column('entity', sa.String(length=50), nullable=False),
        sa.Column('entity_id', sa.Integer(), nullable=True),
        sa.Column('details', Details, nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_audit_log_user_id', ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name='pk_audit_log'),
    )
    op.create_index('idx_audit_log_entity', 'audit_log', ['entity', 'entity_id'], unique=False)


def downgrade():
    op.drop_index('idx_audit_log_entity', table_name='audit_log')
    op.drop_table('audit_log')
