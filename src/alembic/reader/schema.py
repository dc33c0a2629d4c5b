"""sqlalchemy.schema: tables, columns and constraints as scripts build them. Rendering is in ddl.py."""
import itertools

from . import column_types as types
from .events import fire
from .exceptions import ArgumentError, InvalidRequestError
from .expressions import ColumnElement, Element
from .selects import Columns, TableClause
from .stand_in import StandIn

_created = itertools.count()


def dialect_options(named):
    """postgresql_using=..., sqlite_where=... as they came."""
    return {key: value for key, value in named.items() if "_" in key}


class SchemaItem:
    def __init__(self, **named):
        self.order = next(_created)
        self.options = dialect_options(named)
        self.info = named.get("info") or {}

    @property
    def dialect_kwargs(self):
        return self.options

    kwargs = dialect_kwargs


class Computed(SchemaItem):
    def __init__(self, sqltext, persisted=None):
        super().__init__()
        from .text_clause import as_text
        self.sqltext, self.persisted = as_text(sqltext), persisted


class Identity(SchemaItem):
    def __init__(self, always=False, on_null=None, start=None, increment=None, minvalue=None, maxvalue=None, nominvalue=None,
                 nomaxvalue=None, cycle=None, cache=None, order=None):
        super().__init__()
        self.always, self.start, self.increment, self.minvalue, self.maxvalue = always, start, increment, minvalue, maxvalue
        self.nominvalue, self.nomaxvalue, self.cycle, self.cache = nominvalue, nomaxvalue, cycle, cache


class Sequence(SchemaItem):
    def __init__(self, name, start=None, increment=None, minvalue=None, maxvalue=None, nominvalue=None, nomaxvalue=None,
                 cycle=None, schema=None, cache=None, order=None, data_type=None, optional=False, metadata=None, **unused):
        super().__init__()
        self.name, self.schema, self.optional = name, schema or getattr(metadata, "schema", None), optional
        self.data_type = None if data_type is None else types.to_instance(data_type)
        self.start, self.increment, self.minvalue, self.maxvalue = start, increment, minvalue, maxvalue
        self.nominvalue, self.nomaxvalue, self.cycle, self.cache = nominvalue, nomaxvalue, cycle, cache

    def next_value(self):
        from .functions import NextValue
        return NextValue(self)

    def create(self, bind=None, checkfirst=True):
        from . import ddl, current
        current.run().execute_sql(ddl.create_sequence(self, current.dialect(), checkfirst))

    def drop(self, bind=None, checkfirst=True):
        from . import ddl, current
        current.run().execute_sql(ddl.drop_sequence(self, current.dialect(), checkfirst))


class FetchedValue(SchemaItem):
    """A default that the database has already: no DDL."""

    def __init__(self, for_update=False):
        super().__init__()


class DefaultClause(FetchedValue):
    def __init__(self, arg, for_update=False, **unused):
        super().__init__()
        self.arg = arg


class ColumnDefault(SchemaItem):
    def __init__(self, arg, **unused):
        super().__init__()
        self.arg = arg
        self.is_callable = callable(arg)
        self.is_scalar = not self.is_callable and not isinstance(arg, Element)


