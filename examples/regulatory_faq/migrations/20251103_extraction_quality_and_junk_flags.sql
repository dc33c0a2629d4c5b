-- Add extraction quality and junk detection fields
--
-- limbeck:revision 20251103_extraction_quality_and_junk_flags
-- limbeck:revises 20251103_add_parser_to_feed_status
-- limbeck:created 2025-11-03T12:00:00Z

-- limbeck:upgrade
ALTER TABLE knowledge_items ADD COLUMN extraction_method VARCHAR(50);
ALTER TABLE knowledge_items ADD COLUMN text_quality NUMERIC(3, 2);
ALTER TABLE knowledge_chunks ADD COLUMN junk BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX idx_kc_not_junk ON knowledge_chunks (knowledge_item_id) WHERE NOT junk;

-- limbeck:downgrade
ALTER TABLE knowledge_chunks DROP COLUMN junk;
ALTER TABLE knowledge_items DROP COLUMN text_quality;
ALTER TABLE knowledge_items DROP COLUMN extraction_method;
