"""DDL as text: what SQLAlchemy and Alembic write, in the shape that a person would write it."""
import re

from . import column_types as types
from .columns import Identity, Sequence
from .constraints import UniqueConstraint
from .exceptions import CompileError
from .expressions import Context, Element, coerce
from .naming import name_of
from .stand_in import StandIn
from .values import quoted

_ACTIONS = re.compile(r"(RESTRICT|CASCADE|SET NULL|NO ACTION|SET DEFAULT|SET (NULL|DEFAULT) ?\(.+\))\Z", re.I)
_INITIALLY = re.compile(r"(DEFERRED|IMMEDIATE)\Z", re.I)


def bare(element, dialect):
    """An expression in a definition: columns without their table."""
    return element.sql(Context(dialect, qualify=False))


def default_text(default, dialect):
    """The text after DEFAULT."""
    if not isinstance(default, StandIn) and hasattr(default, "arg"):
        default = default.arg
    if isinstance(default, StandIn):
        default.need()
    if hasattr(default, "__clause_element__"):
        default = default.__clause_element__()
    if isinstance(default, Sequence):
        default = default.next_value()
    if isinstance(default, Identity):
        raise CompileError("%s has no identity columns that ALTER could change" % dialect.name)
    if isinstance(default, str):
        text = quoted(str.__str__(default) if not hasattr(default, "value") else default.value)
    elif isinstance(default, Element):
        text = bare(default, dialect)
    else:
        raise CompileError("a server_default is a string or an SQL expression, not %r" % (default,))
    if not dialect.is_postgresql and not re.match(r"\s*['\"(]", text) and re.search(r"\W", text):
        return "(%s)" % text
    return text


def type_text(type_, dialect):
    return types.to_instance(type_).sql_here(dialect)


def column_definition(column, dialect):
    """All that follows the column's name."""
    try:
        return _column_definition(column, dialect)
    except CompileError as error:
        raise CompileError("column %s%s: %s" % (column.table.name + "." if column.table is not None else "", column.name, error))


def _column_definition(column, dialect):
    identity = column.identity is not None and dialect.is_postgresql
    serial = dialect.is_postgresql and column.primary_key and not identity and column.table is not None and \
        column.table.autoincrement_column is column and _serial_default(column)
    if serial:
        text = _serial(column.type.resolved(dialect))
    else:
        text = _type_of_column(column).sql_here(dialect)
        if column.server_default is not None:
            text += " DEFAULT " + default_text(column.server_default, dialect)
    if column.computed is not None and dialect.is_postgresql:
        text += " " + computed_text(column.computed, dialect)
    if identity:
        text += " " + identity_text(column.identity)
    if not column.nullable and not identity:
        text += " NOT NULL"
        if not dialect.is_postgresql and column.options.get("sqlite_on_conflict_not_null"):
            text += _on_conflict(column.options["sqlite_on_conflict_not_null"])
    elif column.nullable and identity:
        text += " NULL"
    if sqlite_inline_key(column, dialect):
        text += " PRIMARY KEY%s AUTOINCREMENT" % _on_conflict(column.options.get("sqlite_on_conflict_primary_key"))
    if column.computed is not None and not dialect.is_postgresql:
        text += " " + computed_text(column.computed, dialect)
    for constraint in column.constraints:
        text += " " + constraint_text(constraint, dialect)
    return text


def _serial_default(column):
    return column.default is None or (isinstance(column.default, Sequence) and column.default.optional)


def _serial(type_):
    if isinstance(type_, types.BigInteger):
        return "BIGSERIAL"
    return "SMALLSERIAL" if isinstance(type_, types.SmallInteger) else "SERIAL"


def _type_of_column(column):
    """A column without a type has that of the column that it refers to."""
    if isinstance(column.type, types.NullType) and column.foreign_keys and column.table is not None:
        for constraint in column.table.foreign_key_constraints:
            if constraint.column_names() == [column.name]:
                schema, table, names = constraint.target()
                other = column.table.metadata.tables.get(constraint.target_table_key())
                if other is not None and names[0] in other.c:
                    return other.c[names[0]].type
    return column.type


def sqlite_inline_key(column, dialect):
    """SQLite's AUTOINCREMENT can only stand in the column itself."""
    table = column.table
    return not dialect.is_postgresql and table is not None and column.primary_key and \
        getattr(table, "options", {}).get("sqlite_autoincrement") and len(table.primary_key.columns) == 1 and \
        isinstance(column.type, types.Integer) and not column.foreign_keys