class Column(ColumnElement, SchemaItem):
    """Column("name", Type, ForeignKey(...), ..., nullable=..., server_default=...)"""
    is_literal = False
    system = False

    def __init__(self, *arguments, **named):
        SchemaItem.__init__(self, **{key: value for key, value in named.items()
                                     if key.startswith(("postgresql_", "sqlite_", "mysql_", "mariadb_", "mssql_", "oracle_"))})
        arguments = list(arguments)
        name, type_ = named.get("name"), named.get("type_")
        if arguments and (isinstance(arguments[0], str) or arguments[0] is None):
            name = arguments.pop(0)
        if arguments and type_ is None and _is_type(arguments[0]):
            type_ = arguments.pop(0)
        self.name = name
        self.key = named.get("key", name)
        self.type = types.to_instance(type_)
        if named.get("quote") is not None and name is not None:
            from .dialects import quoted_name
            self.name = quoted_name(name, named["quote"])
        self.table = None
        self.primary_key = bool(named.get("primary_key", False))
        self.said_nullable = named.get("nullable")
        self.nullable = not self.primary_key if self.said_nullable is None else bool(_needed(self.said_nullable))
        self.default, self.onupdate = _client(named.get("default")), _client(named.get("onupdate"))
        self.insert_default = self.default
        self.autoincrement = named.get("autoincrement", "auto")
        self.index, self.unique = named.get("index"), named.get("unique")
        self.comment = named.get("comment")
        self.info = named.get("info") or {}
        self.foreign_keys, self.constraints = [], []
        self.computed = self.identity = None
        self.system = named.get("system", False)
        self.server_default = None
        self._take_server_default(named.get("server_default"))
        self.server_onupdate = named.get("server_onupdate")
        fire(self.type, "before_parent_attach", self.type, self)
        for one in arguments:
            self._take(one)

    def _take_server_default(self, value):
        if isinstance(value, (Computed, Identity)):
            self._take(value)
        elif isinstance(value, DefaultClause):
            self.server_default = value.arg
        elif isinstance(value, Sequence):
            self.server_default = value.next_value()
        elif value is not None and not (isinstance(value, FetchedValue)):
            self.server_default = value

    def _take(self, one):
        if isinstance(one, ForeignKey):
            one.parent = self
            self.foreign_keys.append(one)
        elif isinstance(one, Computed):
            self.computed = one
        elif isinstance(one, Identity):
            self.identity = one
            if self.said_nullable is None:
                self.nullable = False
        elif isinstance(one, Sequence):
            self.default = one
        elif isinstance(one, Constraint):
            self.constraints.append(one)
        elif isinstance(one, DefaultClause):
            self.server_default = one.arg
        elif isinstance(one, ColumnDefault):
            self.default = _client(one)
        elif isinstance(one, StandIn):
            one.need()
        elif one is not None and not isinstance(one, FetchedValue):
            raise ArgumentError("column %s: %r is neither a type nor a constraint" % (self.name, one))

    def copy(self, **unused):
        made = Column.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made.table = None
        made.foreign_keys = [one.copy() for one in self.foreign_keys]
        for one in made.foreign_keys:
            one.parent = made
        made.constraints = [one.copy() for one in self.constraints]
        return made

    _copy = copy

    def references(self, column):
        return any(one.target_name().endswith(".%s" % column.name) for one in self.foreign_keys)

    def sql(self, context):
        name = context.dialect.quote(self.name)
        return self.table.qualifier(context) + "." + name if self.table is not None and context.qualify else name

    def tables(self):
        return [] if self.table is None else [self.table]

    def __repr__(self):
        return "Column(%r, %r)" % (self.name, self.type)


def _is_type(value):
    if isinstance(value, (SchemaItem, Element)):
        return False
    return isinstance(value, (types.TypeEngine, StandIn)) or isinstance(value, type) or hasattr(value, "sql_type")


def _needed(value):
    if isinstance(value, StandIn):
        value.need()
    return value


def _client(value):
    return value if value is None or isinstance(value, (ColumnDefault, Sequence)) else ColumnDefault(value)


class ForeignKey(SchemaItem):
    """ForeignKey("table.column") in a Column."""

    def __init__(self, column, _constraint=None, use_alter=False, name=None, onupdate=None, ondelete=None, deferrable=None,
                 initially=None, link_to_name=False, match=None, info=None, comment=None, **named):
        super().__init__(**named)
        if hasattr(column, "__clause_element__"):
            column = column.__clause_element__()
        self.target, self.name, self.use_alter = column, name, use_alter
        self.onupdate, self.ondelete, self.deferrable, self.initially, self.match = onupdate, ondelete, deferrable, initially, match
        self.parent = None

    def copy(self, **unused):
        made = ForeignKey.__new__(ForeignKey)
        made.__dict__.update(self.__dict__)
        return made

    def target_name(self):
        return target_text(self.target)

    target_fullname = property(target_name)

    @property
    def column(self):
        return self.target if isinstance(self.target, Column) else None

    def as_constraint(self):
        return ForeignKeyConstraint([self.parent.name], [self.target], name=self.name, onupdate=self.onupdate,
                                    ondelete=self.ondelete, deferrable=self.deferrable, initially=self.initially,
                                    match=self.match, use_alter=self.use_alter, **self.options)


