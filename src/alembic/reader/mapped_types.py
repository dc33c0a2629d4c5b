"""Types that are not SQLAlchemy's: those of the project's table ("app.types.GUID" = "uuid"), and those that are well known."""
import sys

from . import column_types as types
from .exceptions import ArgumentError
from .stand_in import StandIn
from .stops import need_application


class NamedType(types.TypeEngine):
    """The text that the table gives."""

    def __init__(self, text):
        self.text = text

    def sql(self, dialect):
        if isinstance(self.text, dict):
            if dialect.name not in self.text:
                raise ArgumentError("the project's table of types has no type for %s" % dialect.name)
            return self.text[dialect.name]
        return self.text


def mapped_type(value):
    """A type for what a script gave instead of one."""
    if isinstance(value, StandIn):
        name = value.name_[:-2] if value.name_.endswith("()") else value.name_
        mapped = mapping_for_name(name)
        if mapped is not None:
            return mapped
        need_application("the column type %s is not known: a line in the project's table of types says what it is in SQL%s"
                         % (name, " (%s)" % value.reason_ if value.reason_ else ""))
    mapped = mapping_for_class(value if isinstance(value, type) else type(value))
    if mapped is not None:
        return mapped
    sql_type = getattr(value, "sql_type", None) or getattr(value, "__sqlalchemy_type__", None)
    if sql_type is not None:
        return types.to_instance(sql_type)
    if callable(value) and not isinstance(value, type):
        return types.to_instance(value())
    raise ArgumentError("%r is no column type" % (value,))


def mapping_for_name(name):
    from . import current
    text = current.settings().types.get(name)
    return NamedType(text) if text is not None else None


def mapping_for_class(kind):
    """Under the name where it was defined, or any name in the table that leads to the same class."""
    from . import current
    known = current.settings().types
    if not known:
        return None
    text = known.get("%s.%s" % (kind.__module__, kind.__qualname__))
    if text is None:
        text = next((sql for name, sql in known.items() if _leads_to(name) is kind), None)
    return NamedType(text) if text is not None else None


def _leads_to(name):
    module, _, attribute = name.rpartition(".")
    return getattr(sys.modules.get(module), attribute, None)
