"""sqlalchemy.func: any function, and those that have a special form."""
from . import column_types as types
from .bound import Bound
from .expressions import Cast, ColumnElement, Element, Extract, coerce

# Without arguments these are words, not calls.
_WORDS = {"current_timestamp", "current_date", "current_time", "current_user", "session_user", "localtime", "localtimestamp",
          "user", "sysdate"}
_TYPES = {"count": types.Integer, "now": types.DateTime, "char_length": types.Integer, "length": types.Integer,
          "concat": types.String, "random": types.Float, "current_timestamp": types.DateTime, "current_date": types.Date,
          "lower": types.String, "upper": types.String}
_LIKE_ARGUMENT = {"max", "min", "sum", "coalesce", "lower", "upper", "array_agg"}


class Function(Bound, ColumnElement):
    is_selected_alone = True

    def __init__(self, name, *arguments, packages=(), type_=None):
        self.name = name
        self.key = name
        self.anonymous = name
        self.packages = packages
        self.arguments = [coerce(one) for one in arguments]
        self.type = types.to_instance(type_) if type_ is not None else self._own_type()

    def _own_type(self):
        lower = self.name.lower()
        if lower in _TYPES:
            return _TYPES[lower]()
        return self.arguments[0].type if lower in _LIKE_ARGUMENT and self.arguments else types.NULLTYPE

    def sql(self, context):
        lower = self.name.lower()
        if lower == "now" and not self.arguments and not self.packages:
            return "now()" if context.dialect.is_postgresql else "CURRENT_TIMESTAMP"
        if lower in _WORDS and not self.arguments and not self.packages:
            return lower.upper()
        if lower == "char_length" and not context.dialect.is_postgresql:
            return "length(%s)" % self._arguments(context)
        if lower == "count" and not self.arguments:
            return "count(*)"
        if lower == "aggregate_strings" and not self.packages:
            return "%s(%s)" % ("string_agg" if context.dialect.is_postgresql else "group_concat", self._arguments(context))
        name = ".".join(context.dialect.quote(part) if part.lower() != part or not part.isidentifier() else part
                        for part in (*self.packages, self.name))
        return "%s(%s)" % (self.name if not self.packages and self.name.isidentifier() else name, self._arguments(context))

    def _arguments(self, context):
        return ", ".join(one.sql(context) for one in self.arguments)

    def tables(self):
        return [table for one in self.arguments for table in one.tables()]

    def over(self, partition_by=None, order_by=None, rows=None, range_=None, groups=None):
        return Over(self, partition_by, order_by, rows, range_, groups)

    def filter(self, *conditions):
        from .expressions import and_
        return Filter(self, and_(*conditions))

    def within_group(self, *order_by):
        return WithinGroup(self, order_by)

    from_sql = sql

    def lateral(self, name=None):
        from .table_functions import FunctionTable
        return FunctionTable(self, name, is_lateral=True)

    def alias(self, name=None, **unused):
        from .table_functions import FunctionTable
        return FunctionTable(self, name)

    def column_valued(self, name=None, **unused):
        return self.alias(name).column

    def table_valued(self, *columns, name=None, with_ordinality=None, **unused):
        from .table_functions import TableValued
        return TableValued(self, columns, name, with_ordinality)

    def select(self):
        from .select_functions import select
        return select(self)

    def scalar_table_valued(self, name, type_=None):
        from .expressions import ColumnClause
        return ColumnClause(name, type_)


class AnyOrAll(Function):
    """any_() and all_() of an array or a query: they stand on the right of a comparison."""
    is_selected_alone = False
    _MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}

    def __init__(self, name, of):
        super().__init__(name, of.scalar_subquery() if hasattr(of, "scalar_subquery") else of)

    def sql(self, context):
        text = self.arguments[0].sql(context)
        return "%s %s" % (self.name, text if hasattr(self.arguments[0], "query") else "(%s)" % text)

    def _binary(self, operator, other, type_=None):
        from .expressions import Binary
        return Binary(coerce(other), self._MIRRORED.get(operator, operator), self, type_)


class FunctionElement(Function):
    """What a project derives its own functions from."""

    def __init__(self, *arguments, **unused):
        kind = type(self)
        super().__init__(getattr(kind, "name", None) or kind.__name__, *arguments, type_=getattr(kind, "type", None))

    @property
    def clauses(self):
        return _Arguments(self.arguments)


class _Arguments(Element):
    def __init__(self, elements):
        self.clauses = elements

    def __iter__(self):
        return iter(self.clauses)

    def __len__(self):
        return len(self.clauses)

    def sql(self, context):
        return ", ".join(one.sql(context) for one in self.clauses)


