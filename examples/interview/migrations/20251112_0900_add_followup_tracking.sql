-- Add follow-up tracking fields to the interviews table
--
-- Interviews in progress go on: they have no parent question and have asked no follow-up yet.
--
-- limbeck:revision d8e0b5917c46
-- limbeck:revises a4f3c81e90b2
-- limbeck:created 2025-11-12T09:00:00Z

-- limbeck:upgrade postgresql
ALTER TABLE interviews ADD COLUMN current_parent_question_id UUID;

-- limbeck:upgrade sqlite
ALTER TABLE interviews ADD COLUMN current_parent_question_id CHAR(36);

-- limbeck:upgrade
ALTER TABLE interviews ADD COLUMN current_followup_count INTEGER NOT NULL DEFAULT 0;

-- limbeck:downgrade
ALTER TABLE interviews DROP COLUMN current_followup_count;
ALTER TABLE interviews DROP COLUMN current_parent_question_id;
