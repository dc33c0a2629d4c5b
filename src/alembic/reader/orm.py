"""sqlalchemy.orm, as far as a frozen model goes: classes may be declared, their tables and columns used in statements, and a
Session executes statements (orm_session.py)."""
import re

from . import column_types as types
from .annotations import Mapped, mapped_columns
from .columns import Column
from .installed import sqlalchemy_is_1
from .orm_attributes import Attribute
from .orm_objects import Entity, LoadOnly, construct, flag_modified, keys_of, mapped_table, read_attribute, refuse
from .orm_query import Query
from .orm_session import Session, scoped_session, sessionmaker
from .schema import MetaData, Table
from .stand_in import StandIn


class _Declared(type):
    """Makes the table of a class with __tablename__ from its columns."""

    def __new__(mcs, name, bases, namespace, **unused):
        return super().__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **unused):
        super().__init__(name, bases, namespace)
        if any(isinstance(base, _Declared) for base in bases):
            if not any("metadata" in base.__dict__ for base in cls.__mro__):
                cls.metadata = MetaData()
            cls._make_table()

    def _make_table(cls):
        if "__table__" not in cls.__dict__ and getattr(cls, "_named_by_class", False) and "__tablename__" not in cls.__dict__ and \
                any(column.primary_key for column in _columns_of(cls).values()):
            cls.__tablename__ = re.sub(r"(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z])(?=[a-z])", r"_\g<0>", cls.__name__).lower()
        if isinstance(cls.__dict__.get("__table__"), Table):
            cls.__table__.is_mapped = True
        if "__table__" in cls.__dict__ or not isinstance(cls.__dict__.get("__tablename__"), str):
            return
        named = _columns_in_order(cls)
        for key, column in named.items():
            if column.name is None:
                column.name = key
            column.key = key
            setattr(cls, key, column if column.name == key else Attribute.of(column))
        arguments = cls.__dict__.get("__table_args__") or ()
        options = {}
        if isinstance(arguments, dict):
            arguments, options = (), arguments
        elif arguments and isinstance(arguments[-1], dict):
            arguments, options = arguments[:-1], arguments[-1]
        cls.metadata.info.setdefault("models", []).append(cls)
        cls.__table__ = Table(cls.__tablename__, cls.metadata, *named.values(), *arguments, **{"extend_existing": True, **options})
        cls.__table__.is_mapped = True

    def __clause_element__(cls):
        return cls.__table__

    def __call__(cls, *arguments, **named):
        made = cls.__new__(cls)
        for attribute, _ in keys_of(mapped_table(cls)):
            made.__dict__[attribute] = None
        made.__init__(*arguments, **named)
        return made

    def __getattr__(cls, name):
        return _attribute_by_relationship(cls, cls.__name__, name)


def _attribute_by_relationship(model, shown, name):
    """A relationship of one class puts attributes on others; without any there are none but the class's own."""
    metadata = next((base.__dict__["metadata"] for base in model.__mro__ if "metadata" in base.__dict__), None)
    models = metadata.info.get("models", ()) if isinstance(metadata, MetaData) else ()
    if name.startswith("__") or not any(isinstance(value, StandIn) for one in models for value in vars(one).values()):
        raise AttributeError("%s has no attribute %r" % (shown, name))
    return StandIn("%s.%s" % (shown, name))


def _columns_of(base, model=None):
    """model: the class that has them in the end."""
    found = {}
    for key, value in base.__dict__.items():
        if isinstance(value, Column):
            found[key] = value
        elif isinstance(value, declared_attr) and not key.startswith("__"):
            made = value.function(model or base)
            if isinstance(made, Column):
                found[key] = made
    return mapped_columns(base, found)


def _columns_in_order(cls):
    """SQLAlchemy 2.0 takes the class's own first and then those of its bases; before that all came as they were made."""
    named, holders = {}, set()
    for base in cls.__mro__:
        for key, value in _columns_of(base, cls).items():
            named.setdefault(key, value if base is cls else value.copy())
            holders.add(base)
    if len(holders) > 1 and sqlalchemy_is_1():
        return dict(sorted(named.items(), key=lambda item: item[1].order))
    return named


class declared_attr:
    def __init__(self, function):
        self.function = getattr(function, "__func__", function)

    def __get__(self, instance, owner):
        return self.function(owner)

    @classmethod
    def directive(cls, function):
        return cls(function)

    cascading = directive


def mapped_column(*arguments, **named):
    named = {key: value for key, value in named.items() if key not in (
        "init", "repr", "default_factory", "compare", "kw_only", "hash", "deferred", "deferred_group", "use_existing_column",
        "sort_order", "active_history", "insert_default", "deferred_raiseload", "dataclass_metadata")}
    return Column(*arguments, **named)


