"""Objects of declared classes, as far as frozen models go: their columns. They are loaded, changed, added and deleted; what a
mapping can do beyond that (relationships, inheritance, validators) is the application's business and is refused."""
from .changes import _client_default
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

    def __init__(self, model, only=None):
        self.model, self.table = model, mapped_table(model)
        no_listeners(model, model.__name__, "load", "refresh")
        self.name = self.table.name
        wanted = [column for column in self.table.c
                  if only is None or column in self.table.primary_key.columns.values() or any(column is one for one in only)]
        self.c = Columns(wanted)

    def tables(self):
        return [self.table]

    def narrowed(self, options):
        only = [column for one in options if isinstance(one, LoadOnly) for column in one.columns if column.table is self.table]
        return Entity(self.model, only) if only else self


class _LaterKey(StandIn):
    """The key that the database will give: only a live run knows it."""

    def need(self):
        from . import current
        current.run().query_needed(self.name_)


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
        known = self._known.get(key)
        if known is not None and key not in self._expired:
            return known[0]
        self._expired.discard(key)
        made = known[0] if known is not None else model.__new__(model)
        for attribute, _ in keys_of(table):
            made.__dict__[attribute] = values[attribute] if attribute in values else \
                StandIn("%s.%s, which the query leaves out" % (model.__name__, attribute))
        self._known[key] = (made, dict(made.__dict__))
        return made

    def holds(self, one):
        return any(known[0] is one for known in self._known.values()) or any(one is new for new in self._new)

    # Changes.
    def add(self, one):
        if isinstance(one, StandIn):
            one.need()
        mapped_table(type(one))
        if not self.holds(one):
            self._new.append(one)

    def delete(self, one):
        model = type(one)
        mapped_table(model)
        no_listeners(model, model.__name__, "before_delete", "after_delete")
        if any(isinstance(value, StandIn) for value in vars(model).values()):
            refuse("%s is deleted, and may take others with it" % model.__name__)
        self._gone.append(one)

    def forget(self):
        self._known, self._new, self._gone, self._expired = {}, [], [], set()

    def expire(self):
        """What is loaded anew has the database's values from now on."""
        self._expired = set(self._known)

    def refresh(self, one):
        key = next((key for key, known in self._known.items() if known[0] is one), None)
        if key is None:
            from . import current
            if not current.run().live:
                current.run().query_needed("session.refresh(%s)" % type(one).__name__)
            refuse("%s is refreshed, and is not in the session" % type(one).__name__)
        self._expired.add(key)
        statement = Select([Entity(key[0])]).where(*_is_key(key[0].__table__, key[1]))
        with_objects(self, statement, self.execute(statement).fetchall())

    def flush(self):
        new, self._new = self._new, []
        for one in new:
            self._insert(one)
        for key, (one, before) in list(self._known.items()):
            changed = {name: value for name, value in one.__dict__.items() if before.get(name) is not value and
                       _differs(before.get(name), value)}
            for name in one.__dict__.pop("_flagged", ()):
                changed[name] = one.__dict__[name]
            changed.pop("_flagged", None)
            if changed:
                self._update(key, one, changed)
                self._known[key] = (one, dict(one.__dict__))
        gone, self._gone = self._gone, []
        for one in gone:
            table = type(one).__table__
            key = next((key for key, known in self._known.items() if known[0] is one), None)
            if key is not None:
                del self._known[key]
                self.execute(table.delete().where(*_is_key(table, key[1])))

    def _insert(self, one):
        table = mapped_table(type(one))
        _check_columns_only(one, table)
        no_listeners(type(one), type(one).__name__, "before_insert", "after_insert")
        values = {}
        for attribute, column in keys_of(table):
            value = one.__dict__.get(attribute)
            if value is None and column.default is not None and not hasattr(column.default, "next_value"):
                value = one.__dict__[attribute] = _client_default(column.default)
            if value is not None or (attribute in one.__dict__.get("_given", ()) and not column.primary_key):
                values[attribute] = value
        result = self.execute(table.insert().values(**values))
        for place, column in enumerate(table.primary_key.columns):
            if one.__dict__.get(column.key) is None:
                one.__dict__[column.key] = result.inserted_primary_key[place] if result.is_known else \
                    _LaterKey("the key of a new row of %s" % table.name)
        one.__dict__.pop("_given", None)
        key = tuple(one.__dict__[column.key] for column in table.primary_key.columns)
        if not any(isinstance(part, StandIn) for part in key):
            self._known[type(one), key] = (one, dict(one.__dict__))

    def _update(self, key, one, changed):
        table = type(one).__table__
        _check_columns_only(one, table)
        no_listeners(type(one), type(one).__name__, "before_update", "after_update")
        _no_listeners_to_values(table, changed)
        self.execute(table.update().where(*_is_key(table, key[1])).values(**changed))

    # Without objects that are kept.
    def insert_rows(self, model, rows):
        table = mapped_table(model)
        for row in rows:
            self.execute(table.insert().values(**row))

    def update_rows(self, model, rows):
        table = mapped_table(model)
        names = [column.key for column in table.primary_key.columns]
        for row in rows:
            changed = {name: value for name, value in row.items() if name not in names}
            self.execute(table.update().where(*_is_key(table, [row[name] for name in names])).values(**changed))

    def save_rows(self, objects):
        for one in objects:
            known = next(((key, known) for key, known in self._known.items() if known[0] is one), None)
            if known is None:
                self._insert(one)
        self.flush()


def flag_modified(one, name):
    """What was changed within a value is not seen otherwise."""
    one.__dict__.setdefault("_flagged", []).append(name)


def _differs(before, now):
    if isinstance(before, StandIn) or isinstance(now, StandIn):
        return before is not now
    return type(before) is not type(now) or before != now


def _is_key(table, values):
    return [column == value for column, value in zip(table.primary_key.columns, values)]


def _check_columns_only(one, table):
    """A value was given to something that is no column: what that means only the mapping knows."""
    names = {attribute for attribute, _ in keys_of(table)} | {"_given"}
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


def entities_of(statement):
    return [one for one in statement._elements if isinstance(one, Entity)] if isinstance(statement, Select) else []


def with_objects(objects, statement, rows):
    """The rows of a query, with objects in the places of their columns."""
    made = []
    for row in rows:
        cells, place = [], 0
        for element in statement._elements:
            if isinstance(element, Entity):
                count = len(element.c)
                cells.append(objects.load(element.model, list(element.c), row[place:place + count]))
            elif isinstance(element, FromClause):
                count = len(element.c)
                cells.extend(row[place:place + count])
            else:
                count = 1
                cells.append(row[place])
            place += count
        made.append(tuple(cells))
    return made


def names_of(statement):
    """The names of a row with objects: the class's for an object."""
    names = []
    for element, (name, _) in zip(statement._elements, _first_names(statement)):
        names.append(element.model.__name__ if isinstance(element, Entity) else name)
    return tuple(names)


def _first_names(statement):
    place, output = 0, statement.output()
    for element in statement._elements:
        yield output[place]
        place += len(element.c) if isinstance(element, FromClause) else 1
