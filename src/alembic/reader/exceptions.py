"""sqlalchemy.exc, and alembic.util's: the classes that scripts name when they catch or raise."""


class SQLAlchemyError(Exception):
    code = None


class ArgumentError(SQLAlchemyError):
    pass


class ObjectNotExecutableError(ArgumentError):
    pass


class CompileError(SQLAlchemyError):
    pass


class UnsupportedCompilationError(CompileError):
    pass


class IdentifierError(SQLAlchemyError):
    pass


class InvalidRequestError(SQLAlchemyError):
    pass


class NoInspectionAvailable(InvalidRequestError):
    pass


class NoResultFound(InvalidRequestError):
    pass


class MultipleResultsFound(InvalidRequestError):
    pass


class NoReferenceError(InvalidRequestError):
    pass


class NoReferencedTableError(NoReferenceError):
    pass


class NoReferencedColumnError(NoReferenceError):
    pass


class NoSuchTableError(InvalidRequestError):
    pass


class NoSuchColumnError(InvalidRequestError, KeyError):
    pass


class ResourceClosedError(InvalidRequestError):
    pass


class PendingRollbackError(InvalidRequestError):
    pass


class UnboundExecutionError(InvalidRequestError):
    pass


class StatementError(SQLAlchemyError):
    """orig: what the driver raised."""
    statement = None
    params = None
    orig = None


class DBAPIError(StatementError):
    connection_invalidated = False


class InterfaceError(DBAPIError):
    pass


class DatabaseError(DBAPIError):
    pass


class DataError(DatabaseError):
    pass


class OperationalError(DatabaseError):
    pass


class IntegrityError(DatabaseError):
    pass


class InternalError(DatabaseError):
    pass


class ProgrammingError(DatabaseError):
    pass


class NotSupportedError(DatabaseError):
    pass


class SADeprecationWarning(DeprecationWarning):
    pass


class SAWarning(RuntimeWarning):
    pass


class CommandError(Exception):
    """alembic.util.CommandError"""


class DriverError(Exception):
    """What stands in .orig: the driver's exception, with the server's code."""

    def __init__(self, message, sqlstate):
        super().__init__(message)
        self.pgcode = self.sqlstate = sqlstate or None
        self.pgerror = message
        self.diag = type("diag", (), {"message_primary": message, "sqlstate": sqlstate})()


_BY_STATE = (("22", DataError), ("23", IntegrityError), ("08", OperationalError), ("40", OperationalError),
             ("53", OperationalError), ("54", OperationalError), ("55", OperationalError), ("57", OperationalError),
             ("58", OperationalError), ("0A", NotSupportedError), ("25", InternalError), ("XX", InternalError))


def database_error(error, statement):
    """The exception that SQLAlchemy would raise for the program's {"sqlstate", "message"}."""
    state, message = error.get("sqlstate") or "", error.get("message") or "the statement failed"
    kind = next((kind for prefix, kind in _BY_STATE if state.startswith(prefix)), None)
    if kind is None:
        lower = message.lower()
        if state:
            kind = ProgrammingError
        elif "constraint failed" in lower:
            kind = IntegrityError
        else:
            kind = OperationalError
    raised = kind(message)
    raised.orig = DriverError(message, state)
    raised.statement = statement
    return raised