def computed_text(computed, dialect):
    text = "GENERATED ALWAYS AS (%s)" % bare(computed.sqltext, dialect)
    if dialect.is_postgresql:
        if computed.persisted is False:
            raise CompileError("postgresql has no virtual generated columns")
        return text + " STORED"
    return text + {True: " STORED", False: " VIRTUAL", None: ""}[computed.persisted]


def _sequence_options(options):
    parts = [(options.increment, "INCREMENT BY %s"), (options.start, "START WITH %s"), (options.minvalue, "MINVALUE %s"),
             (options.maxvalue, "MAXVALUE %s"), (options.nominvalue, "NO MINVALUE"), (options.nomaxvalue, "NO MAXVALUE"),
             (options.cache, "CACHE %s")]
    texts = [text % value if "%s" in text else text for value, text in parts if value is not None]
    if options.cycle is not None:
        texts.append("CYCLE" if options.cycle else "NO CYCLE")
    return " ".join(texts)


def identity_text(identity):
    options = _sequence_options(identity)
    return "GENERATED %s AS IDENTITY%s" % ("ALWAYS" if identity.always else "BY DEFAULT", " (%s)" % options if options else "")


def create_sequence(sequence, dialect, if_not_exists=False):
    if not dialect.is_postgresql:
        return None
    text = "CREATE SEQUENCE %s%s" % ("IF NOT EXISTS " if if_not_exists else "", dialect.qualified(sequence.name, sequence.schema))
    if sequence.data_type is not None:
        text += " AS " + sequence.data_type.sql_here(dialect)
    options = _sequence_options(sequence)
    return text + (" " + options if options else "")


def drop_sequence(sequence, dialect, if_exists=False):
    if not dialect.is_postgresql:
        return None
    return "DROP SEQUENCE %s%s" % ("IF EXISTS " if if_exists else "", dialect.qualified(sequence.name, sequence.schema))


def _names(names, dialect):
    return ", ".join(dialect.quote(name) for name in names)


def constraint_body(constraint, dialect):
    """The constraint without its name; None: this database does not have it."""
    writer = _BODIES.get(constraint.kind)
    if writer is None:
        raise CompileError("a constraint of the kind %s cannot be created" % type(constraint).__name__)
    text = writer(constraint, dialect)
    if text is None:
        return None
    if constraint.deferrable is not None:
        text += " DEFERRABLE" if constraint.deferrable else " NOT DEFERRABLE"
    if constraint.initially is not None:
        text += " INITIALLY " + _phrase(constraint.initially, _INITIALLY)
    if dialect.is_postgresql:
        return text + (" NOT VALID" if constraint.options.get("postgresql_not_valid") else "")
    return text + _on_conflict(constraint.options.get("sqlite_on_conflict") or _columns_conflict(constraint))


def _on_conflict(conflict):
    return " ON CONFLICT " + conflict if conflict else ""


def _columns_conflict(constraint):
    """What the only column of a key says."""
    if constraint.kind not in ("primary", "unique") or constraint.table is None or len(constraint.column_names()) != 1:
        return None
    column = next((one for one in constraint.table.c if one.name == constraint.column_names()[0]), None)
    return column.options.get("sqlite_on_conflict_%s" % ("primary_key" if constraint.kind == "primary" else "unique")) \
        if hasattr(column, "options") else None


def _primary_key(constraint, dialect):
    return "PRIMARY KEY (%s)" % _names(constraint.column_names(), dialect) + _include(constraint, dialect)


def _unique(constraint, dialect):
    distinct = constraint.options.get("postgresql_nulls_not_distinct") if dialect.is_postgresql else None
    word = {True: "NULLS NOT DISTINCT ", False: "NULLS DISTINCT "}.get(distinct, "")
    return "UNIQUE %s(%s)" % (word, _names(constraint.column_names(), dialect)) + _include(constraint, dialect)


def _include(item, dialect):
    included = item.options.get("postgresql_include") if dialect.is_postgresql else None
    return " INCLUDE (%s)" % _names([one if isinstance(one, str) else one.name for one in included], dialect) if included else ""


def _check(constraint, dialect):
    return "CHECK (%s)" % _condition(constraint.sqltext, dialect)


def _condition(element, dialect):
    return element.condition(Context(dialect, qualify=False))


