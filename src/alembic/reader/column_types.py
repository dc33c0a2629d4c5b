"""sqlalchemy.types: each type knows its SQL on both databases, how its values are written, and how they are read."""

from . import values
from .exceptions import ArgumentError, CompileError
from .keywords import refuse_unknown
from .modelled import Modelled

# SQLAlchemy's own types; others have keywords of their own.
_WITH_TYPES = ("column_types", "data_types", "time_types", "postgres_types")


def to_instance(type_):
    """Types are given as classes or as instances; a name that is not there may stand in the project's table of types."""
    if type_ is None:
        return NullType()
    if isinstance(type_, type) and issubclass(type_, TypeEngine):
        return type_()
    if isinstance(type_, TypeEngine):
        return type_
    from .mapped_types import mapped_type
    return mapped_type(type_)


class TypeEngine(Modelled):
    """postgresql, sqlite: the name in SQL there, None: there is none. Subclasses with arguments override sql()."""
    postgresql = None
    sqlite = None
    affinity = None
    python_type_ = None
    shown = None
    variants = None
    name = None
    schema = None
    should_evaluate_none = False
    hashable = True
    sort_key_function = None

    def __init__(self, *unknown, **named):
        if type(self).__module__.rpartition(".")[2] in _WITH_TYPES:
            if unknown:
                raise TypeError("%s() takes no arguments" % type(self).__name__)
            refuse_unknown(self, named)

    def sql(self, dialect):
        """As it stands in a column's definition."""
        text = self.postgresql if dialect.is_postgresql else self.sqlite
        if text is None:
            raise CompileError("%s has no type %s" % (dialect.name, type(self).__name__))
        return text

    def resolved(self, dialect):
        """The type that it is on this database: variants and decorators gone."""
        if self.variants and dialect.name in self.variants:
            return self.variants[dialect.name].resolved(dialect)
        return self

    def literal(self, value, dialect):
        """A value of this type as SQL text."""
        return values.literal(value, dialect)

    def bound(self, value, dialect):
        """The same where nothing around it says its type."""
        return self.literal(value, dialect)

    def result(self, value, dialect):
        """What a script sees of a value that the database gave."""
        return value

    def with_variant(self, type_, *dialect_names):
        made = self.copy()
        made.variants = dict(self.variants or {})
        made.variants.update((name, to_instance(type_)) for name in dialect_names)
        return made

    def copy(self, **unused):
        made = self.__class__.__new__(self.__class__)
        made.__dict__.update(self.__dict__)
        return made

    adapt = copy

    def evaluates_none(self):
        return self

    def as_generic(self, **unused):
        return self

    def compile(self, dialect=None):
        from . import current
        return self.sql_here(dialect or current.dialect())

    def sql_here(self, dialect):
        return self.resolved(dialect).sql(dialect)

    def dialect_impl(self, dialect):
        return self.resolved(dialect)

    def load_dialect_impl(self, dialect):
        return self

    def bind_processor(self, dialect):
        return None

    def result_processor(self, dialect, coltype):
        return None

    @property
    def python_type(self):
        if self.python_type_ is None:
            raise NotImplementedError()
        return self.python_type_

    @property
    def _type_affinity(self):
        return self.affinity

    def __str__(self):
        """As SQLAlchemy shows it whatever the database: DATETIME, VARCHAR(5), JSONB."""
        from .dialects import dialect_named
        try:
            return self.shown or self.sql(dialect_named("sqlite"))
        except CompileError:
            return type(self).__name__

    def __repr__(self):
        """As SQLAlchemy 2.0 shows it: what was given and is not what it would be anyway."""
        shown = []
        for name, parameter in self._shown_parameters().items():
            value = getattr(self, name, parameter.default)
            if parameter.default is parameter.empty:
                shown.append(repr(value))
            elif value is not parameter.default and value != parameter.default:
                shown.append("%s=%r" % (name, value))
        return "%s(%s)" % (type(self).__name__, ", ".join(shown))

    def _shown_parameters(self):
        from inspect import signature
        return {name: one for name, one in signature(type(self).__init__).parameters.items()
                if name != "self" and one.kind is one.POSITIONAL_OR_KEYWORD}

    def constraint_for(self, column, dialect):
        """The condition and the name of a CHECK that the type puts on its column's table."""
        return None

    class Comparator:
        """Projects derive theirs from it."""

        def __init__(self, expression):
            self.expr = self.expression = expression

    comparator_factory = Comparator

    def __class_getitem__(cls, item):
        return cls


class SchemaType:
    """What types derive from that do something to their column's table (_set_table)."""

    def __init__(self, *unused, **also_unused):
        pass


