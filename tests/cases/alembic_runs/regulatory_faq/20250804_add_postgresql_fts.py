"""Add PostgreSQL Full-Text Search support

Revision ID: 20250804_postgresql_fts
Revises: 
Create Date: 2025-08-04 10:00:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "20250804_postgresql_fts"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Knowledge items with a search vector that a trigger keeps."""
    # The table of the accounts; its name is singular, and a word of SQL.
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("hashed_password", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_user_email"), "user", ["email"], unique=True)

    op.create_table(
        "knowledge_items",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("category", sa.String(100), nullable=False, index=True),
        sa.Column("language", sa.String(10), nullable=False, server_default="it"),
        sa.Column("relevance_score", sa.Float(), nullable=False, server_default="0.5"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.add_column("knowledge_items", sa.Column("search_vector", postgresql.TSVECTOR(), nullable=True))

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
    op.execute(
        """
        CREATE TRIGGER update_knowledge_items_search_vector
        BEFORE INSERT OR UPDATE OF title, content ON knowledge_items
        FOR EACH ROW EXECUTE FUNCTION update_search_vector();
        """
    )
    op.create_index(
        "idx_knowledge_items_search_vector", "knowledge_items", ["search_vector"], unique=False, postgresql_using="gin"
    )

    op.execute(
        """
        INSERT INTO knowledge_items (title, content, category)
        VALUES ('IVA: aliquota ordinaria', 'L''aliquota ordinaria dell''IVA è il 22%.', 'fiscale'),
               ('Scadenza F24; versamenti', 'I versamenti scadono il 16 del mese: lo dice l''Agenzia.', 'fiscale')
        """
    )


def downgrade() -> None:
    op.drop_index("idx_knowledge_items_search_vector", table_name="knowledge_items")
    op.execute("DROP TRIGGER IF EXISTS update_knowledge_items_search_vector ON knowledge_items;")
    op.execute("DROP FUNCTION IF EXISTS update_search_vector();")
    op.drop_table("knowledge_items")
    op.drop_table("user")
