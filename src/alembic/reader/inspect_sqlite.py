"""SQLite's catalog, in the words of SQLAlchemy's inspector. Names of constraints stand in the tables' own text."""
import re

from .reflected_types import sqlite_type
from .text_clause import text, without_parameters


def _master(schema):
    return '"%s".sqlite_master' % schema.replace('"', '""') if schema else "sqlite_master"


def _pragma(inspector, pragma, name, schema):
    prefix = '"%s".' % schema.replace('"', '""') if schema else ""
    return inspector.query('PRAGMA %s%s("%s")' % (prefix, pragma, name.replace('"', '""')))


def schema_names(inspector):
    return [row[1] for row in inspector.query("PRAGMA database_list") if row[1] != "temp"]


def _names(inspector, kind, schema):
    return [row[0] for row in inspector.query(
        "SELECT name FROM %s WHERE type = ? AND name NOT LIKE 'sqlite~_%%' ESCAPE '~' ORDER BY name" % _master(schema), kind)]


def table_names(inspector, schema):
    return _names(inspector, "table", schema)


def view_names(inspector, schema):
    return _names(inspector, "view", schema)


def materialized_view_names(inspector, schema):
    return []


def sequence_names(inspector, schema):
    return []


def temp_table_names(inspector):
    return [row[0] for row in inspector.query("SELECT name FROM sqlite_temp_master WHERE type = 'table' ORDER BY name")]


def temp_view_names(inspector):
    return [row[0] for row in inspector.query("SELECT name FROM sqlite_temp_master WHERE type = 'view' ORDER BY name")]


def foreign_table_names(inspector, schema):
    raise AttributeError("SQLite has no foreign tables: get_foreign_table_names() is PostgreSQL's")


def domains(inspector, schema):
    raise AttributeError("SQLite has no domains: get_domains() is PostgreSQL's")


def has_type(inspector, name, schema):
    raise AttributeError("SQLite has no types of its own: has_type() is PostgreSQL's")


def enums(inspector, schema):
    raise AttributeError("SQLite has no enumerations: get_enums() is PostgreSQL's")


def table_oid(inspector, table, schema):
    raise NotImplementedError("SQLite has no table oids")


def has_relation(inspector, table, schema):
    return bool(_pragma(inspector, "table_info", table, schema))


def view_definition(inspector, view, schema):
    return inspector.query("SELECT sql FROM %s WHERE name = ? AND type = 'view'" % _master(schema), view)[0][0]


def _text(inspector, table, schema):
    rows = inspector.query("SELECT sql FROM %s WHERE name = ? AND type = 'table'" % _master(schema), table)
    return rows[0][0] if rows and rows[0][0] else ""


def columns(inspector, table, schema):
    rows = _pragma(inspector, "table_xinfo", table, schema)
    found = []
    for _, name, kind, not_null, default, key, hidden in rows:
        if hidden == 1:
            continue
        found.append({"name": name, "type": sqlite_type(kind), "nullable": not not_null, "default": default, "primary_key": key})
        if hidden in (2, 3):
            found[-1]["computed"] = {"persisted": hidden == 3, "sqltext": _generated(_text(inspector, table, schema), name)}
    return found


_NAME = r'(?:"((?:[^"]|"")+)"|\[([^\]]+)\]|`([^`]+)`|([\w$]+))'


def _named(text, kind):
    """Pairs of a constraint's name (or None) and the columns in its parentheses, in the table's text."""
    pattern = re.compile(r"(?:CONSTRAINT\s+%s\s+)?%s\s*\(([^)]*)\)" % (_NAME, kind), re.I)
    for match in pattern.finditer(text):
        name = next((group for group in match.groups()[:4] if group), None)
        inside = [next(group for group in one.groups() if group) for one in re.finditer(_NAME, match.group(5))]
        yield name, inside


def primary_key(inspector, table, schema):
    rows = [row for row in _pragma(inspector, "table_info", table, schema) if row[5]]
    name = next((name for name, _ in _named(_text(inspector, table, schema), r"PRIMARY\s+KEY")), None)
    return {"name": name, "constrained_columns": [row[1] for row in sorted(rows, key=lambda row: row[5])]}


# SQLAlchemy's own, for what it does not find has neither a name nor options there.
_FOREIGN_KEY = re.compile(
    r'(?:CONSTRAINT\s+(?:"(.+?)"|(\w+))\s+)?FOREIGN\s+KEY\s*\(\s*(.+?)\s*\)\s+'
    r'REFERENCES\s+(?:(?:"(.+?)")|([a-z0-9_]+))\s*\(\s*((?:(?:"[^"]+"|[a-z0-9_]+)\s*(?:,\s*)?)+)\)\s*'
    r"((?:ON\s+(?:DELETE|UPDATE)\s+(?:SET\s+NULL|SET\s+DEFAULT|CASCADE|RESTRICT|NO\s+ACTION)\s*)*)"
    r"((?:NOT\s+)?DEFERRABLE)?(?:\s+INITIALLY\s+(DEFERRED|IMMEDIATE))?", re.I)


