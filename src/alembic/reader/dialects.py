"""What differs between PostgreSQL and SQLite as data, and how names are quoted: SQLAlchemy's rules."""
import re
import sys

from .modelled import missing

_LEGAL = re.compile(r"[a-z_][a-z0-9_$]*\Z")

POSTGRESQL_RESERVED = frozenset("""
all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate column
constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user
default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in
initially inner intersect into is isnull join leading left like limit localtime localtimestamp natural new not notnull null of
off offset old on only or order outer over overlaps placing primary references returning right select session_user similar
some symmetric table then to trailing true union unique user using variadic verbose when where window with
""".split())

SQLITE_RESERVED = frozenset("""
add after all alter analyze and as asc attach autoincrement before begin between by cascade case cast check collate column
commit conflict constraint create cross current_date current_time current_timestamp database default deferrable deferred
delete desc detach distinct drop each else end escape except exclusive exists explain fail false for foreign from full glob
group having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join key left like
limit match natural not notnull null of offset on or order outer plan pragma primary query raise references reindex rename
replace restrict right rollback row select set table temp temporary then to transaction trigger true union unique update using
vacuum values view virtual when where
""".split())


class quoted_name(str):
    """A name that is to be quoted, or not, whatever the rules say."""
    quote = None

    def __new__(cls, value, quote=None):
        if value is None:
            return None
        made = super().__new__(cls, value)
        made.quote = getattr(value, "quote", None) if quote is None else quote
        return made


class made_name(str):
    """A name that was made by rule: one that is too long is cut."""


class conv(made_name):
    """A final name (op.f): no naming convention applies to it."""


class Dialect:
    """Also what a script sees as bind.dialect."""

    def __init__(self, name, reserved, longest_name, version=""):
        self.name = name
        self.reserved = reserved
        self.longest_name = longest_name
        self.max_identifier_length = longest_name
        self.driver = {"postgresql": "psycopg2", "sqlite": "pysqlite"}.get(name, name)
        self.is_postgresql = name == "postgresql"
        self.supports_native_enum = self.supports_native_boolean = self.supports_comments = self.is_postgresql
        self.supports_alter = self.supports_sequences = self.supports_native_uuid = self.is_postgresql
        self.supports_schemas = self.is_postgresql
        self.inline_comments = False
        self.default_schema_name = "public" if self.is_postgresql else "main"
        self.paramstyle = "named"
        self.positional = False
        self.version = _numbers(version)
        self._quoted = {}

    @property
    def server_version_info(self):
        """(15, 4), of the database that the script runs on."""
        if self.version:
            return self.version
        from . import current
        from .result import Result
        run = current.run()
        sql = "SELECT pg_catalog.current_setting('server_version')" if self.is_postgresql else "SELECT sqlite_version()"
        return _numbers(Result(run, sql, run.execute_sql(sql) if run.live else None).scalar())

    def quote(self, name):
        """A name as it stands in SQL."""
        known = self._quoted.get(name)
        if known is not None and type(name) is str:
            return known
        force = getattr(name, "quote", None)
        plain = force is False or (force is None and _LEGAL.match(name) and name not in self.reserved)
        text = str.__str__(name) if plain else '"' + name.replace('"', '""') + '"'
        if force is None:
            self._quoted[str.__str__(name)] = text
        return text

    def dotted(self, name):
        """A schema, which may have several parts."""
        if isinstance(name, quoted_name) and name.quote is not None:
            return self.quote(name)
        return ".".join(self.quote(part) for part in name.split("."))

    def qualified(self, name, schema=None):
        return self.dotted(schema) + "." + self.quote(name) if schema else self.quote(name)

    def object_name(self, name):
        """The name of an index or a constraint: cut when it was made by rule, refused when it is too long."""
        if len(name) > self.longest_name:
            if not isinstance(name, made_name):
                from .exceptions import IdentifierError
                raise IdentifierError("the name %r is longer than the %d characters that %s takes"
                                      % (str(name), self.longest_name, self.name))
            import hashlib
            name = name[:self.longest_name - 8] + "_" + hashlib.md5(name.encode()).hexdigest()[-4:]
        return self.quote(name)

    # What scripts ask of a dialect.
    @property
    def identifier_preparer(self):
        return Preparer(self)

    def type_descriptor(self, type_):
        from .column_types import to_instance
        return to_instance(type_)

    @property
    def type_compiler(self):
        return TypeCompiler(self)

    type_compiler_instance = type_compiler

    def has_table(self, connection, name, schema=None, **unused):
        from .inspection import inspector
        return inspector(connection).has_table(name, schema=schema)

    def __getattr__(self, name):
        """get_columns(connection, "t") and the like: what an inspector answers."""
        from .inspection import Inspector, inspector
        if not name.startswith(("get_", "has_")) or not hasattr(Inspector, name):
            raise missing(self, name, sys._getframe(1))
        return lambda connection, *arguments, **named: getattr(inspector(connection), name)(*arguments, **named)


def _numbers(version):
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group(0).split(".")[:3]) if found else ()


class Preparer:
    """dialect.identifier_preparer, as scripts use it; also sqlalchemy.sql.compiler.IdentifierPreparer."""

    def __init__(self, dialect):
        self._dialect = dialect
        self.quote = dialect.quote
        self.quote_schema = dialect.dotted

    def quote_identifier(self, name):
        return '"' + name.replace('"', '""') + '"'

    def format_table(self, table, **unused):
        return self._dialect.qualified(table.name, getattr(table, "schema", None))

    def format_column(self, column, **unused):
        return self._dialect.quote(column.name)


class TypeCompiler:
    def __init__(self, dialect):
        self._dialect = dialect

    def __call__(self, dialect):
        """The class, as dialects before SQLAlchemy 1.4 give it."""
        return TypeCompiler(dialect)

    def process(self, type_, **unused):
        return type_.sql(self._dialect)


def dialect_named(name, version=""):
    if name == "postgresql":
        return Dialect(name, POSTGRESQL_RESERVED, 63, version)
    if name == "sqlite":
        return Dialect(name, SQLITE_RESERVED, 9999, version)
    raise ValueError("the reader knows PostgreSQL and SQLite, not %r" % name)
