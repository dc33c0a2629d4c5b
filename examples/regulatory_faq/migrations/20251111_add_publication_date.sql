-- Add publication_date column to knowledge_items
--
-- limbeck:revision 20251111_add_publication_date
-- limbeck:revises 20251103_extraction_quality_and_junk_flags
-- limbeck:created 2025-11-11T10:00:00Z

-- limbeck:upgrade
ALTER TABLE knowledge_items ADD COLUMN publication_date DATE;
CREATE INDEX ix_knowledge_items_publication_date ON knowledge_items (publication_date DESC NULLS LAST);

-- limbeck:downgrade
ALTER TABLE knowledge_items DROP COLUMN publication_date;
