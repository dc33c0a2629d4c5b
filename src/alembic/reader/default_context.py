"""What a default of a column's own that takes an argument is given."""
import functools
import inspect

from . import current
from .expressions import Element


class DefaultContext:
    """parameters: what the row has so far, by the columns' names."""
    isinsert = isupdate = False

    def __init__(self, parameters, is_update=False):
        self.current_parameters = parameters
        self.isinsert, self.isupdate = not is_update, is_update

    def get_current_parameters(self, isolate_multiinsert_groups=True):
        return dict(self.current_parameters)

    @property
    def dialect(self):
        return current.dialect()

    @property
    def connection(self):
        from .connection import Connection
        return Connection()

    root_connection = connection


def client_default(default, parameters=dict, is_update=False):
    """What SQLAlchemy would compute before it sends the statement; None: nothing. parameters: gives what the row has so far."""
    if hasattr(default, "next_value"):
        return default.next_value()
    value = getattr(default, "arg", default)
    if not callable(value) or isinstance(value, Element):
        return value
    return value(DefaultContext(parameters(), is_update)) if _takes_one(value) else value()


@functools.lru_cache(maxsize=100)
def _takes_one(function):
    """Whether it has a parameter that has to be given."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False  # of a type such as dict, nobody knows any
    return any(one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in parameters)
