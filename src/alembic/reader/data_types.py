"""Bytes, truth values, UUIDs, JSON, arrays. To be had from column_types.py."""

from . import values
from .column_types import TypeEngine, to_instance
from .exceptions import CompileError
from .keywords import refuse_unknown


class LargeBinary(TypeEngine):
    postgresql, sqlite = "BYTEA", "BLOB"
    python_type_ = bytes

    def __init__(self, length=None):
        self.length = length

LargeBinary.affinity = LargeBinary


class BLOB(LargeBinary):
    postgresql = "BLOB"


class _SizedBinary(LargeBinary):
    def sql(self, dialect):
        return type(self).__name__ + ("(%d)" % self.length if self.length else "")


class BINARY(_SizedBinary):
    pass


class VARBINARY(_SizedBinary):
    pass


class Boolean(TypeEngine):
    postgresql = sqlite = "BOOLEAN"
    python_type_ = bool

    def __init__(self, create_constraint=False, name=None, **named):
        refuse_unknown(self, named)
        self.create_constraint, self.name = create_constraint, name

    def literal(self, value, dialect):
        if value is None:
            return "NULL"
        if value not in (0, 1):
            raise TypeError("%r is no value of a boolean column" % (value,))
        return values.literal(bool(value), dialect)

    def result(self, value, dialect):
        return None if value is None else bool(value)

    def constraint_for(self, column, dialect):
        if not self.create_constraint or dialect.is_postgresql:
            return None
        return "%s IN (0, 1)" % dialect.quote(column.name), self.name

Boolean.affinity = Boolean


class BOOLEAN(Boolean):
    pass


class Uuid(TypeEngine):
    def __init__(self, as_uuid=True, native_uuid=True):
        self.as_uuid, self.native_uuid = as_uuid, native_uuid

    def sql(self, dialect):
        return "UUID" if dialect.is_postgresql and self.native_uuid else "CHAR(32)"

    def _dashless(self, dialect):
        return not (dialect.is_postgresql and self.native_uuid)

    def literal(self, value, dialect):
        if value is None:
            return "NULL"
        text = str(value)
        return values.literal(text.replace("-", "") if self._dashless(dialect) else text, dialect)

    def bound(self, value, dialect):
        return values.with_cast(self.literal(value, dialect), value, dialect)

    def result(self, value, dialect):
        if value is None:
            return None
        import uuid
        made = value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
        return made if self.as_uuid else str(made)

    @property
    def python_type(self):
        import uuid
        return uuid.UUID if self.as_uuid else str

Uuid.affinity = Uuid


class UUID(Uuid):
    def sql(self, dialect):
        return "UUID"

    def _dashless(self, dialect):
        return not dialect.is_postgresql


class JSON(TypeEngine):
    postgresql = sqlite = "JSON"
    python_type_ = dict

    class Null:
        def __repr__(self):
            return "JSON.NULL"

    NULL = Null()

    def __init__(self, none_as_null=False):
        self.none_as_null = none_as_null

    def literal(self, value, dialect):
        import json
        if value is None and self.none_as_null:
            return "NULL"
        return values.literal(json.dumps(None if value is JSON.NULL else value), dialect)

    def result(self, value, dialect):
        if isinstance(value, (str, bytes)) and not dialect.is_postgresql:
            import json
            return json.loads(value)
        return value

JSON.affinity = JSON


class ARRAY(TypeEngine):
    python_type_ = list

    def __init__(self, item_type, as_tuple=False, dimensions=None, zero_indexes=False):
        self.item_type = to_instance(item_type)
        self.as_tuple, self.dimensions = as_tuple, dimensions

    def sql(self, dialect):
        if not dialect.is_postgresql:
            raise CompileError("sqlite has no arrays")
        inner, collate, rest = self.item_type.sql_here(dialect).partition(" COLLATE")
        return inner + "[]" * (1 if self.dimensions is None else self.dimensions) + collate + rest

    def literal(self, value, dialect):
        if value is None:
            return "NULL"
        return "ARRAY[%s]::%s" % (", ".join(self._element(one, dialect) for one in value), self.sql(dialect))

    def _element(self, value, dialect):
        if isinstance(value, (list, tuple)):
            return "ARRAY[%s]" % ", ".join(self._element(one, dialect) for one in value)
        return self.item_type.resolved(dialect).literal(value, dialect)

    def result(self, value, dialect):
        """The elements of a type that only the column knows, such as an enumeration, come as one text."""
        if isinstance(value, str) and value.startswith(("{", "[")):
            value = values.array_from_text(value)
        return self._result(value, self.item_type.resolved(dialect), dialect) if isinstance(value, list) else value

    def _result(self, found, item, dialect):
        made = [self._result(one, item, dialect) if isinstance(one, list) else item.result(one, dialect) for one in found]
        return tuple(made) if self.as_tuple else made

ARRAY.affinity = ARRAY


class PickleType(LargeBinary):
    def __init__(self, protocol=None, pickler=None, comparator=None, impl=None):
        import pickle
        super().__init__()
        self.protocol = pickle.HIGHEST_PROTOCOL if protocol is None else protocol
        self.pickler = pickler or pickle

    def literal(self, value, dialect):
        return "NULL" if value is None else values.literal(self.pickler.dumps(value, self.protocol), dialect)

    def result(self, value, dialect):
        return None if value is None else self.pickler.loads(value)
