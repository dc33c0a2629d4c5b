"""select() in both call styles, exists(), union() and the like, values()."""
from .expressions import ColumnClause, column_or_text
from .selects import Compound, Exists, ScalarSubquery, Select, _Query
from .tables import TableSample, Values


def select(*elements, whereclause=None, from_obj=None, **named):
    """Both call styles: select(a, b) and select([a, b], condition)."""
    if elements and isinstance(elements[0], (list, tuple)):
        if len(elements) > 1:
            whereclause = elements[1]
        elements = elements[0]
    elif not elements and "columns" in named:
        elements = named["columns"]
    made = Select(elements)
    if whereclause is not None:
        made = made.where(whereclause)
    if from_obj is not None:
        made = made.select_from(*(from_obj if isinstance(from_obj, (list, tuple)) else [from_obj]))
    if named.get("limit") is not None:
        made = made.limit(named["limit"])
    if named.get("order_by") is not None:
        made = made.order_by(*(named["order_by"] if isinstance(named["order_by"], (list, tuple)) else [named["order_by"]]))
    return made.distinct() if named.get("distinct") else made


def exists(*elements, **named):
    if len(elements) == 1 and isinstance(elements[0], _Query):
        return Exists(elements[0])
    if len(elements) == 1 and isinstance(elements[0], ScalarSubquery):
        return Exists(elements[0].query)
    return Exists(select(*(elements or [column_or_text("*")]), **named)) if elements else Exists(Select([_star()]))


def _star():
    return ColumnClause("*", is_literal=True)


def union(*queries):
    return Compound("UNION", queries)


def union_all(*queries):
    return Compound("UNION ALL", queries)


def intersect(*queries):
    return Compound("INTERSECT", queries)


def except_(*queries):
    return Compound("EXCEPT", queries)


def except_all(*queries):
    return Compound("EXCEPT ALL", queries)


def intersect_all(*queries):
    return Compound("INTERSECT ALL", queries)


def values(*columns, name=None, **unused):
    return Values(columns, name)


def tablesample(table, sampling, name=None, seed=None):
    return TableSample(table, sampling, name, seed)
