"""Objects of declared classes, as far as frozen models go: their columns. They are loaded, changed, added and deleted; what a
mapping can do beyond that (relationships, inheritance, validators) is the application's business and is refused."""
import copy

from .data_types import JSON
from .default_context import client_default
from .exceptions import ObjectDeletedError
from .expressions import Element
from .selects import Select
from .stand_in import StandIn
from .tables import Columns, FromClause
from .stops import need_application


def refuse(what):
    need_application("ORM objects: " + what)


def mapped_table(model):
    """The table of a class whose objects can be handled here."""
    table = model.__dict__.get("__table__")
    if table is None or any("__table__" in base.__dict__ for base in model.__mro__[1:]):
        refuse("%s has no table of its own" % model.__name__)
    if not table.primary_key.given:
        refuse("%s has no primary key" % model.__name__)
    for name, value in vars(model).items():
        if name == "__mapper_args__" or (not isinstance(value, StandIn) and getattr(value, "_validates", None)):
            refuse("%s has more than columns: %s" % (model.__name__, name))
    return table


def no_listeners(target, name, *events):
    """What a project listens to is done by its own code."""
    for event in events:
        if target.__dict__.get("_listeners", {}).get(event):
            refuse("a listener to %s of %s" % (event, name))


def _no_listeners_to_values(table, attributes):
    for attribute in attributes:
        no_listeners(table.c[attribute], "%s.%s" % (table.name, attribute), "set", "append", "modified")


def keys_of(table):
    """(attribute, column) of each column."""
    return [(column.key if column.key is not None else column.name, column) for column in table.c]


class LoadOnly:
    """load_only(Model.a, Model.b)"""

    def __init__(self, *columns, **unused):
        self.columns = columns


class Entity(FromClause):
    """A class in a query: its columns are asked for, and objects made of them."""
    source = None  # what they come from when it is not the table

    def __init__(self, model, only=None):
        self.model, self.table = model, mapped_table(model)
        no_listeners(model, model.__name__, "load", "refresh")
        self.name = self.table.name
        wanted = [column for column in self.table.c
                  if only is None or column in self.table.primary_key.columns.values() or any(column.key == one.key for one in only)]
        self.c = Columns(wanted)

    def tables(self):
        return [self.table if self.source is None else self.source]

    def within(self, source, columns):
        """The same class out of a query in FROM: columns are those of it, in the order of these."""
        made = copy.copy(self)
        made.source = source
        for own, other in zip(self.c, columns):
            other.key = own.key
        made.c = Columns(columns)
        return made

    def narrowed(self, options):
        only = [column for one in options if isinstance(one, LoadOnly) for column in one.columns if column.table is self.table]
        return Entity(self.model, only) if only else self


class _LaterKey(StandIn):
    """The key that the database will give: only a live run knows it."""

    def need(self):
        from . import current
        current.run().query_needed(self.name_)


# What the objects' dictionaries hold beside attributes.
_OURS = {"_given", "_flagged", "_unloaded", "_load", "_row"}


def read_attribute(one, name):
    """Before an attribute is read: what the session has let go is loaded again."""
    values = object.__getattribute__(one, "__dict__")
    if name not in values and name in values.get("_unloaded", ()):
        values["_load"](one)


