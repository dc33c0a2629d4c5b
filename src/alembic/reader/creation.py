"""Tables made and dropped: by op.create_table(), by create() and drop() of SQLAlchemy's tables, and by create_all() and drop_all()."""
from . import ddl
from .enum_types import create_types_of, native_enum_of
from .events import fire_ddl, has_any
from .inspection import inspector
from .naming import name_of


def run_create_table(table, run, if_not_exists=False, of_metadata=False, later=()):
    """The table, the enumerations that it needs before it, its indexes and comments after it. of_metadata: made by SQLAlchemy itself,
    which leaves out indexes of other databases, and makes the sequences of columns; op.create_table() makes all the former and none
    of the latter. later: foreign keys that the caller adds."""
    dialect = run.dialect
    create_types_of(table.c, run, table)
    for sequence in _sequences(table, dialect) if of_metadata else ():
        run.execute_sql(ddl.create_sequence(sequence, dialect, if_not_exists))
    fire_ddl(table, "before_create", run)
    run.execute_sql(ddl.create_table(table, dialect, if_not_exists, later))
    if dialect.is_postgresql:
        for constraint in table.foreign_key_constraints:
            if constraint.use_alter and constraint not in later:
                # The other table may not be there yet, and Alembic never comes back to it.
                run.notes.append("the foreign key of %s (%s) says use_alter: Alembic leaves it out, and so it is left out" % (
                    table.name, ", ".join(constraint.column_names())))
    for index in table.indexes:
        if index.is_for(dialect) or not of_metadata:
            run.execute_sql(ddl.create_index(index, dialect, if_not_exists))
    for index in ddl.spatial_indexes(table, dialect):
        run.execute_sql(ddl.create_index(index, dialect))
    fire_ddl(table, "after_create", run)
    if dialect.is_postgresql:
        if table.comment:
            run.execute_sql(ddl.comment_on_table(table, table.comment, dialect))
        for column in table.c:
            if column.comment:
                run.execute_sql(ddl.comment_on_column(table.name, table.schema, column.name, column.comment, dialect))


def run_drop_tables(tables, run, if_exists=False):
    """With what SQLAlchemy makes with them: their enumerations, which op.drop_table() knows nothing of, and sequences."""
    for table in tables:
        fire_ddl(table, "before_drop", run)
        run.execute_sql(ddl.drop_table(table, run.dialect, if_exists=if_exists))
        fire_ddl(table, "after_drop", run)
        for sequence in _sequences(table, run.dialect):
            run.execute_sql(ddl.drop_sequence(sequence, run.dialect, if_exists))
    types_ = [native_enum_of(column.type, run.dialect) for table in tables for column in table.c]
    gone = {}
    for one in types_:
        if one is not None and one.create_type:
            gone[one.schema, one.name] = one
    for one in gone.values():
        one.drop(checkfirst=True)


def _sequences(table, dialect):
    return [column.default for column in table.c if dialect.is_postgresql and hasattr(column.default, "next_value")
            and not column.default.optional]


def _others_of(metadata, tables, dialect):
    """Sequences that no column makes."""
    made = [sequence for table in tables for sequence in _sequences(table, dialect)]
    return [one for one in metadata.sequences if not one.optional and not any(one is other for other in made)]


def create(table, run, checkfirst):
    """Table.create()"""
    for one, if_not_exists in _missing([table], run, checkfirst, native_enum_of):
        run_create_table(one, run, if_not_exists, of_metadata=True)


def create_all(metadata, tables, run, checkfirst):
    """tables: sorted. What two of them say of each other is added behind them."""
    missing = _missing(tables, run, checkfirst)
    made = [table for table, _ in missing]
    fire_ddl(metadata, "before_create", run, tables=made)
    for sequence in _others_of(metadata, tables, run.dialect):
        run.execute_sql(ddl.create_sequence(sequence, run.dialect, checkfirst))
    for table in metadata.sorted_tables:
        if table not in made:
            create_types_of(table.c, run, table)  # of all that the metadata knows
    later = _added_later(made, run.dialect)
    for table, if_not_exists in missing:
        run_create_table(table, run, if_not_exists, of_metadata=True, later=later)
    for constraint in later:
        run.execute_sql(ddl.add_constraint(constraint, run.dialect))
    fire_ddl(metadata, "after_create", run, tables=made)


def _missing(tables, run, checkfirst, type_beside=None):
    """Those that are to be made, each with whether by IF NOT EXISTS. Of a table that is there SQLAlchemy makes nothing at all, so
    the database is asked for those of which there is more to make. An SQL script cannot ask, and says so."""
    if not checkfirst:
        return [(table, False) for table in tables]
    linked = {name for one in _added_later(tables, run.dialect) for name in (one.table.fullname, one.target_table_key())}
    found = []
    for table in tables:
        more = table.fullname in linked or _has_more(table, run.dialect, type_beside)
        if more and run.offline:
            run.notes.append("SQLAlchemy leaves out the table %s with its indexes when it is there already; this SQL makes of it "
                             "what is missing" % table.fullname)
        asked = more and not run.offline
        if not asked or not inspector(None).has_table(table.name, schema=table.schema):
            found.append((table, not asked))
    return found


def _has_more(table, dialect, type_beside):
    """Whether CREATE TABLE is not all of it."""
    if table.indexes or ddl.spatial_indexes(table, dialect) or _sequences(table, dialect) or has_any():
        return True
    return dialect.is_postgresql and (table.comment or any(
        column.comment or type_beside is not None and type_beside(column.type, dialect) is not None for column in table.c))


def drop_all(metadata, tables, run, checkfirst):
    """tables: sorted, those that refer to others last."""
    if checkfirst and not run.offline and (has_any() or _added_later(tables, run.dialect)):
        tables = [one for one in tables if inspector(None).has_table(one.name, schema=one.schema)]
    fire_ddl(metadata, "before_drop", run, tables=tables)
    for constraint in _added_later(tables, run.dialect):
        if name_of(constraint) is not None:
            run.execute_sql(ddl.drop_constraint(constraint, run.dialect))
    run_drop_tables(tables[::-1], run, checkfirst)
    for sequence in _others_of(metadata, tables, run.dialect):
        run.execute_sql(ddl.drop_sequence(sequence, run.dialect, checkfirst))
    fire_ddl(metadata, "after_drop", run, tables=tables)


def _added_later(tables, dialect):
    """Foreign keys to tables that are made later, and those that say so."""
    places = {table.fullname: place for place, table in enumerate(tables)}
    return [constraint for place, table in enumerate(tables) for constraint in table.foreign_key_constraints
            if dialect.is_postgresql and constraint.is_for(dialect) and
            (constraint.use_alter or places.get(constraint.target_table_key(), place) > place)]
