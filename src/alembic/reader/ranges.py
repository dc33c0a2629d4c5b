"""Values of PostgreSQL's range types: SQLAlchemy's Range, and as psycopg2 gives them where no type is known."""
import re

from .values import from_text, quoted

_TEXT = r'([\[(])(?:"((?:[^"\\]|\\.|"")*)"|([^",]*)),(?:"((?:[^"\\]|\\.|"")*)"|([^",]*))([\])])\Z'


class Range:
    def __init__(self, lower=None, upper=None, *, bounds="[)", empty=False):
        self.lower, self.upper, self.bounds, self.empty = (None, None, "[)", True) if empty else (lower, upper, bounds, False)

    is_empty = isempty = property(lambda self: self.empty)
    lower_inc = property(lambda self: not self.empty and self.lower is not None and self.bounds[0] == "[")
    upper_inc = property(lambda self: not self.empty and self.upper is not None and self.bounds[1] == "]")
    lower_inf = property(lambda self: not self.empty and self.lower is None)
    upper_inf = property(lambda self: not self.empty and self.upper is None)

    def contains(self, value):
        return value in self

    def __contains__(self, value):
        if self.empty or value is None:
            return False
        above = self.lower is None or value > self.lower or (self.lower_inc and value == self.lower)
        return above and (self.upper is None or value < self.upper or (self.upper_inc and value == self.upper))

    def _key(self):
        return self.lower, self.upper, self.bounds, self.empty

    def __eq__(self, other):
        return self._key() == other._key() if isinstance(other, Range) else NotImplemented

    def __hash__(self):
        return hash(self._key())

    def __bool__(self):
        return not self.empty

    def __str__(self):
        """As PostgreSQL reads it."""
        if self.empty:
            return "empty"
        return "%s%s,%s%s" % (self.bounds[0], _shown(self.lower), _shown(self.upper), self.bounds[1])

    def __repr__(self):
        return "Range(lower=%r, upper=%r, bounds=%r, empty=%r)" % self._key()


class _OfDriver(Range):
    """As psycopg2 shows it."""

    def __repr__(self):
        name = type(self).__name__
        return "%s(empty=True)" % name if self.empty else "%s(%r, %r, %r)" % (name, self.lower, self.upper, self.bounds)


class NumericRange(_OfDriver):
    pass


class DateRange(_OfDriver):
    pass


class DateTimeRange(_OfDriver):
    pass


class DateTimeTZRange(_OfDriver):
    pass


# Of each type what it is made of, and psycopg2's class.
KINDS = {"int4range": ("int4", NumericRange), "int8range": ("int8", NumericRange), "numrange": ("numeric", NumericRange),
         "daterange": ("date", DateRange), "tsrange": ("timestamp", DateTimeRange), "tstzrange": ("timestamptz", DateTimeTZRange)}


def _shown(value):
    return "" if value is None else str(value)


def parse(text, type_name):
    element, kind = KINDS[type_name]
    if text == "empty":
        return kind(empty=True)
    match = re.match(_TEXT, text)
    if not match:
        return text
    first, quoted_lower, lower, quoted_upper, upper, last = match.groups()
    ends = [from_text(re.sub(r'\\(.)|"(")', r"\1\2", inside), element) if inside is not None else from_text(bare, element) if bare else None
            for inside, bare in ((quoted_lower, lower), (quoted_upper, upper))]
    return kind(*ends, bounds=first + last)


def typed(value):
    """As a column of a range type gives it."""
    if isinstance(value, _OfDriver):
        return Range(value.lower, value.upper, bounds=value.bounds, empty=value.empty)
    return value


def literal(value, type_name):
    return "%s::%s" % (quoted(str(value)), type_name)
