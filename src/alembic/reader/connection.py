"""What op.get_bind() gives: a connection that records or asks the program. It is also its own engine."""
import re

from . import current
from .blocks import CommittedAtEnd
from .changes import Insert, _Change, bound
from .columns import Sequence
from .exceptions import InvalidRequestError, ProgrammingError
from .expressions import Context
from .migration_context import AutocommitBlock
from .modelled import Modelled
from .result import Result
from .run import is_many, statement
from .stand_in import StandIn
from .stops import need_application, refuse_other_schemas
from .text_clause import TextClause
from .values import literal

_QUERY = re.compile(r"\s*(SELECT|SHOW|PRAGMA|VALUES)\b", re.I)
_CONTROL = re.compile(r"\s*(BEGIN|START\s+TRANSACTION|ROLLBACK(?!\s+TO)|END)\b(?!\s*\w*\s*(CONCURRENTLY))", re.I)


class Connection(Modelled):
    closed = False
    invalidated = False

    @property
    def dialect(self):
        return current.dialect()

    @property
    def engine(self):
        return Engine()

    @property
    def connection(self):
        from .driver_connection import DriverConnection
        return DriverConnection(self)

    def raw_connection(self, *unused):
        need_application("a connection of the driver's beside the run's own (raw_connection)")

    @property
    def name(self):
        return self.dialect.name

    @property
    def driver(self):
        return self.dialect.driver

    @property
    def url(self):
        from .engine_url import current_url
        return current_url()

    @property
    def info(self):
        return {}

    # Statements.
    def execute(self, clause, *parameters, **named):
        """SQLAlchemy 2.0's way, and 1.4's: strings, parameters as several dictionaries or as keywords."""
        if isinstance(clause, StandIn):
            clause.need()
        refuse_other_schemas(named.pop("execution_options", None))
        if isinstance(clause, Sequence):
            return self.scalar(clause.next_value())
        if parameters == () and _are_parameters(named.get("parameters", ())):
            parameters = (named.pop("parameters"),)
        rows = _parameter_rows(parameters, named)
        if isinstance(clause, str):
            return self.exec_driver_sql(clause, rows if len(rows) > 1 else rows[0] if rows else None)
        element = statement(clause)
        if not rows:
            return self._execute(element)
        result = None
        for one in _executions(element, rows):
            result = _behind(result, self._execute(one))
        return result

    def _execute(self, element):
        run = current.run()
        made_key = None
        if isinstance(element, Insert) and run.live:
            element, made_key = _with_key(element)
        text = element.sql(Context(run.dialect))
        _refuse_transaction_control(text)
        if made_key is not None:
            answer = self._send(text)
            return Result(run, text, answer, made_key=made_key(answer))
        output = element.output() if hasattr(element, "output") else None
        by_name = getattr(element, "result_types", None)
        columns = element.columns_asked() if output and hasattr(element, "columns_asked") else ()
        return Result(run, text, self._send(text, many=is_many(element)), output, by_name, columns=columns)

    def exec_driver_sql(self, text, parameters=None, execution_options=None):
        run = current.run()
        _refuse_transaction_control(text)
        if isinstance(parameters, list) and parameters and isinstance(parameters[0], (dict, tuple, list)):
            result = None
            for one in parameters:
                result = _behind(result, self.exec_driver_sql(text, one))
            return result
        if parameters:
            text = _driver_parameters(text, parameters, run.dialect)
        elif run.dialect.is_postgresql and not (execution_options or {}).get("no_parameters", run.no_parameters):
            text = text.replace("%%", "%")  # SQLAlchemy gives psycopg2 no parameters, and it then does so all the same
        many = ";" in text.rstrip().rstrip(";")
        return Result(run, text, self._send(text, many=many))

    def _send(self, text, **named):
        return current.run().execute_sql(text, **named)

    def scalar(self, clause, *parameters, **named):
        return self.execute(clause, *parameters, **named).scalar()

    def scalars(self, clause, *parameters, **named):
        return self.execute(clause, *parameters, **named).scalars()

    # Transactions.
    def commit(self):
        current.run().commit()

    def rollback(self):
        """The run fails at its end, unless the script raises before that."""
        run = current.run()
        run.rolled_back_at = run.line()

    def begin(self):
        return _Transaction(self)

    def begin_nested(self):
        return _Savepoint(self)

    def in_transaction(self):
        return True

    def in_nested_transaction(self):
        return False

    def get_transaction(self):
        return _Transaction(self)

    def connect(self, *unused):
        return self

    def execution_options(self, **options):
        """SQLAlchemy takes none of a connection that is in its transaction."""
        if options.get("isolation_level") == "AUTOCOMMIT":
            raise InvalidRequestError("the isolation level AUTOCOMMIT: use op.get_context().autocommit_block()")
        refuse_other_schemas(options)
        run = current.run()
        run.no_parameters = bool(options.get("no_parameters", run.no_parameters))
        return self

    def get_execution_options(self):
        return {}

    def get_isolation_level(self):
        return "READ COMMITTED" if self.dialect.is_postgresql else "SERIALIZABLE"

    def run_callable(self, function, *arguments, **named):
        return function(self, *arguments, **named)

    def run_sync(self, function, *arguments, **named):
        return function(self, *arguments, **named)

    def close(self):
        pass

    def dispose(self, *unused, **also_unused):
        pass

    def detach(self):
        pass

    def has_table(self, name, schema=None):
        return self.dialect.has_table(self, name, schema)

    def table_names(self, schema=None):
        from .inspection import inspector
        return inspector(self).get_table_names(schema)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        pass

    def __repr__(self):
        return "<the connection of this run>"


