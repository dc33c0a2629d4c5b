"""Columns as scripts build them: types, defaults, identities, generated columns, foreign keys."""

import collections
import itertools

from . import column_types as types
from .events import fire
from .exceptions import ArgumentError, NoReferencedTableError
from .expressions import ColumnElement, Element
from .keywords import refuse_others, refuse_unknown
from .modelled import Modelled
from .stand_in import StandIn
from .stops import need_application

_created = itertools.count()


def dialect_options(named):
    """postgresql_using=..., sqlite_where=... as they came."""
    return {key: value for key, value in named.items() if "_" in key}


class SchemaItem(Modelled):
    _only_on = None

    def __init__(self, **named):
        refuse_unknown(self, named)
        self.order = next(_created)
        self.options = dialect_options(named)
        self.info = named.get("info") or {}

    def __class_getitem__(cls, item):
        return cls

    @property
    def dialect_kwargs(self):
        return self.options

    kwargs = dialect_kwargs

    @property
    def dialect_options(self):
        """By database: index.dialect_options["postgresql"]["where"]; what nobody said is None."""
        found = collections.defaultdict(lambda: collections.defaultdict(lambda: None))
        for key, value in self.options.items():
            dialect, _, name = key.partition("_")
            found[dialect][name] = value
        return found

    def ddl_if(self, dialect=None, callable_=None, state=None):
        """A constraint, or an index, of some databases alone."""
        if callable_ is not None:
            need_application("ddl_if(callable_=...)")
        self._only_on = (dialect,) if isinstance(dialect, str) else dialect
        return self

    def is_for(self, dialect):
        return self._only_on is None or dialect.name in self._only_on


def shown(kind, parts, **named):
    """As SQLAlchemy shows what it can make again."""
    return "%s(%s)" % (kind, ", ".join([repr(one) for one in parts] + [
        "%s=%r" % (name, value) for name, value in named.items() if value is not None]))


class Computed(SchemaItem):
    def __init__(self, sqltext, persisted=None):
        super().__init__()
        from .text_clause import as_text
        self.sqltext, self.persisted = as_text(sqltext), persisted

    def __repr__(self):
        return shown("Computed", [self.sqltext], persisted=self.persisted)


class Identity(SchemaItem):
    def __init__(self, always=False, on_null=None, start=None, increment=None, minvalue=None, maxvalue=None, nominvalue=None,
                 nomaxvalue=None, cycle=None, cache=None, order=None, **named):
        super().__init__(**named)
        self.always, self.start, self.increment, self.minvalue, self.maxvalue = always, start, increment, minvalue, maxvalue
        self.nominvalue, self.nomaxvalue, self.cycle, self.cache = nominvalue, nomaxvalue, cycle, cache

    def __repr__(self):
        return shown("Identity", [], always=self.always or None, start=self.start, increment=self.increment)


class Sequence(SchemaItem):
    def __init__(self, name, start=None, increment=None, minvalue=None, maxvalue=None, nominvalue=None, nomaxvalue=None,
                 cycle=None, schema=None, cache=None, order=None, data_type=None, optional=False, metadata=None, **named):
        super().__init__(**named)
        if isinstance(getattr(metadata, "sequences", None), list):
            metadata.sequences.append(self)
        self.name, self.schema, self.optional = name, schema or getattr(metadata, "schema", None), optional
        self.data_type = None if data_type is None else types.to_instance(data_type)
        self.start, self.increment, self.minvalue, self.maxvalue = start, increment, minvalue, maxvalue
        self.nominvalue, self.nomaxvalue, self.cycle, self.cache = nominvalue, nomaxvalue, cycle, cache

    is_selected_alone = True

    def __repr__(self):
        return shown("Sequence", [self.name], start=self.start, increment=self.increment, schema=self.schema)

    def next_value(self):
        from .functions import NextValue
        return NextValue(self)

    def select(self):
        return self.next_value().select()

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

    def __repr__(self):
        return "FetchedValue()"


class DefaultClause(FetchedValue):
    def __init__(self, arg, for_update=False, _reflected=False):
        super().__init__()
        self.arg = arg

    def __repr__(self):
        return "DefaultClause(%r, for_update=False)" % (self.arg,)


