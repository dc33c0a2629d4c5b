"""Types of well-known packages, whether or not they are installed: their SQL, and no more of them."""
from . import column_types as types
from . import postgres_types as postgres
from .constraints import Index
from .data_types import Uuid
from .functions import func


class _OnBoth(types.TypeEngine):
    """kind(dialect) gives the type that it is."""

    def __init__(self, *arguments, **named):
        self.arguments, self.named = arguments, named

    def resolved(self, dialect):
        if self.variants and dialect.name in self.variants:
            return self.variants[dialect.name].resolved(dialect)
        return types.to_instance(self.kind(dialect)).resolved(dialect)

    def sql(self, dialect):
        return self.resolved(dialect).sql(dialect)

    def _argument(self, place, name, otherwise=None):
        return self.arguments[place] if len(self.arguments) > place else self.named.get(name, otherwise)


def _type(name, kind):
    return type(name, (_OnBoth,), {"kind": lambda self, dialect: kind(self, dialect), "__module__": __name__})


def _fixed(name, on_postgres, elsewhere=None):
    return _type(name, lambda self, dialect: on_postgres if dialect.is_postgresql or elsewhere is None else elsewhere)


def _text_of(name, default):
    return _type(name, lambda self, dialect: types.String(default))


def _sqlmodel():
    import sqlalchemy.types
    return {"AutoString": _type("AutoString", lambda self, dialect: types.String(self._argument(0, "length"))),
            "GUID": Uuid,  # of versions before SQLAlchemy had one
            "types": sqlalchemy.types}


def _sqlmodel_top():
    from . import sqlalchemy_modules
    names = dict(sqlalchemy_modules.everything())
    names.update(_sqlmodel())
    return names


def _uuid_type(self, dialect):
    binary, native = self._argument(0, "binary", True), self._argument(1, "native", True)
    if dialect.is_postgresql and native:
        return postgres.UUID()
    return types.BINARY(16) if binary else types.CHAR(32)


def _choice(self, dialect):
    given = self._argument(1, "impl")
    return given if given is not None else types.Unicode(255)


def _encrypted(self, dialect):
    given = self._argument(0, "type_in")
    del given
    return types.String(self.named.get("length"))


_RANGES = {"IntRangeType": postgres.INT4RANGE, "Int8RangeType": postgres.INT8RANGE, "DateRangeType": postgres.DATERANGE,
           "NumericRangeType": postgres.NUMRANGE, "DateTimeRangeType": postgres.TSRANGE}


def _ltree():
    return type("LtreeType", (types.TypeEngine,), {"postgresql": "LTREE"})


def _sqlalchemy_utils():
    names = {
        "UUIDType": _type("UUIDType", _uuid_type),
        "TSVectorType": _fixed("TSVectorType", postgres.TSVECTOR(), types.UnicodeText()),
        "JSONType": _fixed("JSONType", postgres.JSON(), types.UnicodeText()),
        "EmailType": _type("EmailType", lambda self, dialect: types.Unicode(self._argument(0, "length", 255))),
        "ChoiceType": _type("ChoiceType", _choice), "URLType": _fixed("URLType", types.UnicodeText()),
        "PasswordType": _fixed("PasswordType", postgres.BYTEA(), types.VARBINARY(1024)),
        "IPAddressType": _type("IPAddressType", lambda self, dialect: types.Unicode(self._argument(0, "max_length", 50))),
        "LocaleType": _text_of("LocaleType", 10), "TimezoneType": _text_of("TimezoneType", 50),
        "CountryType": _text_of("CountryType", 2), "CurrencyType": _text_of("CurrencyType", 3),
        "PhoneNumberType": _type("PhoneNumberType", lambda self, dialect: types.Unicode(self._argument(1, "max_length", 20))),
        "ColorType": _type("ColorType", lambda self, dialect: types.Unicode(self._argument(0, "max_length", 20))),
        "ScalarListType": _fixed("ScalarListType", types.UnicodeText()),
        "ArrowType": _type("ArrowType", lambda self, dialect: types.DateTime(timezone=self.named.get("timezone", False))),
        "EnrichedDateTimeType": _fixed("EnrichedDateTimeType", types.DateTime()),
        "EnrichedDateType": _fixed("EnrichedDateType", types.Date()),
        "EncryptedType": _fixed("EncryptedType", types.LargeBinary()), "StringEncryptedType": _type("StringEncryptedType", _encrypted),
        "LtreeType": _ltree(), "WeekDaysType": _fixed("WeekDaysType", postgres.BIT(7), types.String(7)),
        "AesEngine": object, "AesGcmEngine": object, "FernetEngine": object, "aggregated": lambda *unused, **also: lambda function: function,
    }
    names.update({name: _fixed(name, kind()) for name, kind in _RANGES.items()})
    return names


def _with_dimension(name):
    def sql(self, dialect):
        return name if self.dim is None else "%s(%d)" % (name, self.dim)
    return type(name, (types.UserDefinedType,), {
        "__init__": lambda self, dim=None, *unused: setattr(self, "dim", dim), "sql": sql,
        "literal": lambda self, value, dialect: types.TypeEngine.literal(
            self, "[%s]" % ",".join(str(float(one)) for one in value) if isinstance(value, (list, tuple)) else value, dialect)})


def _pgvector():
    names = {name: _with_dimension(name) for name in ("VECTOR", "HALFVEC", "SPARSEVEC")}
    return {**names, "Vector": names["VECTOR"], "BIT": postgres.BIT}