def target_text(target):
    """schema.table.column of what a foreign key refers to."""
    if isinstance(target, str):
        return target
    if isinstance(target, StandIn):
        target.need()
    return "%s.%s" % (target.table.fullname, target.name)


class Constraint(SchemaItem):
    kind = None
    convention = None

    def __init__(self, name=None, deferrable=None, initially=None, comment=None, **named):
        super().__init__(**named)
        self.name, self.deferrable, self.initially, self.comment = name, deferrable, initially, comment
        self.table = None
        self.from_type = False

    def copy(self, **unused):
        made = self.__class__.__new__(self.__class__)
        made.__dict__.update(self.__dict__)
        made.table = None
        return made

    def column_names(self):
        return []


class _ColumnsConstraint(Constraint):
    def __init__(self, *columns, **named):
        super().__init__(**{key: value for key, value in named.items()})
        self.given = list(columns)
        if columns and all(isinstance(one, Column) and one.table is not None for one in columns):
            _attach(self, [columns[0].table])

    def column_names(self):
        return [column_name(one, self.table) for one in self.given]

    @property
    def columns(self):
        if self.table is None:
            return Columns(one for one in self.given if isinstance(one, Column))
        return Columns(self.table.c[name] for name in self.column_names())


def column_name(one, table=None):
    """The name of a column that is given by its key or itself."""
    if isinstance(one, str):
        known = table.c.get(one) if table is not None else None
        return known.name if known is not None else one
    return one.name


class PrimaryKeyConstraint(_ColumnsConstraint):
    kind = "primary"
    convention = "pk"


class UniqueConstraint(_ColumnsConstraint):
    kind = "unique"
    convention = "uq"


class CheckConstraint(Constraint):
    kind = "check"
    convention = "ck"

    def __init__(self, sqltext, name=None, **named):
        named.pop("table", None)
        super().__init__(name=name, **named)
        from .text_clause import as_text
        self.sqltext = as_text(sqltext)
        _attach(self, self.sqltext.tables())


def _attach(constraint, tables):
    """A constraint on columns that are in a table belongs to it without being told so."""
    if tables and isinstance(tables[0], Table):
        tables[0].append_constraint(constraint)


class ForeignKeyConstraint(Constraint):
    kind = "foreignkey"
    convention = "fk"

    def __init__(self, columns, refcolumns, name=None, onupdate=None, ondelete=None, use_alter=False, link_to_name=False,
                 match=None, table=None, **named):
        super().__init__(name=name, **named)
        self.given = list(columns)
        self.refcolumns = [one.__clause_element__() if hasattr(one, "__clause_element__") else one for one in refcolumns]
        self.onupdate, self.ondelete, self.use_alter, self.match = onupdate, ondelete, use_alter, match
        if len(self.given) != len(self.refcolumns):
            raise ArgumentError("a foreign key needs as many columns as it refers to")

    def column_names(self):
        return [column_name(one, self.table) for one in self.given]

    def target(self):
        """(schema, table, columns) of what it refers to."""
        schema = table = None
        names = []
        for own, one in zip(self.column_names(), self.refcolumns):
            if not isinstance(one, str):
                one = target_text(one) if isinstance(one, StandIn) else one
                schema, table = one.table.schema, one.table.name
                names.append(one.name)
                continue
            parts = one.split(".")
            if len(parts) == 1:
                parts.append(own)
            names.append(parts[-1])
            table, schema = parts[-2], ".".join(parts[:-2]) or None
        if schema is None and self.table is not None and getattr(self.table.metadata, "schema", None):
            schema = self.table.metadata.schema
        return schema, table, names

    def target_table_key(self):
        schema, table, _ = self.target()
        return "%s.%s" % (schema, table) if schema else table

    def pairs(self):
        return list(zip(self.column_names(), self.target()[2]))


