-- Create account reviews
--
-- limbeck:revision 002
-- limbeck:revises 001
-- limbeck:created 2024-01-04T09:00:00Z

-- limbeck:upgrade postgresql
CREATE TABLE account_reviews (
    id SERIAL PRIMARY KEY,
    account_number VARCHAR(34) NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'draft',
    created_by INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    CONSTRAINT fk_account_reviews_created_by FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT ck_account_reviews_status CHECK (status IN ('draft', 'submitted', 'approved', 'rejected'))
);

-- limbeck:upgrade sqlite
CREATE TABLE account_reviews (
    id INTEGER NOT NULL PRIMARY KEY,
    account_number VARCHAR(34) NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'draft',
    created_by INTEGER NOT NULL,
    created_at TIMESTAMP_TZ NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')),
    CONSTRAINT fk_account_reviews_created_by FOREIGN KEY (created_by) REFERENCES users (id),
    CONSTRAINT ck_account_reviews_status CHECK (status IN ('draft', 'submitted', 'approved', 'rejected'))
);

-- limbeck:upgrade
CREATE INDEX idx_account_reviews_status ON account_reviews (status);

-- limbeck:downgrade
DROP TABLE account_reviews;