class Objects:
    """What a session holds: objects by class and key, as they were loaded, and those that are new or to be deleted."""

    def __init__(self, execute):
        """execute: of the session"""
        self.execute = execute
        self.forget()

    # Loading.
    def load(self, model, columns, cells):
        """The object of a row; the same one when it is there already."""
        table = model.__table__
        values = {column.key: cell for column, cell in zip(columns, cells)}
        key = (model, tuple(values[one.key] for one in table.primary_key.columns))
        if all(one is None for one in key[1]):
            return None
        if key not in self._known:
            self._known[key] = (model.__new__(model), {})
            self._unload(key, [attribute for attribute, _ in keys_of(table)])
        made, before = self._known[key]
        for attribute in made.__dict__["_unloaded"] & set(values):
            made.__dict__["_unloaded"].discard(attribute)
            before[attribute] = _as_read(table.c[attribute], values[attribute])
            made.__dict__.setdefault(attribute, values[attribute])
        self._fresh.add(key)
        return made

    @staticmethod
    def read(column, cell):
        """A cell of a statement that does not say the types of its columns."""
        from . import current
        dialect = current.dialect()
        return column.type.resolved(dialect).result(cell, dialect)

    def find(self, model, values):
        """The object of this key, when it is here."""
        return self._known.get((model, tuple(values)), (None,))[0]

    def _unload(self, key, attributes):
        """These are the database's to say from now on, as soon as somebody reads them."""
        one, before = self._known[key]
        for attribute in attributes:
            one.__dict__.pop(attribute, None)
            before.pop(attribute, None)
        one.__dict__.setdefault("_unloaded", set()).update(attributes)
        one.__dict__.update(_load=self._load_again, _row=key)

    def _load_again(self, one):
        key = self._key_of(one)
        if key is None:
            refuse("%s is read, and is not in the session any more" % type(one).__name__)
        from .orm_rows import with_objects
        statement = Select([Entity(key[0])]).where(*_is_key(key[0].__table__, key[1]))
        if not with_objects(self, statement, self.execute(statement).fetchall()):
            raise ObjectDeletedError("the row of %s %r is not there any more" % (key[0].__name__, key[1]))

    def _key_of(self, one):
        key = one.__dict__.get("_row")
        return key if key in self._known and self._known[key][0] is one else None

    def _keep(self, one, sent, is_computed):
        """After an INSERT or UPDATE: what the database computes is read from it."""
        columns = keys_of(type(one).__table__)
        key = type(one), tuple(one.__dict__[attribute] for attribute, column in columns if column.primary_key)
        self._known[key] = (one, {attribute: _as_read(column, one.__dict__[attribute]) for attribute, column in columns
                                  if attribute in one.__dict__})
        self._fresh.add(key)
        self._unload(key, [attribute for attribute, column in columns if not column.primary_key and
                           (isinstance(one.__dict__.get(attribute), Element) or (attribute not in sent and is_computed(column)))])

    def holds(self, one):
        return self._key_of(one) is not None or any(one is new for new in self._new)

    # Changes.
    def add(self, one):
        if isinstance(one, StandIn):
            one.need()
        mapped_table(type(one))
        if not self.holds(one):
            self._new.append(one)

    def merge(self, one, get):
        """get: gives the object of a key, None when there is none"""
        model, table = type(one), mapped_table(type(one))
        if self._key_of(one) is not None:
            return one
        _check_columns_only(one, table)
        # What nobody has set is None in an object that is new.
        given = one.__dict__.get("_given", ())
        values = {attribute: one.__dict__[attribute] for attribute, _ in keys_of(table)
                  if attribute in given or one.__dict__.get(attribute) is not None}
        key = [values.get(column.key) for column in table.primary_key.columns]
        found = None if any(part is None for part in key) else get(tuple(key))
        if found is None:
            found = model.__new__(model)
            found.__dict__["_given"] = set(values)
            self._new.append(found)
        for attribute, value in values.items():
            setattr(found, attribute, value)
        return found

    def delete(self, one):
        model = type(one)
        mapped_table(model)
        no_listeners(model, model.__name__, "before_delete", "after_delete")
        if any(isinstance(value, StandIn) for value in vars(model).values()):
            refuse("%s is deleted, and may take others with it" % model.__name__)
        self._gone.append(one)

    def forget(self):
        self._known, self._new, self._gone = {}, [], []
        self._fresh = set()  # the keys of what was loaded or written since all was let go

    def expire(self, keys=None, names=None):
        """All objects, or those of the keys, or some of their attributes. The key stays: it names the row."""
        for key in self._known if keys is None else [key for key in keys if key in self._known]:
            self._unload(key, [attribute for attribute, column in keys_of(key[0].__table__)
                               if not column.primary_key and (names is None or attribute in names)])

    def expire_written(self):
        """After a COMMIT: nothing is pending, and of a thousand objects one was changed."""
        fresh, self._fresh = self._fresh, set()
        self.expire(fresh)

    def expire_one(self, one, names=None):
        self.expire({self._key_of(one)}, names)

    def changed_by(self, update):
        """A statement has changed rows: what was not set in the objects themselves is read from them."""
        for key, (one, before) in list(self._known.items()):
            if key[0].__table__ is update.table:
                self._unload(key, [column.key for column in update.table.c if not column.primary_key and
                                   not _differs(before.get(column.key), one.__dict__.get(column.key))])

    def refresh(self, one, names=None):
        if self._key_of(one) is None:
            from . import current
            if not current.run().live:
                current.run().query_needed("session.refresh(%s)" % type(one).__name__)
            refuse("%s is refreshed, and is not in the session" % type(one).__name__)
        self.expire_one(one, names)
        self._load_again(one)

    def flush(self):
        """A class's rows are changed before there are new ones, which may take what others had, and deleted in the end."""
        new, self._new = self._new, []
        changed = set()
        for one in new:
            if type(one) not in changed:
                changed.add(type(one))
                self._flush_changes([key for key in self._known if key[0] is type(one)])
            self._insert(one)
        self._flush_changes(list(self._known))
        gone, self._gone = self._gone, []
        for one in gone:
            table = type(one).__table__
            key = self._key_of(one)
            if key is not None:
                del self._known[key]
                self.execute(table.delete().where(*_is_key(table, key[1])))

    def _flush_changes(self, keys):
        """Row by row in the order of their keys, as SQLAlchemy does it."""
        for key in _in_order(keys):
            one, before = self._known[key]
            _check_columns_only(one, key[0].__table__)
            changed = {attribute: one.__dict__[attribute] for attribute, _ in keys_of(key[0].__table__)
                       if _is_changed(attribute, before, one.__dict__)}
            for name in one.__dict__.pop("_flagged", ()):
                changed[name] = one.__dict__[name]
            if changed:
                self._update(key, one, changed)
                del self._known[key]
                self._keep(one, changed, lambda column: column.onupdate is not None or column.computed is not None)

    def _insert(self, one, in_bulk=False):
        table = mapped_table(type(one))
        _check_columns_only(one, table)
        no_listeners(type(one), type(one).__name__, "before_insert", "after_insert")
        values = {}
        for attribute, column in keys_of(table):
            value = one.__dict__.get(attribute)
            if value is None and column.default is not None and not hasattr(column.default, "next_value"):
                value = one.__dict__[attribute] = client_default(column.default, lambda: _parameters(one, table))
            if value is not None or (not in_bulk and _is_sent_as_null(column, attribute in one.__dict__.get("_given", ()))):
                values[attribute] = value
        result = self.execute(table.insert().values(**values))
        for place, column in enumerate(table.primary_key.columns):
            if one.__dict__.get(column.key) is None:
                one.__dict__[column.key] = result.inserted_primary_key[place] if result.is_known else \
                    _LaterKey("the key of a new row of %s" % table.name)
        one.__dict__.pop("_given", None)
        self._keep(one, values, _has_servers_value)

    def _update(self, key, one, changed):
        table = type(one).__table__
        no_listeners(type(one), type(one).__name__, "before_update", "after_update")
        _no_listeners_to_values(table, changed)
        self.execute(table.update().where(*_is_key(table, key[1])).values(**changed))

    # Without objects that are kept.
    def insert_rows(self, model, rows, render_nulls=False):
        """What is None is left to the defaults."""
        table = mapped_table(model)
        for row in rows:
            self.execute(table.insert().values(**{name: value for name, value in row.items() if render_nulls or value is not None}))

    def update_rows(self, table, rows):
        """Each by its key."""
        names = [column.key for column in table.primary_key.columns]
        for row in rows:
            changed = {name: value for name, value in row.items() if name not in names}
            self.execute(table.update().where(*_is_key(table, [row[name] for name in names])).values(**changed))

    def save_rows(self, objects):
        for one in objects:
            if self._key_of(one) is None:
                self._insert(one, in_bulk=True)
        self.flush()


