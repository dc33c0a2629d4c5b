-- Add question_embedding vector column to faq_candidates table
--
-- No migration makes faq_candidates, so there is nothing to change where nothing else has made it.
--
-- limbeck:revision 20251126_add_question_embedding_to_faq_candidates
-- limbeck:revises 20251126_add_question_embedding_to_faq
-- limbeck:created 2025-11-26T10:00:00Z

-- limbeck:upgrade
ALTER TABLE IF EXISTS faq_candidates ADD COLUMN IF NOT EXISTS question_embedding REAL[];

-- limbeck:downgrade
ALTER TABLE IF EXISTS faq_candidates DROP COLUMN IF EXISTS question_embedding;
