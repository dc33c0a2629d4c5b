"""functions

Revision ID: i1
Revises: 
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'i1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE TABLE log (id serial PRIMARY KEY, at timestamptz DEFAULT now(), what text);
        CREATE FUNCTION touch() RETURNS trigger AS $$
        BEGIN
            -- a semicolon; in here
            NEW.at := now();
            RETURN NEW;
        END;
        $$ LANGUAGE plpgsql;
        CREATE TRIGGER log_touch BEFORE UPDATE ON log FOR EACH ROW EXECUTE FUNCTION touch();
    """)
    op.execute("CREATE VIEW recent AS SELECT * FROM log WHERE at > now() - interval '1 day'")
    op.execute("INSERT INTO log (what) VALUES ('10:30\\\\:00')")
    op.execute(r"COMMENT ON TABLE log IS 'a\:b'")


def downgrade():
    op.execute("DROP VIEW recent")
    op.execute("DROP TABLE log; DROP FUNCTION touch()")
