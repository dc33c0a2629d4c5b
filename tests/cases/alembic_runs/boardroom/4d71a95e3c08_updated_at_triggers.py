"""updated_at by trigger; indexes; what is open, as a view

Revision ID: 4d71a95e3c08
Revises: 39be08f61d23
Create Date: 2025-06-12 08:05:00.000000

"""
import textwrap

from alembic import op
import sqlalchemy as sa
from sqlalchemy import text

revision = '4d71a95e3c08'
down_revision = '39be08f61d23'
branch_labels = None
depends_on = None

TABLES = ('users', 'boardrooms', 'sessions', 'threads')

FUNCTION = textwrap.dedent("""\
    CREATE OR REPLACE FUNCTION update_updated_at_column()
    RETURNS TRIGGER AS $function$
    BEGIN
        -- A row that stays as it is stays untouched; 'now' is the transaction's.
        IF NEW IS DISTINCT FROM OLD THEN
            NEW.updated_at = CURRENT_TIMESTAMP;
        END IF;
        RETURN NEW;
    END;
    $function$ language 'plpgsql';
""")

INDEXES = [
    ('idx_boardrooms_owner_id', 'boardrooms', ['owner_id']),
    ('idx_sessions_boardroom_id', 'sessions', ['boardroom_id']),
    ('idx_sessions_user_id', 'sessions', ['user_id']),
    ('idx_sessions_status', 'sessions', ['status']),
    ('idx_threads_session_id', 'threads', ['session_id']),
    ('idx_threads_user_id', 'threads', ['user_id']),
    ('idx_threads_open', 'threads', ['priority', text('created_at DESC NULLS LAST')]),
]


def upgrade():
    op.execute(text(FUNCTION))
    for table in TABLES:
        op.execute(f"""
            CREATE TRIGGER update_{table}_updated_at
                BEFORE UPDATE ON {table}
                FOR EACH ROW
                EXECUTE FUNCTION update_updated_at_column();
        """)

    for name, table, columns in INDEXES:
        where = text("status = 'active'") if name.endswith('_open') else None
        op.create_index(name, table, columns, postgresql_where=where)
    op.create_index('uq_users_email_lower', 'users', [sa.func.lower(sa.column('email'))], unique=True)

    op.execute("""
        CREATE VIEW open_threads AS
        SELECT threads.id, threads.title, sessions.title AS session, boardrooms.name AS boardroom, users.email AS owner
        FROM threads
        JOIN sessions ON sessions.id = threads.session_id
        JOIN boardrooms ON boardrooms.id = sessions.boardroom_id
        JOIN users ON users.id = boardrooms.owner_id
        WHERE threads.status = 'active'
    """)
    op.get_bind().execute(text("COMMENT ON VIEW open_threads IS 'What is talked about; one line for each thread'"))
    op.execute("UPDATE threads SET priority = 5, type = 'decision' WHERE title = 'Why?'")


def downgrade():
    op.execute("UPDATE threads SET priority = DEFAULT, type = DEFAULT WHERE title = 'Why?'")
    op.execute("DROP VIEW IF EXISTS open_threads")
    op.drop_index('uq_users_email_lower', table_name='users')
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    for table in TABLES:
        op.execute(f"DROP TRIGGER IF EXISTS update_{table}_updated_at ON {table}")
    op.execute("DROP FUNCTION IF EXISTS update_updated_at_column()")
