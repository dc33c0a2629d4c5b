-- Create the missing tables of quality_analysis
--
-- limbeck:revision 20251202_quality_analysis
-- limbeck:revises 20251201_adopt_application_tables
-- limbeck:created 2025-12-02T09:00:00Z

-- limbeck:upgrade
CREATE TABLE prompt_templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(100) NOT NULL UNIQUE,
    template_text text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE failure_patterns (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    pattern_name varchar(200) NOT NULL,
    category varchar(50) NOT NULL,
    frequency_count integer NOT NULL DEFAULT 0,
    impact_score numeric(5, 2) NOT NULL DEFAULT 0,
    last_occurrence timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE system_improvements (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    failure_pattern_id uuid,
    title varchar(200) NOT NULL,
    description text NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'proposed',
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (failure_pattern_id) REFERENCES failure_patterns (id) ON DELETE SET NULL
);

CREATE TABLE quality_metrics (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    metric_name varchar(100) NOT NULL,
    metric_value numeric(12, 4) NOT NULL,
    measured_on date NOT NULL,
    UNIQUE (metric_name, measured_on)
);

CREATE TABLE expert_validations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    candidate_id uuid NOT NULL,
    expert_id uuid NOT NULL,
    approved boolean NOT NULL,
    remarks text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (candidate_id, expert_id),
    FOREIGN KEY (candidate_id) REFERENCES expert_faq_candidates (id) ON DELETE CASCADE,
    FOREIGN KEY (expert_id) REFERENCES expert_profiles (id) ON DELETE CASCADE
);

-- limbeck:downgrade
DROP TABLE expert_validations;
DROP TABLE quality_metrics;
DROP TABLE system_improvements;
DROP TABLE failure_patterns;
DROP TABLE prompt_templates;