class ColumnDefault(SchemaItem):
    def __init__(self, arg, for_update=False, _optional=False, **named):
        refuse_others("ColumnDefault", named, "")
        super().__init__()
        self.arg = arg
        self.is_callable = callable(arg)
        self.is_scalar = not self.is_callable and not isinstance(arg, Element)

    def __repr__(self):
        kind = "Callable" if self.is_callable else "ScalarElement" if self.is_scalar else "ColumnElement"
        return "%sColumnDefault(%r)" % (kind, self.arg)


class Column(ColumnElement, SchemaItem):
    """Column("name", Type, ForeignKey(...), ..., nullable=..., server_default=...)"""
    is_literal = False
    system = False

    def __init__(self, *arguments, **named):
        refuse_unknown(self, named)
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
        if getattr(self.type, "nullable", True) is False:
            self.nullable = False
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
            self.server_default = value
        elif isinstance(value, Sequence):
            self.server_default = DefaultClause(value.next_value())
        elif value is not None and not (isinstance(value, FetchedValue)):
            self.server_default = DefaultClause(value)

    def _take(self, one):
        from .constraints import Constraint
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
            self.server_default = one
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
        made.foreign_keys = [one.copy() for one in self.foreign_keys if not one.of_table]
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

    def __str__(self):
        """As SQLAlchemy shows it: the table without its schema."""
        return str(self.name) if self.table is None else "%s.%s" % (self.table.description, self.name)

    def __repr__(self):
        """As SQLAlchemy shows it."""
        said = [("key", self.key != self.name), ("primary_key", self.primary_key), ("nullable", not self.nullable),
                ("onupdate", self.onupdate is not None), ("default", self.default is not None),
                ("server_default", self.server_default is not None), ("comment", self.comment)]
        parts = [self.name, self.type] + self.foreign_keys + self.constraints
        table = "None" if self.table is None else "<%s>" % self.table.description
        return "Column(%s)" % ", ".join([repr(one) for one in parts] + ["table=" + table] +
                                        ["%s=%r" % (name, getattr(self, name)) for name, is_said in said if is_said])


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
    of_table = False  # it was looked up in the database, where it is the table's: a copy of the column alone is without it

    def __init__(self, column, _constraint=None, use_alter=False, name=None, onupdate=None, ondelete=None, deferrable=None,
                 initially=None, link_to_name=False, match=None, info=None, comment=None, **named):
        super().__init__(**named)
        if hasattr(column, "__clause_element__"):
            column = column.__clause_element__()
        self.target, self.name, self.use_alter = column, name, use_alter
        self.onupdate, self.ondelete, self.deferrable, self.initially, self.match = onupdate, ondelete, deferrable, initially, match
        self.parent = self.constraint = None

    def copy(self, **unused):
        made = ForeignKey.__new__(ForeignKey)
        made.__dict__.update(self.__dict__)
        return made

    def target_name(self):
        return target_text(self.target)

    target_fullname = property(target_name)

    def __repr__(self):
        return shown("ForeignKey", [self.target_name()])

    @property
    def column(self):
        """Of the table in the same MetaData, where it is there."""
        if isinstance(self.target, Column):
            return self.target
        table_name, _, name = self.target_name().rpartition(".")
        metadata = getattr(getattr(self.parent, "table", None), "metadata", None)
        table = metadata.tables.get(table_name) if metadata is not None else None
        if table is None or name not in table.c:
            raise NoReferencedTableError("the column %s that a foreign key refers to is in no table of the MetaData" % self.target_name())
        return table.c[name]

    def references(self, table):
        return self.target_name().rpartition(".")[0] == table.fullname

    def as_constraint(self):
        from .constraints import ForeignKeyConstraint
        self.constraint = self._as_constraint(ForeignKeyConstraint)
        self.constraint.of_column = self
        return self.constraint

    def _as_constraint(self, kind):
        return kind([self.parent.name], [self.target], name=self.name, onupdate=self.onupdate,
                                    ondelete=self.ondelete, deferrable=self.deferrable, initially=self.initially,
                                    match=self.match, use_alter=self.use_alter, **self.options)


def target_text(target):
    """schema.table.column of what a foreign key refers to."""
    if isinstance(target, str):
        return target
    if isinstance(target, StandIn):
        target.need()
    return "%s.%s" % (target.table.fullname, target.name)
