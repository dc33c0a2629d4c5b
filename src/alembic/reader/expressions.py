"""SQL expressions as values: columns, literals, operators. Each element renders itself; how deep it groups is data."""
import re

from . import column_types as types
from .exceptions import ArgumentError, CompileError, StatementError
from .stand_in import StandIn

# How tightly operators bind; one that binds no tighter than what it stands in is put into parentheses.
PRECEDENCE = {"[]": 15, "->": 15, "->>": 15, "#>": 15, "#>>": 15, "*": 8, "/": 8, "%": 8, "-x": 8, "+": 7, "-": 7, "||": 6,
              "=": 5, "!=": 5, "<": 5, ">": 5, "<=": 5, ">=": 5, "IS": 5, "IS NOT": 5, "LIKE": 5, "NOT LIKE": 5, "ILIKE": 5,
              "NOT ILIKE": 5, "IN": 5, "NOT IN": 5, "BETWEEN": 5, "NOT BETWEEN": 5, "IS DISTINCT FROM": 5, "~": 5, "!~": 5,
              "~*": 5, "!~*": 5, "@@": 5, "IS NOT DISTINCT FROM": 5, "NOT": 5, "AND": 3, "OR": 2, ",": -1}
_ASSOCIATIVE = {"AND", "OR", "+", "*", "||", ","}
_NEGATED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "IS": "IS NOT", "IS NOT": "IS", "LIKE": "NOT LIKE",
            "NOT LIKE": "LIKE", "ILIKE": "NOT ILIKE", "NOT ILIKE": "ILIKE", "IN": "NOT IN", "NOT IN": "IN", "~": "!~",
            "!~": "~", "~*": "!~*", "!~*": "~*", "BETWEEN": "NOT BETWEEN", "NOT BETWEEN": "BETWEEN"}
_COMPARES = set(_NEGATED) | {"AND", "OR", "NOT", "IS DISTINCT FROM", "IS NOT DISTINCT FROM", "@>", "<@", "?", "?|", "?&", "&&", "@@"}


class Context:
    """How text is made: for which database, whether columns carry their table's name, which tables stand around a subquery."""
    __slots__ = ("dialect", "qualify", "enclosing")

    def __init__(self, dialect, qualify=True, enclosing=()):
        self.dialect, self.qualify, self.enclosing = dialect, qualify, enclosing

    def within(self, tables):
        return Context(self.dialect, True, tuple(self.enclosing) + tuple(tables))


class Element:
    """Whatever has an SQL text."""
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
        return self.precedence <= precedence and not (operator in _ASSOCIATIVE and operator == getattr(self, "operator", None))

    def condition(self, context):
        """As it stands where a truth value is asked for."""
        return self.sql(context)

    def compile(self, bind=None, dialect=None, compile_kwargs=None, **unused):
        from . import current
        return Compiled(self.sql(Context(dialect or current.dialect())), self)

    def self_group(self, against=None):
        return self

    def params(self, *positional, **named):
        return self

    def execution_options(self, **unused):
        return self

    def __str__(self):
        from . import current
        return self.sql(Context(current.dialect()))

    def __bool__(self):
        raise TypeError("the truth of an SQL expression is not known here")


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
    return Literal(value, type_)


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
        return Regexp(self, "~", coerce(pattern))

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
        return Binary(coerce(other), "=", _function("ANY", self))

    def all(self, other, operator=None):
        return Binary(coerce(other), "=", _function("ALL", self))

    @property
    def astext(self):
        return self

    def as_string(self):
        return self.astext

    def as_integer(self):
        return Cast(self.astext, types.Integer())

    def as_boolean(self):
        return Cast(self.astext, types.Boolean())

    def as_float(self):
        return Cast(self.astext, types.Float())

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
        if context.dialect.is_postgresql or getattr(self, "operator", None) in _COMPARES:
            return text
        return text + " = 1" if isinstance(self.type, types.Boolean) else text


