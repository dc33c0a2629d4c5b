"""PostgreSQL's catalogs, in the words of SQLAlchemy's inspector.

Every function, operator and type is pg_catalog's, whatever else the session's search path finds first.
"""
from .reflected_types import postgres_type


def _query(inspector, text, *values):
    """The operators in the text are short for pg_catalog's."""
    for operator in ("=", "<>", "!~~", ">", "->>"):
        text = text.replace(" %s " % operator, " OPERATOR(pg_catalog.%s) " % operator)
    return inspector.query(text, *values)


_RELATIONS = """SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ? AND c.relkind = ANY (ARRAY[%s]::pg_catalog."char"[]) AND c.relpersistence <> 't' ORDER BY c.relname"""


def _names(inspector, kinds, schema):
    return [row[0] for row in _query(inspector, _RELATIONS % kinds, inspector._schema(schema))]


def schema_names(inspector):
    return [row[0] for row in _query(
        inspector, "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~~ 'pg\\_%' ORDER BY nspname")]


def table_names(inspector, schema):
    return _names(inspector, "'r', 'p'", schema)


def view_names(inspector, schema):
    return _names(inspector, "'v'", schema)


def materialized_view_names(inspector, schema):
    return _names(inspector, "'m'", schema)


def sequence_names(inspector, schema):
    return _names(inspector, "'S'", schema)


def foreign_table_names(inspector, schema):
    return _names(inspector, "'f'", schema)


def temp_view_names(inspector):
    return [row[0] for row in _query(
        inspector, "SELECT relname FROM pg_catalog.pg_class WHERE relpersistence = 't' AND relkind = 'v' ORDER BY relname")]


def has_type(inspector, name, schema):
    """A name without a schema is one that the search path finds; with "*" it may be in any."""
    where, values = (" AND pg_catalog.pg_type_is_visible(t.oid)", []) if schema is None else \
        ("", []) if schema == "*" else (" AND n.nspname = ?", [schema])
    return bool(_query(inspector, "SELECT t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
                                  "WHERE t.typname = ?" + where, name, *values))


def domains(inspector, schema):
    where, values = ("", []) if schema == "*" else (" AND n.nspname = ?", [inspector._schema(schema)])
    rows = _query(inspector, """
SELECT t.typname, n.nspname, pg_catalog.pg_type_is_visible(t.oid), pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull,
    t.typdefault, l.collname,
    array(SELECT c.conname::pg_catalog.text FROM pg_catalog.pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname),
    array(SELECT pg_catalog.pg_get_constraintdef(c.oid, true) FROM pg_catalog.pg_constraint c
          WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname)
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_collation l ON l.oid = t.typcollation
WHERE t.typtype = 'd'""" + where + " ORDER BY n.nspname, t.typname", *values)
    return [{"name": name, "schema": nsp, "visible": visible, "type": kind, "nullable": not not_null, "default": default,
             "collation": collation,
             "constraints": [{"name": one, "check": text[len("CHECK ("):text.rindex(")")]} for one, text in zip(names, checks)]}
            for name, nsp, visible, kind, not_null, default, collation, names, checks in rows]


def temp_table_names(inspector):
    return [row[0] for row in _query(
        inspector, "SELECT relname FROM pg_catalog.pg_class WHERE relpersistence = 't' AND relkind = 'r' ORDER BY relname")]


_IS_TABLE = """c.relkind = ANY (ARRAY['r', 'p', 'f', 'v', 'm']::pg_catalog."char"[])"""