class _Spatial(types.UserDefinedType):
    called = "geometry"

    def __init__(self, geometry_type="GEOMETRY", srid=-1, dimension=None, spatial_index=True, use_N_D_index=False,
                 nullable=True, **unused):
        self.nullable = nullable  # which the column takes over
        self.geometry_type = geometry_type.upper() if geometry_type else geometry_type
        self.srid, self.spatial_index, self.use_nd = srid, spatial_index, use_N_D_index

    def literal(self, value, dialect):
        """A text that does not say its system of coordinates is in the column's."""
        if isinstance(value, str) and self.srid > 0 and value.lstrip()[:1].isalpha() and not value.upper().startswith("SRID"):
            value = "SRID=%d;%s" % (self.srid, value)
        return types.TypeEngine.literal(self, value, dialect)

    def index_of(self, column, table):
        """What makes a table with it an index of."""
        ops = {column.name: "gist_geometry_ops_nd"} if self.use_nd else {}
        return Index("idx_%s_%s" % (table.name, column.name), self._indexed(column), _table=table, postgresql_using="gist",
                     postgresql_ops=ops)

    def _indexed(self, column):
        return column.name

    def sql(self, dialect):
        if not dialect.is_postgresql:
            return self.geometry_type or "GEOMETRY"
        if not self.geometry_type:
            return self.called
        return "%s(%s,%d)" % (self.called, self.geometry_type, self.srid)


class Geometry(_Spatial):
    pass


class Geography(_Spatial):
    called = "geography"


class Raster(_Spatial):
    called = "raster"

    def __init__(self, spatial_index=True, **unused):
        super().__init__(None, spatial_index=spatial_index)

    def _indexed(self, column):
        return func.ST_ConvexHull(column)


def _geoalchemy2():
    return {"Geometry": Geometry, "Geography": Geography, "Raster": Raster}


def _citext():
    return {"CIText": postgres.CITEXT, "CITEXT": postgres.CITEXT}


def _generic_guid():
    return {"GUID": _fixed("GUID", postgres.UUID(), types.CHAR(36)),
            "TIMESTAMPAware": _fixed("TIMESTAMPAware", types.TIMESTAMP(timezone=True))}


def _advanced_alchemy():
    return {"GUID": _fixed("GUID", postgres.UUID(), types.BINARY(16)),
            "DateTimeUTC": _fixed("DateTimeUTC", types.DateTime(timezone=True)),
            "JsonB": _fixed("JsonB", postgres.JSONB(), types.JSON()),
            "BigIntIdentity": _fixed("BigIntIdentity", types.BigInteger(), types.Integer()),
            "EncryptedString": _type("EncryptedString", lambda self, dialect: types.String(self.named.get("length"))),
            "EncryptedText": _fixed("EncryptedText", types.Text())}


def _alembic_postgresql_enum():
    from .enum_sync import ColumnType, TableReference
    return {"TableReference": TableReference, "ColumnType": ColumnType}


def _indexes_of_enums():
    from .enum_sync import TableIndex
    return {"TableIndex": TableIndex}


def _entities():
    from .entities import members
    return members()


def _flask_sqlalchemy():
    from .orm import flask_sqlalchemy
    return flask_sqlalchemy()


def builders():
    made = {
        "sqlmodel": _sqlmodel_top, "sqlmodel.sql": _sqlmodel, "sqlmodel.sql.sqltypes": _sqlmodel,
        "sqlalchemy_utils": _sqlalchemy_utils, "pgvector": dict, "pgvector.sqlalchemy": _pgvector,
        **{"pgvector.sqlalchemy." + name: _pgvector for name in ("vector", "halfvec", "sparsevec", "bit")},
        "geoalchemy2": _geoalchemy2, "geoalchemy2.types": _geoalchemy2, "citext": _citext,
        "fastapi_users_db_sqlalchemy": _generic_guid, "fastapi_users_db_sqlalchemy.generics": _generic_guid,
        "fastapi_users_db_sqlalchemy.guid": _generic_guid,
        "advanced_alchemy": _advanced_alchemy, "advanced_alchemy.types": _advanced_alchemy,
        "sqlalchemy_utc": lambda: {"UtcDateTime": _fixed("UtcDateTime", types.DateTime(timezone=True))},
        "flask_sqlalchemy": _flask_sqlalchemy, "sqlalchemy_citext": _citext, "alembic_postgresql_enum": _alembic_postgresql_enum,
        "alembic_postgresql_enum.sql_commands": dict, "alembic_postgresql_enum.sql_commands.indexes": _indexes_of_enums,
        "alembic_utils": dict,
    }
    for name in ("types", "types.uuid", "types.ts_vector", "types.json", "types.email", "types.choice", "types.url", "types.password",
                 "types.arrow", "types.scalar_list", "types.encrypted", "types.encrypted.encrypted_type", "types.country",
                 "types.currency", "types.phone_number", "types.ip_address", "types.timezone", "types.locale", "types.ltree",
                 "types.range", "types.color", "types.weekdays"):
        made["sqlalchemy_utils." + name] = _sqlalchemy_utils
    for name in ("pg_view", "pg_function", "pg_trigger", "pg_materialized_view", "pg_policy", "pg_extension", "pg_grant_table",
                 "replaceable_entity"):
        made["alembic_utils." + name] = _entities
    return made
