"""add on_hold to project_status; webhook_events.state becomes an enum

Revision ID: b21e6d03c8f7
Revises: 7c0f5a2e91d4
Create Date: 2025-12-02 10:40:07.771310

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = 'b21e6d03c8f7'
down_revision = '7c0f5a2e91d4'
branch_labels = None
depends_on = None

OLD_STATUSES = ('draft', 'pending', 'active', 'in_progress', 'completed', 'disputed', 'cancelled', 'refunded')

webhook_state = sa.Enum('received', 'handled', 'ignored', name='webhook_state')


def upgrade():
    # A new value is usable only after the transaction that added it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE project_status ADD VALUE IF NOT EXISTS 'on_hold' AFTER 'active'")
    op.execute("UPDATE projects SET status = 'on_hold' WHERE status = 'draft'")

    webhook_state.create(op.get_bind(), checkfirst=True)
    op.alter_column('webhook_events', 'state', server_default=None)
    op.alter_column(
        'webhook_events', 'state',
        existing_type=sa.String(length=20), type_=webhook_state,
        existing_nullable=False, postgresql_using='state::webhook_state',
    )
    op.alter_column('webhook_events', 'state', existing_type=webhook_state, server_default='received')


def downgrade():
    op.alter_column('webhook_events', 'state', existing_type=webhook_state, server_default=None)
    op.alter_column('webhook_events', 'state', existing_type=webhook_state, type_=sa.VARCHAR(20), postgresql_using='state::varchar')
    op.alter_column('webhook_events', 'state', existing_type=sa.VARCHAR(20), server_default='received')
    webhook_state.drop(op.get_bind(), checkfirst=False)

    # PostgreSQL drops no value of an enum: the type is made anew without it.
    op.execute("UPDATE projects SET status = 'draft' WHERE status = 'on_hold'")
    op.execute('ALTER TABLE projects ALTER COLUMN status DROP DEFAULT')
    op.execute('ALTER TYPE project_status RENAME TO project_status_old')
    postgresql.ENUM(*OLD_STATUSES, name='project_status').create(op.get_bind())
    op.execute('ALTER TABLE projects ALTER COLUMN status TYPE project_status USING status::text::project_status')
    op.execute("ALTER TABLE projects ALTER COLUMN status SET DEFAULT 'draft'")
    op.execute('DROP TYPE project_status_old')