class Literal(ColumnElement):
    """A value. SQLAlchemy would bind it; here it is written out."""
    anonymous = "param"

    def __init__(self, value, type_=None):
        self.value = value
        self.type = types.to_instance(type_) if type_ is not None else types.type_of_value(value)

    def sql(self, context):
        value = self.value() if callable(self.value) and not isinstance(self.value, (type, StandIn)) else self.value
        if isinstance(value, (list, tuple, set)) and not isinstance(self.type, (types.ARRAY, types.JSON)):
            from . import values
            return values.literal(value, context.dialect)
        return self.type.resolved(context.dialect).literal(value, context.dialect)


class BindParameter(ColumnElement):
    """bindparam(): a value that comes by its name, or stands here already."""
    _missing = object()

    def __init__(self, key, value=_missing, type_=None, unique=False, expanding=False, literal_execute=False, callable_=None,
                 required=None, **unused):
        self.key = self.name = key
        self.value = callable_ if callable_ is not None and value is self._missing else value
        self.type = types.to_instance(type_) if type_ is not None else None
        self.expanding = expanding
        if self.type is None:
            self.type = types.NULLTYPE if self.value is self._missing else types.type_of_value(self.value)

    @property
    def has_value(self):
        return self.value is not self._missing

    def with_value(self, value):
        typed = None if isinstance(self.type, types.NullType) else self.type
        made = BindParameter(self.key, value, typed, expanding=self.expanding)
        return made

    def sql(self, context):
        if not self.has_value:
            raise StatementError("a value is required for the bind parameter %r" % self.key)
        value = self.value() if callable(self.value) and not isinstance(self.value, StandIn) else self.value
        if self.expanding:
            each = ", ".join(Literal(one, _or_none(self.type)).sql(context) for one in value)
            return "(%s)" % (each or "SELECT 1 WHERE 1 != 1")
        if isinstance(value, Element):
            return value.grouped(context, 8)
        return Literal(value, _or_none(self.type)).sql(context)


def _or_none(type_):
    return None if isinstance(type_, types.NullType) else type_


class Null(ColumnElement):
    def sql(self, context):
        return "NULL"


class Constant(ColumnElement):
    """true() and false()"""
    type = types.Boolean()

    def __init__(self, value):
        self.value = value

    def sql(self, context):
        if context.dialect.is_postgresql:
            return "true" if self.value else "false"
        return "1" if self.value else "0"

    def condition(self, context):
        return self.sql(context) if context.dialect.is_postgresql else ("1 = 1" if self.value else "0 = 1")


class ColumnClause(ColumnElement):
    """column("name"), literal_column("text")"""

    def __init__(self, name, type_=None, is_literal=False, _selectable=None):
        self.name = self.key = name
        self.type = types.to_instance(type_)
        self.is_literal = is_literal
        self.table = _selectable

    def sql(self, context):
        if self.is_literal:
            return str(self.name)
        name = context.dialect.quote(self.name)
        if self.table is not None and context.qualify:
            return self.table.qualifier(context) + "." + name
        return name

    def tables(self):
        return [] if self.table is None else [self.table]

    def of_table(self, table):
        return ColumnClause(self.name, self.type, self.is_literal, table)

    def __repr__(self):
        return "<column %s>" % self.name


class Binary(ColumnElement):
    def __init__(self, left, operator, right, type_=None):
        self.left, self.operator, self.right = left, operator, right
        self.precedence = PRECEDENCE.get(operator, 0)
        self.modifiers = {}
        self.type = types.to_instance(type_) if type_ is not None else \
            types.Boolean() if operator in _COMPARES else left.type

    def sql(self, context):
        return "%s %s %s" % (self.left.grouped(context, self.precedence, self.operator), self.operator,
                             self.right.grouped(context, self.precedence, self.operator))

    def tables(self):
        return self.left.tables() + self.right.tables()

    def __bool__(self):
        """So that "in" finds a column in a list: the same or not."""
        if self.operator not in ("=", "!="):
            return super().__bool__()
        return (self.left is self.right) == (self.operator == "=")

    def negated(self):
        return type(self)(self.left, _NEGATED[self.operator], self.right) if self.operator in _NEGATED else None


