"""Types of sqlalchemy.dialects.postgresql that are not standard ones."""
import re

from . import column_types as types
from .enum_types import DOMAIN, ENUM
from .exceptions import CompileError
from .values import quoted


def _named(name, base=types.TypeEngine, sql=None):
    return type(name, (base,), {"postgresql": sql or name, "sqlite": None, "__module__": __name__})


TSVECTOR, TSQUERY, INET, CIDR = _named("TSVECTOR"), _named("TSQUERY"), _named("INET"), _named("CIDR")
MACADDR, MACADDR8, MONEY, OID = _named("MACADDR"), _named("MACADDR8"), _named("MONEY"), _named("OID")
REGCLASS, REGCONFIG, JSONPATH, XML = _named("REGCLASS"), _named("REGCONFIG"), _named("JSONPATH"), _named("XML")


class _RangeType(types.TypeEngine):
    def literal(self, value, dialect):
        from .ranges import Range, literal
        return literal(value, self.postgresql) if isinstance(value, Range) else super().literal(value, dialect)

    def result(self, value, dialect):
        from .ranges import typed
        return typed(value)


INT4RANGE, INT8RANGE, NUMRANGE = (_named(name, _RangeType) for name in ("INT4RANGE", "INT8RANGE", "NUMRANGE"))
DATERANGE, TSRANGE, TSTZRANGE = (_named(name, _RangeType) for name in ("DATERANGE", "TSRANGE", "TSTZRANGE"))
INT4MULTIRANGE, INT8MULTIRANGE, NUMMULTIRANGE = _named("INT4MULTIRANGE"), _named("INT8MULTIRANGE"), _named("NUMMULTIRANGE")
DATEMULTIRANGE, TSMULTIRANGE, TSTZMULTIRANGE = _named("DATEMULTIRANGE"), _named("TSMULTIRANGE"), _named("TSTZMULTIRANGE")


class CITEXT(types.Text):
    def sql(self, dialect):
        if not dialect.is_postgresql:
            raise CompileError("%s has no type CITEXT" % dialect.name)
        return "CITEXT"


class BYTEA(types.LargeBinary):
    sqlite = None


class JSON(types.JSON):
    def __init__(self, none_as_null=False, astext_type=None):
        super().__init__(none_as_null)
        self.astext_type = astext_type or types.Text()


class JSONB(JSON):
    postgresql, sqlite = "JSONB", None


_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"=>(?:"((?:[^"\\]|\\.)*)"|NULL)', re.S)


def _unescaped(text):
    return re.sub(r"\\(.)", r"\1", text, flags=re.S)


class HSTORE(types.TypeEngine):
    postgresql = "HSTORE"

    def __init__(self, text_type=None):
        self.text_type = text_type or types.Text()

    def literal(self, value, dialect):
        if not isinstance(value, dict):
            return super().literal(value, dialect)

        def part(one):
            return "NULL" if one is None else '"%s"' % str(one).replace("\\", "\\\\").replace('"', '\\"')
        return quoted(", ".join("%s=>%s" % (part(key), part(one)) for key, one in value.items()))

    def result(self, value, dialect):
        """What the server writes: "key"=>"value", "key"=>NULL"""
        if not isinstance(value, str):
            return value
        return {_unescaped(key): None if one is None else _unescaped(one) for key, one in (
            match.groups() for match in _PAIR.finditer(value))}


class INTERVAL(types.Interval):
    def __init__(self, precision=None, fields=None):
        super().__init__()
        self.precision, self.fields = precision, fields

    def sql(self, dialect):
        if not dialect.is_postgresql:
            raise CompileError("%s has no type INTERVAL" % dialect.name)
        text = "INTERVAL" + (" " + self.fields if self.fields is not None else "")
        return text + (" (%d)" % self.precision if self.precision is not None else "")


class BIT(types.TypeEngine):
    def __init__(self, length=None, varying=False):
        self.varying, self.length = varying, length if varying else length or 1

    def sql(self, dialect):
        if not dialect.is_postgresql:
            raise CompileError("%s has no type BIT" % dialect.name)
        length = "(%d)" % self.length if self.length is not None else ""
        return ("BIT VARYING" if self.varying else "BIT") + length


class UUID(types.UUID):
    def __init__(self, as_uuid=True, native_uuid=True):
        super().__init__(as_uuid)


class TIMESTAMP(types.TIMESTAMP):
    pass


class TIME(types.TIME):
    pass


class ARRAY(types.ARRAY):
    pass


__all__ = ["DOMAIN", "ENUM"]
