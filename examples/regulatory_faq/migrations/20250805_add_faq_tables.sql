-- Add Intelligent FAQ System tables
--
-- limbeck:revision 20250805_add_faq_tables
-- limbeck:revises 20250804_add_regulatory_documents
-- limbeck:created 2025-08-05T09:00:00Z

-- limbeck:upgrade
CREATE TYPE update_sensitivity AS ENUM ('low', 'medium', 'high');

CREATE TABLE faq_entries (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    topic VARCHAR(100) NOT NULL DEFAULT 'general',
    update_sensitivity update_sensitivity NOT NULL DEFAULT 'medium',
    hit_count INTEGER NOT NULL DEFAULT 0 CONSTRAINT positive_hit_count CHECK (hit_count >= 0)
);
CREATE INDEX idx_faq_topic_sensitivity ON faq_entries (topic, update_sensitivity);

CREATE TABLE faq_variation_cache (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    faq_id UUID NOT NULL REFERENCES faq_entries (id) ON DELETE CASCADE,
    variation TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_faq_variation_cache_faq_id ON faq_variation_cache (faq_id);

-- limbeck:downgrade
DROP TABLE faq_variation_cache;
DROP TABLE faq_entries;
DROP TYPE update_sensitivity;