def _executions(element, rows):
    if isinstance(element, Insert) and not element.is_of_query:
        return element.executions(rows)
    return [element.with_values(row) if isinstance(element, TextClause) else
            element.with_values([row]) if isinstance(element, _Change) else bound(element, row) for row in rows]


def _behind(before, result):
    """The result of a statement's last execution counts the rows of all."""
    if before is not None and before.is_known:
        result.rows_before = before.rowcount
    return result


class Engine(Connection):
    """bind.engine, and what its connect() gives. There is one connection, so what would commit on another one by itself ends the
    run's transaction first, as autocommit_block() does."""

    def __init__(self, autocommits=False):
        self._autocommits = autocommits

    @property
    def engine(self):
        return self

    def execution_options(self, **options):
        refuse_other_schemas(options)
        return Engine(options.get("isolation_level", "AUTOCOMMIT" if self._autocommits else None) == "AUTOCOMMIT")

    def _send(self, text, **named):
        run = current.run()
        if not self._autocommits or run.outside or _QUERY.match(text):
            return super()._send(text, **named)
        with AutocommitBlock(run):
            return super()._send(text, **named)


class _Transaction:
    """begin() within the run's own transaction: its end is the run's."""
    is_active = True

    def __init__(self, connection):
        self.connection = connection

    def __enter__(self):
        return self.connection

    def __exit__(self, *unused):
        pass

    def commit(self):
        pass

    def close(self):
        pass

    def rollback(self):
        self.connection.rollback()


class _Savepoint(CommittedAtEnd):
    is_active = True

    def __init__(self, connection):
        run = current.run()
        run.savepoints = getattr(run, "savepoints", 0) + 1
        self.name = "sa_savepoint_%d" % run.savepoints
        self.connection = connection
        run.execute_sql("SAVEPOINT " + self.name)

    def _end(self, command):
        if self.is_active:
            self.is_active = False
            current.run().execute_sql("%s SAVEPOINT %s" % (command, self.name))

    def commit(self):
        self._end("RELEASE")

    def rollback(self):
        self._end("ROLLBACK TO")

    close = rollback


def _refuse_transaction_control(text):
    match = _CONTROL.match(text)
    if match:
        raise InvalidRequestError("a revision does not control its transaction itself: %s; use bind.commit() or "
                                  "op.get_context().autocommit_block()" % match.group(1).upper())


def _are_parameters(value):
    """What SQLAlchemy 2.0 takes as execute(statement, parameters=...); anything else is a value of the name ":parameters"."""
    return value is None or isinstance(value, dict) or (isinstance(value, (list, tuple)) and value and _is_row(value[0]))


def _parameter_rows(parameters, named):
    """A list of dictionaries or of tuples, from all the ways to give them; what SQLAlchemy 1.x takes is taken too."""
    if len(parameters) == 1:
        only = parameters[0]
        several = isinstance(only, (list, tuple)) and (not only or _is_row(only[0]))
        parameters = only if several else parameters if only is None or _is_row(only) else (parameters,)
    elif parameters and not _is_row(parameters[0]):
        parameters = (parameters,)
    rows = [row if not hasattr(row, "_mapping") else dict(row._mapping) for row in parameters if row is not None]
    if named:
        rows = [{**(rows[0] if rows else {}), **named}]
    return [] if rows == [{}] else rows


def _is_row(value):
    return isinstance(value, (list, tuple, dict)) or hasattr(value, "keys") or hasattr(value, "_mapping")


_DRIVER = re.compile(r"%%|%\((\w+)\)s|%s|\?|(?<![:\w]):(\w+)")


def _driver_parameters(text, parameters, dialect):
    """%s, %(name)s, ? and :name as the driver would fill them in."""
    order = list(reversed(parameters)) if isinstance(parameters, (list, tuple)) else []
    named = parameters if isinstance(parameters, dict) else {}

    def shown(value, match):
        made = literal(value, dialect)
        return " " + made if made.startswith("-") and text[:match.start()].endswith("-") else made  # two of them begin a comment

    def value(match):
        whole = match.group(0)
        if whole == "%%":
            return "%"
        name = match.group(1) or match.group(2)
        if name is not None:
            return shown(named[name], match) if name in named else whole
        if (whole == "?") == dialect.is_postgresql:
            return whole
        if not order:
            raise ProgrammingError("the statement has more places for values than there are values")
        return shown(order.pop(), match)
    filled = _DRIVER.sub(value, text)
    if order:
        raise ProgrammingError("the statement has fewer places for values than there are values")
    return filled


def _with_key(insert):
    """The INSERT of one row, so that result.inserted_primary_key can be told."""
    key = getattr(insert.table, "primary_key", None)
    columns = list(key.columns) if key is not None else []
    rows = insert.rows or [{}]
    if insert._returning or insert.is_of_query or len(rows) != 1 or not columns:
        return insert, None
    given = {insert._column(name)[1]: value for name, value in rows[0].items()}
    if all(one.name in given for one in columns):
        return insert, lambda answer: lambda: tuple(given[one.name] for one in columns)
    version = current.dialect().version
    if not current.dialect().is_postgresql and version and version < (3, 35):
        return insert, None
    plain = Context(current.dialect())
    made = insert.returning(*columns)

    def from_answer(answer):
        result = Result(current.run(), made.sql(plain), answer, made.output())

        def key():
            rows = result._rows()
            return tuple(rows[0]) if rows else None
        return key
    return made, from_answer
