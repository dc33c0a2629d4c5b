"""Initial schema, as schema.sql had it

Revision ID: 1f0c2b7e55aa
Revises:
Create Date: 2025-06-10 20:15:33.000000

"""
from alembic import op

revision = '1f0c2b7e55aa'
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = """
CREATE TABLE users (
    id SERIAL PRIMARY KEY,
    email TEXT UNIQUE NOT NULL,
    hashed_password TEXT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE boardrooms (
    id SERIAL PRIMARY KEY,
    name TEXT NOT NULL,          -- no owner yet
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE sessions (
    id SERIAL PRIMARY KEY,
    boardroom_id INTEGER,
    name TEXT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

/* the threads of a session; their text is in the files */
CREATE TABLE threads (
    id SERIAL PRIMARY KEY,
    session_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
"""

ROWS = [
    "INSERT INTO users (email, hashed_password) VALUES ('ada@example.com', 'x;y'), ('bob@example.com', '%s')",
    "INSERT INTO boardrooms (name) VALUES ('Plans: the first'), ('Room 10:30')",
    "INSERT INTO sessions (boardroom_id, name) VALUES (1, 'Monday'), (2, 'Tuesday')",
    "INSERT INTO threads (session_id, name) VALUES (1, 'Why?'), (1, 'How?'), (2, 'When?')",
]


def upgrade():
    op.execute(SCHEMA)
    for row in ROWS:
        op.execute(row)


def downgrade():
    for table in ("threads", "sessions", "boardrooms", "users"):
        op.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