class _Wrapped(ColumnElement):
    def __init__(self, function):
        self.function, self.type, self.anonymous = function, function.type, "anon"

    def parts(self):
        """What stands beside the function."""
        return []

    def tables(self):
        return self.function.tables() + [table for one in self.parts() for table in one.tables()]


def _list(value):
    if value is None:
        return []
    return [coerce(one) for one in value] if isinstance(value, (list, tuple)) else [coerce(value)]


class Over(_Wrapped):
    def __init__(self, function, partition_by=None, order_by=None, rows=None, range_=None, groups=None):
        super().__init__(function)
        self.partition_by, self.order_by = _list(partition_by), _list(order_by)
        self.frame = next((_frame(word, two) for word, two in (("RANGE", range_), ("ROWS", rows), ("GROUPS", groups)) if two), "")

    def parts(self):
        return self.partition_by + self.order_by

    def sql(self, context):
        parts = []
        if self.partition_by:
            parts.append("PARTITION BY " + ", ".join(one.sql(context) for one in self.partition_by))
        if self.order_by:
            parts.append("ORDER BY " + ", ".join(one.sql(context) for one in self.order_by))
        return "%s OVER (%s)" % (self.function.sql(context), " ".join(parts + ([self.frame] if self.frame else [])))


def _frame(word, two):
    """(-1, 0): ROWS BETWEEN 1 PRECEDING AND CURRENT ROW"""
    ends = ["UNBOUNDED " + side if end is None else "CURRENT ROW" if end == 0 else
            "%d %s" % (abs(end), "PRECEDING" if end < 0 else "FOLLOWING") for end, side in zip(two, ("PRECEDING", "FOLLOWING"))]
    return "%s BETWEEN %s AND %s" % (word, *ends)


class Filter(_Wrapped):
    def __init__(self, function, condition):
        super().__init__(function)
        self.on = condition

    def parts(self):
        return [self.on]

    def sql(self, context):
        return "%s FILTER (WHERE %s)" % (self.function.sql(context), self.on.condition(context))

    def over(self, **named):
        return Over(self, **named)


class WithinGroup(_Wrapped):
    def __init__(self, function, order_by):
        super().__init__(function)
        self.order_by = [coerce(one) for one in order_by]

    def parts(self):
        return self.order_by

    def sql(self, context):
        return "%s WITHIN GROUP (ORDER BY %s)" % (self.function.sql(context),
                                                  ", ".join(one.sql(context) for one in self.order_by))

    def over(self, **named):
        return Over(self, **named)


class aggregate_order_by(_Wrapped):
    """postgresql.aggregate_order_by(value, order)"""

    def __init__(self, target, *order_by):
        super().__init__(coerce(target))
        self.order_by = [coerce(one) for one in order_by]

    def parts(self):
        return self.order_by

    def sql(self, context):
        return "%s ORDER BY %s" % (self.function.sql(context), ", ".join(one.sql(context) for one in self.order_by))


class array(ColumnElement):
    """postgresql.array([...])"""

    def __init__(self, elements, type_=None, **unused):
        self.elements = [coerce(one) for one in elements]
        item = types.to_instance(type_) if type_ is not None else self.elements[0].type if self.elements else types.NULLTYPE
        self.type = types.ARRAY(item)

    def sql(self, context):
        text = "ARRAY[%s]" % ", ".join(one.sql(context) for one in self.elements)
        return text if self.elements else "%s::%s" % (text, self.type.sql(context.dialect))

    def tables(self):
        return [table for one in self.elements for table in one.tables()]


class NextValue(ColumnElement):
    """sequence.next_value()"""
    type = types.Integer()
    name = anonymous = "next_value"
    is_selected_alone = True

    def select(self):
        from .select_functions import select
        return select(self)

    def __init__(self, sequence):
        self.sequence = sequence

    def sql(self, context):
        from .values import quoted
        return "nextval(%s)" % quoted(context.dialect.qualified(self.sequence.name, self.sequence.schema))


class FunctionMaker:
    """func.name(...), func.schema.name(...)"""

    def __init__(self, names=()):
        self._names = names

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return FunctionMaker(self._names + (name[:-1] if name.endswith("_") else name,))

    def __call__(self, *arguments, type_=None, **unused):
        if not self._names:
            raise TypeError("func is to be called with a function's name: func.now()")
        if self._names == ("cast",) and len(arguments) == 2:
            return Cast(*arguments)
        if self._names == ("extract",) and len(arguments) == 2 and isinstance(arguments[0], str):
            return Extract(*arguments)
        return Function(self._names[-1], *arguments, packages=self._names[:-1], type_=type_)


func = FunctionMaker()
