"""Add role field to User model for RBAC

Revision ID: 20251124_user_role
Revises: 20251121_expert_feedback
Create Date: 2025-11-24 09:00:00.000000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.engine.reflection import Inspector

revision = "20251124_user_role"
down_revision = "20251121_expert_feedback"
branch_labels = None
depends_on = None


def column_exists(table_name, column_name):
    inspector = Inspector.from_engine(op.get_bind())
    return any(column["name"] == column_name for column in inspector.get_columns(table_name))


def upgrade():
    if not column_exists("user", "role"):
        op.add_column("user", sa.Column("role", sa.VARCHAR(length=20), nullable=False, server_default=sa.text("'regular_user'")))
    op.create_check_constraint("valid_user_role", "user", sa.column("role").in_(["regular_user", "expert", "admin", "super_user"]))
    op.create_index("idx_user_role", "user", ["role"])
    op.execute("""
        UPDATE "user" SET role = 'expert'
        WHERE EXISTS (SELECT 1 FROM expert_profiles AS profile WHERE profile.user_id = "user".id)
    """)


def downgrade():
    op.drop_index("idx_user_role", "user")
    op.drop_constraint("valid_user_role", "user")
    op.drop_column("user", "role")
