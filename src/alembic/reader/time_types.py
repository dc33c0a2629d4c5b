"""Dates, times and intervals. To be had from column_types.py."""

from . import values
from .column_types import TypeEngine
from .exceptions import CompileError
from .keywords import refuse_unknown


class _Moment(TypeEngine):
    def bound(self, value, dialect):
        return values.with_cast(self.literal(value, dialect), value, dialect)


class _WithZone(_Moment):
    base = ""

    def __init__(self, timezone=False, precision=None, **named):
        refuse_unknown(self, named)
        self.timezone, self.precision = timezone, precision

    def sql(self, dialect):
        if not dialect.is_postgresql:
            return self.sqlite
        precision = "" if self.precision is None else "(%d)" % self.precision
        return "%s%s %s TIME ZONE" % (self.base, precision, "WITH" if self.timezone else "WITHOUT")


class DateTime(_WithZone):
    base, sqlite = "TIMESTAMP", "DATETIME"
    python_type_ = values.datetime.datetime

    def literal(self, value, dialect):
        return values.date_time_literal(value, dialect)

    def result(self, value, dialect):
        return values.to_date_time(value)

DateTime.affinity = DateTime


class TIMESTAMP(DateTime):
    sqlite = "TIMESTAMP"


class DATETIME(DateTime):
    def sql(self, dialect):
        if dialect.is_postgresql:
            raise CompileError("postgresql has no type DATETIME")
        return "DATETIME"


class Time(_WithZone):
    base, sqlite = "TIME", "TIME"
    python_type_ = values.datetime.time

    def literal(self, value, dialect):
        return values.time_literal(value, dialect)

    def result(self, value, dialect):
        return values.to_time(value)

Time.affinity = Time


class TIME(Time):
    pass


class Date(_Moment):
    postgresql = sqlite = "DATE"
    python_type_ = values.datetime.date

    def literal(self, value, dialect):
        return values.date_literal(value, dialect)

    def result(self, value, dialect):
        return values.to_date(value)

Date.affinity = Date


class DATE(Date):
    pass


class Interval(TypeEngine):
    """On SQLite: a date and time, so long after 1970."""
    sqlite = "DATETIME"
    python_type_ = values.datetime.timedelta

    def __init__(self, native=True, second_precision=None, day_precision=None):
        self.native, self.second_precision = native, second_precision

    def sql(self, dialect):
        if not dialect.is_postgresql or not self.native:
            return DateTime().sql(dialect)
        return "INTERVAL" if self.second_precision is None else "INTERVAL (%d)" % self.second_precision

    def literal(self, value, dialect):
        if dialect.is_postgresql or not hasattr(value, "total_seconds"):
            return values.literal(value, dialect)
        import datetime
        return values.date_time_literal(datetime.datetime(1970, 1, 1) + value, dialect)

    def result(self, value, dialect):
        if value is None or dialect.is_postgresql:
            return value
        import datetime
        return values.to_date_time(value) - datetime.datetime(1970, 1, 1)

Interval.affinity = Interval
