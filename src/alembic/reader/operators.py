"""Operators between expressions: comparisons, arithmetic, AND, OR, NOT. To be had from expressions.py."""

from . import column_types as types
from .column_operators import compared_type
from .elements import BindParameter, Constant, Literal, Several, TupleOf
from .expressions import ColumnElement, Element, coerce
from .installed import sqlalchemy_is_2
from .precedence import COMPARES, NEGATED, PRECEDENCE
from .stand_in import StandIn
from .stops import need_application


# SQLite knows the standard's words since 3.39 alone.
_SQLITE_WORDS = {"IS DISTINCT FROM": "IS NOT", "IS NOT DISTINCT FROM": "IS"}


class Binary(ColumnElement):
    is_operation = True

    def __init__(self, left, operator, right, type_=None):
        self.left, self.operator, self.right = left, operator, right
        self.precedence = PRECEDENCE.get(operator, 0)
        self.modifiers = {}
        self.type = types.to_instance(type_) if type_ is not None else \
            types.Boolean() if operator in COMPARES else _result_type(left.type, operator, right.type)

    def sql(self, context):
        operator = self.operator if context.dialect.is_postgresql else _SQLITE_WORDS.get(self.operator, self.operator)
        return "%s %s %s" % (self.left.grouped(context, self.precedence, self.operator), operator,
                             self.right.grouped(context, self.precedence, self.operator))

    def tables(self):
        return self.left.tables() + self.right.tables()

    def __bool__(self):
        """So that "in" finds a column in a list: the same or not."""
        if self.operator not in ("=", "!="):
            return super().__bool__()
        return (self.left is self.right) == (self.operator == "=")

    def negated(self):
        return type(self)(self.left, NEGATED[self.operator], self.right) if self.operator in NEGATED else None


def _result_type(left, operator, right):
    """A whole number and one that is none make one that is none."""
    return right if operator in "+-*" and left.affinity is types.Integer and _is_numeric(right) else left


class Division(Binary):
    """SQLAlchemy 2.0 divides truly: 1 / 2 is no integer."""

    def __init__(self, left, right):
        super().__init__(left, "/", right)
        self.is_true = sqlalchemy_is_2()
        if self.is_true and all(one.type.affinity is types.Integer for one in (left, right)):
            self.type = types.Numeric()

    def sql(self, context):
        left, right = self.left.grouped(context, self.precedence), self.right.grouped(context, self.precedence)
        if self.is_true and context.dialect.is_postgresql:
            kind = self._divisor_type()
            right = "CAST(%s AS %s)" % (right, kind.sql_here(context.dialect) if _is_numeric(kind) else "NUMERIC")
        elif self.is_true:
            right = "(%s + 0.0)" % right
        return "%s / %s" % (left, right)

    def _divisor_type(self):
        """A plain value has the type of what it divides when that is one of its kind, and otherwise its own."""
        value = self.right.value if isinstance(self.right, Literal) else None
        if value is None or _is_numeric(self.left.type) and not isinstance(value, int):
            return self.right.type
        return types.type_of_value(value)


def _is_numeric(type_):
    return type_.affinity is not None and issubclass(type_.affinity, types.Numeric)


class WholeDivision(Binary):
    """column // 2: whole numbers are divided as the databases do it."""

    def __init__(self, left, right):
        super().__init__(left, "/", right)
        self.is_whole = all(one.type.affinity is types.Integer for one in (left, right))
        self.precedence = PRECEDENCE["/"] if self.is_whole else 100

    def sql(self, context):
        text = "%s / %s" % tuple(one.grouped(context, PRECEDENCE["/"]) for one in (self.left, self.right))
        return text if self.is_whole else "FLOOR(%s)" % text


class Xor(Binary):
    """What SQLAlchemy writes on SQLite, which has no such operator, is another value: left | right - left & right"""

    def __init__(self, left, right):
        super().__init__(left, "#", right)

    def sql(self, context):
        if not context.dialect.is_postgresql:
            need_application("bitwise_xor() on SQLite")
        return super().sql(context)


class Folded(ColumnElement):
    """A part of a pattern for any case, which SQLite has in small letters."""

    def __init__(self, element):
        self.element = coerce(element)
        self.type = self.element.type

    def sql(self, context):
        text = self.element.sql(context)
        return text if context.dialect.is_postgresql else "lower(%s)" % text

    def tables(self):
        return self.element.tables()


