-- Create review exceptions
--
-- limbeck:revision 003
-- limbeck:revises 002
-- limbeck:created 2024-01-08T09:00:00Z

-- limbeck:upgrade postgresql
CREATE TABLE review_exceptions (
    id SERIAL PRIMARY KEY,
    review_id INTEGER NOT NULL,
    exception_type VARCHAR(50) NOT NULL,
    description TEXT NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'open',
    created_by INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    CONSTRAINT fk_review_exceptions_review_id FOREIGN KEY (review_id) REFERENCES account_reviews (id) ON DELETE CASCADE,
    CONSTRAINT fk_review_exceptions_created_by FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT ck_review_exceptions_type CHECK (exception_type IN
        ('kyc_non_compliance', 'dormant_funded_ufaa', 'dormant_overdrawn_exit')),
    CONSTRAINT ck_review_exceptions_status CHECK (status IN ('open', 'in_progress', 'resolved', 'closed'))
);

-- limbeck:upgrade sqlite
CREATE TABLE review_exceptions (
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

-- limbeck:upgrade
CREATE INDEX idx_review_exceptions_review_id ON review_exceptions (review_id);

-- limbeck:downgrade
DROP TABLE review_exceptions;
