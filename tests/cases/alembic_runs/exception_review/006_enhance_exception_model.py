"""Enhance the exception model

Adds title, priority and due_date to review_exceptions and four exception types.
Existing exceptions get the title "Legacy Exception" and the priority "medium".

Revision ID: 006_enhance_exception_model
Revises: 005
Create Date: 2024-01-20 09:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '006_enhance_exception_model'
down_revision = '005'
branch_labels = None
depends_on = None

OLD_TYPES = ['kyc_non_compliance', 'dormant_funded_ufaa', 'dormant_overdrawn_exit']
NEW_TYPES = OLD_TYPES + ['documentation', 'compliance', 'technical', 'operational']
PRIORITIES = ['low', 'medium', 'high', 'critical']


def _in(column, values):
    quoted = ', '.join("'%s'" % value for value in values)
    return f'{column} IN ({quoted})'


def upgrade() -> None:
    # Step 1: nullable columns
    op.add_column('review_exceptions', sa.Column('title', sa.String(255), nullable=True))
    op.add_column('review_exceptions', sa.Column('priority', sa.String(20), nullable=True))
    op.add_column('review_exceptions', sa.Column('due_date', sa.DateTime(timezone=True), nullable=True))

    # Step 2: values for the rows that exist
    connection = op.get_bind()
    exceptions = sa.table('review_exceptions', sa.column('id'), sa.column('title'), sa.column('priority'))
    result = connection.execute(
        sa.text("UPDATE review_exceptions SET title = :title WHERE title IS NULL"), {'title': 'Legacy Exception'}
    )
    print(f'{result.rowcount} legacy exceptions')
    connection.execute(exceptions.update().where(exceptions.c.priority.is_(None)).values(priority='medium'))

    # Steps 3 and 4: NOT NULL, and the checks with the new values
    with op.batch_alter_table('review_exceptions') as batch_op:
        batch_op.alter_column('title', existing_type=sa.String(255), nullable=False)
        batch_op.alter_column('priority', existing_type=sa.String(20), nullable=False)
        batch_op.drop_constraint('ck_review_exceptions_type', type_='check')
        batch_op.create_check_constraint('ck_review_exceptions_type', sa.text(_in('exception_type', NEW_TYPES)))
        batch_op.create_check_constraint('ck_review_exceptions_priority', sa.text(_in('priority', PRIORITIES)))

    # Step 5: indexes
    op.create_index('idx_review_exceptions_priority', 'review_exceptions', ['priority'])
    op.create_index('idx_review_exceptions_due_date', 'review_exceptions', ['due_date'])
    op.create_index('idx_review_exceptions_priority_status', 'review_exceptions', ['priority', 'status'])
    op.create_index('idx_review_exceptions_type_priority', 'review_exceptions', ['exception_type', 'priority'])


def downgrade() -> None:
    for name in ('type_priority', 'priority_status', 'due_date', 'priority'):
        op.drop_index(f'idx_review_exceptions_{name}', table_name='review_exceptions')

    # A type that the old check does not know would be refused.
    op.execute(
        sa.text("UPDATE review_exceptions SET exception_type = :old WHERE exception_type IN :new").bindparams(
            sa.bindparam('new', [value for value in NEW_TYPES if value not in OLD_TYPES], expanding=True),
            old='kyc_non_compliance',
        )
    )
    with op.batch_alter_table('review_exceptions') as batch_op:
        batch_op.drop_constraint('ck_review_exceptions_priority', type_='check')
        batch_op.drop_constraint('ck_review_exceptions_type', type_='check')
        batch_op.create_check_constraint('ck_review_exceptions_type', sa.text(_in('exception_type', OLD_TYPES)))
        batch_op.drop_column('due_date')
        batch_op.drop_column('priority')
        batch_op.drop_column('title')
