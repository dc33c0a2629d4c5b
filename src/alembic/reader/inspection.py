"""sqlalchemy.inspect(bind): what the database holds, asked of the program."""
import sys

from . import current
from .exceptions import NoInspectionAvailable, NoSuchTableError
from .modelled import Modelled, missing
from .stand_in import StandIn
from .stops import need_application
from .tables import FromClause
from .values import literal


def inspector(subject=None, raiseerr=True):
    from .connection import Connection
    from .async_connection import AsyncConnection
    if isinstance(subject, StandIn):
        subject.need()
    if subject is None or isinstance(subject, (Connection, AsyncConnection)):
        return Inspector(subject)
    if hasattr(subject, "__table__"):
        need_application("inspect(%s): what is mapped" % getattr(subject, "__name__", type(subject).__name__))
    if isinstance(subject, FromClause):
        return subject
    made = getattr(subject, "__inspected__", None)
    if made is not None:
        return made()
    raise NoInspectionAvailable("inspect() takes the connection, not %r" % (subject,))


class Inspector(Modelled):
    """Answers come from the dialect's own module; they are kept until clear_cache(), as in SQLAlchemy."""

    def __init__(self, bind=None):
        from .connection import Connection
        self.bind = bind if bind is not None else Connection()
        self.engine = self.bind
        self._known = {}

    @classmethod
    def from_engine(cls, bind):
        return cls(bind)

    @property
    def dialect(self):
        return current.dialect()

    @property
    def default_schema_name(self):
        return self._schema(None) if self.dialect.is_postgresql else "main"

    def clear_cache(self):
        self._known = {}

    info_cache = property(lambda self: self._known)

    def __getattr__(self, name):
        """get_multi_columns() and the like, of every table or of some."""
        single = name.replace("get_multi_", "get_", 1)
        if not name.startswith("get_multi_") or not hasattr(type(self), single):
            raise missing(self, name, sys._getframe(1))

        def of_each(schema=None, filter_names=None, **unused):
            return {(schema, table): getattr(self, single)(table, schema) for table in self.get_table_names(schema)
                    if filter_names is None or table in filter_names}
        return of_each

    def _ask(self, what, *arguments):
        """From inspect_postgres or inspect_sqlite."""
        key = (what,) + arguments
        if key not in self._known:
            run = current.run()
            if not run.live:
                name = "has_table" if what == "has_relation" else "get_" + what
                run.query_needed("inspect().%s(%s)" % (name, ", ".join(repr(one) for one in arguments if one is not None)))
            if self.dialect.is_postgresql:
                from . import inspect_postgres as catalog
            else:
                from . import inspect_sqlite as catalog
            self._known[key] = getattr(catalog, what)(self, *arguments)
        return self._known[key]

    def query(self, sql, *values):
        """Rows as tuples; ? in the text stand for values."""
        from .result import Result
        run = current.run()
        parts = sql.split("?")
        text = "".join(part + (literal(values[place], run.dialect) if place < len(values) else "") for place, part in enumerate(parts))
        return [tuple(row) for row in Result(run, text, run.execute_sql(text))._rows()]

    def _schema(self, schema):
        if schema is not None:
            return schema
        if "schema" not in self._known:
            self._known["schema"] = self.query("SELECT pg_catalog.current_schema()")[0][0]
        return self._known["schema"]

    def _of_table(self, what, table_name, schema):
        table_name = getattr(table_name, "name", table_name)
        if not self._ask("has_relation", table_name, schema):
            raise NoSuchTableError(table_name)
        found = self._ask(what, table_name, schema)
        return [dict(one) for one in found] if isinstance(found, list) else dict(found)

    def get_schema_names(self, **unused):
        return list(self._ask("schema_names"))

    def get_table_names(self, schema=None, **unused):
        # The journal is the runner's own.
        return [name for name in self._ask("table_names", schema) if name != "limbeck_journal"]

    def get_view_names(self, schema=None, **unused):
        return list(self._ask("view_names", schema))

    def get_materialized_view_names(self, schema=None, **unused):
        return list(self._ask("materialized_view_names", schema))

    def get_temp_table_names(self, **unused):
        return list(self._ask("temp_table_names"))

    def get_sequence_names(self, schema=None, **unused):
        return [name for name in self._ask("sequence_names", schema) if name != "limbeck_journal_id_seq"]

    def get_enums(self, schema=None, **unused):
        return [dict(one) for one in self._ask("enums", schema)]

    def get_foreign_table_names(self, schema=None, **unused):
        return list(self._ask("foreign_table_names", schema))

    def get_temp_view_names(self, **unused):
        return list(self._ask("temp_view_names"))

    def get_domains(self, schema=None, **unused):
        return [dict(one) for one in self._ask("domains", schema)]

    def has_type(self, type_name, schema=None, **unused):
        return bool(self._ask("has_type", type_name, schema))

    def get_sorted_table_and_fkc_names(self, schema=None, **unused):
        """Those that others refer to come first; keys that go in a circle come last of all, for no table."""
        names, keys = self.get_table_names(schema), {}
        for name in names:
            keys[name] = [(one["name"], one["referred_table"]) for one in self.get_foreign_keys(name, schema)
                          if one["referred_table"] in names and one["referred_table"] != name]
        found, rest, late = [], sorted(names), []
        while rest:
            ready = [name for name in rest if not any(other in rest for _, other in keys[name])]
            if not ready:
                ready = rest[:1]
                late.extend((ready[0], key) for key, other in keys[ready[0]] if other in rest)
            for name in ready:
                found.append((name, [key for key, _ in keys[name] if (name, key) not in late]))
                rest.remove(name)
        return found + [(None, late)]

    def get_view_definition(self, view_name, schema=None, **unused):
        return self._ask("view_definition", view_name, schema)

    def has_table(self, table_name, schema=None, **unused):
        return bool(self._ask("has_relation", getattr(table_name, "name", table_name), schema))

    def has_schema(self, schema_name, **unused):
        return schema_name in self.get_schema_names()

    def has_sequence(self, name, schema=None, **unused):
        return name in self.get_sequence_names(schema)

    def has_index(self, table_name, index_name, schema=None, **unused):
        return self.has_table(table_name, schema) and any(one["name"] == index_name for one in self.get_indexes(table_name, schema))

    def has_column(self, table_name, column_name, schema=None, **unused):
        return any(one["name"] == column_name for one in self.get_columns(table_name, schema))

    def get_columns(self, table_name, schema=None, **unused):
        return self._of_table("columns", table_name, schema)

    def get_pk_constraint(self, table_name, schema=None, **unused):
        return self._of_table("primary_key", table_name, schema)

    def get_primary_keys(self, table_name, schema=None, **unused):
        return self.get_pk_constraint(table_name, schema)["constrained_columns"]

    def get_foreign_keys(self, table_name, schema=None, **unused):
        return self._of_table("foreign_keys", table_name, schema)

    def get_unique_constraints(self, table_name, schema=None, **unused):
        return self._of_table("unique_constraints", table_name, schema)

    def get_check_constraints(self, table_name, schema=None, **unused):
        return self._of_table("check_constraints", table_name, schema)

    def get_indexes(self, table_name, schema=None, **unused):
        return self._of_table("indexes", table_name, schema)

    def get_table_comment(self, table_name, schema=None, **unused):
        return self._of_table("table_comment", table_name, schema)

    def get_table_options(self, table_name, schema=None, **unused):
        return {}

    def get_table_oid(self, table_name, schema=None, **unused):
        return self._ask("table_oid", table_name, schema)

    def reflect_table(self, table, include_columns=None, exclude_columns=(), resolve_fks=True, **unused):
        """Fills Table(..., autoload_with=bind)."""
        from .reflected_tables import fill
        fill(self, table, include_columns, exclude_columns, resolve_fks)

    reflecttable = reflect_table

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        pass