def _foreign_key_options(actions, deferrable, initially):
    words = re.sub(r"\s+", " ", actions.upper()).strip()
    options = {"on" + event.lower(): action.strip() for event, action in re.findall(r"\bON (DELETE|UPDATE) ((?:(?! ?\bON\b).)+)", words)
               if action.strip() != "NO ACTION"}
    if deferrable:
        options["deferrable"] = "NOT" not in deferrable.upper()
    if initially:
        options["initially"] = initially.upper()
    return options


def foreign_keys(inspector, table, schema):
    """Those that stand by themselves in the table's text come first, in its order, as in SQLAlchemy. Of the others, it knows the
    columns alone."""
    by_id = {}
    for row in _pragma(inspector, "foreign_key_list", table, schema):
        number, place, other, own, referred = row[:5]
        key = by_id.setdefault(number, {"name": None, "constrained_columns": [], "referred_schema": schema, "referred_table": other,
                                        "referred_columns": [], "options": {}})
        key["constrained_columns"].append(own)
        key["referred_columns"].append(referred if referred is not None else _key_column(inspector, other, schema, place, own))
    found, rest = [], []
    for key in by_id.values():
        if key not in rest:
            rest.append(key)
    for match in _FOREIGN_KEY.finditer(_text(inspector, table, schema)):
        quoted_name, name, own, quoted_table, other, referred, *options = match.groups()
        same = {"constrained_columns": _columns_in(own), "referred_table": quoted_table or other, "referred_columns": _columns_in(referred)}
        key = next((key for key in rest if {**key, **same} == key), None)
        if key is not None:
            rest.remove(key)
            found.append({**key, "name": quoted_name or name, "options": _foreign_key_options(*options)})
    return found + rest


def _columns_in(text):
    return [quoted or plain for quoted, plain in re.findall(r'"(.+?)"|([a-z0-9_]+)', text, re.I)]


def _key_column(inspector, table, schema, place, otherwise):
    """REFERENCES without columns means the primary key."""
    keys = primary_key(inspector, table, schema)["constrained_columns"]
    return keys[place] if place < len(keys) else otherwise


def _index_columns(inspector, name, schema):
    return [row[2] for row in _pragma(inspector, "index_info", name, schema)]


def unique_constraints(inspector, table, schema):
    text = _text(inspector, table, schema)
    names = list(_named(text, "UNIQUE"))
    found = []
    for row in _pragma(inspector, "index_list", table, schema):
        if not row[1].startswith("sqlite_autoindex") or (len(row) > 3 and row[3] != "u"):
            continue
        own = _index_columns(inspector, row[1], schema)
        match = next(((name, columns_) for name, columns_ in names if columns_ == own), None)
        if match:
            names.remove(match)
        found.append({"name": match[0] if match else None, "column_names": own})
    return list(reversed(found))


def check_constraints(inspector, table, schema):
    text = _text(inspector, table, schema)
    found = []
    for match in re.finditer(r"(?:CONSTRAINT\s+%s\s+)?CHECK\s*\(" % _NAME, text, re.I):
        name = next((group for group in match.groups()[:4] if group), None)
        found.append({"name": name, "sqltext": _in_parentheses(text, match.end())})
    return found


def _in_parentheses(text, start):
    """From behind one to the one that closes it."""
    depth, end, quote = 1, start, None
    while depth and end < len(text):
        letter = text[end]
        if quote:
            quote = None if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += {"(": 1, ")": -1}.get(letter, 0)
        end += 1
    return text[start:end - 1]


def _generated(text, name):
    """What a column is computed from."""
    name = re.escape(name)
    match = re.search(r'[(,]\s*(?:"%s"|\[%s\]|`%s`|%s)\s[^(),]*(?:\([^()]*\)[^(),]*)?\bAS\s*\(' % (name, name, name, name), text, re.I)
    return _in_parentheses(text, match.end()) if match else ""


def indexes(inspector, table, schema):
    """Without those of expressions, which SQLAlchemy leaves out too."""
    found = []
    for row in _pragma(inspector, "index_list", table, schema):
        names = _index_columns(inspector, row[1], schema)
        if row[1].startswith("sqlite_autoindex") or None in names:
            continue
        found.append({"name": row[1], "column_names": names, "unique": int(row[2]), "dialect_options": {}})
        if len(row) > 4 and row[4]:
            sql = inspector.query("SELECT sql FROM %s WHERE name = ? AND type = 'index'" % _master(schema), row[1])[0][0]
            condition = re.search(r"\)\s*WHERE\s+(.+)", sql, re.I | re.S).group(1)
            found[-1]["dialect_options"]["sqlite_where"] = text(without_parameters(condition))
    return sorted(found, key=lambda one: one["name"])


def table_comment(inspector, table, schema):
    raise NotImplementedError("SQLite has no comments")
