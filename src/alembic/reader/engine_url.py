"""bind.engine.url, create_engine(): the address is the program's business."""
import re

from .stops import need_application

# What addresses begin with, of the databases and the drivers that scripts ask about.
_KINDS = re.compile(r"(sqlite|postgres|mysql|maria|oracle|mssql|psycopg|asyncpg|pg8000|pysqlite)\w*(://)?\Z", re.I)


class _Address(str):
    """str(url): which database it is can be asked of it, and no more is known."""

    def _ask(self, part):
        if not isinstance(part, str) or not _KINDS.match(part):
            need_application("the address of the database (str(engine.url))")

    def __contains__(self, part):
        self._ask(part)
        return super().__contains__(part)

    def startswith(self, prefix, *unused):
        for one in prefix if isinstance(prefix, tuple) else (prefix,):
            self._ask(one)
        return super().startswith(prefix)

    def __eq__(self, other):
        self._ask(None)

    __hash__ = str.__hash__

    def _refuse(self, *unused, **also_unused):
        self._ask(None)

    __ne__ = __getitem__ = split = rsplit = partition = rpartition = replace = find = rfind = index = endswith = _refuse

    def lower(self):
        return self


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
        return _Address(self.drivername + "://")


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
