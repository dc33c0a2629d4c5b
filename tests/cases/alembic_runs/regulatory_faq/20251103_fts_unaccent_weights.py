"""Improve FTS with unaccent and weighted search

Revision ID: 20251103_fts_unaccent
Revises: 20251103_vector_indexes
Create Date: 2025-11-03 10:00:00.000000

"""
from alembic import op
from sqlalchemy import text

revision = "20251103_fts_unaccent"
down_revision = "20251103_vector_indexes"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        -- unaccent() is only stable: an index wants an immutable function.
        CREATE OR REPLACE FUNCTION immutable_unaccent(value text)
        RETURNS text AS
        $func$
            SELECT public.unaccent('public.unaccent', value)
        $func$ LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE;
        """
    )
    op.execute(
        """
        CREATE OR REPLACE FUNCTION update_search_vector() RETURNS trigger AS $$
        BEGIN
            NEW.search_vector :=
                setweight(to_tsvector('italian', immutable_unaccent(COALESCE(NEW.title, ''))), 'A') ||
                setweight(to_tsvector('italian', immutable_unaccent(COALESCE(NEW.content, ''))), 'B');
            RETURN NEW;
        END
        $$ LANGUAGE plpgsql;
        """
    )
    op.execute("CREATE INDEX idx_faq_entries_question_plain ON faq_entries (lower(immutable_unaccent(question)))")
    # Every vector anew, by the trigger.
    op.get_bind().execute(text("UPDATE knowledge_items SET title = title"))


def downgrade():
    op.execute("DROP INDEX idx_faq_entries_question_plain")
    op.execute(
        """
        CREATE OR REPLACE FUNCTION update_search_vector() RETURNS trigger AS $$
        BEGIN
            NEW.search_vector :=
                to_tsvector('italian', COALESCE(NEW.title, '') || ' ' || COALESCE(NEW.content, ''));
            RETURN NEW;
        END
        $$ LANGUAGE plpgsql;
        """
    )
    op.execute("UPDATE knowledge_items SET title = title")
    op.execute("DROP FUNCTION immutable_unaccent(text)")
