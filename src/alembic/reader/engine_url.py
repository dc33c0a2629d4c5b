"""bind.engine.url, create_engine(): the address is the program's business."""
from .stops import need_application


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

    @property
    def database(self):
        """Of PostgreSQL, which the database itself says; one of SQLite is a path."""
        return self._asked("database", "current_database()")

    @property
    def username(self):
        return self._asked("username", "session_user")

    def _asked(self, name, expression):
        if not self._dialect.is_postgresql:
            return self.__getattr__(name)
        from .connection import Connection
        return Connection().exec_driver_sql("SELECT " + expression).scalar()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        need_application("the address of the database (engine.url.%s)" % name)

    def __str__(self):
        return self.drivername + "://"


def current_url():
    from . import current
    return Url(current.dialect())


def create_engine(*unused, **also_unused):
    need_application("a connection of its own (create_engine)")


def engine_from_config(*unused, **also_unused):
    """The project's own configuration leads to the database that the run works on."""
    from .connection import Connection
    return Connection()


def make_url(text):
    need_application("make_url(%r)" % (text,))