class Division(Binary):
    """SQLAlchemy divides truly: 1 / 2 is no integer."""

    def __init__(self, left, right, operator="/"):
        super().__init__(left, operator, right)

    def sql(self, context):
        left, right = self.left.grouped(context, 8), self.right.grouped(context, 8)
        if isinstance(self.right.type, types.Integer):
            right = "CAST(%s AS NUMERIC)" % right if context.dialect.is_postgresql else "(%s + 0.0)" % right
        return "%s / %s" % (left, right)


class Like(Binary):
    def __init__(self, left, operator, right, escape=None):
        super().__init__(left, operator, right)
        self.escape = escape

    def sql(self, context):
        if "ILIKE" in self.operator and not context.dialect.is_postgresql:
            text = "lower(%s) %s lower(%s)" % (self.left.sql(context), self.operator.replace("ILIKE", "LIKE"),
                                               self.right.sql(context))
        else:
            text = super().sql(context)
        return text + (" ESCAPE '%s'" % self.escape.replace("'", "''") if self.escape else "")

    def negated(self):
        return Like(self.left, _NEGATED[self.operator], self.right, self.escape)


class Regexp(Binary):
    def sql(self, context):
        if context.dialect.is_postgresql:
            return super().sql(context)
        return "%s %sREGEXP %s" % (self.left.sql(context), "NOT " if self.operator == "!~" else "", self.right.sql(context))


class Between(Binary):
    def __init__(self, left, operator, low, high):
        super().__init__(left, operator, low)
        self.high = high

    def sql(self, context):
        return "%s %s %s AND %s" % (self.left.grouped(context, 5), self.operator, self.right.grouped(context, 5),
                                    self.high.grouped(context, 5))

    def tables(self):
        return super().tables() + self.high.tables()

    def negated(self):
        return Between(self.left, _NEGATED[self.operator], self.right, self.high)


class In(Binary):
    """One of these values, or of what a query gives."""

    def __init__(self, left, operator, other):
        if hasattr(other, "__clause_element__") and not isinstance(other, StandIn):
            other = other.__clause_element__()
        if not isinstance(other, Element):
            other = Several([coerce(one, left.type) for one in other])
        super().__init__(left, operator, other)

    def sql(self, context):
        left = self.left.grouped(context, 5)
        if isinstance(self.right, Several):
            if not self.right.elements:
                empty = "(NULL) AND (1 != 1)" if self.operator == "IN" else "(NULL) OR (1 = 1)"
                return "%s %s %s" % (left, self.operator, empty) if self.operator == "IN" else \
                    "(%s %s %s)" % (left, self.operator, empty)
            right = "(%s)" % self.right.sql(context)
        elif isinstance(self.right, BindParameter):
            right = self.right.with_value(self.right.value) if self.right.has_value else self.right
            right.expanding = True
            right = right.sql(context)
        else:
            text = self.right.sql(context)
            right = text if text.startswith("(") else "(%s)" % text
        text = "%s %s %s" % (left, self.operator, right)
        return "(%s)" % text if self.operator == "NOT IN" else text

    def tables(self):
        return self.left.tables() + ([] if self.right.is_statement else self.right.tables())

    def negated(self):
        return In(self.left, _NEGATED[self.operator], self.right)


class Several(ColumnElement):
    """Elements with commas between."""
    precedence = -1
    operator = ","

    def __init__(self, elements):
        self.elements = list(elements)
        self.clauses = self.elements

    def sql(self, context):
        return ", ".join(one.sql(context) for one in self.elements)

    def tables(self):
        return [table for one in self.elements for table in one.tables()]

    def __iter__(self):
        return iter(self.elements)


class TupleOf(Several):
    def sql(self, context):
        return "(%s)" % super().sql(context)