class Like(Binary):
    is_folded = False  # the right side sees to it itself that any case is like another

    def __init__(self, left, operator, right, escape=None):
        super().__init__(left, operator, right)
        self.escape = escape

    def sql(self, context):
        if "ILIKE" in self.operator and not context.dialect.is_postgresql:
            text = "lower(%s) %s %s" % (self.left.sql(context), self.operator.replace("ILIKE", "LIKE"),
                                        (self.right if self.is_folded else Folded(self.right)).sql(context))
        else:
            text = super().sql(context)
        return text + (" ESCAPE '%s'" % self.escape.replace("'", "''") if self.escape else "")

    def negated(self):
        return type(self)(self.left, NEGATED[self.operator], self.right, self.escape)


class Pattern(Like):
    """contains(), startswith(), endswith(), which stand in parentheses where they are a condition."""

    def __init__(self, left, operator, right, escape=None):
        super().__init__(left, operator, right, escape)
        self.precedence, self.is_folded = 0, "ILIKE" in operator

    def condition(self, context):
        return "(%s)" % self.sql(context)


class Regexp(Binary):
    """flags: PostgreSQL's; that for any case is an operator of its own, and others stand in the pattern. SQLite has none."""

    def __init__(self, left, operator, right, flags=None):
        super().__init__(left, operator, right)
        self.flags = flags

    def sql(self, context):
        # To PostgreSQL || is an operator like this one, and the first of them comes first.
        left, right = (one.grouped(context, PRECEDENCE["||"]) for one in (self.left, self.right))
        operator = self.operator
        if not context.dialect.is_postgresql:
            operator = "NOT REGEXP" if operator == "!~" else "REGEXP"
        elif self.flags == "i":
            operator += "*"
        elif self.flags is not None:
            right = "CONCAT('(?', %s, ')', %s)" % (coerce(self.flags).sql(context), right)
        return "%s %s %s" % (left, operator, right)

    def negated(self):
        return Regexp(self.left, NEGATED[self.operator], self.right, self.flags)


class Between(Binary):
    def __init__(self, left, operator, low, high):
        super().__init__(left, operator, low)
        self.high = high
        self.type = types.NULLTYPE  # SQLAlchemy does not say that it is a truth value, and SQLite gives a number

    def sql(self, context):
        return "%s %s %s AND %s" % (self.left.grouped(context, 5), self.operator, self.right.grouped(context, 5),
                                    self.high.grouped(context, 5))

    def tables(self):
        return super().tables() + self.high.tables()

    def negated(self):
        return Between(self.left, NEGATED[self.operator], self.right, self.high)


class In(Binary):
    """One of these values, or of what a query gives."""

    def __init__(self, left, operator, other):
        if hasattr(other, "__clause_element__") and not isinstance(other, StandIn):
            other = other.__clause_element__()
        if not isinstance(other, Element):
            other = Several([coerce(one, compared_type(left.type, one)) for one in other])
        super().__init__(left, operator, other)

    def sql(self, context):
        left = self.left.grouped(context, 5)
        # SQLite compares a row with those of a query alone.
        rows = "VALUES " if isinstance(self.left, TupleOf) and not context.dialect.is_postgresql else ""
        if isinstance(self.right, Several):
            if not self.right.elements:
                none = "(%s(%s))" % (rows, ", ".join("NULL" for _ in self.left)) if isinstance(self.left, TupleOf) else "(NULL)"
                return "%s IN %s AND (1 != 1)" % (left, none) if self.operator == "IN" else \
                    "(%s NOT IN %s OR (1 = 1))" % (left, none)
            right = "(%s%s)" % (rows, self.right.sql(context))
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
        return In(self.left, NEGATED[self.operator], self.right)


class Junction(ColumnElement):
    """AND, OR"""
    type = types.Boolean()
    is_operation = True

    def __init__(self, operator, parts):
        self.operator, self.parts = operator, parts
        self.precedence = PRECEDENCE[operator]

    def sql(self, context):
        return (" %s " % self.operator).join(
            "(%s)" % one.sql(context) if one.groups_in(self.precedence, self.operator) else one.condition(context)
            for one in self.parts)

    def tables(self):
        return [table for one in self.parts for table in one.tables()]


class Not(ColumnElement):
    type = types.Boolean()
    is_operation = True
    operator = "NOT"
    precedence = 5

    def __init__(self, element):
        self.element = element

    def sql(self, context):
        if not context.dialect.is_postgresql and isinstance(self.element.type, types.Boolean) and not self.element.is_operation:
            return self.element.sql(context) + " = 0"
        return "NOT " + self.element.grouped(context, 5)

    def tables(self):
        return self.element.tables()


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
