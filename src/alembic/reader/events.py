"""sqlalchemy.event, for what matters to DDL: types that are given to columns, columns that come into tables, tables made."""

_listened = []


def has_any():
    """Whether anything was ever listened for."""
    return bool(_listened)


def listen(target, name, function, *unused, **also_unused):
    _listened.append(name)
    known = target.__dict__.get("_listeners")
    if known is None:
        known = {}
        try:
            target._listeners = known
        except (AttributeError, TypeError):
            return
    known.setdefault(name, []).append(function)


def listens_for(target, name, *unused, **also_unused):
    def take(function):
        listen(target, name, function)
        return function
    return take


def remove(target, name, function):
    listeners = target.__dict__.get("_listeners", {}).get(name, [])
    if function in listeners:
        listeners.remove(function)


def contains(target, name, function):
    return function in target.__dict__.get("_listeners", {}).get(name, [])


def fire(target, name, *arguments, **named):
    for function in _listeners(target, name):
        function(*arguments, **named)


def _listeners(target, name):
    """Of the thing itself, and of its class and the classes above it."""
    if not _listened:
        return []  # the way of nearly every script
    own = getattr(target, "__dict__", {}).get("_listeners")
    found = list(own.get(name, ())) if own else []
    for kind in type(target).__mro__:
        more = kind.__dict__.get("_listeners")
        if more:
            found.extend(more.get(name, ()))
    return found


def fire_ddl(target, name, run, **named):
    """before_create and the like, of a table or of metadata: functions, and DDL that is executed."""
    for one in _listeners(target, name):
        if hasattr(one, "sql"):
            if not getattr(one, "only_on", None) or run.dialect.name in one.only_on:
                run.execute(one.of(target, run.dialect) if hasattr(one, "of") else one)
        else:
            from .connection import Connection
            one(target, Connection(), checkfirst=False, **named)
