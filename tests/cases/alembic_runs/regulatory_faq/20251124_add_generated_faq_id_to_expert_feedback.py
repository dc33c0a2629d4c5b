"""add generated_faq_id to expert_feedback

Revision ID: 8f2d6c51e07b
Revises: 20251124_user_role
Create Date: 2025-11-24 16:21:09.554712

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision: str = '8f2d6c51e07b'
down_revision: Union[str, Sequence[str], None] = '20251124_user_role'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.add_column('expert_feedback', sa.Column('generated_faq_id', postgresql.UUID(as_uuid=True), sa.ForeignKey('faq_entries.id', ondelete='SET NULL'), nullable=True))
    op.add_column('expert_feedback', sa.Column('generated_task_id', sa.String(length=20), nullable=True))
    op.create_foreign_key('fk_expert_feedback_generated_task', 'expert_feedback', 'expert_generated_tasks', ['generated_task_id'], ['task_id'], ondelete='SET NULL')
    op.create_index(op.f('ix_expert_feedback_generated_faq_id'), 'expert_feedback', ['generated_faq_id'], unique=False)
    op.execute("UPDATE expert_feedback SET generated_task_id = t.task_id FROM expert_generated_tasks t WHERE t.feedback_id = expert_feedback.id")


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index(op.f('ix_expert_feedback_generated_faq_id'), table_name='expert_feedback')
    op.drop_constraint('fk_expert_feedback_generated_task', 'expert_feedback', type_='foreignkey')
    op.drop_column('expert_feedback', 'generated_task_id')
    op.drop_column('expert_feedback', 'generated_faq_id')
