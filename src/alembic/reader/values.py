"""Values as SQL literals, and the texts that the database gave as values."""
import datetime
import math
import re

_EPOCH_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


def quoted(text):
    if "\x00" in text:
        raise ValueError("a text that is to be written into the database contains a NUL character")
    return "'" + text.replace("'", "''") + "'"


def literal(value, dialect):
    """As a driver would write a value of this Python type."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return ("true" if value else "false") if dialect.is_postgresql else ("1" if value else "0")
    if isinstance(value, str):
        return quoted(str.__str__(value) if type(value) is str else _plain_text(value))
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _float(value, dialect)
    if isinstance(value, (bytes, bytearray, memoryview)):
        digits = bytes(value).hex()
        return "'\\x%s'::bytea" % digits if dialect.is_postgresql else "X'%s'" % digits
    if isinstance(value, (datetime.date, datetime.time)):
        text = quoted(value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat())
        return text + cast_of(value, dialect)
    if isinstance(value, datetime.timedelta):
        return _interval(value, dialect)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _several(value, dialect)
    return _rarer(value, dialect)


def cast_of(value, dialect):
    """What drivers write behind a value on PostgreSQL: alone, or as a function's argument, it has no type otherwise."""
    if not dialect.is_postgresql:
        return ""
    if isinstance(value, datetime.datetime):
        return "::timestamp" if value.tzinfo is None else "::timestamptz"
    if isinstance(value, datetime.date):
        return "::date"
    if isinstance(value, datetime.time):
        return "::time" if value.tzinfo is None else "::timetz"
    return "::uuid" if type(value).__module__ == "uuid" else ""


def with_cast(text, value, dialect):
    return text + cast_of(value, dialect) if text.endswith("'") else text


def _plain_text(value):
    """The text of an instance of a subclass of str, such as a member of an enumeration."""
    return str.__str__(value) if not hasattr(value, "value") else str.__str__(value.value)


def _float(value, dialect):
    if math.isfinite(value):
        return repr(float(value))
    if not dialect.is_postgresql:
        return {"inf": "9e999", "-inf": "-9e999"}.get(repr(float(value)), "NULL")
    return "'%s'::double precision" % {"inf": "Infinity", "-inf": "-Infinity"}.get(repr(float(value)), "NaN")


def _interval(value, dialect):
    if not dialect.is_postgresql:
        return date_time_literal(datetime.datetime(1970, 1, 1) + value, dialect)
    return "'%d days %d.%06d seconds'::interval" % (value.days, value.seconds, value.microseconds)


def _several(value, dialect):
    texts = ", ".join(literal(one, dialect) for one in value)
    if isinstance(value, list) and dialect.is_postgresql:
        return "ARRAY[%s]" % texts if value else "'{}'"
    return "(%s)" % texts


def _rarer(value, dialect):
    kind = type(value)
    if kind.__module__ == "decimal":
        return str(value) if value.is_finite() else "'%s'::numeric" % value
    if kind.__module__ == "uuid":
        return quoted(str(value)) + cast_of(value, dialect)
    if isinstance(getattr(value, "value", None), (str, int)) and hasattr(kind, "__members__"):
        return literal(value.value, dialect)
    item = getattr(value, "item", None)
    if callable(item) and kind.__module__.split(".")[0] == "numpy":
        return literal(item(), dialect)
    from .exceptions import ProgrammingError
    from .stand_in import StandIn
    if isinstance(value, StandIn):
        value.need()
    raise ProgrammingError("no database knows a value of the Python type %s" % kind.__name__)


def date_time_literal(value, dialect):
    if not isinstance(value, datetime.datetime):
        return literal(value, dialect)
    if dialect.is_postgresql:
        # Without its type, an offset would be left out where the column has none.
        return quoted(value.isoformat(sep=" ")) + (cast_of(value, dialect) if value.tzinfo is not None else "")
    return quoted(value.strftime(_EPOCH_FORMAT) if value.year > 999 else value.isoformat(sep=" "))


def date_literal(value, dialect):
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return quoted(value.isoformat())
    return literal(value, dialect)


