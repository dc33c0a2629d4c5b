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
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    action VARCHAR(50) NOT NULL,
    entity VARCHAR(50) NOT NULL,
    entity_id INTEGER,
    created_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))
);

-- limbeck:upgrade
CREATE INDEX idx_audit_log_entity ON audit_log (entity, entity_id);

-- limbeck:downgrade
DROP TABLE audit_log;
