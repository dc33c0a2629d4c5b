"""objects that are rows

Revision ID: o2
Revises: o1

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.orm import Session, declarative_base

revision = "o2"
down_revision = "o1"

Base = declarative_base()


class Author(Base):
    __tablename__ = "author"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20))
    born = sa.Column(sa.DateTime)


class Book(Base):
    __tablename__ = "book"
    id = sa.Column(sa.Integer, primary_key=True)
    author_id = sa.Column(sa.ForeignKey("author.id"))
    title = sa.Column(sa.Text)


def upgrade():
    session = Session(bind=op.get_bind())
    for author in session.query(Author).order_by(Author.id):
        count = session.query(Book).filter(Book.author_id == author.id).count()
        author.name = "%s (%d, %s)" % (author.name, count, author.born.year if author.born else "?")
    for book in session.query(Book).join(Author, Book.author_id == Author.id).filter(Author.born.is_(None)).all():
        book.title = "untitled"
    session.add(Book(id=10, author_id=6, title="Added"))
    session.query(Book).filter_by(title="Two").delete()
    session.commit()


def downgrade():
    session = Session(bind=op.get_bind())
    session.query(Book).filter(Book.id == 10).delete()
    for author in session.query(Author).all():
        author.name = author.name.split(" ")[0]
    session.commit()
