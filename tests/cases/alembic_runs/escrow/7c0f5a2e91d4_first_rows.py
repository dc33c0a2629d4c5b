"""first rows: the platform's own account and a project to show

Revision ID: 7c0f5a2e91d4
Revises: 45182f983623
Create Date: 2025-11-19 14:02:55.118204

"""
from decimal import Decimal

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '7c0f5a2e91d4'
down_revision = '45182f983623'
branch_labels = None
depends_on = None

metadata = sa.MetaData()
users = sa.Table(
    'users', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('email', sa.String),
    sa.Column('hashed_password', sa.String),
    sa.Column('full_name', sa.String),
    sa.Column('role', postgresql.ENUM(name='user_role', create_type=False)),
)
projects = sa.Table(
    'projects', metadata,
    sa.Column('id', sa.Integer, primary_key=True),
    sa.Column('title', sa.String),
    sa.Column('total_amount', sa.Numeric(15, 2)),
    sa.Column('status', postgresql.ENUM(name='project_status', create_type=False)),
    sa.Column('creator_id', sa.Integer, sa.ForeignKey('users.id')),
    sa.Column('tags', postgresql.ARRAY(sa.String)),
)


def upgrade():
    conn = op.get_bind()
    platform = conn.execute(
        users.insert().values(email='platform@example.com', hashed_password='!', full_name="Amina O'Neil", role='admin').returning(users.c.id)
    ).scalar()
    conn.execute(
        projects.insert(),
        [
            {'title': 'Logo, 3 drafts', 'total_amount': Decimal('1250.50'), 'status': 'active', 'creator_id': platform, 'tags': ['design', 'a "quoted" one']},
            {'title': 'Landing page: 100%', 'total_amount': Decimal('98000'), 'status': 'draft', 'creator_id': platform, 'tags': []},
        ],
    )

    # Each project starts with one milestone for the whole amount.
    for project_id, amount in conn.execute(sa.select(projects.c.id, projects.c.total_amount).order_by(projects.c.id)).fetchall():
        conn.execute(
            sa.text("INSERT INTO milestones (project_id, title, amount) VALUES (:project, 'Everything', :amount)"),
            {'project': project_id, 'amount': amount},
        )

    op.execute("""
        INSERT INTO webhook_events (provider, event, state, body)
        VALUES ('paystack', 'charge.success', 'received', '{"amount": 125050, "note": "it''s ours"}'),
               ('fincra', 'payout.failed', 'ignored', '{}')
    """)


def downgrade():
    conn = op.get_bind()
    op.execute('DELETE FROM webhook_events')
    conn.execute(sa.delete(projects).where(projects.c.title.in_(['Logo, 3 drafts', 'Landing page: 100%'])))
    conn.execute(sa.delete(users).where(users.c.email == 'platform@example.com'))
