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


class ObjectDeletedError(InvalidRequestError):
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
    """What stands in .orig: the driver's exception, with the server's code. Its class is called as the driver's."""
    pgcode = sqlstate = pgerror = diag = sqlite_errorname = None

    def __init__(self, message, state):
        super().__init__(message)
        if state.startswith("SQLITE_"):
            self.sqlite_errorname = state
            return
        self.pgcode = self.sqlstate = state or None
        self.pgerror = message
        self.diag = type("diag", (), {"message_primary": message, "sqlstate": state})()


# As psycopg2 and sqlite3 sort them: by the first two characters, by the name.
_BY_CLASS = (("0A", NotSupportedError), ("08 26 27 28 34 40 53 54 55 57 58 HV", OperationalError), ("20 21 3D 3F 42 44", ProgrammingError),
             ("22", DataError), ("23", IntegrityError), ("24 25 2B 2D 2F 38 39 3B F0 P0 XX", InternalError))
_OF_STATE = {state: kind for states, kind in _BY_CLASS for state in states.split()}
_OF_SQLITE = {"CONSTRAINT": IntegrityError, "MISMATCH": IntegrityError, "INTERNAL": InternalError, "NOTFOUND": InternalError,
              "CORRUPT": DatabaseError, "NOTADB": DatabaseError, "TOOBIG": DataError, "MISUSE": InterfaceError, "RANGE": InterfaceError}

_NAMES = dict(pair.split() for pair in """
0A000 FeatureNotSupported|21000 CardinalityViolation|22001 StringDataRightTruncation|22003 NumericValueOutOfRange
22007 InvalidDatetimeFormat|22012 DivisionByZero|22023 InvalidParameterValue|22P02 InvalidTextRepresentation
23502 NotNullViolation|23503 ForeignKeyViolation|23505 UniqueViolation|23514 CheckViolation|23P01 ExclusionViolation
25001 ActiveSqlTransaction|25P02 InFailedSqlTransaction|2BP01 DependentObjectsStillExist|3F000 InvalidSchemaName
40001 SerializationFailure|40P01 DeadlockDetected|42501 InsufficientPrivilege|42601 SyntaxError|42701 DuplicateColumn
42703 UndefinedColumn|42704 UndefinedObject|42710 DuplicateObject|42723 DuplicateFunction|42725 AmbiguousFunction
42803 GroupingError|42804 DatatypeMismatch|42809 WrongObjectType|42883 UndefinedFunction|42P01 UndefinedTable
42P04 DuplicateDatabase|42P06 DuplicateSchema|42P07 DuplicateTable|42P16 InvalidTableDefinition|42P17 InvalidObjectDefinition
55000 ObjectNotInPrerequisiteState|55006 ObjectInUse|55P03 LockNotAvailable|55P04 UnsafeNewEnumValueUsage
57014 QueryCanceled|P0001 RaiseException""".replace("\n", "|").strip("|").split("|"))


def database_error(error, statement):
    """The exception that SQLAlchemy would raise for the program's {"sqlstate", "message"}."""
    state, message = error.get("sqlstate") or "", error.get("message") or "the statement failed"
    if state.startswith("SQLITE_"):
        kind = _OF_SQLITE.get(state.split("_")[1], OperationalError)
    else:
        kind = _OF_STATE.get(state[:2], DatabaseError) if state else OperationalError
    orig = _driver_class(kind, state)(message, state)
    raised = kind("(%s.%s) %s\n[SQL: %s]" % (type(orig).__module__, type(orig).__name__, message, statement))
    raised.orig, raised.statement = orig, statement
    return raised


def _driver_class(kind, state):
    """A class of the driver's too, when the script has imported that."""
    import sys
    if state.startswith("SQLITE_"):
        import sqlite3
        theirs = getattr(sqlite3, kind.__name__)
        return type(kind.__name__, (DriverError, theirs), {"__module__": "sqlite3"})
    errors = sys.modules.get("psycopg2.errors")
    try:
        theirs = errors.lookup(state)
    except (AttributeError, KeyError):
        theirs = None
    name = theirs.__name__ if theirs is not None else _NAMES.get(state, kind.__name__)
    return type(name, (DriverError,) + ((theirs,) if theirs is not None else ()), {"__module__": "psycopg2.errors"})
