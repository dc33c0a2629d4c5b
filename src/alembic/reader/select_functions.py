"""select() in both call styles, exists(), union() and the like, values()."""
from .expressions import ColumnClause
from .keywords import refuse_others
from .selects import Compound, Exists, ScalarSubquery, Select, _Query
from .tables import TableSample, Values


def select(*elements, **named):
    """Both call styles: select(a, b), and before 2.0 select([a, b], condition, from_obj=...) with what methods say since."""
    if elements and isinstance(elements[0], (list, tuple)) or not elements and "columns" in named:
        return _select_at_once(*elements, **named)
    refuse_others("select", named, "")
    return Select(elements)


def _select_at_once(columns=None, whereclause=None, from_obj=None, distinct=False, having=None, correlate=True, prefixes=None,
                    suffixes=None, use_labels=False, limit=None, offset=None, order_by=None, group_by=None, for_update=False,
                    for_update_arg=None, bind=None):
    made = Select(columns or [])
    for method, given in (("where", whereclause), ("select_from", from_obj), ("having", having), ("prefix_with", prefixes),
                          ("suffix_with", suffixes), ("order_by", order_by), ("group_by", group_by)):
        if given is not None:
            made = getattr(made, method)(*(given if isinstance(given, (list, tuple)) else [given]))
    if distinct:
        made = made.distinct(*([] if distinct is True else distinct if isinstance(distinct, (list, tuple)) else [distinct]))
    if for_update or for_update_arg is not None:
        made = made.with_for_update()
    if use_labels:
        made = made.with_labels()
    return made.limit(limit).offset(offset)


def exists(*elements, **named):
    if len(elements) == 1 and isinstance(elements[0], _Query):
        return Exists(elements[0])
    if len(elements) == 1 and isinstance(elements[0], ScalarSubquery):
        return Exists(elements[0].query)
    if named or elements and isinstance(elements[0], (list, tuple)):
        return Exists(_select_at_once(*(elements or [[_star()]]), **named))
    return Exists(select(*(elements or [_star()])))


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
