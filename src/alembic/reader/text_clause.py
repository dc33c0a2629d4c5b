"""text(): SQL as it is, with :names for values."""
import re

from . import column_types as types
from .bound import Bound
from .exceptions import ArgumentError, StatementError
from .expressions import BindParameter, ColumnClause, Element, coerce
from .keywords import refuse_others

# A colon that is not escaped, not doubled (a cast), and not within a word.
NAMED = re.compile(r"(?<![:\w$\\]):([\w$]+)(?![:\w$])")
_ESCAPED = re.compile(r"\\(:[\w$]*)(?![:\w$])")


def without_parameters(sql):
    """As text() takes it: no colon in it stands before a parameter. Casts stay as they are, for scripts that look for them."""
    return NAMED.sub(lambda found: "\\" + found.group(0), sql)


class TextClause(Bound, Element):
    type = types.NULLTYPE
    is_statement = True
    name = key = None
    comparator = None

    def __init__(self, text):
        self.text = text
        self.values = {}
        self.result_types = None

    def bindparams(self, *parameters, **named):
        made = self._copy()
        names = set(NAMED.findall(self.text))
        for one in parameters:
            made._bind(one.key, one, names)
        for name, value in named.items():
            known = self.values.get(name)
            made._bind(name, known.with_value(value) if known is not None else BindParameter(name, value), names)
        return made

    def _bind(self, name, parameter, names):
        if name not in names:
            raise ArgumentError("the text has no bind parameter :%s" % name)
        self.values[name] = parameter

    def params(self, *positional, **named):
        return self.bindparams(**{**(positional[0] if positional else {}), **named})

    def with_values(self, values):
        """For one execution: what is not in the text is let pass."""
        made = self._copy()
        for name in set(NAMED.findall(self.text)) & set(values):
            made.values[name] = self.values.get(name, BindParameter(name)).executed_with(values[name])
        return made

    def columns(self, *columns, **types_by_name):
        made = TextualSelect(self.text)
        made.values = dict(self.values)
        made.result_types = {one.name: one.type for one in columns}
        made.result_types.update((name, types.to_instance(one)) for name, one in types_by_name.items())
        return made

    def _copy(self):
        made = type(self)(self.text)
        made.values, made.result_types = dict(self.values), self.result_types
        return made

    def sql(self, context):
        if ":" not in self.text:
            return self.text

        def value(match):
            name = match.group(1)
            parameter = self.values.get(name)
            if parameter is None or not parameter.has_value:
                raise StatementError("the statement has a bind parameter :%s, and no value for it (a colon that is none is "
                                     "written \\:)" % name)
            text = parameter.sql(context)
            # Two of them begin a comment.
            return " " + text if text.startswith("-") and self.text[:match.start()].endswith("-") else text
        return _ESCAPED.sub(r"\1", NAMED.sub(value, self.text))

    def __str__(self):
        """What has no value stays as it is written."""
        if all(name in self.values and self.values[name].has_value for name in NAMED.findall(self.text)):
            return super().__str__()
        return _ESCAPED.sub(r"\1", self.text)

    def from_sql(self, context):
        """As it stands in FROM."""
        return self.sql(context)

    def groups_in(self, precedence, operator):
        return operator in ("AND", "OR", "NOT")

    def grouped(self, context, precedence, operator=None):
        return "(%s)" % self.sql(context) if operator is None and precedence else self.sql(context)

    def label(self, name):
        from .expressions import Label
        return Label(name, self)

    def __and__(self, other):
        from .expressions import and_
        return and_(self, other)

    def __or__(self, other):
        from .expressions import or_
        return or_(self, other)

    def __eq__(self, other):
        if isinstance(other, TextClause):
            return self.text == other.text
        return self is other

    __hash__ = object.__hash__


class TextualSelect(TextClause):
    """text().columns(): its columns are known, so that it may stand in FROM."""

    def output(self):
        return list(self.result_types.items())

    def subquery(self, name=None):
        from .tables import Alias
        return Alias(self, name)

    alias = subquery

    def lateral(self, name=None):
        from .tables import Lateral
        return Lateral(self, name)

    def scalar_subquery(self):
        from .selects import ScalarSubquery
        return ScalarSubquery(self)

    as_scalar = scalar_subquery

    def exists(self):
        from .selects import Exists
        return Exists(self)

    @property
    def selected_columns(self):
        from .tables import Columns, _exported
        return Columns(_exported(self, None))

    c = column_args = exported_columns = selected_columns

    def cte(self, name=None, recursive=False, **unused):
        from .common_tables import Cte
        return Cte(self, name, recursive)


def text(value, *unused, bindparams=None, **named):
    refuse_others("text", named, "bind typemap autocommit")
    if isinstance(value, TextClause):
        return value
    if not isinstance(value, str):
        made = coerce(value)
        raise ArgumentError("text() takes a string, not %r" % (made,))
    made = TextClause(value)
    return made.bindparams(*bindparams) if bindparams else made


def literal_column(value, type_=None):
    return ColumnClause(value, type_, is_literal=True)


def as_text(value):
    """What op.execute and conditions take: a string is text()."""
    return TextClause(value) if isinstance(value, str) else coerce(value)