class Junction(ColumnElement):
    """AND, OR"""
    type = types.Boolean()

    def __init__(self, operator, parts):
        self.operator, self.parts = operator, parts
        self.precedence = PRECEDENCE[operator]

    def sql(self, context):
        return (" %s " % self.operator).join(
            "(%s)" % one.sql(context) if one.groups_in(self.precedence, self.operator) else one.condition(context)
            for one in self.parts)

    def tables(self):
        return [table for one in self.parts for table in one.tables()]


class Unary(ColumnElement):
    def __init__(self, operator, element, type_=None):
        self.operator, self.element = operator, element
        self.precedence = PRECEDENCE["-x"]
        self.type = type_ or types.NULLTYPE

    def sql(self, context):
        return self.operator + self.element.grouped(context, self.precedence)

    def tables(self):
        return self.element.tables()


class Not(ColumnElement):
    type = types.Boolean()
    operator = "NOT"
    precedence = 5

    def __init__(self, element):
        self.element = element

    def sql(self, context):
        plain = isinstance(self.element, (ColumnClause, Constant)) or isinstance(self.element.type, types.Boolean) and \
            not isinstance(self.element, (Junction, Binary, Not))
        if plain and not context.dialect.is_postgresql and isinstance(self.element, ColumnClause):
            return self.element.sql(context) + " = 0"
        return "NOT " + self.element.grouped(context, 5)

    def tables(self):
        return self.element.tables()


class Ordered(ColumnElement):
    """desc(), asc(), nulls first or last"""
    precedence = -1

    def __init__(self, element, words):
        self.element, self.words = element, words
        self.name, self.key, self.type = element.name, element.key, element.type

    def sql(self, context):
        return "%s %s" % (self.element.sql(context), self.words)

    def tables(self):
        return self.element.tables()


class Collate(ColumnElement):
    precedence = 4

    def __init__(self, element, collation):
        self.element, self.collation, self.type = element, collation, element.type

    def sql(self, context):
        plain = self.collation.lower() == self.collation and re.match(r"[a-z_][a-z0-9_]*\Z", self.collation)
        return "%s COLLATE %s" % (self.element.grouped(context, 4), self.collation if plain else '"%s"' % self.collation)

    def tables(self):
        return self.element.tables()


class Label(ColumnElement):
    def __init__(self, name, element, type_=None):
        self.element = coerce(element)
        self.name = self.key = name if name is not None else "anon_1"
        self.type = self.element.type

    def sql(self, context):
        return self.element.sql(context)

    def grouped(self, context, precedence, operator=None):
        return self.element.grouped(context, precedence, operator)

    def tables(self):
        return self.element.tables()


class Cast(ColumnElement):
    def __init__(self, element, type_):
        self.type = types.to_instance(type_)
        self.element = coerce(element, self.type if not isinstance(element, str) else None)
        self.anonymous = self.name = getattr(self.element, "name", None)
        self.key = self.name

    def sql(self, context):
        return "CAST(%s AS %s)" % (self.element.sql(context), self.type.sql_here(context.dialect))

    def tables(self):
        return self.element.tables()


class TypeCoerce(Cast):
    def sql(self, context):
        return self.element.sql(context)


class Subscript(ColumnElement):
    def __init__(self, element, index, type_):
        self.element, self.index, self.type = element, index, type_

    def sql(self, context):
        return "%s[%s]" % (self.element.grouped(context, 15), self.index.sql(context))

    def tables(self):
        return self.element.tables()


class JsonElement(ColumnElement):
    """document["key"], and what .astext makes of it"""
    precedence = 15

    def __init__(self, element, key, operator):
        self.element, self.json_key, self.operator = element, key, operator
        self.type = types.Text() if operator.endswith(">>") else element.type

    def sql(self, context):
        element = self.element.grouped(context, 14)
        if isinstance(self.json_key, (list, tuple)):
            path = "'{%s}'" % ", ".join(str(part) for part in self.json_key)
            return "%s %s %s" % (element, self.operator.replace("-", "#"), path)
        if not context.dialect.is_postgresql:
            path = "'$[%d]'" % self.json_key if isinstance(self.json_key, int) else "'$.\"%s\"'" % self.json_key
            function = "JSON_EXTRACT" if self.operator == "->>" else "JSON_QUOTE(JSON_EXTRACT"
            return "%s(%s, %s%s" % (function, element, path, ")" if self.operator == "->>" else "))")
        return "%s %s %s" % (element, self.operator, coerce(self.json_key).sql(context))

    @property
    def astext(self):
        return JsonElement(self.element, self.json_key, "->>")

    def tables(self):
        return self.element.tables()


