-- Add query_signature column to expert_faq_candidates for golden set lookup
--
-- limbeck:revision 20251126_add_query_signature_to_faq_candidates
-- limbeck:revises 20251126_add_embedding_to_expert_faq_candidates
-- limbeck:created 2025-11-26T12:00:00Z

-- limbeck:upgrade
ALTER TABLE expert_faq_candidates ADD COLUMN query_signature VARCHAR(64);
UPDATE expert_faq_candidates SET query_signature = encode(sha256(convert_to(lower(btrim(question)), 'UTF8')), 'hex');
CREATE INDEX ix_expert_faq_candidates_query_signature ON expert_faq_candidates (query_signature);

-- limbeck:downgrade
ALTER TABLE expert_faq_candidates DROP COLUMN query_signature;