def _oid(inspector, table, schema):
    """A name without a schema is one that the search path finds."""
    if schema is None:
        rows = _query(inspector, "SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relname = ? AND pg_catalog.pg_table_is_visible(c.oid) "
                                 "AND " + _IS_TABLE, table)
    else:
        rows = _query(inspector, "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                                 "WHERE c.relname = ? AND n.nspname = ? AND " + _IS_TABLE, table, schema)
    return rows[0][0] if rows else None


def table_oid(inspector, table, schema):
    return _oid(inspector, table, schema)


def has_relation(inspector, table, schema):
    return _oid(inspector, table, schema) is not None


def view_definition(inspector, view, schema):
    return _query(inspector, "SELECT pg_catalog.pg_get_viewdef(?::pg_catalog.oid)", _oid(inspector, view, schema))[0][0]


def enums(inspector, schema):
    where, values = ("", []) if schema == "*" else (" AND n.nspname = ?", [inspector._schema(schema)])
    rows = _query(
        inspector, "SELECT t.typname, n.nspname, pg_catalog.pg_type_is_visible(t.oid), "
        "array(SELECT e.enumlabel::pg_catalog.text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) "
        "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
        "WHERE t.typtype = 'e'" + where + " ORDER BY n.nspname, t.typname", *values)
    return [{"name": name, "schema": nsp, "visible": visible, "labels": labels} for name, nsp, visible, labels in rows]


def columns(inspector, table, schema):
    labels = {(one["schema"], one["name"]): one["labels"] for one in enums(inspector, "*")}
    rows = _query(inspector, """
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
    pg_catalog.col_description(a.attrelid, a.attnum), a.attgenerated, a.attidentity, t.typname, n.nspname,
    CASE WHEN a.attcollation <> t.typcollation THEN l.collname END,
    (SELECT ARRAY[s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN 1 ELSE 0 END]
     FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_sequence s ON s.seqrelid = p.objid
     WHERE p.refobjid = a.attrelid AND p.refobjsubid = a.attnum AND p.deptype = 'i')
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE a.attrelid = ?::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""", _oid(inspector, table, schema))
    found = []
    for name, text, not_null, default, comment, generated, identity, type_name, type_schema, collation, sequence in rows:
        column = {"name": name, "type": postgres_type(text, labels, type_schema, type_name), "nullable": not not_null,
                  "default": None if generated else default, "comment": comment,
                  "autoincrement": bool(identity) or bool(default and default.startswith("nextval("))}
        if generated:
            column["computed"] = {"sqltext": default, "persisted": True}
        if identity:
            column["identity"] = {"always": identity == "a", **_identity(sequence)}
        if collation:
            column["type"].collation = collation
        found.append(column)
    return found


def _identity(sequence):
    names = ("start", "increment", "minvalue", "maxvalue", "cache")
    return {**dict(zip(names, sequence)), "cycle": bool(sequence[-1])} if sequence else {}


_CONSTRAINTS = """
SELECT c.conname, array(SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY k(n, o)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.o),
    pg_catalog.pg_get_constraintdef(c.oid, true), pg_catalog.obj_description(c.oid, 'pg_constraint'), c.oid
FROM pg_catalog.pg_constraint c WHERE c.conrelid = ?::pg_catalog.oid AND c.contype = ? ORDER BY c.conname"""


def primary_key(inspector, table, schema):
    rows = _query(inspector, _CONSTRAINTS, _oid(inspector, table, schema), "p")
    name, names, _, comment, _ = rows[0] if rows else (None, [], None, None, None)
    return {"name": name, "constrained_columns": names, "comment": comment}


def unique_constraints(inspector, table, schema):
    return [{"name": name, "column_names": names, "comment": comment,
             "dialect_options": {"postgresql_nulls_not_distinct": definition.startswith("UNIQUE NULLS NOT DISTINCT")}}
            for name, names, definition, comment, _ in _query(inspector, _CONSTRAINTS, _oid(inspector, table, schema), "u")]


def check_constraints(inspector, table, schema):
    found = []
    for name, _, definition, comment, _ in _query(inspector, _CONSTRAINTS, _oid(inspector, table, schema), "c"):
        found.append({"name": name, "sqltext": definition[len("CHECK ("):definition.rindex(")")], "comment": comment})
    return found


_ACTIONS = {"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", "r": "RESTRICT"}


def foreign_keys(inspector, table, schema):
    rows = _query(inspector, """
SELECT c.conname, array(SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY k(n, o)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.o),
    array(SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY k(n, o)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.o),
    f.relname, n.nspname, pg_catalog.pg_table_is_visible(f.oid), c.confdeltype::pg_catalog.text, c.confupdtype::pg_catalog.text,
    c.condeferrable, c.condeferred, c.confmatchtype::pg_catalog.text, pg_catalog.obj_description(c.oid, 'pg_constraint')
FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class f ON f.oid = c.confrelid
JOIN pg_catalog.pg_namespace n ON n.oid = f.relnamespace
WHERE c.conrelid = ?::pg_catalog.oid AND c.contype = 'f' ORDER BY c.conname""", _oid(inspector, table, schema))
    found = []
    for name, own, other, referred, nsp, visible, on_delete, on_update, deferrable, deferred, match, comment in rows:
        options = {key: _ACTIONS[code] for key, code in (("ondelete", on_delete), ("onupdate", on_update)) if code in _ACTIONS}
        if deferrable:
            options["deferrable"] = True
        if deferred:
            options["initially"] = "DEFERRED"
        if match == "f":
            options["match"] = "FULL"
        found.append({"name": name, "constrained_columns": own, "referred_columns": other, "referred_table": referred,
                      "referred_schema": None if visible and schema != nsp else nsp, "options": options, "comment": comment})
    return found


# By the bits of pg_index.indoption: descending, nulls first.
_ORDERS = {1: ("desc", "nulls_last"), 2: ("nulls_first",), 3: ("desc",)}


def indexes(inspector, table, schema):
    rows = _query(inspector, """
SELECT i.relname, x.indisunique, x.indnkeyatts, array(SELECT coalesce(a.attname::pg_catalog.text, '')
    FROM pg_catalog.unnest(x.indkey) WITH ORDINALITY k(n, o) LEFT JOIN pg_catalog.pg_attribute a
    ON a.attrelid = x.indrelid AND a.attnum = k.n AND k.n > 0 ORDER BY k.o),
    array(SELECT pg_catalog.pg_get_indexdef(x.indexrelid, k, true) FROM pg_catalog.generate_series(1, x.indnkeyatts) k),
    (SELECT c.conname FROM pg_catalog.pg_constraint c WHERE c.conindid = x.indexrelid AND (c.contype = 'u' OR c.contype = 'x') LIMIT 1),
    pg_catalog.pg_get_expr(x.indpred, x.indrelid), m.amname,
    array(SELECT k.n::pg_catalog.int4 FROM pg_catalog.unnest(x.indoption) WITH ORDINALITY k(n, o) ORDER BY k.o),
    array(SELECT CASE WHEN c.opcdefault THEN '' ELSE c.opcname::pg_catalog.text END
          FROM pg_catalog.unnest(x.indclass) WITH ORDINALITY k(n, o) JOIN pg_catalog.pg_opclass c ON c.oid = k.n ORDER BY k.o),
    coalesce(i.reloptions, '{}'), coalesce(pg_catalog.to_jsonb(x.*) ->> 'indnullsnotdistinct', 'false') = 'true'
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_am m ON m.oid = i.relam
WHERE x.indrelid = ?::pg_catalog.oid AND NOT x.indisprimary ORDER BY i.relname""", _oid(inspector, table, schema))
    found = []
    for name, unique, keys, names, expressions, constraint, predicate, method, orders, classes, options, nulls_not_distinct in rows:
        own = [one or None for one in names[:keys]]
        index = {"name": name, "unique": unique, "column_names": own, "include_columns": names[keys:],
                 "dialect_options": {"postgresql_include": names[keys:]}}
        if None in own:
            index["expressions"] = [one or text for one, text in zip(own, expressions)]
        elements = index.get("expressions", own)
        sorting = {one: _ORDERS[order & 3] for one, order in zip(elements, orders) if order & 3}
        if sorting:
            index["column_sorting"] = sorting
        if any(classes):
            index["dialect_options"]["postgresql_ops"] = {one: kind for one, kind in zip(elements, classes) if kind}
        if options:
            index["dialect_options"]["postgresql_with"] = dict(one.split("=", 1) for one in options)
        if nulls_not_distinct:
            index["dialect_options"]["postgresql_nulls_not_distinct"] = True
        if constraint:
            index["duplicates_constraint"] = constraint
        if predicate:
            index["dialect_options"]["postgresql_where"] = predicate
        if method != "btree":
            index["dialect_options"]["postgresql_using"] = method
        found.append(index)
    return found


def table_comment(inspector, table, schema):
    rows = _query(inspector, "SELECT pg_catalog.obj_description(?::pg_catalog.oid, 'pg_class')", _oid(inspector, table, schema))
    return {"text": rows[0][0]}
