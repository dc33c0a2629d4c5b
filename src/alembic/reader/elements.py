"""Columns, values, and what is made of one expression: casts, labels, orders. To be had from expressions.py."""

import re

from . import column_types as types
from .exceptions import ArgumentError, CompileError, StatementError
from .expressions import ColumnElement, Element, coerce
from .precedence import PRECEDENCE
from .stand_in import StandIn
from .values import literal


class Literal(ColumnElement):
    """A value. SQLAlchemy would bind it; here it is written out."""

    def __init__(self, value, type_=None):
        self.value = value
        self.type = types.to_instance(type_) if type_ is not None else types.type_of_value(value)

    def sql(self, context):
        return self._text(context, "bound")

    def assigned(self, context):
        return self._text(context, "literal")

    def _text(self, context, how):
        value = self.value() if callable(self.value) and not isinstance(self.value, (type, StandIn)) else self.value
        return getattr(self.type.resolved(context.dialect), how)(value, context.dialect)


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
            first = self.value[0] if expanding and isinstance(self.value, (list, tuple)) and self.value else self.value
            self.type = types.NULLTYPE if self.value is self._missing else types.type_of_value(first)

    @property
    def has_value(self):
        return self.value is not self._missing

    def with_value(self, value):
        """What bindparams() gives it: a value tells its type."""
        typed = None if isinstance(self.type, types.NullType) else self.type
        return BindParameter(self.key, value, typed, expanding=self.expanding)

    def executed_with(self, value):
        """What an execution gives it: without a type of its own, it is as the driver writes it."""
        return BindParameter(self.key, value, self.type, expanding=self.expanding)

    def sql(self, context):
        return self._text(context, Literal.sql)

    def assigned(self, context):
        return self._text(context, Literal.assigned)

    def _text(self, context, how):
        if not self.has_value:
            raise StatementError("a value is required for the bind parameter %r" % self.key)
        value = self.value() if callable(self.value) and not isinstance(self.value, StandIn) else self.value
        if self.expanding:
            each = ", ".join(Literal(one, self.type).sql(context) for one in value)
            return "(%s)" % (each or "SELECT 1 WHERE 1 != 1")
        if isinstance(value, Element):
            return value.grouped(context, 8)
        return how(Literal(value, self.type), context)


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
            qualifier = self.table.qualifier(context)
            return name if qualifier is None else qualifier + "." + name
        return name

    def tables(self):
        return [] if self.table is None else [self.table]

    def of_table(self, table):
        return ColumnClause(self.name, self.type, self.is_literal, table)

    def __repr__(self):
        return "<column %s>" % self.name


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
    precedence = 20

    def sql(self, context):
        return "(%s)" % super().sql(context)


class Unary(ColumnElement):
    def __init__(self, operator, element, type_=None):
        self.operator, self.element = operator, element
        self.precedence = PRECEDENCE["-x"]
        self.type = type_ or types.NULLTYPE
        self.anonymous = None

    def sql(self, context):
        text = self.element.grouped(context, self.precedence)
        return self.operator + (" " if text.startswith("-") else "") + text  # two of them begin a comment

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

    def condition(self, context):
        return self.element.condition(context)

    def tables(self):
        return self.element.tables()


class Cast(ColumnElement):
    def __init__(self, element, type_):
        self.type = types.to_instance(type_)
        self.element = coerce(element, self.type)
        self.name = getattr(self.element, "name", None)
        self.anonymous = self.element.anonymous if self.name is None and isinstance(self.element, ColumnElement) else self.name
        self.key = self.name

    def sql(self, context):
        return "CAST(%s AS %s)" % (self.element.sql(context), self.type.sql_here(context.dialect))

    def tables(self):
        return self.element.tables()


class JsonValue(Cast):
    """document["key"].as_integer(): SQLAlchemy casts on PostgreSQL alone. SQLite gives numbers as numbers."""

    def sql(self, context):
        return super().sql(context) if context.dialect.is_postgresql else self.element.sql(context)


class TypeCoerce(Cast):
    def sql(self, context):
        return self.element.sql(context)

    def condition(self, context):
        return self.element.condition(context)


class Subscript(ColumnElement):
    def __init__(self, element, index, type_):
        self.element, self.index, self.type = element, index, type_

    def sql(self, context):
        return "%s[%s]" % (self.element.grouped(context, 15), self.index.sql(context))

    def tables(self):
        return self.element.tables()


class Slice(ColumnElement):
    """array[1:2]"""

    def __init__(self, start, stop):
        self.start, self.stop = start, stop

    def sql(self, context):
        return "%s:%s" % (self.start.sql(context), self.stop.sql(context))


class JsonElement(ColumnElement):
    """document["key"], and what .astext makes of it"""
    precedence = 15

    def __init__(self, element, key, operator):
        self.element, self.json_key, self.operator = element, key, operator
        is_text = operator.endswith(">>") or type(element.type).__name__ == "HSTORE"
        self.type = types.Text() if is_text else element.type

    def sql(self, context):
        element = self.element.grouped(context, 14)
        if not context.dialect.is_postgresql:
            keys = self.json_key if isinstance(self.json_key, (list, tuple)) else [self.json_key]
            path = "$" + "".join("[%d]" % key if isinstance(key, int) else '."%s"' % key for key in keys)
            found = "JSON_EXTRACT(%s, %s)" % (element, literal(path, context.dialect))
            return found if self.operator == "->>" else "JSON_QUOTE(%s)" % found
        if isinstance(self.json_key, (list, tuple)):
            path = literal("{%s}" % ", ".join(str(part) for part in self.json_key), context.dialect)
            return "%s %s %s" % (element, self.operator.replace("-", "#"), path)
        return "%s %s %s" % (element, self.operator, coerce(self.json_key).sql(context))

    @property
    def astext(self):
        return JsonElement(self.element, self.json_key, "->>")

    def as_string(self):
        return self._value_as(types.String())

    def _value_as(self, type_):
        return JsonValue(self.astext, type_)

    def tables(self):
        return self.element.tables()


class Case(ColumnElement):

    def __init__(self, whens, value=None, else_=None):
        self.value = None if value is None else coerce(value)
        self.whens = [(coerce(condition, getattr(self.value, "type", None)), coerce(result)) for condition, result in whens]
        self.else_ = None if else_ is None else coerce(else_)
        self.type = self.whens[-1][1].type if self.whens else types.NULLTYPE

    def sql(self, context):
        parts = ["CASE"] + ([self.value.sql(context)] if self.value is not None else [])
        for condition, result in self.whens:
            text = condition.sql(context)
            parts.append("WHEN (%s) THEN %s" % (text, result.sql(context)) if self.value is None and
                         (hasattr(condition, "left") or hasattr(condition, "parts")) else "WHEN %s THEN %s" % (text, result.sql(context)))
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


def case(*whens, value=None, else_=None):
    """Both ways to call it: case((condition, value), ...), case([(condition, value), ...]), case({...}, value=...)."""
    if len(whens) == 1 and isinstance(whens[0], list):
        whens = whens[0]
    if len(whens) == 1 and isinstance(whens[0], dict):
        whens = list(whens[0].items())
    if any(not isinstance(one, (tuple, list)) or len(one) != 2 for one in whens):
        raise ArgumentError("case() takes pairs of a condition and a value")
    return Case(whens, value, else_)