class NullType(TypeEngine):
    shown = "NULL"

    def sql(self, dialect):
        raise CompileError("the column has no type")

NULLTYPE = NullType()


class _WithLength(TypeEngine):
    base = "VARCHAR"
    python_type_ = str

    def __init__(self, length=None, collation=None, **named):
        refuse_unknown(self, named)
        self.length = length
        self.collation = collation

    def sql(self, dialect):
        text = "%s(%s)" % (self.base, self.length) if self.length else self.base
        return text + ' COLLATE "%s"' % self.collation if self.collation else text


class String(_WithLength):
    pass

String.affinity = String


class Text(String):
    base = "TEXT"


class Unicode(String):
    pass


class UnicodeText(Text):
    pass


class VARCHAR(String):
    pass


class CHAR(String):
    base = "CHAR"


class NCHAR(String):
    base = "NCHAR"


class NVARCHAR(String):
    base = "NVARCHAR"


class TEXT(Text):
    pass


class CLOB(Text):
    base = "CLOB"


class Integer(TypeEngine):
    postgresql = sqlite = "INTEGER"
    python_type_ = int

Integer.affinity = Integer


class INTEGER(Integer):
    pass

INT = INTEGER


class SmallInteger(Integer):
    postgresql = sqlite = "SMALLINT"


class SMALLINT(SmallInteger):
    pass


class BigInteger(Integer):
    postgresql = sqlite = "BIGINT"


class BIGINT(BigInteger):
    pass


class Numeric(TypeEngine):
    base = "NUMERIC"

    def __init__(self, precision=None, scale=None, decimal_return_scale=None, asdecimal=True):
        self.precision, self.scale, self.asdecimal = precision, scale, asdecimal
        self.return_scale = scale if decimal_return_scale is None else decimal_return_scale

    def sql(self, dialect):
        if self.precision is None:
            return self.base
        if self.scale is None:
            return "%s(%s)" % (self.base, self.precision)
        return "%s(%s, %s)" % (self.base, self.precision, self.scale)

    def result(self, value, dialect):
        if value is None:
            return None
        if not self.asdecimal:
            return float(value)
        from decimal import Decimal
        if isinstance(value, Decimal) or not isinstance(value, (int, float)) or (dialect.is_postgresql and not isinstance(value, float)):
            return value if isinstance(value, Decimal) else Decimal(str(value))
        return Decimal("%.*f" % (10 if self.return_scale is None else self.return_scale, value))  # SQLite has none

    @property
    def python_type(self):
        from decimal import Decimal
        return Decimal if self.asdecimal else float

Numeric.affinity = Numeric


class NUMERIC(Numeric):
    pass


class DECIMAL(Numeric):
    base = "DECIMAL"


class Float(Numeric):
    base = "FLOAT"

    def __init__(self, precision=None, asdecimal=False, decimal_return_scale=None, **named):
        refuse_unknown(self, named)
        super().__init__(precision, None, decimal_return_scale, asdecimal)

    def sql(self, dialect):
        return "%s(%s)" % (self.base, self.precision) if self.precision and dialect.is_postgresql else self.base

Float.affinity = Float


class FLOAT(Float):
    pass


class REAL(Float):
    def sql(self, dialect):
        return "REAL"


class Double(Float):
    def sql(self, dialect):
        return "DOUBLE PRECISION" if dialect.is_postgresql else "DOUBLE"


class DOUBLE(Double):
    def sql(self, dialect):
        return "DOUBLE"


class DOUBLE_PRECISION(Double):
    def sql(self, dialect):
        return "DOUBLE PRECISION"


class TupleType(TypeEngine):
    pass


class UserDefinedType(TypeEngine):
    """Made by scripts: get_col_spec() says its SQL."""
    cache_ok = None

    def sql(self, dialect):
        return self.get_col_spec()


def type_of_value(value):
    """The type of a literal in an expression."""
    import datetime
    import decimal
    if isinstance(value, bool):
        return Boolean()
    if isinstance(value, int):
        return Integer()
    if isinstance(value, str):
        return String()
    if isinstance(value, float):
        return Float()
    if isinstance(value, decimal.Decimal):
        return Numeric()
    if isinstance(value, datetime.datetime):
        return DateTime()
    if isinstance(value, datetime.date):
        return Date()
    return NullType()


# The other kinds stand on what is above.
from .data_types import (ARRAY, BINARY, BLOB, BOOLEAN, Boolean, JSON, LargeBinary, PickleType, UUID, Uuid, VARBINARY)  # noqa: E402
from .time_types import DATE, DATETIME, Date, DateTime, Interval, TIME, TIMESTAMP, Time  # noqa: E402
