"""UUID primary keys

The numbers are kept beside the new keys until the references have been carried over, then go.

Revision ID: 2a9d4417c0be
Revises: 1f0c2b7e55aa
Create Date: 2025-06-11 09:00:12.300000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = '2a9d4417c0be'
down_revision = '1f0c2b7e55aa'
branch_labels = None
depends_on = None

TABLES = ['users', 'boardrooms', 'sessions', 'threads']
# The key is made of the number, so that each environment has the same.
KEY = "md5('{table}' || id)::uuid"


def upgrade():
    for table in TABLES:
        op.add_column(table, sa.Column('new_id', UUID(as_uuid=True), nullable=True, server_default=sa.text('gen_random_uuid()')))
        op.execute(f"UPDATE {table} SET new_id = {KEY.format(table=table)}")

    op.add_column('sessions', sa.Column('new_boardroom_id', UUID(as_uuid=True)))
    op.add_column('threads', sa.Column('new_session_id', UUID(as_uuid=True)))
    op.execute("""
        UPDATE sessions SET new_boardroom_id = boardrooms.new_id
        FROM boardrooms WHERE boardrooms.id = sessions.boardroom_id
    """)
    op.execute("""
        UPDATE threads SET new_session_id = sessions.new_id
        FROM sessions WHERE sessions.id = threads.session_id
    """)

    for table in TABLES:
        op.drop_constraint(f'{table}_pkey', table, type_='primary')
        op.drop_column(table, 'id')
        op.alter_column(table, 'new_id', new_column_name='id', nullable=False)
        op.create_primary_key(f'{table}_pkey', table, ['id'])
    op.drop_column('sessions', 'boardroom_id')
    op.alter_column('sessions', 'new_boardroom_id', new_column_name='boardroom_id', existing_type=UUID(as_uuid=True), nullable=False)
    op.drop_column('threads', 'session_id')
    op.alter_column('threads', 'new_session_id', new_column_name='session_id', existing_type=UUID(as_uuid=True), nullable=False)


def downgrade():
    for table in TABLES:
        op.execute(f"""
            ALTER TABLE {table} ADD COLUMN old_id SERIAL;
            ALTER TABLE {table} DROP CONSTRAINT {table}_pkey;
        """)
    op.add_column('sessions', sa.Column('old_boardroom_id', sa.Integer()))
    op.add_column('threads', sa.Column('old_session_id', sa.Integer()))
    op.execute("UPDATE sessions SET old_boardroom_id = b.old_id FROM boardrooms b WHERE b.id = boardroom_id")
    op.execute("UPDATE threads SET old_session_id = s.old_id FROM sessions s WHERE s.id = session_id")
    op.drop_column('sessions', 'boardroom_id')
    op.drop_column('threads', 'session_id')
    op.alter_column('sessions', 'old_boardroom_id', new_column_name='boardroom_id')
    op.alter_column('threads', 'old_session_id', new_column_name='session_id', nullable=False)
    for table in TABLES:
        op.drop_column(table, 'id')
        op.alter_column(table, 'old_id', new_column_name='id')
        op.execute(f'ALTER SEQUENCE {table}_old_id_seq RENAME TO {table}_id_seq')
        op.create_primary_key(f'{table}_pkey', table, ['id'])
