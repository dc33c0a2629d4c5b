"""Table(..., autoload_with=bind) and MetaData.reflect(): tables as the inspector finds them."""
from .columns import Column, Computed, ForeignKey, Identity
from .constraints import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from .text_clause import text, without_parameters


def fill(inspector, table, include=None, exclude=(), resolve_fks=True):
    schema = table.schema
    key = inspector.get_pk_constraint(table.name, schema)
    columns = inspector.get_columns(table.name, schema)
    for one in columns:
        if one["name"] not in table.c and one["name"] not in exclude and (include is None or one["name"] in include):
            table.append_column(_column(one, key["constrained_columns"]))
    table.c._sort([one["name"] for one in columns])
    table.primary_key.name = key["name"]
    for one in inspector.get_foreign_keys(table.name, schema):
        if _is_there(table, one["constrained_columns"]):
            table.append_constraint(_foreign_key(table, one))
            _load_referred(inspector, table, one, resolve_fks)
    for one in inspector.get_indexes(table.name, schema):
        if not one.get("duplicates_constraint") and _is_there(table, [name for name in one["column_names"] if name]):
            table.append_constraint(_index(table, one))
    for one in inspector.get_unique_constraints(table.name, schema):
        if _is_there(table, one["column_names"]):
            options = {name: value for name, value in (one.get("dialect_options") or {}).items() if value}
            table.append_constraint(UniqueConstraint(*one["column_names"], name=one["name"], **options))
    for one in inspector.get_check_constraints(table.name, schema):
        table.append_constraint(CheckConstraint(without_parameters(one["sqltext"]), name=one["name"]))
    if table.comment is None and inspector.dialect.supports_comments:
        table.comment = inspector.get_table_comment(table.name, schema)["text"]


def _index(table, found):
    names = found["column_names"]
    expressions = [_sorted(table.c[name], found.get("column_sorting", {}).get(name, ())) if name else text(without_parameters(expression))
                   for name, expression in zip(names, found.get("expressions") or names)]
    options = dict(found.get("dialect_options") or {})
    for key in options:
        if key.endswith("_where"):
            options[key] = text(without_parameters(str(options[key])))
    return Index(found["name"], *expressions, unique=found["unique"], **options)


def _sorted(column, order):
    for one in order:
        column = getattr(column, one)()
    return column


def _is_there(table, names):
    return all(name in table.c for name in names)


def _column(found, keys):
    extra = []
    if found.get("computed") and found["computed"].get("sqltext"):
        extra.append(Computed(without_parameters(found["computed"]["sqltext"]), persisted=found["computed"].get("persisted")))
    if found.get("identity"):
        extra.append(Identity(**found["identity"]))
    default = found.get("default")
    return Column(found["name"], found["type"], *extra, primary_key=found["name"] in keys, nullable=found["nullable"],
                  server_default=None if default is None else text(without_parameters(default)), comment=found.get("comment"),
                  autoincrement=found.get("autoincrement", "auto"))


def _foreign_key(table, found):
    target = ".".join(part for part in (found["referred_schema"], found["referred_table"]) if part)
    own, targets = found["constrained_columns"], ["%s.%s" % (target, name) for name in found["referred_columns"]]
    options = {key: value for key, value in found.get("options", {}).items()
               if key in ("ondelete", "onupdate", "deferrable", "initially", "match")}
    if len(own) > 1:
        return ForeignKeyConstraint(own, targets, name=found["name"], **options)
    made = ForeignKey(targets[0], name=found["name"], **options)
    made.parent, made.of_table = table.c[own[0]], True
    made.parent.foreign_keys.append(made)
    return made.as_constraint()


def _load_referred(inspector, table, found, resolve_fks):
    from .schema import Table
    key = ".".join(part for part in (found["referred_schema"], found["referred_table"]) if part)
    if resolve_fks and key not in table.metadata.tables:
        Table(found["referred_table"], table.metadata, schema=found["referred_schema"], autoload_with=inspector.bind)