def _foreign_key(constraint, dialect):
    schema, table, names = constraint.target()
    if not dialect.is_postgresql:
        if (constraint.table.schema if constraint.table is not None else None) != schema:
            return None
        schema = None
    text = "FOREIGN KEY(%s) REFERENCES %s (%s)" % (_names(constraint.column_names(), dialect), dialect.qualified(table, schema),
                                                   _names(names, dialect))
    return text + reference_options(constraint)


def reference_options(constraint):
    text = ""
    if constraint.match is not None:
        text += " MATCH %s" % constraint.match
    if constraint.ondelete is not None:
        text += " ON DELETE " + _phrase(constraint.ondelete, _ACTIONS)
    if constraint.onupdate is not None:
        text += " ON UPDATE " + _phrase(constraint.onupdate, _ACTIONS)
    return text


def _exclude(constraint, dialect):
    if not dialect.is_postgresql:
        raise CompileError("%s has no EXCLUDE constraints" % dialect.name)
    return constraint.body(dialect)


def _phrase(text, pattern):
    if isinstance(text, StandIn):
        text.need()
    if not pattern.match(str(text)):
        raise CompileError("%r is no such phrase of SQL" % (text,))
    return text


_BODIES = {"primary": _primary_key, "unique": _unique, "check": _check, "foreignkey": _foreign_key, "exclude": _exclude}


def constraint_text(constraint, dialect):
    body = constraint_body(constraint, dialect)
    name = name_of(constraint)
    return body if name is None or body is None else "CONSTRAINT %s %s" % (dialect.object_name(name), body)


def _belongs(constraint, dialect):
    """What a type put there is only for databases without the type: _from_type constraints are made for this one already."""
    return constraint.is_for(dialect) and not (isinstance(constraint, UniqueConstraint) and not constraint.given)


def create_table(table, dialect, if_not_exists=False, without=()):
    lines = ["%s %s" % (dialect.quote(column.name), column_definition(column, dialect)) for column in table.c
             if not column.system]
    constraints = sorted((one for one in table.own_constraints if _belongs(one, dialect)), key=lambda one: one.order)
    key = table.primary_key
    if key.given and key.is_for(dialect) and not any(sqlite_inline_key(column, dialect) for column in key.columns):
        constraints.insert(0, _key_in_order(key, table))
    for constraint in constraints:
        if constraint in without or (getattr(constraint, "use_alter", False) and dialect.is_postgresql):
            continue
        text = constraint_text(constraint, dialect)
        if text is not None:
            lines.append(text)
    prefixes = "".join(prefix + " " for prefix in table.prefixes)
    head = "CREATE %sTABLE %s%s" % (prefixes, "IF NOT EXISTS " if if_not_exists else "", dialect.qualified(table.name, table.schema))
    body = "(\n    " + ",\n    ".join(lines) + "\n)" if lines else "(\n)"
    return head + " " + body + _table_options(table, dialect)


def _key_in_order(key, table):
    """A key that is made of the columns' own primary_key=True has the column that counts first."""
    counting = table.autoincrement_column
    names = key.column_names()
    if key.name is None and counting is not None and counting.autoincrement is True and counting.name in names[1:]:
        made = key.copy()
        made.table, made.given = table, [counting.name] + [name for name in names if name != counting.name]
        return made
    return key


def _table_options(table, dialect):
    options, texts = table.options, []
    if not dialect.is_postgresql:
        if options.get("sqlite_with_rowid") is False:
            texts.append("WITHOUT ROWID")
        if options.get("sqlite_strict"):
            texts.append("STRICT")
        return " " + ", ".join(texts) if texts else ""
    inherits = options.get("postgresql_inherits")
    if inherits is not None:
        inherits = inherits if isinstance(inherits, (list, tuple)) else [inherits]
        texts.append("INHERITS ( %s )" % _names(inherits, dialect))
    if options.get("postgresql_partition_by"):
        texts.append("PARTITION BY %s" % options["postgresql_partition_by"])
    if options.get("postgresql_using"):
        texts.append("USING %s" % options["postgresql_using"])
    if options.get("postgresql_with"):
        texts.append("WITH (%s)" % ", ".join("%s = %s" % pair for pair in options["postgresql_with"].items()))
    if options.get("postgresql_on_commit"):
        texts.append("ON COMMIT " + options["postgresql_on_commit"].replace("_", " ").upper())
    if options.get("postgresql_tablespace"):
        texts.append("TABLESPACE " + dialect.quote(options["postgresql_tablespace"]))
    return "".join("\n" + text for text in texts)


