-- Enhance the exception model
--
-- A title, a priority and a due date for each exception, and four more types. Exceptions that exist get the title
-- "Legacy Exception" and the priority "medium".
--
-- On PostgreSQL nothing here blocks readers or writers for longer than an instant: the columns come empty, are filled in batches, are proved
-- to be filled while the table is in use, and only then must be; the indexes are built concurrently.
--
-- The downgrade refuses to lose an exception: while one has a type that is new here, the old check does not accept it and everything is
-- rolled back. Give such exceptions another type first.
--
-- limbeck:revision 006_enhance_exception_model
-- limbeck:revises 005
-- limbeck:created 2024-01-20T09:00:00Z

-- limbeck:upgrade postgresql
ALTER TABLE review_exceptions
    ADD COLUMN title VARCHAR(255),
    ADD COLUMN priority VARCHAR(20),
    ADD COLUMN due_date TIMESTAMP WITH TIME ZONE;

ALTER TABLE review_exceptions DROP CONSTRAINT ck_review_exceptions_type;

ALTER TABLE review_exceptions
    ADD CONSTRAINT ck_review_exceptions_type CHECK (exception_type IN
        ('kyc_non_compliance', 'dormant_funded_ufaa', 'dormant_overdrawn_exit',
         'documentation', 'compliance', 'technical', 'operational')) NOT VALID,
    ADD CONSTRAINT ck_review_exceptions_priority CHECK (priority IN ('low', 'medium', 'high', 'critical')) NOT VALID,
    ADD CONSTRAINT ck_review_exceptions_filled CHECK (title IS NOT NULL AND priority IS NOT NULL) NOT VALID;

-- limbeck:backfill postgresql table=review_exceptions batch=10000
UPDATE review_exceptions
SET title = coalesce(title, 'Legacy Exception'), priority = coalesce(priority, 'medium')
WHERE title IS NULL OR priority IS NULL;

-- limbeck:upgrade postgresql no-transaction
ALTER TABLE review_exceptions VALIDATE CONSTRAINT ck_review_exceptions_type;
ALTER TABLE review_exceptions VALIDATE CONSTRAINT ck_review_exceptions_priority;
ALTER TABLE review_exceptions VALIDATE CONSTRAINT ck_review_exceptions_filled;

-- limbeck:upgrade postgresql
ALTER TABLE review_exceptions
    ALTER COLUMN title SET NOT NULL,
    ALTER COLUMN priority SET NOT NULL;
ALTER TABLE review_exceptions DROP CONSTRAINT ck_review_exceptions_filled;

-- limbeck:upgrade postgresql no-transaction
CREATE INDEX CONCURRENTLY idx_review_exceptions_priority ON review_exceptions (priority);
CREATE INDEX CONCURRENTLY idx_review_exceptions_due_date ON review_exceptions (due_date);
CREATE INDEX CONCURRENTLY idx_review_exceptions_priority_status ON review_exceptions (priority, status);
CREATE INDEX CONCURRENTLY idx_review_exceptions_type_priority ON review_exceptions (exception_type, priority);

-- SQLite cannot alter a check: the table is built anew.
-- limbeck:upgrade sqlite
CREATE TABLE review_exceptions_new (
    id INTEGER NOT NULL PRIMARY KEY,
    review_id INTEGER NOT NULL,
    exception_type VARCHAR(50) NOT NULL,
    description TEXT NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'open',
    created_by INTEGER NOT NULL,
    created_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
    title VARCHAR(255) NOT NULL,
    priority VARCHAR(20) NOT NULL,
    due_date TIMESTAMP_TZ,
    CONSTRAINT fk_review_exceptions_review_id FOREIGN KEY (review_id) REFERENCES account_reviews (id) ON DELETE CASCADE,
    CONSTRAINT fk_review_exceptions_created_by FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT ck_review_exceptions_type CHECK (exception_type IN
        ('kyc_non_compliance', 'dormant_funded_ufaa', 'dormant_overdrawn_exit',
         'documentation', 'compliance', 'technical', 'operational')),
    CONSTRAINT ck_review_exceptions_status CHECK (status IN ('open', 'in_progress', 'resolved', 'closed')),
    CONSTRAINT ck_review_exceptions_priority CHECK (priority IN ('low', 'medium', 'high', 'critical'))
);

INSERT INTO review_exceptions_new
    (id, review_id, exception_type, description, status, created_by, created_at, title, priority)
SELECT id, review_id, exception_type, description, status, created_by, created_at, 'Legacy Exception', 'medium'
FROM review_exceptions;

DROP TABLE review_exceptions;
ALTER TABLE review_exceptions_new RENAME TO review_exceptions;

CREATE INDEX idx_review_exceptions_review_id ON review_exceptions (review_id);
CREATE INDEX idx_review_exceptions_priority ON review_exceptions (priority);
CREATE INDEX idx_review_exceptions_due_date ON review_exceptions (due_date);
CREATE INDEX idx_review_exceptions_priority_status ON review_exceptions (priority, status);
CREATE INDEX idx_review_exceptions_type_priority ON review_exceptions (exception_type, priority);

-- limbeck:downgrade postgresql
DROP INDEX idx_review_exceptions_type_priority;
DROP INDEX idx_review_exceptions_priority_status;
DROP INDEX idx_review_exceptions_due_date;
DROP INDEX idx_review_exceptions_priority;

ALTER TABLE review_exceptions
    DROP CONSTRAINT ck_review_exceptions_priority,
    DROP CONSTRAINT ck_review_exceptions_type;
ALTER TABLE review_exceptions
    ADD CONSTRAINT ck_review_exceptions_type CHECK (exception_type IN
        ('kyc_non_compliance', 'dormant_funded_ufaa', 'dormant_overdrawn_exit'));

ALTER TABLE review_exceptions
    DROP COLUMN due_date,
    DROP COLUMN priority,
    DROP COLUMN title;

-- limbeck:downgrade sqlite
CREATE TABLE review_exceptions_old (
    id INTEGER NOT NULL PRIMARY KEY,
    review_id INTEGER NOT NULL,
    exception_type VARCHAR(50) NOT NULL,
    description TEXT NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'open',
    created_by INTEGER NOT NULL,
    created_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
    CONSTRAINT fk_review_exceptions_review_id FOREIGN KEY (review_id) REFERENCES account_reviews (id) ON DELETE CASCADE,
    CONSTRAINT fk_review_exceptions_created_by FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT ck_review_exceptions_type CHECK (exception_type IN
        ('kyc_non_compliance', 'dormant_funded_ufaa', 'dormant_overdrawn_exit')),
    CONSTRAINT ck_review_exceptions_status CHECK (status IN ('open', 'in_progress', 'resolved', 'closed'))
);

INSERT INTO review_exceptions_old
    (id, review_id, exception_type, description, status, created_by, created_at)
SELECT id, review_id, exception_type, description, status, created_by, created_at
FROM review_exceptions;

DROP TABLE review_exceptions;
ALTER TABLE review_exceptions_old RENAME TO review_exceptions;

CREATE INDEX idx_review_exceptions_review_id ON review_exceptions (review_id);
