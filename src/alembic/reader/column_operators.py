"""What may be written on a column, or on anything else with a value: Python's operators, and methods that stand for SQL's."""

import decimal

from . import column_types as types
from . import expressions  # whose names are there when a script writes an operator
from .installed import sqlalchemy_is_2


def compared_type(type_, value):
    """Of a plain value beside something of a type: beside a document or an array a text or a number is what it is, and no document;
    beside a whole number one that is none."""
    if getattr(type_, "affinity", None) is types.Integer:
        return None if isinstance(value, (float, decimal.Decimal)) else type_
    is_plain = not isinstance(value, (dict, list, tuple, set, frozenset, types.JSON.Null, type(None)))
    return None if is_plain and isinstance(type_, (types.JSON, types.ARRAY)) else type_


class ColumnOperators:
    """Each makes an element of itself and of what it is given."""

    # Operators.
    def _binary(self, operator, other, type_=None):
        return expressions.Binary(self, operator, expressions.coerce(other, self._operand_type(operator, other)), type_)

    def _operand_type(self, operator, other):
        return None if operator in ("||",) and isinstance(other, str) else compared_type(self.type, other)

    def __eq__(self, other):
        if other is None or isinstance(other, expressions.Null):
            return expressions.Binary(self, "IS", expressions.Null())
        return self._binary("=", other)

    def __ne__(self, other):
        if other is None or isinstance(other, expressions.Null):
            return expressions.Binary(self, "IS NOT", expressions.Null())
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
        """Whether "+" joins two texts: a number is added, whatever it stands beside."""
        if isinstance(other, (int, float)) or self.type.affinity in (types.Integer, types.Numeric, types.Float):
            return False
        return isinstance(other, str) or isinstance(self.type, types.String) or \
            isinstance(getattr(other, "type", None), types.String)

    def __add__(self, other):
        if self._is_text(other):
            return expressions.Binary(self, "||", expressions.coerce(other), types.String())
        return self._binary("||" if self._is_joined() else "+", other)

    def _is_joined(self):
        """Whether "+" puts two of its kind together."""
        return isinstance(self.type, (types.ARRAY, types.JSON)) or type(self.type).__name__ == "HSTORE"

    def __radd__(self, other):
        if self._is_text(other):
            return expressions.Binary(expressions.coerce(other), "||", self, types.String())
        return expressions.Binary(expressions.coerce(other, compared_type(self.type, other)), "||" if self._is_joined() else "+", self)

    def __sub__(self, other):
        return self._binary("-", other)

    def __rsub__(self, other):
        return expressions.Binary(expressions.coerce(other, self.type), "-", self)

    def __mul__(self, other):
        return self._binary("*", other)

    def __rmul__(self, other):
        return expressions.Binary(expressions.coerce(other, self.type), "*", self)

    def __truediv__(self, other):
        return expressions.Division(self, expressions.coerce(other, self.type))

    def __rtruediv__(self, other):
        return expressions.Division(expressions.coerce(other, self.type), self)

    def __floordiv__(self, other):
        if not sqlalchemy_is_2():
            return NotImplemented
        return expressions.WholeDivision(self, expressions.coerce(other, self.type))

    def __rfloordiv__(self, other):
        if not sqlalchemy_is_2():
            return NotImplemented
        return expressions.WholeDivision(expressions.coerce(other, self.type), self)

    def __mod__(self, other):
        return self._binary("%", other)

    def __neg__(self):
        return expressions.Unary("-", self, self.type)

    def __invert__(self):
        return expressions.not_(self)

    def __and__(self, other):
        return expressions.and_(self, other)

    def __or__(self, other):
        return expressions.or_(self, other)

    def __rand__(self, other):
        return expressions.and_(other, self)

    def __ror__(self, other):
        return expressions.or_(other, self)

    def __getitem__(self, key):
        if isinstance(self.type, types.ARRAY):
            if isinstance(key, slice):
                bounds = expressions.Slice(expressions.coerce(key.start), expressions.coerce(key.stop))
                return expressions.Subscript(self, bounds, self.type)
            return expressions.Subscript(self, expressions.coerce(key), self.type.item_type)
        return expressions.JsonElement(self, key, "->")

    def __contains__(self, other):
        raise NotImplementedError("\"in\" has no SQL; use .contains() or .in_()")

    def __iter__(self):
        raise TypeError("an SQL expression cannot be iterated over")

    def op(self, operator, precedence=0, is_comparison=False, return_type=None, **unused):
        def apply(other):
            type_ = None if isinstance(other, str) else compared_type(self.type, other)
            made = expressions.Binary(self, operator, expressions.coerce(other, type_), return_type)
            made.precedence = precedence
            return made
        return apply

    bool_op = op

    def operate(self, operator, *others, **named):
        return operator(self, *others, **named)

    def reverse_operate(self, operator, other, **named):
        return operator(expressions.coerce(other, self.type), self, **named)

    def is_(self, other):
        return expressions.Binary(self, "IS", expressions.coerce(other))

    def is_not(self, other):
        return expressions.Binary(self, "IS NOT", expressions.coerce(other))

    isnot = is_not

    def is_distinct_from(self, other):
        return self._binary("IS DISTINCT FROM", other)

    def is_not_distinct_from(self, other):
        return self._binary("IS NOT DISTINCT FROM", other)

    isnot_distinct_from = is_not_distinct_from

    def like(self, other, escape=None):
        return expressions.Like(self, "LIKE", expressions.coerce(other), escape)

    def not_like(self, other, escape=None):
        return expressions.Like(self, "NOT LIKE", expressions.coerce(other), escape)

    notlike = not_like

    def ilike(self, other, escape=None):
        return expressions.Like(self, "ILIKE", expressions.coerce(other), escape)

    def not_ilike(self, other, escape=None):
        return expressions.Like(self, "NOT ILIKE", expressions.coerce(other), escape)

    notilike = not_ilike

    def _pattern(self, before, other, after, escape, autoescape, in_any_case=False):
        if autoescape and isinstance(other, str):
            escape = escape or "/"
            for special in (escape, "%", "_"):
                other = other.replace(special, escape + special)
        made = expressions.Folded(other) if in_any_case else expressions.coerce(other)
        if before:
            made = expressions.Binary(expressions.Literal("%"), "||", made)
        if after:
            made = expressions.Binary(made, "||", expressions.Literal("%"))
        return expressions.Pattern(self, "ILIKE" if in_any_case else "LIKE", made, escape)

    def contains(self, other, escape=None, autoescape=False):
        if self._is_joined() or self._is_range():
            return self._binary("@>", other)
        return self._pattern(True, other, True, escape, autoescape)

    def startswith(self, other, escape=None, autoescape=False):
        return self._pattern(False, other, True, escape, autoescape)

    def endswith(self, other, escape=None, autoescape=False):
        return self._pattern(True, other, False, escape, autoescape)

    def icontains(self, other, escape=None, autoescape=False):
        return self._pattern(True, other, True, escape, autoescape, in_any_case=True)

    def istartswith(self, other, escape=None, autoescape=False):
        return self._pattern(False, other, True, escape, autoescape, in_any_case=True)

    def iendswith(self, other, escape=None, autoescape=False):
        return self._pattern(True, other, False, escape, autoescape, in_any_case=True)

    def bitwise_and(self, other):
        return self._binary("&", other)

    def bitwise_or(self, other):
        return self._binary("|", other)

    def bitwise_xor(self, other):
        return expressions.Xor(self, expressions.coerce(other, self.type))

    def bitwise_not(self):
        return expressions.Unary("~", self, self.type)

    def bitwise_lshift(self, other):
        return self._binary("<<", other)

    def bitwise_rshift(self, other):
        return self._binary(">>", other)

    def any_(self):
        return _any_or_all("ANY", self)

    def all_(self):
        return _any_or_all("ALL", self)

    def regexp_match(self, pattern, flags=None):
        return expressions.Regexp(self, "~", expressions.coerce(pattern), flags)

    def regexp_replace(self, pattern, replacement, flags=None):
        arguments = [pattern, replacement] + ([] if flags is None else [flags])
        made = _function("REGEXP_REPLACE", self, *[expressions.coerce(one) for one in arguments])
        made.anonymous = "anon"
        return made

    def match(self, other, **unused):
        return expressions.Binary(self, "@@", _function("to_tsquery", expressions.coerce(other)))

    def in_(self, other):
        return expressions.In(self, "IN", other)

    def not_in(self, other):
        return expressions.In(self, "NOT IN", other)

    notin_ = not_in

    def between(self, low, high, symmetric=False):
        return expressions.Between(self, "BETWEEN", expressions.coerce(low, self.type), expressions.coerce(high, self.type))

    def concat(self, other):
        if self._is_joined():
            return self._binary("||", other)
        return expressions.Binary(self, "||", expressions.coerce(other), types.String())

    def path_exists(self, path):
        return expressions.Binary(self, "@?", expressions.coerce(path), types.Boolean())

    def path_match(self, path):
        return expressions.Binary(self, "@@", expressions.coerce(path), types.Boolean())

    def delete_path(self, path):
        from .functions import array
        path = path if hasattr(path, "sql") else array(path)
        return expressions.Binary(self, "#-", expressions.Cast(path, types.ARRAY(types.Text)), self.type)

    def has_key(self, key):
        return expressions.Binary(self, "?", expressions.coerce(key))

    def has_any(self, keys):
        return expressions.Binary(self, "?|", expressions.coerce(keys))

    def has_all(self, keys):
        return expressions.Binary(self, "?&", expressions.coerce(keys))

    def overlap(self, other):
        return self._binary("&&", other)

    def contained_by(self, other):
        return self._binary("<@", other)

    def _is_range(self):
        return type(self.type).__name__.endswith("RANGE")

    def overlaps(self, other):
        return self._binary("&&", other, types.Boolean())

    def strictly_left_of(self, other):
        return self._binary("<<", other, types.Boolean())

    def strictly_right_of(self, other):
        return self._binary(">>", other, types.Boolean())

    def not_extend_right_of(self, other):
        return self._binary("&<", other, types.Boolean())

    def not_extend_left_of(self, other):
        return self._binary("&>", other, types.Boolean())

    def adjacent_to(self, other):
        return self._binary("-|-", other, types.Boolean())

    def any(self, other, operator=None):
        return expressions.Binary(expressions.coerce(other), "=", _any_or_all("ANY", self))

    def all(self, other, operator=None):
        return expressions.Binary(expressions.coerce(other), "=", _any_or_all("ALL", self))

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
        return expressions.Cast(self.astext, type_)

    def desc(self):
        return expressions.Ordered(self, "DESC")

    def asc(self):
        return expressions.Ordered(self, "ASC")

    def nulls_first(self):
        return expressions.Ordered(self, "NULLS FIRST")

    def nulls_last(self):
        return expressions.Ordered(self, "NULLS LAST")

    nullsfirst, nullslast = nulls_first, nulls_last

    def collate(self, collation):
        return expressions.Collate(self, collation)

    def distinct(self):
        return expressions.Unary("DISTINCT ", self, self.type)

    def label(self, name):
        return expressions.Label(name, self)

    def cast(self, type_):
        return expressions.Cast(self, type_)


def _any_or_all(name, of):
    from .functions import AnyOrAll
    return AnyOrAll(name, of)


def _function(name, *arguments):
    from .functions import Function
    return Function(name, *arguments)
