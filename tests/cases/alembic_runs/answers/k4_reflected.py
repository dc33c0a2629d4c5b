"""What the inspector and reflected tables say of schemas, comments, sequences, generated keys and indexes

Revision ID: k4
Revises: k3
"""
import sqlalchemy as sa
from alembic import op

revision = "k4"
down_revision = "k3"


def upgrade():
    said = op.create_table("said", sa.Column("id", sa.Integer, primary_key=True), sa.Column("what", sa.Text))
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    op.execute("CREATE SCHEMA k4")
    op.create_table("places", sa.Column("id", sa.Integer, primary_key=True), comment="where people go")
    op.create_table("visits", sa.Column("id", sa.BigInteger, sa.Identity(always=True, start=5, increment=2), primary_key=True),
                    sa.Column("place_id", sa.Integer, sa.ForeignKey("places.id")), sa.Column("note", sa.Text),
                    sa.CheckConstraint("place_id > 0", name="positive"), schema="k4")
    op.create_index("ix_visits_note", "visits", ["note", sa.text("place_id DESC")], schema="k4", postgresql_where=sa.text("note LIKE 'a:b%'"))
    op.create_index("ix_visits_fill", "visits", ["place_id", "note"], schema="k4", unique=True, postgresql_with={"fillfactor": 70})
    found = sa.inspect(bind)
    visits = sa.Table("visits", sa.MetaData(), schema="k4", autoload_with=bind)
    identity = found.get_columns("visits", schema="k4")[0]["identity"]
    index = next(one for one in visits.indexes if one.name == "ix_visits_note")
    filled = next(one for one in visits.indexes if one.name == "ix_visits_fill")
    answers = [
        found.get_foreign_keys("visits", schema="k4")[0]["referred_schema"], found.get_foreign_keys("visits", schema="k4")[0]["referred_table"],
        sorted(visits.metadata.tables), [one.target_fullname for one in visits.foreign_keys], visits.metadata.tables["places"].comment,
        sorted(name for name in found.get_sequence_names() if name.startswith(("places", "said"))),
        [identity[name] for name in ("always", "start", "increment", "cycle")], str(index.dialect_options["postgresql"]["where"]),
        found.get_check_constraints("visits", schema="k4")[0]["sqltext"],
        [one.get("column_sorting") for one in sorted(found.get_indexes("visits", schema="k4"), key=lambda one: one["name"])]]
    op.bulk_insert(said, [{"what": repr(one)} for one in answers])
    op.execute("DROP INDEX k4.ix_visits_note")
    index.create(bind)
    op.execute("DROP INDEX k4.ix_visits_fill")
    filled.create(bind)


def downgrade():
    op.drop_table("said")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA k4 CASCADE")
        op.drop_table("places")
