-- Add parser column to feed_status table
--
-- limbeck:revision 20251103_add_parser_to_feed_status
-- limbeck:revises 20251103_fts_unaccent_weights
-- limbeck:created 2025-11-03T11:00:00Z

-- limbeck:upgrade
ALTER TABLE feed_status ADD COLUMN parser VARCHAR(50) NOT NULL DEFAULT 'generic';
UPDATE feed_status SET parser = 'agenzia_normativa' WHERE source LIKE 'agenzia%';

-- limbeck:downgrade
ALTER TABLE feed_status DROP COLUMN parser;
