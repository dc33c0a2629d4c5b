"""Add Expert Feedback System tables for quality analysis and expert validation

The table of the users is "user", singular, and its id is an INTEGER: so are the columns that refer to it, whatever
the models declare. Written as SQL by hand, since autogenerate does not see these models.

Revision ID: 20251121_expert_feedback
Revises: 20251111_publication_date
Create Date: 2025-11-21 14:00:00.000000

"""
from alembic import op

revision = "20251121_expert_feedback"
down_revision = "20251111_publication_date"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # 1. Types; another environment may have some of them.
    for name, values in (
        ("expert_credential_type", "'dottore_commercialista', 'revisore_legale', 'consulente_fiscale', 'caf_operator'"),
        ("feedback_type", "'correct', 'incomplete', 'incorrect'"),
        ("italian_feedback_category", "'normativa_obsoleta', 'interpretazione_errata', 'caso_mancante'"),
    ):
        op.execute(f"""
            DO $$ BEGIN
                CREATE TYPE {name} AS ENUM ({values});
            EXCEPTION
                WHEN duplicate_object THEN null;
            END $$;
        """)

    # 2. Profiles
    # NOTE: user_id is UUID but references user.id (INTEGER), for the day when users get UUIDs.
    op.execute("""
        CREATE TABLE IF NOT EXISTS expert_profiles (
            id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
            user_id INTEGER NOT NULL UNIQUE REFERENCES "user"(id) ON DELETE CASCADE,

            credentials TEXT[] DEFAULT '{}' NOT NULL,
            credential_types expert_credential_type[] DEFAULT '{}'::expert_credential_type[] NOT NULL,
            experience_years INTEGER DEFAULT 0 CHECK (experience_years >= 0),
            specializations TEXT[] DEFAULT ARRAY[]::TEXT[] NOT NULL,

            feedback_count INTEGER DEFAULT 0 NOT NULL,
            feedback_accuracy_rate FLOAT DEFAULT 0.0 NOT NULL,
            trust_score FLOAT DEFAULT 0.5 NOT NULL
                CONSTRAINT trust_score_range CHECK (trust_score >= 0.0 AND trust_score <= 1.0),
            is_verified BOOLEAN DEFAULT FALSE NOT NULL,
            verification_date TIMESTAMP WITH TIME ZONE,

            created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
            updated_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL
        );
        CREATE INDEX IF NOT EXISTS idx_expert_profiles_user_id ON expert_profiles(user_id);
        CREATE INDEX IF NOT EXISTS idx_expert_profiles_specializations ON expert_profiles USING GIN(specializations);
    """)

    # 3. Feedback
    op.execute("""
        CREATE TABLE IF NOT EXISTS expert_feedback (
            id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
            query_id UUID NOT NULL,
            expert_id UUID NOT NULL REFERENCES expert_profiles(id) ON DELETE CASCADE,
            feedback_type feedback_type NOT NULL,
            category italian_feedback_category,
            query_text TEXT NOT NULL,
            expert_answer TEXT,
            improvement_suggestions TEXT[] DEFAULT '{}',
            confidence_score FLOAT DEFAULT 0.0 NOT NULL,
            time_spent_seconds INTEGER NOT NULL CHECK (time_spent_seconds > 0),
            feedback_timestamp TIMESTAMPTZ DEFAULT now() NOT NULL,

            -- an answer is wrong in some way
            CONSTRAINT category_for_incorrect CHECK (feedback_type = 'correct' OR category IS NOT NULL),
            UNIQUE (query_id, expert_id)
        )
    """)
    op.execute("CREATE INDEX idx_expert_feedback_expert ON expert_feedback (expert_id, feedback_timestamp DESC)")
    op.execute("CREATE INDEX idx_expert_feedback_wrong ON expert_feedback (category) WHERE feedback_type <> 'correct'")

    # 4. Tasks, and candidates for the FAQ
    op.execute("""
        CREATE SEQUENCE IF NOT EXISTS expert_task_number START 100 INCREMENT 1 CACHE 1;
        CREATE TABLE IF NOT EXISTS expert_generated_tasks (
            id UUID DEFAULT gen_random_uuid(),
            task_id VARCHAR(20) NOT NULL DEFAULT 'QUERY-' || nextval('expert_task_number'),
            feedback_id UUID NOT NULL,
            expert_id INTEGER NOT NULL REFERENCES "user"(id) ON UPDATE NO ACTION ON DELETE SET NULL,
            question TEXT NOT NULL,
            created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
            PRIMARY KEY (id),
            CONSTRAINT uq_expert_generated_tasks_task_id UNIQUE (task_id),
            CONSTRAINT fk_task_feedback FOREIGN KEY (feedback_id) REFERENCES expert_feedback (id) ON DELETE CASCADE
                DEFERRABLE INITIALLY IMMEDIATE
        );
        CREATE TABLE IF NOT EXISTS expert_faq_candidates (
            id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
            expert_id UUID NOT NULL REFERENCES expert_profiles ON DELETE CASCADE,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            priority_score NUMERIC(10,2) NOT NULL DEFAULT 0,
            approval_status VARCHAR(50) NOT NULL DEFAULT 'pending'
                CHECK (approval_status IN ('pending', 'auto_approved', 'manually_approved', 'rejected')),
            search_text TEXT GENERATED ALWAYS AS (lower(question) || ' ' || lower(answer)) STORED,
            created_at TIMESTAMPTZ NOT NULL DEFAULT now()
        );
        CREATE INDEX idx_expert_faq_candidates_search ON expert_faq_candidates
            USING GIN (to_tsvector('italian'::regconfig, search_text));
    """)

    # 5. The count of a profile's feedback, kept by a trigger
    op.execute("""
        CREATE OR REPLACE FUNCTION count_expert_feedback() RETURNS TRIGGER
        LANGUAGE plpgsql
        SECURITY DEFINER
        SET search_path = public
        AS $$
        DECLARE
            touched uuid := COALESCE(NEW.expert_id, OLD.expert_id);
        BEGIN
            UPDATE expert_profiles
               SET feedback_count = (SELECT count(*) FROM expert_feedback WHERE expert_id = touched)
             WHERE id = touched;
            RETURN NULL;
        END;
        $$;

        CREATE TRIGGER trg_count_expert_feedback
            AFTER INSERT OR DELETE ON expert_feedback
            FOR EACH ROW EXECUTE FUNCTION count_expert_feedback();
    """)

    op.execute("""
        INSERT INTO expert_profiles (id, user_id, credential_types, specializations, experience_years)
        SELECT '5d2c1f36-0000-4000-8000-0000000000aa', id, '{dottore_commercialista,revisore_legale}', '{"IVA; dogane","F24"}', 12
        FROM "user" WHERE email = 'esperta@example.com';

        INSERT INTO expert_feedback (id, query_id, expert_id, feedback_type, category, query_text, time_spent_seconds)
        VALUES ('5d2c1f36-0000-4000-8000-0000000000bb', '5d2c1f36-0000-4000-8000-0000000000cc',
                '5d2c1f36-0000-4000-8000-0000000000aa', 'incomplete', 'caso_mancante', 'E se il 16 è festivo?', 95);

        INSERT INTO expert_generated_tasks (id, feedback_id, expert_id, question)
        SELECT '5d2c1f36-0000-4000-8000-0000000000dd', '5d2c1f36-0000-4000-8000-0000000000bb', user_id, 'Scadenze festive'
        FROM expert_profiles;
    """)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS expert_faq_candidates CASCADE")
    op.execute("DROP TABLE IF EXISTS expert_generated_tasks CASCADE")
    op.execute("DROP SEQUENCE IF EXISTS expert_task_number")
    op.execute("DROP TABLE IF EXISTS expert_feedback CASCADE")
    op.execute("DROP TABLE IF EXISTS expert_profiles CASCADE")
    op.execute("DROP FUNCTION IF EXISTS count_expert_feedback() CASCADE")
    for name in ("italian_feedback_category", "feedback_type", "expert_credential_type"):
        op.execute(f"DROP TYPE IF EXISTS {name}")
