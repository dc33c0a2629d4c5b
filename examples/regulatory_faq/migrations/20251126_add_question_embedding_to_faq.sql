-- Add question_embedding vector column to expert_faq_candidates
--
-- limbeck:revision 20251126_add_question_embedding_to_faq
-- limbeck:revises 20251124_add_generated_faq_id_to_expert_feedback
-- limbeck:created 2025-11-26T09:00:00Z

-- limbeck:upgrade
ALTER TABLE expert_faq_candidates ADD COLUMN IF NOT EXISTS question_embedding REAL[];

-- limbeck:downgrade
ALTER TABLE expert_faq_candidates DROP COLUMN question_embedding;
