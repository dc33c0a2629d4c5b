"""bind.connection: what the driver would give, as far as cursors go. Its transaction is the run's own."""
from .blocks import CommittedAtEnd
from .stops import need_application


class _Driver:
    """Whatever else is asked of a driver ends the script here."""
    _called = ""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        need_application("the driver's own %s (%s.%s)" % (self._called, self._called, name))

    def __setattr__(self, name, value):
        if not name.startswith("_") and name != "arraysize":
            need_application("the driver's own %s (%s.%s = ...)" % (self._called, self._called, name))
        object.__setattr__(self, name, value)


class DriverConnection(CommittedAtEnd, _Driver):
    """execute(), executemany() and executescript() are those of sqlite3 and of psycopg 3."""
    _called = "connection"

    def __init__(self, connection):
        self._connection = connection

    @property
    def dbapi_connection(self):
        return self

    driver_connection = connection = dbapi_connection

    def cursor(self, *unused, **also_unused):
        return Cursor(self)

    def execute(self, *arguments, **named):
        return self.cursor().execute(*arguments, **named)

    def executemany(self, *arguments, **named):
        return self.cursor().executemany(*arguments, **named)

    def executescript(self, *arguments):
        return self.cursor().executescript(*arguments)

    def commit(self):
        self._connection.commit()

    def rollback(self):
        self._connection.rollback()

    def close(self):
        pass


class Cursor(_Driver):
    _called = "cursor"

    def __init__(self, connection):
        self._driver = connection
        self._result = None
        self.arraysize = 1

    @property
    def connection(self):
        return self._driver

    def execute(self, statement, parameters=None, **unused):
        """Without parameters the driver lets every % be; with an empty list of them it does not."""
        if isinstance(statement, bytes):
            statement = statement.decode()
        if not isinstance(statement, str):
            need_application("a statement that the driver composes (%s)" % type(statement).__name__)
        if isinstance(parameters, list):
            parameters = tuple(parameters)  # a list of lists would be several executions
        self._result = self._driver._connection.exec_driver_sql(
            statement, parameters, execution_options={"no_parameters": parameters is None})
        return self

    def executemany(self, statement, rows, **unused):
        for row in rows:
            self.execute(statement, row)
        return self

    def executescript(self, script):
        return self.execute(script)

    @property
    def description(self):
        names = None if self._result is None or not self._result.returns_rows else self._result.keys()
        return names if names is None else [(name, None, None, None, None, None, None) for name in names]

    @property
    def rowcount(self):
        return -1 if self._result is None else self._result.rowcount

    def fetchone(self):
        row = self._result.fetchone()
        return None if row is None else tuple(row)

    def fetchmany(self, size=None):
        return [tuple(row) for row in self._result.fetchmany(size or self.arraysize)]

    def fetchall(self):
        return [tuple(row) for row in self._result.fetchall()]

    def __iter__(self):
        return iter(self.fetchone, None)

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        pass
