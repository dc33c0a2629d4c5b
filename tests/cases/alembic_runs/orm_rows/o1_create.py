"""create

Revision ID: o1
Revises: 

"""
from alembic import op
import sqlalchemy as sa

revision = "o1"
down_revision = None


def upgrade():
    op.create_table(
        "author",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("born", sa.DateTime()),
    )
    op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("author_id", sa.ForeignKey("author.id"), type_=sa.Integer()), sa.Column("title", sa.Text()))
    op.execute("INSERT INTO author (id, name, born) VALUES (5, 'Anna', '1899-01-02 03:04:05'), (6, 'Ben', NULL)")
    op.execute("INSERT INTO book (id, author_id, title) VALUES (1, 5, 'One'), (2, 5, 'Two'), (3, 6, NULL)")


def downgrade():
    op.drop_table("book")
    op.drop_table("author")