def time_literal(value, dialect):
    if not isinstance(value, datetime.time):
        return literal(value, dialect)
    return quoted(value.isoformat() if dialect.is_postgresql else value.strftime("%H:%M:%S.%f"))


_DATE_TIME = re.compile(r"(\d{1,4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*"
                        r"(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?\Z")
_TIME = re.compile(r"(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?\Z")


def _zone(text):
    if not text:
        return None
    if text == "Z":
        return datetime.timezone.utc
    digits = text[1:].replace(":", "")
    offset = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:4] or 0), seconds=int(digits[4:6] or 0))
    return datetime.timezone(-offset if text[0] == "-" else offset)


def _micro(text):
    return int((text or "0").ljust(6, "0")[:6])


def to_date_time(value):
    match = _DATE_TIME.match(value) if isinstance(value, str) else None
    if not match:
        return value
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    return datetime.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
                             _micro(fraction), _zone(zone))


def to_date(value):
    made = to_date_time(value)
    return made.date() if isinstance(made, datetime.datetime) else made


def to_time(value):
    match = _TIME.match(value) if isinstance(value, str) else None
    if not match:
        return value
    hour, minute, second, fraction, zone = match.groups()
    return datetime.time(int(hour) % 24, int(minute), int(second or 0), _micro(fraction), _zone(zone))


_INTERVAL = re.compile(r"(-?\d+) (year|mon|day)s?")


def _to_interval(text):
    days = sum(int(count) * {"year": 365, "mon": 30, "day": 1}[unit] for count, unit in _INTERVAL.findall(text))
    clock = re.search(r"(-?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?", text)
    made = datetime.timedelta(days=days)
    if clock:
        sign, hours, minutes, seconds, fraction = clock.groups()
        part = datetime.timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds), microseconds=_micro(fraction))
        made += -part if sign else part
    return made


def _json(text):
    import json
    return json.loads(text)


def _decimal(text):
    from decimal import Decimal
    return Decimal(text)


def _uuid(text):
    import uuid
    return uuid.UUID(text)


class _Bytes(bytes):
    """What some drivers give as a memoryview."""

    def tobytes(self):
        return bytes(self)


def _bytes(text):
    return _Bytes(bytes.fromhex(text[2:]) if text.startswith("\\x") else text.encode())


_FROM_TEXT = {
    "int2": int, "int4": int, "int8": int, "oid": int, "float4": float, "float8": float, "numeric": _decimal,
    "bool": lambda text: text in ("t", "true"), "timestamp": to_date_time, "timestamptz": to_date_time, "date": to_date,
    "time": to_time, "timetz": to_time, "interval": _to_interval, "uuid": _uuid, "json": _json, "jsonb": _json,
    "bytea": _bytes,
}


def from_text(text, type_name):
    """A value of a PostgreSQL type, from its text."""
    if text is None or not isinstance(text, str):
        return text
    convert = _FROM_TEXT.get(type_name)
    if convert:
        return convert(text)
    if type_name.endswith("range"):
        from .ranges import parse
        return parse(text, type_name)
    if type_name.startswith("_") and text.startswith(("{", "[")):
        return _array(text, type_name[1:])
    return text


_ELEMENT = re.compile(r'\{|\}|,|"((?:[^"\\]|\\.)*)"|([^{},"]+)')


def array_from_text(text):
    """Its elements stay texts."""
    return _array(text, "")


def _array(text, element):
    stack = [[]]
    for match in _ELEMENT.finditer(text[text.index("{"):]):
        token = match.group(0)
        if token == "{":
            stack.append([])
        elif token == "}":
            done = stack.pop()
            stack[-1].append(done)
        elif token != ",":
            inside, bare = match.groups()
            plain = re.sub(r"\\(.)", r"\1", inside) if inside is not None else None if bare == "NULL" else bare
            stack[-1].append(from_text(plain, element))
    return stack[0][0]


def from_sqlite(value):
    """A value as SQLite's rows hold it: JSON, with {"bytes": hex} for a blob and {"real": text} for what JSON cannot say."""
    if not isinstance(value, dict):
        return value
    return bytes.fromhex(value["bytes"]) if "bytes" in value else float(value["real"])
