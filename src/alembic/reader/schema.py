"""sqlalchemy.schema: tables and what holds them. Rendering is in ddl.py."""

from . import column_types as types
from . import current
from .columns import Column, Sequence, dialect_options
from .constraints import (CheckConstraint, Constraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint)
from .events import fire
from .exceptions import ArgumentError, InvalidRequestError
from .keywords import refuse_unknown
from .modelled import Modelled
from .stand_in import StandIn
from .tables import TableClause


class MetaData(Modelled):
    def __init__(self, bind=None, reflect=False, schema=None, quote_schema=None, naming_convention=None, info=None):
        self.schema = schema
        self.naming_convention = naming_convention or {}
        self.tables = {}
        self.info = info or {}
        self.bind = bind
        self.sequences = []

    def __repr__(self):
        return "MetaData()"

    @property
    def sorted_tables(self):
        """Those that others refer to come first."""
        done, going = [], []

        def visit(table):
            if table in done or table in going:
                return
            going.append(table)
            for constraint in table.foreign_key_constraints:
                other = self.tables.get(constraint.target_table_key())
                if other is not None:
                    visit(other)
            going.remove(table)
            done.append(table)
        for table in sorted(self.tables.values(), key=lambda one: one.fullname):
            visit(table)
        return done

    def create_all(self, bind=None, tables=None, checkfirst=True):
        from .creation import create_all
        create_all(self, self._sorted(tables), current.run(), bool(checkfirst))

    def drop_all(self, bind=None, tables=None, checkfirst=True):
        from .creation import drop_all
        drop_all(self, self._sorted(tables), current.run(), bool(checkfirst))

    def _sorted(self, tables):
        return [one for one in self.sorted_tables if tables is None or one in tables]

    def reflect(self, bind=None, schema=None, views=False, only=None, **unused):
        from .inspection import inspector
        names = only if isinstance(only, (list, tuple)) else inspector(bind).get_table_names(schema=schema)
        for name in names:
            if only is None or not callable(only) or only(name, self):
                Table(name, self, schema=schema, autoload_with=bind)

    def clear(self):
        self.tables.clear()

    def remove(self, table):
        self.tables.pop(table.fullname, None)

    def __contains__(self, name):
        return name in self.tables


