-- Add database encryption infrastructure
--
-- limbeck:revision 20250805_add_database_encryption
-- limbeck:revises 20250805_add_faq_tables
-- limbeck:created 2025-08-05T11:00:00Z

-- limbeck:upgrade
CREATE TABLE encryption_keys (
    key_version INTEGER PRIMARY KEY,
    encrypted_key BYTEA NOT NULL,
    algorithm VARCHAR(50) NOT NULL DEFAULT 'AES-256-CBC',
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMPTZ NOT NULL
);
-- One active key at a time.
CREATE UNIQUE INDEX idx_encryption_keys_active ON encryption_keys (is_active) WHERE is_active;

CREATE TABLE encrypted_field_registry (
    table_name VARCHAR(63) NOT NULL,
    column_name VARCHAR(63) NOT NULL,
    key_version INTEGER NOT NULL REFERENCES encryption_keys (key_version),
    PRIMARY KEY (table_name, column_name)
);

-- limbeck:downgrade
DROP TABLE encrypted_field_registry;
DROP TABLE encryption_keys;
