"""Types as the database names them, as SQLAlchemy's types."""
import re

from . import column_types as types
from . import postgres_types as postgres
from .enum_types import ENUM

_POSTGRES = {
    "integer": types.INTEGER, "bigint": types.BIGINT, "smallint": types.SMALLINT, "text": types.TEXT, "boolean": types.BOOLEAN,
    "character varying": types.VARCHAR, "character": types.CHAR, "numeric": types.NUMERIC, "double precision": types.DOUBLE_PRECISION,
    "real": types.REAL, "date": types.DATE, "bytea": postgres.BYTEA, "uuid": postgres.UUID, "json": postgres.JSON,
    "jsonb": postgres.JSONB, "inet": postgres.INET, "cidr": postgres.CIDR, "macaddr": postgres.MACADDR, "money": postgres.MONEY,
    "oid": postgres.OID, "tsvector": postgres.TSVECTOR, "tsquery": postgres.TSQUERY, "citext": postgres.CITEXT,
    "hstore": postgres.HSTORE, "interval": postgres.INTERVAL, "bit": postgres.BIT, "xml": postgres.XML,
    "int4range": postgres.INT4RANGE, "int8range": postgres.INT8RANGE, "numrange": postgres.NUMRANGE,
    "daterange": postgres.DATERANGE, "tsrange": postgres.TSRANGE, "tstzrange": postgres.TSTZRANGE,
    "int4multirange": postgres.INT4MULTIRANGE, "int8multirange": postgres.INT8MULTIRANGE, "nummultirange": postgres.NUMMULTIRANGE,
    "datemultirange": postgres.DATEMULTIRANGE, "tsmultirange": postgres.TSMULTIRANGE, "tstzmultirange": postgres.TSTZMULTIRANGE,
}


def postgres_type(text, labels, type_schema, type_name):
    """From format_type(); labels: those of the enumerations, by schema and name."""
    if text.endswith("[]"):
        return postgres.ARRAY(postgres_type(text[:-2], labels, type_schema, type_name.lstrip("_")))
    known = labels.get((type_schema, type_name))
    if known is not None:
        return ENUM(*known, name=type_name, create_type=False)
    timed = re.match(r"(timestamp|time)(?:\((\d+)\))? (with|without) time zone", text)
    if timed:
        kind = postgres.TIMESTAMP if timed.group(1) == "timestamp" else postgres.TIME
        return kind(timezone=timed.group(3) == "with", precision=int(timed.group(2)) if timed.group(2) else None)
    match = re.match(r"([a-z0-9 ]+?)(?:\(([\d, ]+)\))?\Z", text)
    kind = _POSTGRES.get(match.group(1)) if match else None
    if kind is None:
        from .mapped_types import NamedType
        return NamedType(text)
    numbers = [int(one) for one in match.group(2).split(",")] if match.group(2) else []
    return kind(*numbers)


_SQLITE = {name: getattr(types, name) for name in (
    "BIGINT BLOB BOOLEAN CHAR DATE DATETIME DECIMAL DOUBLE FLOAT INTEGER JSON NUMERIC NVARCHAR REAL SMALLINT TEXT TIME TIMESTAMP "
    "VARCHAR NCHAR").split()}
_SQLITE.update({"BOOL": types.BOOLEAN, "INT": types.INTEGER, "DOUBLE_PRECISION": types.DOUBLE_PRECISION})


def sqlite_type(text):
    """Declared types by their name; others by SQLite's rules of affinity."""
    match = re.match(r"([\w ]+?)\s*(?:\(\s*([\d, ]+)\))?\Z", text or "")
    name = match.group(1).upper() if match else ""
    numbers = [int(one) for one in match.group(2).split(",")] if match and match.group(2) else []
    if name in _SQLITE:
        kind = _SQLITE[name]
        return kind(*numbers) if numbers and issubclass(kind, (types.String, types.Numeric)) else kind()
    if "INT" in name:
        return types.INTEGER()
    if any(part in name for part in ("CHAR", "CLOB", "TEXT")):
        return types.TEXT()
    if "BLOB" in name or not name:
        return types.NullType()
    return types.REAL() if any(part in name for part in ("REAL", "FLOA", "DOUB")) else types.NUMERIC()
