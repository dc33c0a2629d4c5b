"""change columns

Revision ID: a2
Revises: a1
Create Date: 2024-03-01 10:00:00.000000

"""
from alembic import op
import sqlalchemy as sa

revision = 'a2'
down_revision = 'a1'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("users", sa.Column("phone", sa.String(20), nullable=True))
    op.add_column("users", sa.Column("level", sa.Integer(), server_default="1", nullable=False))
    op.create_index("ix_users_phone_level", "users", ["phone", sa.text("level DESC")], unique=True)
    op.rename_table("post_tags", "tags_of_posts")
    op.execute("INSERT INTO users (id, email, name) VALUES (1, 'a@example.org', 'Ann: 100%'), (2, 'b@example.org', NULL)")
    op.execute(sa.text("UPDATE users SET name = :name WHERE id = :id").bindparams(name="it's", id=2))


def downgrade():
    op.execute("DELETE FROM users")
    op.rename_table("tags_of_posts", "post_tags")
    op.drop_index("ix_users_phone_level", table_name="users")
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("level")
        batch_op.drop_column("phone")