class DeclarativeBase(metaclass=_Declared):
    """class Base(DeclarativeBase): pass"""
    _named_by_class = False

    def __init_subclass__(cls, **unused):
        super().__init_subclass__()

    def __init__(self, **values):
        construct(self, values)

    def __getattribute__(self, name):
        read_attribute(self, name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return _attribute_by_relationship(type(self), type(self).__name__, name)


def validates(*unused, **also_unused):
    """Objects of a class with one are refused."""
    def mark(function):
        function._validates = True
        return function
    return mark


class MappedAsDataclass:
    def __init_subclass__(cls, **unused):
        super().__init_subclass__()


def declarative_base(bind=None, metadata=None, name="Base", cls=object, **unused):
    bases = cls if isinstance(cls, tuple) else (cls,)
    bases = tuple(one for one in bases if one is not object)
    return _Declared(name, bases + (DeclarativeBase,), {"metadata": metadata if metadata is not None else MetaData()})


def as_declarative(**named):
    return lambda cls: declarative_base(cls=cls, **named)


class registry:
    def __init__(self, metadata=None, type_annotation_map=None, **unused):
        self.metadata = metadata or MetaData()
        self.type_annotation_map = type_annotation_map or {}

    def generate_base(self, **unused):
        made = declarative_base(metadata=self.metadata)
        made.registry = self
        return made

    def mapped(self, cls):
        return cls

    def map_imperatively(self, *unused, **also_unused):
        return None


def Bundle(*unused, **also_unused):
    refuse("Bundle()")


def aliased(element, name=None, **unused):
    if isinstance(element, _Declared):
        return AliasedClass(element, name)
    table = element.__clause_element__() if hasattr(element, "__clause_element__") else element
    return table.alias(name)


class AliasedClass:
    """A mapped class under another name: its attributes are columns of the alias."""

    def __init__(self, model, name=None):
        table = mapped_table(model)
        self._alias = table.alias(name)
        own = dict(zip([key for key, _ in keys_of(table)], self._alias.c))
        for key, column in own.items():
            column.attribute = key
        self._entity = Entity(model).within(self._alias, list(own.values()))
        self._columns = own

    def __clause_element__(self):
        return self._alias

    def __entity__(self):
        return self._entity

    def __getattr__(self, name):
        if not name.startswith("_") and name in self._columns:
            return self._columns[name]
        raise AttributeError(name)


class QueryableAttribute:
    pass


def _members():
    return {"Mapped": Mapped, "declared_attr": declared_attr, "mapped_column": mapped_column, "DeclarativeBase": DeclarativeBase,
            "DeclarativeBaseNoMeta": DeclarativeBase, "MappedAsDataclass": MappedAsDataclass, "as_declarative": as_declarative,
            "declarative_base": declarative_base, "registry": registry, "Session": Session, "sessionmaker": sessionmaker,
            "scoped_session": scoped_session, "flag_modified": flag_modified, "load_only": LoadOnly, "validates": validates, "Query": Query, "Bundle": Bundle, "aliased": aliased, "DeclarativeMeta": _Declared,
            "InstrumentedAttribute": QueryableAttribute, "QueryableAttribute": QueryableAttribute}


def module(name):
    """The names of sqlalchemy.orm, or of a module below it."""
    if name.endswith(".exc"):
        from . import exceptions
        return {"NoResultFound": exceptions.NoResultFound, "MultipleResultsFound": exceptions.MultipleResultsFound,
                "StaleDataError": exceptions.SQLAlchemyError, "ObjectDeletedError": exceptions.ObjectDeletedError}
    return _members()


def _identity(value, *unused, **also_unused):
    return value


def flask_sqlalchemy():
    """db = SQLAlchemy(); class User(db.Model): ... Its session is a connection of its own, which is not there."""
    from .sqlalchemy_modules import everything

    class Model(DeclarativeBase):
        """Classes without __tablename__ get one from their name."""
        _named_by_class = True

    class SQLAlchemy:
        def __init__(self, app=None, metadata=None, model_class=None, **unused):
            self.metadata = metadata if metadata is not None else MetaData()
            self.Model = _Declared("Model", (Model,), {"metadata": self.metadata})

        def Table(self, name, *items, **named):
            return Table(name, self.metadata, *items, **named)

        def init_app(self, *unused, **also_unused):
            pass

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            for known in (everything(), _members()):
                if name in known:
                    return known[name]
            return StandIn("flask_sqlalchemy.SQLAlchemy().%s" % name)
    return {"SQLAlchemy": SQLAlchemy, "Model": Model}


def _mutable(type_):
    made = types.to_instance(type_)
    made.is_mutable = True
    return made


def extension(name):
    if name == "declarative":
        return {"declarative_base": declarative_base, "declared_attr": declared_attr, "as_declarative": as_declarative,
                "DeclarativeMeta": _Declared}
    if name == "hybrid":
        return {"hybrid_property": property, "hybrid_method": _identity}
    if name == "mutable":
        kind = type("Mutable", (), {"as_mutable": classmethod(lambda cls, type_: _mutable(type_)),
                                    "associate_with": classmethod(_identity)})
        return {"Mutable": kind, "MutableDict": kind, "MutableList": kind, "MutableSet": kind, "MutableComposite": kind}
    if name == "compiler":
        from .compiles import compiles, deregister
        return {"compiles": compiles, "deregister": deregister}
    if name == "asyncio":
        from .async_connection import AsyncConnection
        return {"AsyncConnection": AsyncConnection, "AsyncEngine": AsyncConnection}
    return {}