def drop_table(table, dialect, if_exists=False):
    return "DROP TABLE %s%s" % ("IF EXISTS " if if_exists else "", dialect.qualified(table.name, table.schema))


def _index_element(one, index, dialect):
    options = index.options.get("postgresql_ops") or {} if dialect.is_postgresql else {}
    if isinstance(one, str):
        text, key = dialect.quote(one), one
    else:
        one = coerce(one)
        key = getattr(one, "key", None) or getattr(one, "text", None)
        text = bare(one, dialect)
        if dialect.is_postgresql and _needs_parentheses(one):
            text = "(%s)" % text
    return text + (" " + options[key] if key in options else "")


def _needs_parentheses(element):
    from .expressions import Binary, Case, JsonElement, Junction, Not
    return isinstance(element, (Binary, Case, JsonElement, Junction, Not))


def create_index(index, dialect, if_not_exists=False):
    name = name_of(index)
    if name is None:
        raise CompileError("an index on %s has no name" % index.table.name)
    options = index.options
    text = "CREATE %sINDEX " % ("UNIQUE " if index.unique else "")
    if dialect.is_postgresql and options.get("postgresql_concurrently"):
        text += "CONCURRENTLY "
    if if_not_exists:
        text += "IF NOT EXISTS "
    elements = ", ".join(_index_element(one, index, dialect) for one in index.given)
    if not dialect.is_postgresql:
        text += "%s ON %s (%s)" % (_index_name(name, index.table.schema, dialect), dialect.quote(index.table.name), elements)
        return text + _where(options.get("sqlite_where"), dialect)
    text += "%s ON %s " % (dialect.object_name(name), dialect.qualified(index.table.name, index.table.schema))
    if options.get("postgresql_using"):
        text += "USING %s " % str(options["postgresql_using"]).lower()
    text += "(%s)" % elements + _include(index, dialect)
    text += {True: " NULLS NOT DISTINCT", False: " NULLS DISTINCT"}.get(options.get("postgresql_nulls_not_distinct"), "")
    if options.get("postgresql_with"):
        text += " WITH (%s)" % ", ".join("%s = %s" % pair for pair in options["postgresql_with"].items())
    if options.get("postgresql_tablespace"):
        text += " TABLESPACE " + dialect.quote(options["postgresql_tablespace"])
    return text + _where(options.get("postgresql_where"), dialect)


def _index_name(name, schema, dialect):
    return (dialect.dotted(schema) + "." if schema else "") + dialect.object_name(name)


def _where(condition, dialect):
    if condition is None:
        return ""
    from .text_clause import as_text
    return " WHERE " + _condition(as_text(condition), dialect)


def drop_index(index, dialect, if_exists=False):
    concurrently = dialect.is_postgresql and index.options.get("postgresql_concurrently")
    name = name_of(index)
    if name is None:
        raise CompileError("an index is to be dropped that has no name")
    schema = index.table.schema if index.table is not None else None
    return "DROP INDEX %s%s%s" % ("CONCURRENTLY " if concurrently else "", "IF EXISTS " if if_exists else "",
                                  _index_name(name, schema, dialect))


def add_constraint(constraint, dialect):
    table = constraint.table
    text = constraint_text(constraint, dialect)
    return None if text is None else "ALTER TABLE %s ADD %s" % (dialect.qualified(table.name, table.schema), text)


def drop_constraint(constraint, dialect):
    table = constraint.table
    return "ALTER TABLE %s DROP CONSTRAINT %s" % (dialect.qualified(table.name, table.schema),
                                                  dialect.object_name(name_of(constraint)))


def comment_on_table(table, comment, dialect):
    return "COMMENT ON TABLE %s IS %s" % (dialect.qualified(table.name, table.schema), "NULL" if comment is None else quoted(comment))


def comment_on_column(table, schema, column, comment, dialect):
    return "COMMENT ON COLUMN %s.%s IS %s" % (dialect.qualified(table, schema), dialect.quote(column),
                                              "NULL" if comment is None else quoted(comment))


def spatial_indexes(table, dialect):
    """Those that columns of geoalchemy2's types get by themselves."""
    return [column.type.index_of(column, table) for column in table.c
            if dialect.is_postgresql and getattr(column.type, "spatial_index", False)]
