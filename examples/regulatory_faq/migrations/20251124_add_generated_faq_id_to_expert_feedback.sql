-- add generated_faq_id to expert_feedback
--
-- limbeck:revision 20251124_add_generated_faq_id_to_expert_feedback
-- limbeck:revises 20251124_add_user_role
-- limbeck:created 2025-11-24T16:21:00Z

-- limbeck:upgrade
ALTER TABLE expert_feedback ADD COLUMN generated_faq_id UUID REFERENCES faq_entries (id) ON DELETE SET NULL;
CREATE INDEX ix_expert_feedback_generated_faq_id ON expert_feedback (generated_faq_id);

-- limbeck:downgrade
ALTER TABLE expert_feedback DROP COLUMN generated_faq_id;