class Case(ColumnElement):
    anonymous = "case"

    def __init__(self, whens, value=None, else_=None):
        self.value = None if value is None else coerce(value)
        self.whens = [(coerce(condition, getattr(self.value, "type", None)), coerce(result)) for condition, result in whens]
        self.else_ = None if else_ is None else coerce(else_)
        self.type = self.whens[-1][1].type if self.whens else types.NULLTYPE

    def sql(self, context):
        parts = ["CASE"] + ([self.value.sql(context)] if self.value is not None else [])
        for condition, result in self.whens:
            text = condition.condition(context) if self.value is None else condition.sql(context)
            parts.append("WHEN (%s) THEN %s" % (text, result.sql(context)) if self.value is None and
                         isinstance(condition, (Binary, Junction)) else "WHEN %s THEN %s" % (text, result.sql(context)))
        if self.else_ is not None:
            parts.append("ELSE " + self.else_.sql(context))
        return " ".join(parts + ["END"])

    def tables(self):
        every = [one for pair in self.whens for one in pair] + [one for one in (self.value, self.else_) if one is not None]
        return [table for one in every for table in one.tables()]


class Extract(ColumnElement):
    def __init__(self, field, element):
        self.field, self.element, self.type = field, coerce(element), types.Integer()

    def sql(self, context):
        if context.dialect.is_postgresql:
            return "EXTRACT(%s FROM %s)" % (self.field, self.element.sql(context))
        formats = {"year": "%Y", "month": "%m", "day": "%d", "hour": "%H", "minute": "%M", "second": "%S", "epoch": "%s",
                   "doy": "%j", "dow": "%w", "week": "%W"}
        if self.field not in formats:
            raise CompileError("sqlite cannot extract %s" % self.field)
        return "CAST(STRFTIME('%s', %s) AS INTEGER)" % (formats[self.field], self.element.sql(context))

    def tables(self):
        return self.element.tables()


def _function(name, *arguments):
    from .functions import Function
    return Function(name, *arguments)


def _conditions(parts):
    return [coerce(one) for one in parts if one is not None]


def and_(*parts):
    return _junction("AND", parts)


def or_(*parts):
    return _junction("OR", parts)


def _junction(operator, parts):
    """What decides nothing is left out, as SQLAlchemy does."""
    neutral = operator == "AND"
    kept = [one for one in _conditions(parts) if not (isinstance(one, Constant) and one.value is neutral)]
    if any(isinstance(one, Constant) for one in kept):
        return Constant(not neutral)
    if not kept:
        return Constant(neutral)
    return kept[0] if len(kept) == 1 else Junction(operator, kept)


def not_(element):
    element = coerce(element)
    if isinstance(element, Constant):
        return Constant(not element.value)
    if isinstance(element, Not):
        return element.element
    negated = element.negated() if isinstance(element, Binary) else None
    return negated if negated is not None else Not(element)


def case(*whens, value=None, else_=None):
    """Both ways to call it: case((condition, value), ...), case([(condition, value), ...]), case({...}, value=...)."""
    if len(whens) == 1 and isinstance(whens[0], list):
        whens = whens[0]
    if len(whens) == 1 and isinstance(whens[0], dict):
        whens = list(whens[0].items())
    if any(not isinstance(one, (tuple, list)) or len(one) != 2 for one in whens):
        raise ArgumentError("case() takes pairs of a condition and a value")
    return Case(whens, value, else_)
