-- Create the tables of faq_automation
--
-- limbeck:revision 20251203_faq_automation
-- limbeck:revises 20251202_ccnl_update_models
-- limbeck:created 2025-12-03T09:00:00Z

-- limbeck:upgrade
CREATE TABLE query_clusters (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    canonical_query text NOT NULL,
    query_count integer NOT NULL DEFAULT 0,
    last_seen timestamptz
);

CREATE TABLE faq_candidates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    cluster_id uuid,
    suggested_question text NOT NULL,
    roi_score numeric(10, 4) NOT NULL DEFAULT 0,
    status varchar(20) NOT NULL DEFAULT 'pending',
    question_embedding real[],
    FOREIGN KEY (cluster_id) REFERENCES query_clusters (id) ON DELETE SET NULL
);

CREATE TABLE generated_faqs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    candidate_id uuid,
    question text NOT NULL,
    answer text NOT NULL,
    is_published boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (candidate_id) REFERENCES faq_candidates (id) ON DELETE SET NULL
);

CREATE TABLE rss_faq_impact (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    faq_id uuid NOT NULL,
    rss_item_url text NOT NULL,
    impact_level varchar(20) NOT NULL,
    detected_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (faq_id) REFERENCES generated_faqs (id) ON DELETE CASCADE
);

CREATE TABLE faq_generation_jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_type varchar(50) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'queued',
    parameters jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz
);

-- limbeck:downgrade
DROP TABLE faq_generation_jobs;
DROP TABLE rss_faq_impact;
DROP TABLE generated_faqs;
DROP TABLE faq_candidates;
DROP TABLE query_clusters;
