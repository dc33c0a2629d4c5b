"""What Mapped[...] says of a column of a class: its type, whether it may be missing, and the mapped_column() in Annotated[...]."""
import datetime
import decimal
import enum
import sys
import typing
import uuid

from . import column_types as types
from .columns import Column
from .enum_types import Enum
from .stand_in import StandIn

_OF_PYTHON = {bool: types.Boolean, int: types.Integer, float: types.Float, str: types.String, bytes: types.LargeBinary,
              datetime.datetime: types.DateTime, datetime.date: types.Date, datetime.time: types.Time,
              datetime.timedelta: types.Interval, decimal.Decimal: types.Numeric, uuid.UUID: types.Uuid}


class Mapped:
    """Mapped[int]; only looked at where a class is declared."""

    def __init__(self, item):
        self.item = item

    def __class_getitem__(cls, item):
        return cls(item)


def mapped_columns(owner, columns):
    """The columns of a class in its order: those that it assigns, with what its annotations say, and those that it only annotates."""
    annotated = {}
    for key, annotation in _annotations_of(owner).items():
        if isinstance(annotation, str):
            annotation = _evaluated(annotation, owner)
        if isinstance(annotation, Mapped) and (key in columns or key not in owner.__dict__):
            annotated[key] = _column(annotation, columns.get(key), owner)
    ordered = {}
    for key, column in columns.items():
        if key in annotated:
            ordered.update((before, annotated[before]) for before in list(annotated)[:list(annotated).index(key)])
        ordered[key] = column
    return {**ordered, **annotated}


def _column(annotation, assigned, owner):
    item, optional = _without_none(_known(annotation.item, owner))
    inner, optional_inside = _without_none(getattr(item, "__origin__", item) if hasattr(item, "__metadata__") else item)
    column = _joined(assigned, next((one for one in getattr(item, "__metadata__", ()) if isinstance(one, Column)), None))
    if isinstance(column.type, types.NullType):
        column.type = _type_of((item, inner), owner)
    if column.said_nullable is None and not column.primary_key:
        column.nullable = optional or optional_inside
    return column


def _annotations_of(owner):
    found = owner.__dict__.get("__annotations__")
    if found is None and sys.version_info >= (3, 14):
        import annotationlib
        found = annotationlib.get_annotations(owner, format=annotationlib.Format.FORWARDREF)
    return found or {}


def _evaluated(text, owner):
    """None when the names in it are not there, as those of relationships often are."""
    try:
        return eval(text, *_namespaces_of(owner))
    except Exception:
        return None


def _namespaces_of(owner):
    module = sys.modules.get(owner.__module__)
    if module is not None:
        return vars(module), {}
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith("<limbeck_reader"):
        frame = frame.f_back
    return frame.f_globals, frame.f_locals


def _known(item, owner):
    text = getattr(item, "__forward_arg__", item)
    return _evaluated(text, owner) if isinstance(text, str) else item


def _without_none(item):
    """Optional[X] and X | None: X, and that it may be missing."""
    origin = typing.get_origin(item)
    if origin is not typing.Union and getattr(origin, "__name__", "") != "UnionType":
        return item, False
    named = [one for one in typing.get_args(item) if one is not type(None)]
    return (named[0] if len(named) == 1 else item), len(named) < len(typing.get_args(item))


def _joined(assigned, written):
    """Where both are there, what the class assigns goes before."""
    if assigned is None:
        return Column() if written is None else written.copy()
    if written is not None:
        if isinstance(assigned.type, types.NullType):
            assigned.type = written.type
        assigned.primary_key = assigned.primary_key or written.primary_key
        if not assigned.foreign_keys:
            assigned.foreign_keys = written.copy().foreign_keys
        if assigned.default is None:
            assigned.default = written.default
    return assigned


def _type_of(items, owner):
    chosen = {}
    for base in reversed(owner.__mro__):
        chosen.update(getattr(base.__dict__.get("registry"), "type_annotation_map", None) or {})
        chosen.update(base.__dict__.get("type_annotation_map") or {})
    for item in items:
        if isinstance(item, StandIn) or item is None:
            continue
        found = _entry(chosen, item)
        if found is not None:
            return types.to_instance(found)
    item = getattr(items[-1], "__supertype__", items[-1])
    if typing.get_origin(item) is getattr(typing, "Literal", None):
        return Enum(*typing.get_args(item), native_enum=False)
    if isinstance(item, type) and not isinstance(item, StandIn):
        if issubclass(item, enum.Enum):
            return Enum(item)
        for base in item.__mro__:
            found = _entry(chosen, base) or _OF_PYTHON.get(base)
            if found is not None:
                return types.to_instance(found)
    return types.NullType()


def _entry(chosen, item):
    try:
        return chosen.get(item)
    except TypeError:
        return None  # it cannot be a key
