"""bind.engine.url, create_engine(): the address is the program's business."""
from .stops import NeedsApplication


class Url:
    def __init__(self, dialect):
        self.drivername = dialect.name
        self._dialect = dialect

    def get_backend_name(self):
        return self._dialect.name

    def get_dialect(self):
        return self._dialect

    def get_driver_name(self):
        return self._dialect.driver

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise NeedsApplication("the address of the database (engine.url.%s)" % name)

    def __str__(self):
        return self.drivername + "://"


def current_url():
    from . import current
    return Url(current.dialect())


def create_engine(*unused, **also_unused):
    raise NeedsApplication("a connection of its own (create_engine)")


def make_url(text):
    raise NeedsApplication("make_url(%r)" % (text,))
