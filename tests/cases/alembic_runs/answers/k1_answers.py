"""What a script gets to know from the database, kept in a table: whatever Alembic gets to know, Limbeck does

Revision ID: k1
Revises:
"""
import datetime
import decimal
import uuid

import sqlalchemy as sa
from alembic import op

revision = "k1"
down_revision = None


def keep(*answers):
    op.get_bind().execute(sa.text("INSERT INTO answers (answer) VALUES (:answer)"), {"answer": repr(answers)})


def rows(statement):
    return sorted(tuple(row) for row in op.get_bind().execute(statement))


def upgrade():
    bind = op.get_bind()
    op.create_table("answers", sa.Column("id", sa.Integer, primary_key=True), sa.Column("answer", sa.Text))
    op.create_table(
        "parts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("whole_id", sa.Integer, sa.ForeignKey("parts.id", name="fk_whole")),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("made_at", sa.DateTime),
    )
    parts = sa.table("parts", sa.column("id", sa.Integer), sa.column("whole_id", sa.Integer), sa.column("name", sa.String),
                     sa.column("price", sa.Numeric(10, 2)), sa.column("made_at", sa.DateTime))
    several = [{"id": 1, "whole": None, "name": "car"}, {"id": 2, "whole": 1, "name": "wheel"}, {"id": 3, "whole": 2, "name": "tyre"}]
    bind.execute(parts.insert().values(id=sa.bindparam("id"), whole_id=sa.bindparam("whole"), name=sa.func.upper(sa.bindparam("name"))),
                 several)
    keep(bind.execute(sa.text("UPDATE parts SET price = :price WHERE id = :id"), [{"id": 1, "price": 5}, {"id": 2, "price": 6}]).rowcount)
    bind.execute(parts.update().where(parts.c.id == sa.bindparam("of")).values(price=1), {"of": 3, "name": "rim"})

    below = sa.select(parts.c.id).where(parts.c.whole_id.is_(None)).cte("below", recursive=True)
    below = below.union_all(sa.select(parts.c.id).where(parts.c.whole_id == below.c.id))
    keep(rows(sa.select(below.c.id)))
    cheap = sa.select(parts.c.id).where(parts.c.price < 6).cte("cheap")
    cheaper = sa.select(cheap.c.id).where(cheap.c.id > 1).cte("cheaper")
    keep(rows(sa.select(cheap.c.id, cheaper.c.id).where(cheap.c.id == cheaper.c.id)))
    keep(rows(sa.select(parts.c.id, sa.func.sum(parts.c.id).over(order_by=parts.c.id, rows=(-1, 1)),
                        sa.func.sum(parts.c.id).over(order_by=parts.c.id, range_=(None, None)))))

    answer = bind.execute(sa.text("SELECT count(*) AS count FROM parts WHERE id > 100")).one()
    keep(answer.count)
    if answer.count:
        op.execute("DELETE FROM parts")
    bind.execute(sa.text("UPDATE parts SET price = price -:less WHERE id = 2"), {"less": -1})
    op.execute(parts.update().where(parts.c.id == 3).values(price=-sa.literal(-4)))
    keep(bind.execute(sa.func.lower("ABC")).scalar(), bind.scalar(sa.func.coalesce(None, 7)))
    keep(rows(sa.select(sa.text("name")).select_from(sa.text("parts"))))
    keep(bind.dialect.server_version_info >= (3, 8), bind.dialect.server_version_info < (9,))
    keep(rows(sa.select(parts.c.price)))

    metadata = sa.MetaData()
    known = sa.Table("parts", metadata, sa.Column("name", sa.Text), autoload_with=bind)
    keep([one.name for one in known.c], [one.name for one in known.primary_key],
         [(one.parent.name, one.column.name, one.constraint.name) for one in known.foreign_keys])
    keep(bind.execute(known.select().where(known.c.id == 2)).first().price)

    moment = datetime.datetime(2024, 1, 2, 3, 4, 5)
    if bind.dialect.name == "postgresql":
        of_postgresql(parts, moment)
    else:
        bind.execute(sa.text("UPDATE parts SET made_at = :at WHERE id = 1"), {"at": moment})
        op.bulk_insert(sa.table("parts", sa.column("id"), sa.column("name"), sa.column("made_at")),
                       [{"id": 10, "name": "x", "made_at": moment}])
        keep(bind.execute(sa.text("PRAGMA foreign_keys")).scalar())


def of_postgresql(parts, moment):
    bind = op.get_bind()
    one, other, every = sa.select(parts.c.id).where(parts.c.id == 1), sa.select(parts.c.id).where(parts.c.id == 2), sa.select(parts.c.id)
    keep(rows(sa.except_(every, sa.except_(every, other))))
    keep(rows(sa.union_all(one.order_by(parts.c.id).limit(1), every.order_by(parts.c.id.desc()).offset(2))))
    keep(bind.execute(sa.text("SELECT :at + interval '1 day'"), {"at": moment}).scalar())
    keep(bind.execute(sa.text("SELECT :day - :before"), {"day": moment.date(), "before": datetime.date(2023, 1, 1)}).scalar())
    keep(bind.execute(sa.select(sa.func.date_trunc("month", moment))).scalar())
    keep(bind.execute(sa.text("SELECT :id, :time"), {"id": uuid.UUID(int=5), "time": datetime.time(3, 4)}).first()[1])
    keep(bind.execute(sa.text("SELECT count(*) FROM (SELECT gen_random_uuid() AS id) AS x WHERE id = ANY (:ids)"), {"ids": [uuid.UUID(int=1)]}).scalar())
    keep(bytes(bind.execute(sa.text("SELECT :raw"), {"raw": b"abc"}).scalar().tobytes()), decimal.Decimal("1.50"))
    bind.execute(sa.text("SET timezone = 'Asia/Tokyo'"))
    bind.execute(parts.update().where(parts.c.id == 2).values(made_at=moment.replace(tzinfo=datetime.timezone.utc)))


def downgrade():
    op.drop_table("parts")
    op.drop_table("answers")
