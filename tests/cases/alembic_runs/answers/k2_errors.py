"""Errors that a script catches, types as texts, objects after a commit, types that go with their tables

Revision ID: k2
Revises: k1
"""
import contextlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.orm.attributes import flag_modified

revision = "k2"
down_revision = "k1"

Base = declarative_base()


class Part(Base):
    __tablename__ = "parts"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20))
    notes = sa.Column(sa.JSON)


def keep(*answers):
    op.get_bind().execute(sa.text("INSERT INTO answers (answer) VALUES (:answer)"), {"answer": repr(answers)})


def attempt(statement):
    """SQLite goes on after an error; PostgreSQL does so when there is a savepoint."""
    bind = op.get_bind()
    with bind.begin_nested() if bind.dialect.name == "postgresql" else contextlib.nullcontext():
        bind.execute(sa.text(statement))


def safely_add(column):
    bind = op.get_bind()
    try:
        with bind.begin_nested() if bind.dialect.name == "postgresql" else contextlib.nullcontext():
            op.add_column("parts", column)
    except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
        if "duplicate column" not in str(error) and "DuplicateColumn" not in str(error):
            raise


def upgrade():
    bind = op.get_bind()
    safely_add(sa.Column("name", sa.Text))
    safely_add(sa.Column("notes", sa.JSON))
    for statement in ("SELECT * FROM nowhere", "INSERT INTO parts (id, name) VALUES (1, 'again')", "no statement"):
        try:
            attempt(statement)
        except sa.exc.IntegrityError as error:
            keep("integrity", type(error.orig).__name__)
        except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
            keep(type(error).__name__, type(error.orig).__name__, getattr(error.orig, "pgcode", None), str(error).split(")")[0])
    keep([str(one) for one in (sa.DateTime(), sa.TIMESTAMP(timezone=True), sa.LargeBinary(), sa.Enum("aa", "b", name="e"), sa.types.NullType(),
                               postgresql.JSONB(), postgresql.ARRAY(sa.Integer), postgresql.BYTEA(), sa.Interval(), sa.VARCHAR(3))])
    keep([(one["name"], str(one["type"])) for one in sa.inspect(bind).get_columns("parts")])

    session = Session(bind=bind)
    part = Part(id=50, name="added", notes={"a": 1})
    session.add(part)
    session.commit()
    session.refresh(part)
    part.notes["b"] = 2
    flag_modified(part, "notes")
    session.commit()
    op.execute("UPDATE parts SET name = 'other'")
    keep([(one.name, one.notes) for one in session.query(Part).filter(Part.id == part.id)])

    parts = sa.table("parts", sa.column("id", sa.Integer))
    keep(bind.execute(sa.select(sa.func.row_number().over(order_by=parts.c.id))).fetchall())
    if bind.dialect.name == "postgresql":
        of_postgresql()
    else:
        keep(bind.execute(sa.text("INSERT INTO parts (id, name) VALUES (70, 'x')")).lastrowid)


def of_postgresql():
    bind = op.get_bind()
    keep(bind.execute(sa.text("SELECT id FROM parts")).rowcount > 0, bind.execute(sa.text("SELECT id FROM parts WHERE id < 0")).rowcount)
    keep(bind.execute(sa.select(sa.literal_column("(ARRAY[1, 2, 3])", postgresql.ARRAY(sa.Integer))[1:2])).scalar())
    op.execute("CREATE SCHEMA keeping")
    kinds = sa.Table("kinds", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True),
                     sa.Column("kind", sa.Enum("x", "y", name="kind", inherit_schema=True)), schema="keeping")
    kinds.create(bind)
    metadata = sa.MetaData()
    sa.Table("moods", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("mood", sa.Enum("up", name="mood")))
    metadata.create_all(bind)
    metadata.drop_all(bind)
    later = sa.Table("moods", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("mood", sa.Enum("up", "down", name="mood")))
    later.create(bind)


def downgrade():
    op.execute("DELETE FROM answers")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TABLE moods")
        op.execute("DROP TYPE mood")
        op.execute("DROP SCHEMA keeping CASCADE")
        op.drop_column("parts", "notes")
    else:
        with op.batch_alter_table("parts") as batch:
            batch.drop_column("notes")
