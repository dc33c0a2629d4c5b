"""alembic.op: each directive as the statements that it stands for."""
from . import ddl
from .alter import alter_column as _alter_column
from .changes import note_left_out
from .columns import Column
from .connection import Connection
from .constraints import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from .creation import run_create_table
from .dialects import conv
from .enum_types import create_types_of
from .exceptions import ArgumentError, CommandError
from .expressions import Element
from .keywords import refuse_unknown_of
from .plugin_operations import directive, implementation_for, register_operation
from .run import is_many, statement
from .schema import MetaData, Table
from .stand_in import StandIn
from .stops import refuse_other_schemas
from .tables import TableClause
from .text_clause import TextClause, as_text

# What a constraint is called in drop_constraint(type_=...).
_KINDS = {"foreignkey": ForeignKeyConstraint, "primary": PrimaryKeyConstraint, "unique": UniqueConstraint, "check": CheckConstraint}


def _metadata(run):
    return MetaData(naming_convention=run.settings.naming_convention)


def _table(run, name, *items, schema=None, **named):
    if isinstance(name, StandIn):
        name.need()
    return Table(name, _metadata(run), *items, schema=schema, **named)


class Operations:
    """One for a run. In a batch block (batch.py) another takes its place, which says the table's name."""

    def __init__(self, run, impl=None):
        """run: or the MigrationContext of one, as scripts make it."""
        self.run = getattr(run, "_run", run)
        self.connection = Connection()

    # Tables.
    def create_table(self, table_name, *columns, if_not_exists=None, schema=None, comment=None, prefixes=None, info=None,
                     **named):
        items = [one.copy() if isinstance(one, Column) and one.table is not None else one for one in columns]
        table = _table(self.run, table_name, *items, schema=schema, comment=comment, prefixes=prefixes, **named)
        run_create_table(table, self.run, bool(if_not_exists))
        return table

    def drop_table(self, table_name, *, schema=None, if_exists=None, **named):
        refuse_unknown_of(Table, named)
        self.run.drops(schema, table_name)
        self.run.execute_sql(ddl.drop_table(TableClause(table_name, schema=schema), self.run.dialect, bool(if_exists)))

    def rename_table(self, old_table_name, new_table_name, *, schema=None):
        dialect = self.run.dialect
        self.run.execute_sql("ALTER TABLE %s RENAME TO %s" % (dialect.qualified(old_table_name, schema), dialect.quote(new_table_name)))

    def create_table_comment(self, table_name, comment, *, existing_comment=None, schema=None):
        if self.run.dialect.supports_comments:
            self.run.execute_sql(ddl.comment_on_table(TableClause(table_name, schema=schema), comment, self.run.dialect))

    def drop_table_comment(self, table_name, *, existing_comment=None, schema=None):
        self.create_table_comment(table_name, None, schema=schema)

    # Columns.
    def add_column(self, table_name, column, *, schema=None, if_not_exists=None, inline_references=None,
                   inline_primary_key=None):
        if isinstance(column, StandIn):
            column.need()
        is_key = inline_primary_key and column.primary_key and not self.run.dialect.is_postgresql
        if is_key or self._needs_batch("add_column", column):
            return self._as_batch(table_name, schema, lambda batch: batch.add_column(column), "always" if is_key else "auto")
        self.add_column_in_place(table_name, column, schema, bool(if_not_exists), inline_references, inline_primary_key)

    def add_column_in_place(self, table_name, column, schema=None, if_not_exists=False, inline_references=None,
                            inline_primary_key=None):
        run, dialect = self.run, self.run.dialect
        table = _table(run, table_name, column.copy() if column.table is not None else column, schema=schema)
        column = table.c[column.key if column.key is not None else column.name]
        create_types_of([column], run, table)
        definition = ddl.column_definition(column, dialect)
        inline = inline_references and len(column.foreign_keys) == 1
        if inline_primary_key and column.primary_key:
            definition += " PRIMARY KEY"
        if inline:
            constraint = table.foreign_key_constraints[0]
            other_schema, other, names = constraint.target()
            definition += " REFERENCES %s (%s)%s" % (dialect.qualified(other, other_schema), dialect.quote(names[0]),
                                                     ddl.reference_options(constraint))
        run.execute_sql("ALTER TABLE %s ADD COLUMN %s%s %s" % (
            dialect.qualified(table_name, schema), "IF NOT EXISTS " if if_not_exists else "", dialect.quote(column.name), definition))
        for constraint in sorted(table.own_constraints, key=lambda one: one.order):
            if not (inline and isinstance(constraint, ForeignKeyConstraint)):
                run.execute_sql(ddl.add_constraint(constraint, dialect))
        for index in table.indexes + ddl.spatial_indexes(table, dialect):
            run.execute_sql(ddl.create_index(index, dialect))
        if column.comment and dialect.supports_comments:
            run.execute_sql(ddl.comment_on_column(table_name, schema, column.name, column.comment, dialect))

    def drop_column(self, table_name, column_name, *, schema=None, if_exists=None, **named):
        name = getattr(column_name, "name", column_name)
        self.run.drops(schema, table_name, name)
        if self._needs_batch("drop_column"):
            return self._as_batch(table_name, schema, lambda batch: batch.drop_column(name, in_place=True))
        dialect = self.run.dialect
        self.run.execute_sql("ALTER TABLE %s DROP COLUMN %s%s" % (
            dialect.qualified(table_name, schema), "IF EXISTS " if if_exists else "", dialect.quote(name)))

    def alter_column(self, table_name, column_name, *, schema=None, **changes):
        if not self.run.dialect.is_postgresql:
            return self._as_batch(table_name, schema, lambda batch: batch.alter_column(column_name, **changes))
        _alter_column(self.run, table_name, column_name, schema, changes)

    # Indexes.
    def create_index(self, index_name, table_name, columns, *, schema=None, unique=False, if_not_exists=None, **named):
        index = self._index(index_name, table_name, columns, schema, unique, named)
        self.run.execute_sql(ddl.create_index(index, self.run.dialect, bool(if_not_exists)))

    def _index(self, name, table_name, columns, schema, unique, named):
        if isinstance(columns, (str, Element)):
            columns = [columns]
        table = _table(self.run, table_name or "no_table", schema=schema)
        return Index(name, *[one if isinstance(one, (str, Element)) else _clause(one) for one in columns], unique=unique,
                     _table=table, **named)

    def drop_index(self, index_name, table_name=None, *, schema=None, if_exists=None, unique=False, **named):
        index = self._index(index_name, table_name, [], schema, bool(unique), named)
        self.run.execute_sql(ddl.drop_index(index, self.run.dialect, bool(if_exists)))

    # Constraints.
    def create_foreign_key(self, constraint_name, source_table, referent_table, local_cols, remote_cols, *, onupdate=None,
                           ondelete=None, deferrable=None, initially=None, match=None, source_schema=None,
                           referent_schema=None, use_alter=None, **named):
        target = "%s.%s" % (referent_schema, referent_table) if referent_schema else referent_table
        constraint = ForeignKeyConstraint(_as_list(local_cols), ["%s.%s" % (target, name) for name in _as_list(remote_cols)],
                                          name=constraint_name, onupdate=onupdate, ondelete=ondelete, deferrable=deferrable,
                                          initially=initially, match=match, **named)
        self._add_constraint(constraint, source_table, source_schema)

    def create_primary_key(self, constraint_name, table_name, columns, *, schema=None, **named):
        self._add_constraint(PrimaryKeyConstraint(*_as_list(columns), name=constraint_name, **named), table_name, schema)

    def create_unique_constraint(self, constraint_name, table_name, columns, *, schema=None, **named):
        self._add_constraint(UniqueConstraint(*_as_list(columns), name=constraint_name, **named), table_name, schema)

    def create_check_constraint(self, constraint_name, table_name, condition, *, schema=None, **named):
        if isinstance(condition, StandIn):
            condition.need()
        self._add_constraint(CheckConstraint(condition, name=constraint_name, **named), table_name, schema)

    def create_exclude_constraint(self, constraint_name, table_name, *elements, schema=None, **named):
        from .exclusion import ExcludeConstraint
        self._add_constraint(ExcludeConstraint(*elements, name=constraint_name, **named), table_name, schema)

    def _add_constraint(self, constraint, table_name, schema):
        if not self.run.dialect.is_postgresql:
            return self._as_batch(table_name, schema, lambda batch: batch.add_constraint(constraint))
        constraint.table = _table(self.run, table_name, schema=schema)
        self.run.execute_sql(ddl.add_constraint(constraint, self.run.dialect))

    def drop_constraint(self, constraint_name, table_name, type_=None, *, schema=None, if_exists=None):
        if not self.run.dialect.is_postgresql:
            return self._as_batch(table_name, schema, lambda batch: batch.drop_constraint(constraint_name, type_=type_))
        name = dropped_name(self.run, constraint_name, table_name, type_, schema)
        dialect = self.run.dialect
        self.run.execute_sql("ALTER TABLE %s DROP CONSTRAINT %s%s" % (
            dialect.qualified(table_name, schema), "IF EXISTS " if if_exists else "", dialect.object_name(name)))

    # Statements.
    def execute(self, sqltext, *, execution_options=None):
        if isinstance(sqltext, StandIn):
            sqltext.need()
        refuse_other_schemas(execution_options)
        element = as_text(sqltext) if isinstance(sqltext, str) else statement(sqltext)
        if isinstance(element, TextClause) and self.run.transaction_word(element.text):
            return
        text = element.sql(self.run.context)
        if text is not None:
            self.run.execute_sql(text, many=is_many(element))

    def bulk_insert(self, table, rows, *, multiinsert=True):
        if not isinstance(rows, list):
            raise TypeError("bulk_insert takes a list of dictionaries")
        insert, start = table.insert(), 0
        rows = [insert.known_parameters(row) for row in rows]
        if multiinsert and not self.run.offline and rows:
            # One execution for all: what the first row does not have is left out of the others, as SQLAlchemy does.
            note_left_out("bulk_insert into " + table.name, {name for row in rows for name in row} - set(rows[0]))
            rows = insert.with_values(rows).rows
        while start < len(rows):
            end = start + 1
            while multiinsert and end < len(rows) and end - start < 500 and set(rows[end]) == set(rows[start]):
                end += 1
            for one in insert.executions(rows[start:end]):
                self.run.execute(one)
            start = end

    def inline_literal(self, value, type_=None):
        from .expressions import Literal
        return Literal(value, type_)

    # The surroundings.
    def get_bind(self):
        return self.connection

    def get_context(self):
        from .migration_context import MigrationContext
        return MigrationContext(self.run, self.connection)

    migration_context = property(get_context)

    def f(self, name):
        return conv(name)

    def run_async(self, function, *arguments, **named):
        """An asynchronous function with the connection, run to its end."""
        import asyncio
        from .async_connection import AsyncConnection
        return asyncio.run(function(AsyncConnection(self.connection), *arguments, **named))

    def invoke(self, operation):
        """An operation object (alembic.operations.ops)."""
        from .plugin_operations import invoke
        return invoke(self, operation)

    register_operation = staticmethod(register_operation)
    implementation_for = staticmethod(implementation_for)

    @property
    def impl(self):
        return self.get_context().impl

    def __getattr__(self, name):
        made = None if name.startswith("__") else directive(name)
        if made is None:
            raise AttributeError("alembic.op has no directive %r" % name)
        return made

    def batch_alter_table(self, table_name, schema=None, recreate="auto", partial_reordering=None, copy_from=None,
                          table_args=(), table_kwargs=None, reflect_args=(), reflect_kwargs=None, naming_convention=None):
        from .batch import BatchBlock, BatchTable
        return BatchBlock(self, table_name, schema, recreate, naming_convention,
                          BatchTable(copy_from, table_args, table_kwargs, partial_reordering))

    def _needs_batch(self, change, column=None):
        """Whether SQLite cannot do it in place, or may not be able to."""
        if self.run.dialect.is_postgresql:
            return False
        from .batch import fits_in_place
        return change != "add_column" or not fits_in_place(column, self.run.dialect)

    def _as_batch(self, table_name, schema, change, recreate="auto"):
        with self.batch_alter_table(table_name, schema=schema, recreate=recreate) as batch:
            change(batch)


def _clause(value):
    if isinstance(value, StandIn):
        value.need()
    if hasattr(value, "__clause_element__"):
        return value.__clause_element__()
    raise ArgumentError("an index is on columns and expressions, not on %r" % (value,))


def _as_list(names):
    """A column's name alone is taken for a list of one."""
    if isinstance(names, StandIn):
        names.need()
    return [names] if isinstance(names, str) else list(names)


def dropped_name(run, name, table_name, type_, schema=None):
    """The name as it is in the database, or an error that says what is missing."""
    if type_ not in _KINDS and type_ is not None:
        raise TypeError("type_ is one of %s, not %r" % (", ".join(sorted(_KINDS)), type_))
    if isinstance(name, StandIn):
        name.need()
    if name is None:
        raise CommandError("a constraint of %s is to be dropped and the script does not say its name" % table_name)
    if type_ == "check" and not isinstance(name, conv):
        from .naming import name_of
        made = CheckConstraint("true", name=name)
        return name_of(made, _table(run, table_name, schema=schema))
    return name
