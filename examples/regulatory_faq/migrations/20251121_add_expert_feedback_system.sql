-- Add Expert Feedback System tables for quality analysis and expert validation
--
-- Written by hand: user.id is an INTEGER, so every reference to it is one, whatever the models declare.
--
-- limbeck:revision 20251121_add_expert_feedback_system
-- limbeck:revises 20251111_add_publication_date
-- limbeck:created 2025-11-21T14:00:00Z

-- limbeck:upgrade
CREATE TYPE expert_credential_type AS ENUM ('dottore_commercialista', 'revisore_legale', 'consulente_fiscale');
CREATE TYPE feedback_type AS ENUM ('correct', 'incomplete', 'incorrect');

-- NOTE: user_id is UUID but references user.id (INTEGER), for the day when users get UUIDs.
CREATE TABLE IF NOT EXISTS expert_profiles (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id INTEGER NOT NULL UNIQUE REFERENCES "user" (id) ON DELETE CASCADE,
    credential_types expert_credential_type[] NOT NULL DEFAULT '{}',
    specializations TEXT[] NOT NULL DEFAULT '{}',
    trust_score DOUBLE PRECISION NOT NULL DEFAULT 0.5
        CONSTRAINT trust_score_range CHECK (trust_score >= 0 AND trust_score <= 1),
    is_verified BOOLEAN NOT NULL DEFAULT false,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX idx_expert_profiles_specializations ON expert_profiles USING gin (specializations);

CREATE TABLE expert_feedback (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    query_id UUID NOT NULL,
    expert_id UUID NOT NULL REFERENCES expert_profiles (id) ON DELETE CASCADE,
    feedback_type feedback_type NOT NULL,
    query_text TEXT NOT NULL,
    expert_answer TEXT,
    time_spent_seconds INTEGER NOT NULL
        CONSTRAINT positive_time_spent CHECK (time_spent_seconds > 0),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (query_id, expert_id)
);
CREATE INDEX idx_expert_feedback_expert ON expert_feedback (expert_id, created_at DESC);

CREATE TABLE expert_generated_tasks (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    task_id VARCHAR(20) NOT NULL UNIQUE,
    feedback_id UUID NOT NULL REFERENCES expert_feedback (id) ON DELETE CASCADE,
    expert_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE expert_faq_candidates (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    expert_id UUID NOT NULL REFERENCES expert_profiles (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    approval_status VARCHAR(20) NOT NULL DEFAULT 'pending' CONSTRAINT valid_approval_status
        CHECK (approval_status IN ('pending', 'auto_approved', 'manually_approved', 'rejected')),
    approved_by INTEGER REFERENCES "user" (id) ON DELETE SET NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- limbeck:downgrade
DROP TABLE expert_faq_candidates;
DROP TABLE expert_generated_tasks;
DROP TABLE expert_feedback;
DROP TABLE expert_profiles;
DROP TYPE feedback_type;
DROP TYPE expert_credential_type;
