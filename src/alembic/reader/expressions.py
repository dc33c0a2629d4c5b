"""SQL expressions as values: what all of them have in common. Each element renders itself; how deep it groups is data."""

from . import column_types as types
from .column_operators import ColumnOperators
from .modelled import Modelled
from .precedence import ASSOCIATIVE
from .stand_in import StandIn
from .stops import need_application, refuse_other_schemas


class Context:
    """How text is made: for which database, whether columns carry their table's name, which tables stand in the statement right
    around a subquery (those it sees unasked), which further out, and what the statement that this is a part of names in its WITH:
    by element its text, None while that is made."""
    __slots__ = ("dialect", "qualify", "enclosing", "named", "outer")

    def __init__(self, dialect, qualify=True, enclosing=(), named=None, outer=()):
        self.dialect, self.qualify, self.enclosing, self.named, self.outer = dialect, qualify, enclosing, named, outer

    def within(self, tables):
        each = [part for one in tables for part in (one, *(one.parts() if hasattr(one, "onclause") else ()))]
        return Context(self.dialect, True, tuple(each), self.named, (*self.outer, *self.enclosing))

    def beside(self):
        """For a query in FROM: what stands there with it, it does not see."""
        return Context(self.dialect, self.qualify, (), self.named, self.outer)


class _Options(dict):
    """What classes of a project's own elements extend. None of it changes the SQL."""

    def union(self, other):
        return _Options({**self, **other})


class Element(Modelled):
    """Whatever has an SQL text."""
    _execution_options = _Options()
    precedence = 100
    is_statement = False

    def __class_getitem__(cls, item):
        return cls

    def sql(self, context):
        need_application("the SQL of %s" % type(self).__name__)

    def tables(self):
        """The tables whose columns it names: what a SELECT of it is FROM."""
        return []

    def grouped(self, context, precedence, operator=None):
        text = self.sql(context)
        return "(%s)" % text if self.groups_in(precedence, operator) else text

    def groups_in(self, precedence, operator):
        return self.precedence <= precedence and not (operator in ASSOCIATIVE and operator == getattr(self, "operator", None))

    def condition(self, context):
        """As it stands where a truth value is asked for."""
        return self.sql(context)

    def assigned(self, context):
        """As it stands where a column takes its value."""
        return self.sql(context)

    def compile(self, bind=None, dialect=None, compile_kwargs=None, **unused):
        from . import current
        return Compiled(self.sql(Context(dialect or getattr(bind, "dialect", None) or current.dialect())), self)

    def self_group(self, against=None):
        return self

    def params(self, *positional, **named):
        return self

    def execution_options(self, **options):
        refuse_other_schemas(options)
        return self

    def __str__(self):
        from . import current
        return self.sql(Context(current.dialect()))

    def __bool__(self):
        raise TypeError("the truth of an SQL expression is not known here")


class Executable(Element):
    """What a project's own statements are made of: class Statement(Executable, ClauseElement)."""


class Compiled:
    """What .compile() gives."""

    def __init__(self, text, statement):
        self.string, self.statement, self.params = text, statement, {}

    def __str__(self):
        return self.string


def coerce(value, type_=None):
    """Anything that may stand in an expression, as an element."""
    if isinstance(value, Element):
        return value
    if hasattr(value, "__clause_element__") and not isinstance(value, StandIn):
        return value.__clause_element__()
    if value is None and not (type_ is not None and isinstance(types.to_instance(type_), types.JSON)):
        return Null()  # of JSON it is the value null, if none_as_null does not say otherwise
    if isinstance(value, StandIn):
        value.need()
    return Literal(value, None if isinstance(type_, types.NullType) else type_)


def column_or_text(value):
    """Strings in places where SQLAlchemy takes them for column names."""
    return ColumnClause(value) if isinstance(value, str) else coerce(value)


class ColumnElement(ColumnOperators, Element):
    """Something with a value and a type: what operators apply to."""
    type = types.NULLTYPE
    name = None
    key = None
    anonymous = "anon"
    is_operation = False  # an operator, which gives a truth value by itself

    @property
    def comparator(self):
        return self

    @property
    def expression(self):
        return self

    def condition(self, context):
        """A bare boolean is none on SQLite."""
        text = self.sql(context)
        is_bare = isinstance(self.type, types.Boolean) and not self.is_operation
        return text + " = 1" if is_bare and not context.dialect.is_postgresql else text


# The kinds of elements stand on what is above, and the operators of every element make some of them.
from .elements import (BindParameter, Case, Cast, Collate, ColumnClause, Constant, Extract, JsonElement, Label, Literal,  # noqa: E402
                       Null, Ordered, Several, Slice, Subscript, TupleOf, TypeCoerce, Unary, case)
from .operators import (Between, Binary, Division, Folded, In, Junction, Like, Not, Pattern, Regexp, WholeDivision,  # noqa: E402
                        Xor, _conditions, and_, not_, or_)
