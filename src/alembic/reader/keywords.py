"""Which keywords SQLAlchemy takes where a call here takes any: those of its versions 1.3 to 2.1, private ones too. It refuses others,
as a misspelt one would make another schema without a word."""
from .exceptions import ArgumentError

_CONSTRAINT = "info comment _create_rule _type_bound _autoattach _column_flag _gather_expressions _implicit_generated"
_MYSQL_TEXT = "charset national ascii unicode binary"

# By class, beside the keywords that the call here names itself. None: it takes any. What has no row takes what its base takes.
_KNOWN = {
    "Table": "autoload_replace implicit_returning mustexist useexisting typed_columns_cls _extend_on _no_init _reflect_info _creator_ddl "
             "_dropper_ddl _constraints_included _namespace_metadata",
    "Column": "name type_ autoincrement default doc key index unique info nullable onupdate primary_key server_default server_onupdate "
              "quote system comment insert_default insert_sentinel _proxies _omit_from_statements",
    "ForeignKey": "info _unresolvable",
    "Constraint": _CONSTRAINT,
    "ExcludeConstraint": None,
    "Index": "quote info _column_flag _gather_expressions",
    "Sequence": "quote quote_schema for_update",
    "SchemaItem": "info",
    "String": "convert_unicode unicode_error collation_schema _warn_on_bytestring _expect_unicode",
    "NCHAR": "convert_unicode unicode_error collation_schema _warn_on_bytestring _expect_unicode " + _MYSQL_TEXT,
    "NVARCHAR": "convert_unicode unicode_error collation_schema _warn_on_bytestring _expect_unicode " + _MYSQL_TEXT,
    "Float": "scale unsigned zerofill",
    "Boolean": "_create_events _adapted_from",
    "_WithZone": "fsp storage_format regexp truncate_microseconds",
    "Date": "storage_format regexp",
    "DOMAIN": "_create_events _adapted_from inherit_schema metadata quote _enums",
    "TypeEngine": "",
}

# postgresql_using=... and the like. Other dialects are not known here, and theirs are left out.
_OF_DIALECTS = {
    "postgresql": {
        "Index": "using include where ops concurrently with tablespace nulls_not_distinct",
        "Table": "ignore_search_path tablespace partition_by with_oids with on_commit inherits using",
        "CheckConstraint": "not_valid", "ForeignKeyConstraint": "not_valid", "ForeignKey": "not_valid",
        "PrimaryKeyConstraint": "include", "UniqueConstraint": "include nulls_not_distinct",
    },
    "sqlite": {
        "Table": "autoincrement with_rowid strict", "Index": "where", "Constraint": "on_conflict", "ForeignKey": "on_conflict",
        "Column": "on_conflict_primary_key on_conflict_not_null on_conflict_unique",
    },
}


def refuse_unknown(item, named):
    """named: what the call got beside the keywords that it names."""
    if named:
        refuse_unknown_of(type(item), named)


def refuse_others(function, named, known):
    """known: what a function takes beside what it names itself, in any of those versions."""
    for name in named:
        if name not in known.split():
            raise TypeError("%s() got an unexpected keyword argument %r" % (function, name))


def refuse_unknown_of(kind, named, also=()):
    """also: what the call takes beside what the class does."""
    classes = [one.__name__ for one in kind.__mro__]
    words = next((_KNOWN[name] for name in classes if name in _KNOWN), None)
    if words is None:
        return
    known = set(words.split()).union(also)
    has_dialects = any(name in ("SchemaItem", "Table") for name in classes)
    for name in named:
        if name in known or name in _named_by(kind):
            continue
        dialect, _, argument = name.partition("_")
        if not (has_dialects and dialect and argument):
            raise TypeError("%s() got an unexpected keyword argument %r%s" % (
                kind.__name__, name, _meant(name, known | _named_by(kind))))
        _check_dialect(kind, name, dialect, classes)


def _check_dialect(kind, name, dialect, classes):
    if dialect not in _OF_DIALECTS:
        _note_left_out(kind, name, classes)
        return
    taken = _taken(dialect, classes)
    if name not in taken:
        raise ArgumentError("Argument %r is not accepted by dialect %r on behalf of %s%s" % (
            name, dialect, kind.__name__, _meant(name, taken, shared=len(dialect) + 1)))


def _taken(dialect, classes):
    return {"%s_%s" % (dialect, word) for one in classes for word in _OF_DIALECTS[dialect].get(one, "").split()}


def _note_left_out(kind, name, classes):
    """What looks like another dialect's SQLAlchemy leaves out with a warning, though it may be a misspelling."""
    from . import current
    known = _named_by(kind).union(_KNOWN.get(kind.__name__, "").split(), *(_taken(one, classes) for one in _OF_DIALECTS))
    meant = _meant(name, known, 0.85)
    if meant and current.running():
        current.run().notes.append("%s leaves out %r, as SQLAlchemy does: it is no argument of its own%s" % (kind.__name__, name, meant))


def _named_by(kind):
    """What the call here names itself."""
    return {name for one in kind.__mro__ if hasattr(one.__dict__.get("__init__"), "__code__")
            for code in [one.__init__.__code__] for name in code.co_varnames[1:code.co_argcount + code.co_kwonlyargcount]}


def _meant(name, known, least=0.7, shared=0):
    """shared: how much of the beginning all have, which makes none of them likely."""
    from difflib import get_close_matches
    close = get_close_matches(name[shared:], sorted(one[shared:] for one in known if not one.startswith("_")), 1, least)
    return "; did you mean %r?" % (name[:shared] + close[0]) if close else ""
