-- Create the audit log
--
-- limbeck:revision 004
-- limbeck:revises 003
-- limbeck:created 2024-01-11T09:00:00Z

-- limbeck:upgrade postgresql
CREATE TABLE audit_log (
    id BIGSERIAL PRIMARY KEY,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    action VARCHAR(50) NOT NULL,
    entity VARCHAR(50) NOT NULL,
    entity_id INTEGER,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
);

-- limbeck:upgrade sqlite
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    action VARCHAR(50) NOT NULL,
    entity VARCHAR(50) NOT NULL,
    entity_id INTEGER,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- limbeck:upgrade
CREATE INDEX idx_audit_log_entity ON audit_log (entity, entity_id);

-- limbeck:downgrade
DROP TABLE audit_log;