class Table(TableClause):
    """Table("name", metadata, Column(...), ...)"""

    def __new__(cls, name, metadata=None, *items, **named):
        schema = named.get("schema") or getattr(metadata, "schema", None)
        key = "%s.%s" % (schema, name) if schema else name
        known = metadata.tables.get(key) if isinstance(metadata, MetaData) else None
        return known if known is not None and (not items or named.get("extend_existing") or named.get("keep_existing")) \
            else super().__new__(cls)

    def __init__(self, name, metadata=None, *items, schema=None, prefixes=None, comment=None, autoload_with=None, autoload=None,
                 extend_existing=False, keep_existing=False, must_exist=False, quote=None, quote_schema=None,
                 info=None, include_columns=None, exclude_columns=(), resolve_fks=True, listeners=(), **named):
        refuse_unknown(self, named)
        if "c" in self.__dict__:
            if extend_existing:
                self._take_all(items)
            return
        if quote is not None:
            from .dialects import quoted_name
            name = quoted_name(name, quote)
        metadata = metadata if metadata is not None else MetaData()
        if isinstance(metadata, StandIn):
            metadata.need()
        super().__init__(name, schema=schema or metadata.schema)
        if self.fullname in metadata.tables and not extend_existing:
            raise InvalidRequestError("the table %s is already defined in this MetaData" % self.fullname)
        self.metadata, self.prefixes, self.comment, self.info = metadata, list(prefixes or []), comment, info or {}
        self.options = dialect_options(named)
        self.primary_key = PrimaryKeyConstraint()
        self.primary_key.table = self
        self.own_constraints, self.indexes = [], []
        metadata.tables[self.fullname] = self
        self._take_all(items)
        bind = autoload_with if autoload_with is not None else (metadata.bind if autoload else None)
        if autoload_with is not None or autoload:
            from .inspection import inspector
            inspector(bind).reflect_table(self, include_columns, exclude_columns, resolve_fks)

    def _take_all(self, items):
        for one in items:
            if isinstance(one, (list, tuple)):
                self._take_all(one)
            elif isinstance(one, Column):
                self.append_column(one)
            elif isinstance(one, (Constraint, Index)):
                self.append_constraint(one)
            elif isinstance(one, StandIn):
                one.need()
            elif one is not None and not isinstance(one, MetaData):  # of op.create_table("t", metadata, ...), as of Table()
                raise ArgumentError("table %s: %r is neither a column nor a constraint" % (self.name, one))

    def append_column(self, column, **unused):
        if column.table is not None and column.table is not self:
            column = column.copy()
        if column.name is None:
            raise ArgumentError("table %s: a column has no name" % self.name)
        column.table = self
        self.c.add(column)
        if column.primary_key:
            self.primary_key.given.append(column)
        if column.index:
            self.append_constraint(Index(None if column.index is True else column.index, column, unique=bool(column.unique)))
        elif column.unique:
            self.append_constraint(UniqueConstraint(column))
        if self.schema is not None and getattr(column.type, "inherit_schema", False):
            column.type = column.type.copy()
            column.type.schema = self.schema
        made = column.type.constraint_for(column, _dialect())
        if hasattr(column.type, "_set_table"):
            column.type._set_table(column, self)
        if made:
            condition, name = made
            check = CheckConstraint(condition.replace(":", "\\:"), name=name)
            check.from_type = True
            self.append_constraint(check)
        for foreign_key in column.foreign_keys:
            self.append_constraint(foreign_key.as_constraint())
        for one in column.constraints:
            one.table = self
        fire(column, "after_parent_attach", column, self)

    def append_constraint(self, constraint):
        constraint.table = self
        if isinstance(constraint, Index):
            if constraint not in self.indexes:
                self.indexes.append(constraint)
        elif isinstance(constraint, PrimaryKeyConstraint):
            self.primary_key = constraint
            if not constraint.given:
                constraint.given = [one for one in self.c if one.primary_key]
            for one in constraint.columns:
                one.primary_key = True
                if one.said_nullable is None:
                    one.nullable = False
        elif constraint not in self.own_constraints:
            self.own_constraints.append(constraint)

    @property
    def constraints(self):
        """With the primary key, as scripts expect it."""
        return [self.primary_key, *self.own_constraints]

    @property
    def foreign_key_constraints(self):
        return [one for one in self.own_constraints if isinstance(one, ForeignKeyConstraint)]

    @property
    def foreign_keys(self):
        return [element for one in self.foreign_key_constraints for element in one.elements]

    key = property(lambda self: self.fullname)

    @property
    def autoincrement_column(self):
        """The column that becomes SERIAL."""
        columns = list(self.primary_key.columns)
        if len(columns) == 1:
            return columns[0] if _counts_by_itself(columns[0]) else None
        return next((one for one in columns if one.autoincrement is True and _is_number(one, asked_for=True)), None)

    _autoincrement_column = autoincrement_column

    def to_metadata(self, metadata, schema=None, name=None, **unused):
        items = [one.copy() for one in self.c] + \
            [one.copy() for one in self.own_constraints
             if not one.from_type and getattr(getattr(one, "of_column", None), "of_table", True)]
        return Table(name or self.name, metadata, *items, schema=schema or self.schema, **self.options)

    tometadata = to_metadata

    def create(self, bind=None, checkfirst=True):
        from .creation import create
        create(self, current.run(), bool(checkfirst))

    def drop(self, bind=None, checkfirst=True):
        from .creation import run_drop_tables
        run_drop_tables([self], current.run(), bool(checkfirst))

    def exists(self, bind=None):
        from .inspection import inspector
        return inspector(bind).has_table(self.name, schema=self.schema)

    def __repr__(self):
        """As SQLAlchemy shows it."""
        return "Table(%s)" % ", ".join([repr(one) for one in (self.name, self.metadata, *self.c)] + ["schema=%r" % (self.schema,)])


def _dialect():
    return current.dialect()


def _counts_by_itself(column):
    if column.autoincrement is True:
        return _is_number(column, asked_for=True)
    if column.autoincrement not in ("auto", "ignore_fk") or (column.foreign_keys and column.autoincrement == "auto"):
        return False
    # A foreign key constraint of the table on it counts as well.
    if column.autoincrement == "auto" and any(column.name in one.column_names() for one in column.table.foreign_key_constraints):
        return False
    if column.default is not None and not isinstance(column.default, Sequence):
        return False
    return column.server_default is None and _is_number(column)


def _is_number(column, asked_for=False):
    """Numbers of every kind count: SQLAlchemy makes SERIAL of NUMERIC and FLOAT too."""
    kind = column.type.affinity or column.type.resolved(_dialect()).affinity
    if kind is not None and issubclass(kind, (types.Integer, types.Numeric)):
        return True
    if asked_for and kind is not None:
        raise ArgumentError("the type of the column %s, %s, does not go with autoincrement=True" % (column.name, column.type))
    return asked_for


class CreateSequence:
    def __init__(self, element, if_not_exists=False, **unused):
        self.element, self.if_not_exists = element, if_not_exists

    def sql(self, context):
        from . import ddl
        return ddl.create_sequence(self.element, context.dialect, self.if_not_exists)


class DropSequence:
    def __init__(self, element, if_exists=False, **unused):
        self.element, self.if_exists = element, if_exists

    def sql(self, context):
        from . import ddl
        return ddl.drop_sequence(self.element, context.dialect, self.if_exists)
