-- Improve FTS with unaccent and weighted search
--
-- A title counts for more than a text. Every vector is made anew.
--
-- limbeck:revision 20251103_fts_unaccent_weights
-- limbeck:revises 20251103_vector_indexes
-- limbeck:created 2025-11-03T10:00:00Z

-- limbeck:upgrade
-- unaccent() is only stable.
CREATE FUNCTION immutable_unaccent(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT public.unaccent('public.unaccent', value) $$;

CREATE OR REPLACE FUNCTION update_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_vector := setweight(to_tsvector('italian', immutable_unaccent(NEW.title)), 'A') ||
                         setweight(to_tsvector('italian', immutable_unaccent(NEW.content)), 'B');
    RETURN NEW;
END
$$;
UPDATE knowledge_items SET title = title;

-- limbeck:downgrade
CREATE OR REPLACE FUNCTION update_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_vector := to_tsvector('italian', NEW.title || ' ' || NEW.content);
    RETURN NEW;
END
$$;
UPDATE knowledge_items SET title = title;
DROP FUNCTION immutable_unaccent(text);
