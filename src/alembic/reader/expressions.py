"""SQL expressions as values: what all of them have in common. Each element renders itself; how deep it groups is data."""

from . import column_types as types
from .precedence import ASSOCIATIVE, COMPARES
from .stand_in import StandIn
from .stops import refuse_other_schemas


class Context:
    """How text is made: for which database, whether columns carry their table's name, which tables stand around a subquery, and
    what the statement that this is a part of names in its WITH: by element its text, None while that is made."""
    __slots__ = ("dialect", "qualify", "enclosing", "named")

    def __init__(self, dialect, qualify=True, enclosing=(), named=None):
        self.dialect, self.qualify, self.enclosing, self.named = dialect, qualify, enclosing, named

    def within(self, tables):
        return Context(self.dialect, True, tuple(self.enclosing) + tuple(tables), self.named)


class _Options(dict):
    """What classes of a project's own elements extend. None of it changes the SQL."""

    def union(self, other):
        return _Options({**self, **other})


class Element:
    """Whatever has an SQL text."""
    _execution_options = _Options()
    precedence = 100
    is_statement = False

    def __class_getitem__(cls, item):
        return cls

    def sql(self, context):
        raise NotImplementedError(type(self).__name__)

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


class ColumnElement(Element):
    """Something with a value and a type: what operators apply to."""
    type = types.NULLTYPE
    name = None
    key = None
    anonymous = "anon"

    def _binary(self, operator, other, type_=None):
        return Binary(self, operator, coerce(other, self._operand_type(operator, other)), type_)

    def _operand_type(self, operator, other):
        return None if operator in ("||",) and isinstance(other, str) else self.type

    def __eq__(self, other):
        if other is None or isinstance(other, Null):
            return Binary(self, "IS", Null())
        return self._binary("=", other)

    def __ne__(self, other):
        if other is None or isinstance(other, Null):
            return Binary(self, "IS NOT", Null())
        return self._binary("!=", other)

    __hash__ = object.__hash__

    def __lt__(self, other):
        return self._binary("<", other)

    def __le__(self, other):
        return self._binary("<=", other)

    def __gt__(self, other):
        return self._binary(">", other)

    def __ge__(self, other):
        return self._binary(">=", other)

    def _is_text(self, other):
        return isinstance(other, str) or isinstance(self.type, types.String) or \
            isinstance(getattr(other, "type", None), types.String)

    def __add__(self, other):
        if self._is_text(other):
            return Binary(self, "||", coerce(other), types.String())
        return self._binary("+", other)

    def __radd__(self, other):
        if self._is_text(other):
            return Binary(coerce(other), "||", self, types.String())
        return Binary(coerce(other, self.type), "+", self)

    def __sub__(self, other):
        return self._binary("-", other)

    def __rsub__(self, other):
        return Binary(coerce(other, self.type), "-", self)

    def __mul__(self, other):
        return self._binary("*", other)

    def __rmul__(self, other):
        return Binary(coerce(other, self.type), "*", self)

    def __truediv__(self, other):
        return Division(self, coerce(other, self.type))

    def __rtruediv__(self, other):
        return Division(coerce(other, self.type), self)

    def __mod__(self, other):
        return self._binary("%", other)

    def __neg__(self):
        return Unary("-", self, self.type)

    def __invert__(self):
        return not_(self)

    def __and__(self, other):
        return and_(self, other)

    def __or__(self, other):
        return or_(self, other)

    def __rand__(self, other):
        return and_(other, self)

    def __ror__(self, other):
        return or_(other, self)

    def __getitem__(self, key):
        if isinstance(self.type, types.ARRAY):
            if isinstance(key, slice):
                return Subscript(self, Slice(coerce(key.start), coerce(key.stop)), self.type)
            return Subscript(self, coerce(key), self.type.item_type)
        return JsonElement(self, key, "->")

    def __contains__(self, other):
        raise NotImplementedError("\"in\" has no SQL; use .contains() or .in_()")

    def __iter__(self):
        raise TypeError("an SQL expression cannot be iterated over")

    def op(self, operator, precedence=0, is_comparison=False, return_type=None, **unused):
        def apply(other):
            made = Binary(self, operator, coerce(other, None if isinstance(other, str) else self.type), return_type)
            made.precedence = precedence
            return made
        return apply

    bool_op = op

    def operate(self, operator, *others, **named):
        return operator(self, *others, **named)

    def is_(self, other):
        return Binary(self, "IS", coerce(other))

    def is_not(self, other):
        return Binary(self, "IS NOT", coerce(other))

    isnot = is_not

    def is_distinct_from(self, other):
        return self._binary("IS DISTINCT FROM", other)

    def is_not_distinct_from(self, other):
        return self._binary("IS NOT DISTINCT FROM", other)

    isnot_distinct_from = is_not_distinct_from

    def like(self, other, escape=None):
        return Like(self, "LIKE", coerce(other), escape)

    def not_like(self, other, escape=None):
        return Like(self, "NOT LIKE", coerce(other), escape)

    notlike = not_like

    def ilike(self, other, escape=None):
        return Like(self, "ILIKE", coerce(other), escape)

    def not_ilike(self, other, escape=None):
        return Like(self, "NOT ILIKE", coerce(other), escape)

    notilike = not_ilike

    def _pattern(self, before, other, after, escape, autoescape):
        if autoescape and isinstance(other, str):
            escape = escape or "/"
            for special in (escape, "%", "_"):
                other = other.replace(special, escape + special)
        made = coerce(other)
        if before:
            made = Binary(Literal("%"), "||", made)
        if after:
            made = Binary(made, "||", Literal("%"))
        made = Like(self, "LIKE", made, escape)
        made.precedence = 0
        return made

    def contains(self, other, escape=None, autoescape=False):
        if isinstance(self.type, (types.ARRAY, types.JSON)):
            return self._binary("@>", other)
        return self._pattern(True, other, True, escape, autoescape)

    def startswith(self, other, escape=None, autoescape=False):
        return self._pattern(False, other, True, escape, autoescape)

    def endswith(self, other, escape=None, autoescape=False):
        return self._pattern(True, other, False, escape, autoescape)

    def regexp_match(self, pattern, flags=None):
        return Regexp(self, "~", coerce(pattern), flags)

    def regexp_replace(self, pattern, replacement, flags=None):
        made = _function("REGEXP_REPLACE", self, coerce(pattern), coerce(replacement), *([] if flags is None else [coerce(flags)]))
        made.anonymous = "anon"
        return made

    def match(self, other, **unused):
        return Binary(self, "@@", _function("to_tsquery", coerce(other)))

    def in_(self, other):
        return In(self, "IN", other)

    def not_in(self, other):
        return In(self, "NOT IN", other)

    notin_ = not_in

    def between(self, low, high, symmetric=False):
        return Between(self, "BETWEEN", coerce(low, self.type), coerce(high, self.type))

    def concat(self, other):
        return Binary(self, "||", coerce(other), types.String())

    def has_key(self, key):
        return Binary(self, "?", coerce(key))

    def has_any(self, keys):
        return Binary(self, "?|", coerce(keys))

    def has_all(self, keys):
        return Binary(self, "?&", coerce(keys))

    def overlap(self, other):
        return self._binary("&&", other)

    def contained_by(self, other):
        return self._binary("<@", other)

    def any(self, other, operator=None):
        return Binary(coerce(other), "=", _any_or_all("ANY", self))

    def all(self, other, operator=None):
        return Binary(coerce(other), "=", _any_or_all("ALL", self))

    @property
    def astext(self):
        return self

    def as_string(self):
        return self.astext

    def as_integer(self):
        return self._value_as(types.Integer())

    def as_boolean(self):
        return self._value_as(types.Boolean())

    def as_float(self):
        return self._value_as(types.Float())

    def as_numeric(self, precision, scale, asdecimal=True):
        return self._value_as(types.Numeric(precision, scale))

    def as_json(self):
        return self

    def _value_as(self, type_):
        return Cast(self.astext, type_)

    def desc(self):
        return Ordered(self, "DESC")

    def asc(self):
        return Ordered(self, "ASC")

    def nulls_first(self):
        return Ordered(self, "NULLS FIRST")

    def nulls_last(self):
        return Ordered(self, "NULLS LAST")

    nullsfirst, nullslast = nulls_first, nulls_last

    def collate(self, collation):
        return Collate(self, collation)

    def distinct(self):
        return Unary("DISTINCT ", self, self.type)

    def label(self, name):
        return Label(name, self)

    def cast(self, type_):
        return Cast(self, type_)

    @property
    def comparator(self):
        return self

    @property
    def expression(self):
        return self

    def condition(self, context):
        """A bare boolean is none on SQLite."""
        text = self.sql(context)
        if context.dialect.is_postgresql or getattr(self, "operator", None) in COMPARES:
            return text
        return text + " = 1" if isinstance(self.type, types.Boolean) else text


def _any_or_all(name, of):
    from .functions import AnyOrAll
    return AnyOrAll(name, of)


def _function(name, *arguments):
    from .functions import Function
    return Function(name, *arguments)


# The kinds of elements stand on what is above, and the operators of every element make some of them.
from .elements import (BindParameter, Case, Cast, Collate, ColumnClause, Constant, Extract, JsonElement, Label, Literal,  # noqa: E402
                       Null, Ordered, Several, Slice, Subscript, TupleOf, TypeCoerce, Unary, case)
from .operators import (Between, Binary, Division, In, Junction, Like, Not, Regexp, _conditions, and_, not_, or_)  # noqa: E402