class Index(SchemaItem):
    def __init__(self, name, *expressions, unique=False, _table=None, **named):
        super().__init__(**named)
        self.name, self.unique, self.table = name, bool(unique), _table
        self.given = [one.__clause_element__() if hasattr(one, "__clause_element__") else one for one in expressions]
        if self.table is None:
            for one in self.given:
                tables = one.tables() if isinstance(one, Element) else []
                if tables and isinstance(tables[0], Table):
                    tables[0].append_constraint(self)
                    break

    @property
    def columns(self):
        return [one for one in self.given if isinstance(one, Column)]

    expressions = property(lambda self: self.given)

    def copy(self, **unused):
        made = Index.__new__(Index)
        made.__dict__.update(self.__dict__)
        made.table = None
        return made

    def create(self, bind=None, checkfirst=False):
        from . import ddl, current
        current.run().execute_sql(ddl.create_index(self, current.dialect(), if_not_exists=bool(checkfirst)))

    def drop(self, bind=None, checkfirst=False):
        from . import ddl, current
        current.run().execute_sql(ddl.drop_index(self, current.dialect(), if_exists=bool(checkfirst)))


class MetaData:
    def __init__(self, bind=None, reflect=False, schema=None, quote_schema=None, naming_convention=None, info=None, **unused):
        self.schema = schema
        self.naming_convention = naming_convention or {}
        self.tables = {}
        self.info = info or {}
        self.bind = bind

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
        for table in self.sorted_tables:
            if tables is None or table in tables:
                table.create(bind, checkfirst)

    def drop_all(self, bind=None, tables=None, checkfirst=True):
        for table in reversed(self.sorted_tables):
            if tables is None or table in tables:
                table.drop(bind, checkfirst)

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
                 info=None, **named):
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
        self.constraints, self.indexes = [], []
        metadata.tables[self.fullname] = self
        self._take_all(items)
        bind = autoload_with if autoload_with is not None else (metadata.bind if autoload else None)
        if autoload_with is not None or autoload:
            self._reflect(bind)

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
            elif one is not None:
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
        elif constraint not in self.constraints:
            self.constraints.append(constraint)

    @property
    def foreign_key_constraints(self):
        return [one for one in self.constraints if isinstance(one, ForeignKeyConstraint)]

    @property
    def foreign_keys(self):
        return [one for column in self.c for one in column.foreign_keys]

    key = property(lambda self: self.fullname)

    @property
    def autoincrement_column(self):
        """The column that becomes SERIAL."""
        columns = list(self.primary_key.columns)
        if len(columns) == 1:
            return columns[0] if _counts_by_itself(columns[0]) else None
        return next((one for one in columns if one.autoincrement is True), None)

    _autoincrement_column = autoincrement_column

    def to_metadata(self, metadata, schema=None, name=None, **unused):
        items = [one.copy() for one in self.c] + [one.copy() for one in self.constraints if not one.from_type]
        return Table(name or self.name, metadata, *items, schema=schema or self.schema, **self.options)

    tometadata = to_metadata

    def create(self, bind=None, checkfirst=True):
        from . import ddl, current
        ddl.run_create_table(self, current.run(), if_not_exists=bool(checkfirst))

    def drop(self, bind=None, checkfirst=True):
        from . import ddl, current
        current.run().execute_sql(ddl.drop_table(self, current.dialect(), if_exists=bool(checkfirst)))

    def exists(self, bind=None):
        from .inspection import inspector
        return inspector(bind).has_table(self.name, schema=self.schema)

    def _reflect(self, bind):
        from .inspection import inspector
        inspector(bind).reflect_table(self)

    def __repr__(self):
        return "<table %s>" % self.fullname


def _dialect():
    from . import current
    return current.dialect()


def _counts_by_itself(column):
    if column.autoincrement is True:
        return True
    if column.autoincrement not in ("auto", "ignore_fk") or (column.foreign_keys and column.autoincrement == "auto"):
        return False
    # A foreign key constraint of the table on it counts as well.
    if column.autoincrement == "auto" and any(column.name in one.column_names() for one in column.table.foreign_key_constraints):
        return False
    if column.default is not None and not isinstance(column.default, Sequence):
        return False
    resolved = column.type.resolved(_dialect())
    return column.server_default is None and isinstance(resolved, types.Integer)


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
