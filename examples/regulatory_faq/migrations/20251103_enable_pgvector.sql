-- Enable pgvector extension for vector similarity search
--
-- Where pgvector can be installed this is CREATE EXTENSION vector, and an embedding vector(1536). Here an
-- embedding is an array of real, so that a plain PostgreSQL is enough; search by similar words needs pg_trgm.
--
-- limbeck:revision 20251103_enable_pgvector
-- limbeck:revises 20250811_add_user_oauth_fields
-- limbeck:created 2025-11-03T08:00:00Z

-- limbeck:upgrade
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- limbeck:downgrade
DROP EXTENSION unaccent;
DROP EXTENSION pg_trgm;
