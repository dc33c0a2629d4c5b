-- Add question_embedding vector column to expert_faq_candidates table
--
-- The column is there already, since 20251126_add_question_embedding_to_faq, which also takes it back.
--
-- limbeck:revision 20251126_add_embedding_to_expert_faq_candidates
-- limbeck:revises 20251126_add_question_embedding_to_faq_candidates
-- limbeck:created 2025-11-26T11:00:00Z

-- limbeck:upgrade
ALTER TABLE expert_faq_candidates ADD COLUMN IF NOT EXISTS question_embedding REAL[];

-- limbeck:downgrade
