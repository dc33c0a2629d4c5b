"""alembic_postgresql_enum: op.sync_enum_values gives an enumeration new labels, by a new type in the old one's place."""
import enum
import re
from collections import namedtuple

from .values import quoted

_UNSET = object()


class ColumnType(enum.Enum):
    COMMON = "COMMON"
    ARRAY = "ARRAY"


class TableReference:
    """A column of the type. existing_server_default: SQL text."""

    def __init__(self, table_name, column_name, table_schema=_UNSET, column_type=ColumnType.COMMON, existing_server_default=None):
        self.table_name, self.column_name, self.table_schema = table_name, column_name, table_schema
        self.column_type, self.existing_server_default = column_type, existing_server_default


# An index whose condition names a label. name: with its schema; definition: the statement that makes it.
TableIndex = namedtuple("TableIndex", "name definition")


def sync_enum_values(operations, enum_schema=None, enum_name=None, new_values=(), affected_columns=(), enum_values_to_rename=(),
                     indexes_to_recreate=None, *, schema=None, name=None, old_values=None):
    """schema, name, old_values: what older versions called them, and what they asked for."""
    run = operations.run
    if not run.dialect.is_postgresql:
        return
    schema, name = enum_schema or schema, enum_name or name
    references = [_reference(one, schema, run) for one in affected_columns]
    _Sync(run, schema, name, list(enum_values_to_rename)).run_all(list(new_values), references, list(indexes_to_recreate or ()))


def _reference(one, schema, run):
    if isinstance(one, TableReference):
        if one.table_schema is _UNSET:
            one.table_schema = schema
        return one
    kind = one[2] if len(one) > 2 else ColumnType.COMMON
    return TableReference(one[0], one[1], schema, kind, _default_of(run, schema, one[0], one[1]))


def _default_of(run, schema, table, column):
    """The short form does not say the column's default: the database has to be asked."""
    from .inspection import inspector
    if not run.live:
        run.query_needed("the default of %s.%s" % (table, column))
    rows = inspector(None).query("SELECT column_default FROM information_schema.columns WHERE table_schema::pg_catalog.text "
                                 "OPERATOR(pg_catalog.=) ? AND table_name::pg_catalog.text OPERATOR(pg_catalog.=) ? "
                                 "AND column_name::pg_catalog.text OPERATOR(pg_catalog.=) ?", schema, table, column)
    return rows[0][0] if rows else None


class _Sync:
    def __init__(self, run, schema, name, renamed):
        self.run, self.dialect, self.renamed = run, run.dialect, renamed
        self.schema, self.name = schema, name
        self.type = self.dialect.qualified(name, schema)
        self.old_name = name + "_old"
        self.old_type = self.dialect.qualified(self.old_name, schema)

    def run_all(self, labels, references, indexes):
        execute = self.run.execute_sql
        execute("ALTER TYPE %s RENAME TO %s" % (self.type, self.dialect.quote(self.old_name)))
        execute("CREATE TYPE %s AS ENUM (%s)" % (self.type, ", ".join(quoted(one) for one in labels)))
        # Checks and partial indexes compare the column with labels of the old type until the column has the new one.
        for operator, function in _COMPARISONS:
            execute("CREATE FUNCTION %s(new_value %s, old_value %s) RETURNS pg_catalog.bool LANGUAGE sql IMMUTABLE AS $$"
                    "SELECT new_value::pg_catalog.text OPERATOR(pg_catalog.%s) %s$$"
                    % (function, self.type, self.old_type, operator, self._renamed("old_value::pg_catalog.text")))
            execute("CREATE OPERATOR %s (LEFTARG = %s, RIGHTARG = %s, PROCEDURE = %s)"
                    % (operator, self.type, self.old_type, function))
        for one in indexes:
            index_schema, _, index = one.name.rpartition(".")
            execute("DROP INDEX IF EXISTS " + self.dialect.qualified(index.strip('"'), index_schema.strip('"') or None))
        for one in references:
            self._change_column(one)
        for operator, function in _COMPARISONS:
            execute("DROP FUNCTION %s(%s, %s) CASCADE" % (function, self.type, self.old_type))
        execute("DROP TYPE " + self.old_type)
        for one in indexes:
            execute(self._with_new_labels(one.definition))

    def _renamed(self, text):
        if not self.renamed:
            return text
        # CASE text WHEN label would look for an operator along the search_path.
        whens = " ".join("WHEN %s OPERATOR(pg_catalog.=) %s THEN %s" % (text, quoted(old), quoted(new)) for old, new in self.renamed)
        return "CASE %s ELSE %s END" % (whens, text)

    def _with_new_labels(self, definition):
        """In one go, as labels may change places: 'old'::mood, with or without the schema."""
        if not self.renamed:
            return definition
        names = {self.name, self.dialect.quote(self.name), self.type, "%s.%s" % (self.schema, self.name)}
        labels = {quoted(old): quoted(new) for old, new in self.renamed}
        label, name = ("|".join(map(re.escape, sorted(some, reverse=True))) for some in (labels, names))
        return re.sub(r"(?<!')(%s)(?=::(?:%s)(?![\w$\"]))" % (label, name), lambda match: labels[match.group(1)], definition)

    def _change_column(self, one):
        column = self.dialect.quote(one.column_name)
        head = "ALTER TABLE %s ALTER COLUMN %s " % (self.dialect.qualified(one.table_name, one.table_schema), column)
        default = one.existing_server_default
        if default is not None:
            self.run.execute_sql(head + "DROP DEFAULT")
        if one.column_type == ColumnType.ARRAY or getattr(one.column_type, "name", "") == "ARRAY":
            text = column + "::pg_catalog.text[]"
            for old, new in self.renamed:
                text = "pg_catalog.array_replace(%s, %s, %s)" % (text, quoted(old), quoted(new))
            self.run.execute_sql("%sTYPE %s[] USING %s::%s[]" % (head, self.type, text, self.type))
        else:
            text = self._renamed(column + "::pg_catalog.text")
            text = "(%s)" % text if self.renamed else text
            self.run.execute_sql("%sTYPE %s USING %s::%s" % (head, self.type, text, self.type))
        if default is not None:
            self.run.execute_sql(head + "SET DEFAULT " + self._default(default))

    def _default(self, default):
        """'old'::mood with the label's new name, and with the new type."""
        value, cast, type_ = default.partition("::")
        for old, new in self.renamed:
            value = value.replace("'%s'" % old, "'%s'" % new).replace('"%s"' % old, '"%s"' % new)
        if value.startswith("ARRAY[") and cast:
            return "%s::%s[]" % (value + "]" if not value.endswith("]") else value, self.type)
        return "%s::%s%s" % (value, self.type, "[]" if type_.endswith("[]") else "")


_COMPARISONS = (("=", "new_equals_old"), ("<>", "new_differs_from_old"))
