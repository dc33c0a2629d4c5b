"""Add database encryption infrastructure

Revision ID: 20250805_encryption
Revises: 20250805_faq_tables
Create Date: 2025-08-05 11:40:00.000000

"""
import hashlib
import logging
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

logger = logging.getLogger("alembic.runtime.migration")

revision = "20250805_encryption"
down_revision = "20250805_faq_tables"
branch_labels = None
depends_on = None

FIELDS = {"user": ["email"], "knowledge_items": []}


def upgrade():
    op.create_table(
        "encryption_keys",
        sa.Column("key_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("encrypted_key", sa.LargeBinary(), nullable=False),
        sa.Column("algorithm", sa.String(50), server_default="AES-256-CBC", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rotated_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("key_version"),
    )
    # One active key at a time.
    op.create_index("idx_encryption_keys_active", "encryption_keys", ["is_active"], unique=True, postgresql_where=sa.text("is_active"))
    op.create_table(
        "encrypted_field_registry",
        sa.Column("table_name", sa.String(63), primary_key=True),
        sa.Column("column_name", sa.String(63), primary_key=True),
        sa.Column("key_version", sa.Integer(), sa.ForeignKey("encryption_keys.key_version", name="fk_registry_key"), nullable=False),
    )

    keys = sa.table(
        "encryption_keys",
        sa.column("key_version", sa.Integer),
        sa.column("encrypted_key", sa.LargeBinary),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("rotated_at", sa.DateTime(timezone=True)),
    )
    made = datetime(2025, 8, 5, 9, 30, tzinfo=timezone.utc)
    op.bulk_insert(
        keys,
        [{"key_version": 1, "encrypted_key": hashlib.sha256(b"first").digest(), "created_at": made, "rotated_at": made + timedelta(days=90)}],
    )
    for table, columns in FIELDS.items():
        logger.info("fields to encrypt in %s: %s", table, columns)
        for column in columns:
            op.execute(
                f"INSERT INTO encrypted_field_registry (table_name, column_name, key_version) VALUES ('{table}', '{column}', 1) "
                "ON CONFLICT (table_name, column_name) DO NOTHING"
            )

    op.execute("""
        CREATE OR REPLACE FUNCTION active_key_version() RETURNS integer
        LANGUAGE sql STABLE PARALLEL SAFE
        AS $body$
            SELECT max(key_version) FROM encryption_keys WHERE is_active; -- the newest
        $body$;
        COMMENT ON FUNCTION active_key_version() IS 'The key to encrypt with; older ones only decrypt';
    """)


def downgrade():
    op.execute("DROP FUNCTION IF EXISTS active_key_version()")
    op.drop_table("encrypted_field_registry")
    op.drop_table("encryption_keys")
