-- Create interviews
--
-- limbeck:revision a4f3c81e90b2
-- limbeck:created 2025-10-20T10:15:00Z

-- limbeck:upgrade postgresql
CREATE TABLE candidates (
    id UUID PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    email VARCHAR(255) NOT NULL CONSTRAINT uq_candidates_email UNIQUE
);

CREATE TABLE questions (
    id UUID PRIMARY KEY,
    text TEXT NOT NULL,
    skill VARCHAR(100) NOT NULL
);

CREATE TABLE interviews (
    id UUID PRIMARY KEY,
    candidate_id UUID NOT NULL CONSTRAINT fk_interviews_candidate_id REFERENCES candidates (id) ON DELETE CASCADE,
    status VARCHAR(20) NOT NULL DEFAULT 'planned'
        CONSTRAINT ck_interviews_status CHECK (status IN ('planned', 'in_progress', 'completed', 'cancelled')),
    current_question_index INTEGER NOT NULL DEFAULT 0,
    adaptive_follow_ups JSONB NOT NULL DEFAULT '[]',
    created_at TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'utc')
);

-- limbeck:upgrade sqlite
CREATE TABLE candidates (
    id CHAR(36) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    email VARCHAR(255) NOT NULL CONSTRAINT uq_candidates_email UNIQUE
);

CREATE TABLE questions (
    id CHAR(36) NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    skill VARCHAR(100) NOT NULL
);

CREATE TABLE interviews (
    id CHAR(36) NOT NULL PRIMARY KEY,
    candidate_id CHAR(36) NOT NULL CONSTRAINT fk_interviews_candidate_id REFERENCES candidates (id) ON DELETE CASCADE,
    status VARCHAR(20) NOT NULL DEFAULT 'planned'
        CONSTRAINT ck_interviews_status CHECK (status IN ('planned', 'in_progress', 'completed', 'cancelled')),
    current_question_index INTEGER NOT NULL DEFAULT 0,
    adaptive_follow_ups TEXT NOT NULL DEFAULT '[]',
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now'))
);

-- limbeck:upgrade
CREATE INDEX ix_interviews_status ON interviews (status);

-- limbeck:downgrade
DROP TABLE interviews;
DROP TABLE questions;
DROP TABLE candidates;