def _in_order(keys):
    """Class by class, as they were met."""
    models = {}
    for model, key in keys:
        models.setdefault(model, len(models))
    try:
        return sorted(keys, key=lambda key: (models[key[0]], key[1]))
    except TypeError:
        return keys  # there is no order of such values


def _parameters(one, table):
    return {column.name: one.__dict__[attribute] for attribute, column in keys_of(table) if one.__dict__.get(attribute) is not None}


def flag_modified(one, name):
    """What was changed within a value is not seen otherwise."""
    one.__dict__.setdefault("_flagged", []).append(name)


def _is_changed(name, before, now):
    return name in now and (name not in before or (before[name] is not now[name] and _differs(before[name], now[name])))


def _differs(before, now):
    if isinstance(before, StandIn) or isinstance(now, StandIn):
        return before is not now
    return type(before) is not type(now) or before != now


def _as_read(column, value):
    """What a value is compared with later. Those of MutableDict and the like are changed in place."""
    return copy.copy(value) if getattr(column.type, "is_mutable", False) else value


def _has_servers_value(column):
    return column.server_default is not None or column.computed is not None or column.identity is not None


def _is_sent_as_null(column, is_given):
    """Where the model says no default, None is sent although the table may have one; where it says one, None is left to that."""
    if isinstance(column.type, JSON) or column.type.should_evaluate_none:
        return is_given
    return not column.primary_key and column.default is None and not _has_servers_value(column)


def _is_key(table, values):
    return [column == value for column, value in zip(table.primary_key.columns, values)]


def _check_columns_only(one, table):
    """A value was given to something that is no column: what that means only the mapping knows."""
    names = {attribute for attribute, _ in keys_of(table)} | _OURS
    for name in one.__dict__:
        if name not in names and isinstance(getattr(type(one), name, None), StandIn):
            refuse("%s.%s" % (type(one).__name__, name))


def construct(one, values):
    """What declared classes do with keywords."""
    model = type(one)
    attributes = [attribute for attribute, _ in keys_of(mapped_table(model))]
    no_listeners(model, model.__name__, "init")
    _no_listeners_to_values(model.__table__, [name for name in values if name in attributes])
    for name, value in values.items():
        if not hasattr(model, name):
            raise TypeError("%r is no attribute of %s" % (name, model.__name__))
        if name not in attributes and isinstance(getattr(model, name), StandIn):
            refuse("%s.%s" % (model.__name__, name))
        setattr(one, name, value)
    one.__dict__["_given"] = set(values)
