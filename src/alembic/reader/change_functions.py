"""insert(), update() and delete() of a table, as all versions of SQLAlchemy take their arguments: those before 2.0 took at once what
methods say since."""
from .changes import Delete, Insert, Update
from .keywords import refuse_others


def insert(table, values=None, inline=False, **named):
    made = Insert(table)
    return _with_options("insert", made if values is None else made.values(values), named)


def update(table, whereclause=None, values=None, inline=False, preserve_parameter_order=False, **named):
    made = Update(table)
    if whereclause is not None:
        made = made.where(whereclause)
    return _with_options("update", made if values is None else made.values(values), named)


def delete(table, whereclause=None, **named):
    made = Delete(table)
    return _with_options("delete", made if whereclause is None else made.where(whereclause), named)


def _with_options(function, made, named):
    refuse_others(function, named, "bind prefixes returning return_defaults")
    for prefix in named.get("prefixes") or ():
        made = made.prefix_with(prefix)
    return made.returning(*named["returning"]) if named.get("returning") else made
