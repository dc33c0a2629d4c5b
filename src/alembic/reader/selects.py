"""SELECT, UNION and the like, EXISTS."""

from . import column_types as types
from .bound import Bound
from .common_tables import Cte, with_named
from .exceptions import InvalidRequestError
from .expressions import Cast, ColumnClause, ColumnElement, Constant, Element, Label, Null, Ordered, and_, coerce
from .labels import BY_DEFAULT, SelectLabelStyle, labelled, names
from .stand_in import StandIn
from .tables import Alias, Columns, FromClause, Join, Lateral, _exported


class _Query(Bound, Element):
    """What gives rows."""
    is_statement = True
    _order = _limit = _offset = None
    _ctes = ()
    _label_style = BY_DEFAULT

    def _copy(self):
        made = self.__class__.__new__(self.__class__)
        made.__dict__.update(self.__dict__)
        return made

    def order_by(self, *elements):
        made = self._copy()
        made._order = (self._order or []) + _ordering(elements)
        return made

    def limit(self, count):
        made = self._copy()
        made._limit = None if count is None else coerce(count)
        return made

    def offset(self, count):
        made = self._copy()
        made._offset = None if count is None else coerce(count)
        return made

    fetch = limit

    def slice(self, start, stop):
        return self.limit(stop - start).offset(start)

    def _tail(self, context):
        text = ""
        if self._order:
            text += " ORDER BY " + ", ".join(one.sql(context) for one in self._order)
        if self._limit is not None:
            text += " LIMIT " + self._limit.sql(context)
        elif self._offset is not None:
            text += " LIMIT ALL" if context.dialect.is_postgresql else " LIMIT -1"
        if self._offset is not None:
            text += " OFFSET " + self._offset.sql(context)
        return text

    def subquery(self, name=None):
        return Alias(self, name)

    alias = subquery

    def cte(self, name=None, recursive=False, **unused):
        return Cte(self, name, recursive)

    def scalar_subquery(self):
        return ScalarSubquery(self)

    as_scalar = scalar_subquery

    def label(self, name):
        return ScalarSubquery(self).label(name)

    def exists(self):
        return Exists(self)

    def union(self, *others):
        return Compound("UNION", (self,) + others)

    def union_all(self, *others):
        return Compound("UNION ALL", (self,) + others)

    def intersect(self, *others):
        return Compound("INTERSECT", (self,) + others)

    def except_(self, *others):
        return Compound("EXCEPT", (self,) + others)

    def except_all(self, *others):
        return Compound("EXCEPT ALL", (self,) + others)

    def intersect_all(self, *others):
        return Compound("INTERSECT ALL", (self,) + others)

    def lateral(self, name=None):
        return Lateral(self, name)

    def add_cte(self, *ctes, **unused):
        made = self._copy()
        made._ctes = [*self._ctes, *ctes]
        return made

    def tables(self):
        return []

    def sql(self, context):
        return with_named(self, context, self._ctes)

    @property
    def selected_columns(self):
        return Columns(_exported(self, None))

    c = columns = exported_columns = selected_columns


def _ordering(elements):
    """A class or a table stands for its columns."""
    each = [_order_element(one) for one in elements if one is not None and one is not False]
    return [part for one in each for part in (one.c if isinstance(one, FromClause) else [one])]


def _order_element(one):
    if isinstance(one, str):
        from .text_clause import text
        return text(one)
    return coerce(one)


class Select(_Query):
    def __init__(self, elements):
        self._elements = [_selected(one) for one in elements]
        self._from, self._where, self._group, self._having = [], [], [], []
        self._distinct, self._lock, self._prefix, self._suffix, self._correlate = None, None, [], [], None

    def where(self, *conditions):
        return self._with(_where=self._where + _conditions_or_text(conditions))

    filter = where

    def filter_by(self, **equal):
        table = self._froms(None)[0]
        return self.where(*[table.c[name] == value for name, value in equal.items()])

    def having(self, *conditions):
        return self._with(_having=self._having + _conditions_or_text(conditions))

    def group_by(self, *elements):
        return self._with(_group=self._group + _ordering(elements))

    def select_from(self, *froms):
        return self._with(_from=self._from + [coerce(one) for one in froms])

    def join(self, target, onclause=None, isouter=False, full=False):
        target = coerce(target)
        others = [one for one in (self._from or self._froms(None)) if one is not target]
        return self._with(_from=others[:-1] + [others[-1].join(target, onclause, isouter, full)])

    def outerjoin(self, target, onclause=None, full=False):
        return self.join(target, onclause, True, full)

    def join_from(self, left, target, onclause=None, isouter=False, full=False):
        return self._with(_from=self._from + [coerce(left).join(coerce(target), onclause, isouter, full)])

    def outerjoin_from(self, left, target, onclause=None, full=False):
        return self.join_from(left, target, onclause, True, full)

    def distinct(self, *elements):
        return self._with(_distinct=[coerce(one) for one in elements])

    def with_for_update(self, nowait=False, skip_locked=False, read=False, of=None, key_share=False):
        strength = ("KEY SHARE" if read else "NO KEY UPDATE") if key_share else "SHARE" if read else "UPDATE"
        several = of if isinstance(of, (list, tuple)) else [] if of is None else [of]
        locked = [table.name for one in several for table in coerce(one).tables()]

        def lock(context):
            tables = " OF " + ", ".join(context.dialect.quote(name) for name in locked) if locked else ""
            return " FOR " + strength + tables + (" NOWAIT" if nowait else "") + (" SKIP LOCKED" if skip_locked else "")
        return self._with(_lock=lock)

    def prefix_with(self, *texts, **unused):
        return self._with(_prefix=self._prefix + [str(one) for one in texts])

    def suffix_with(self, *texts, **unused):
        return self._with(_suffix=self._suffix + [str(one) for one in texts])

    def with_statement_hint(self, text, dialect_name="*"):
        from . import current
        return self.suffix_with(text) if dialect_name in ("*", current.dialect().name) else self

    def _change_in_place(method):
        """What SQLAlchemy before 2.0 does to the statement itself."""
        def append(self, *arguments):
            self.__dict__.update(getattr(self, method)(*arguments).__dict__)
        return append

    append_whereclause, append_having, append_column, append_from, append_order_by, append_group_by, append_prefix = map(
        _change_in_place, ("where", "having", "add_columns", "select_from", "order_by", "group_by", "prefix_with"))

    @property
    def whereclause(self):
        return _all(self._where) if self._where else None

    @property
    def column_descriptions(self):
        from .orm_rows import described
        return [described(one) for one in self._elements]

    def set_label_style(self, style):
        return self._with(_label_style=style)

    def get_label_style(self):
        return self._label_style

    def with_labels(self):
        return self.set_label_style(SelectLabelStyle.LABEL_STYLE_TABLENAME_PLUS_COL)

    apply_labels = with_labels

    def reduce_columns(self, *unused, **also_unused):
        return self

    def correlate(self, *tables):
        return self._with(_correlate=[coerce(one) for one in tables if one is not None])

    def correlate_except(self, *tables):
        return self

    def with_only_columns(self, *elements, **unused):
        elements = elements[0] if len(elements) == 1 and isinstance(elements[0], (list, tuple)) else elements
        return self._with(_elements=[_selected(one) for one in elements])

    def add_columns(self, *elements):
        return self._with(_elements=self._elements + [_selected(one) for one in elements])

    column = add_columns

    def from_statement(self, statement):
        from .orm_statement import FromStatement
        return FromStatement(self._elements, statement)

    def with_hint(self, *unused):
        return self

    def options(self, *options):
        from .orm_objects import Entity
        return self._with(_elements=[one.narrowed(options) if isinstance(one, Entity) else one for one in self._elements])

    def get_final_froms(self):
        return self._froms(None)

    columns_clause_froms = property(lambda self: [table for one in self._elements for table in one.tables()])

    froms = property(get_final_froms)

    def _with(self, **changed):
        made = self._copy()
        made.__dict__.update(changed)
        return made

    def columns_asked(self):
        """The columns that it gives, tables spread out."""
        return [column for one in self._elements for column in (one.c if isinstance(one, FromClause) else [one])]

    def output(self):
        """The name and the type of each column."""
        columns = self.columns_asked()
        return [(name or "anon_%d" % (place + 1), one.type) for place, (one, (name, _)) in
                enumerate(zip(columns, names(columns, self._label_style)))]

    def _froms(self, context):
        found = list(self._from)
        covered = [part for one in found if isinstance(one, Join) for part in one.parts()]
        asked = [table for one in self._elements for table in one.tables()] + \
            [table for one in self._where + self._having for table in one.tables()]
        for table in asked:
            if not any(table is one for one in found + covered):
                found.append(table)
        if self._correlate is None:
            around = context.enclosing if context and len(found) > 1 else ()
        else:
            around = self._correlate
        own = [one for one in found if not any(one is other for other in around)]
        return own if own or not found else found

    def body(self, context):
        froms = self._froms(context)
        inside = context.within(froms)
        text = "SELECT " + "".join(one + " " for one in self._prefix)
        if self._distinct is not None:
            text += "DISTINCT "
            if self._distinct and context.dialect.is_postgresql:
                text += "ON (%s) " % ", ".join(one.sql(inside) for one in self._distinct)
        text += ", ".join(labelled(self.columns_asked(), inside, self._label_style))
        if froms:
            text += " FROM " + ", ".join(one.from_sql(inside) for one in froms)
        if self._where:
            text += " WHERE " + _all(self._where).condition(inside)
        if self._group:
            text += " GROUP BY " + ", ".join(one.sql(inside) for one in self._group)
        if self._having:
            text += " HAVING " + _all(self._having).condition(inside)
        text += self._tail(inside) + (self._lock(context) if self._lock and context.dialect.is_postgresql else "")
        return " ".join([text, *self._suffix])


def _all(conditions):
    made = and_(*conditions)
    return made if not isinstance(made, Constant) or conditions else Constant(True)


def _conditions_or_text(conditions):
    return [Constant(one) if isinstance(one, bool) else _order_element(one) for one in conditions]


def _selected(one):
    if isinstance(one, str):
        from .text_clause import literal_column
        return literal_column(one)
    if isinstance(one, (int, float)) and not isinstance(one, bool):
        return ColumnClause(str(one), is_literal=True)
    if hasattr(one, "__entity__") and not isinstance(one, StandIn):
        return one.__entity__()
    if isinstance(one, type) and hasattr(one, "__table__"):
        from .orm_objects import Entity
        return Entity(one)
    made = coerce(one)
    return made.scalar_subquery() if isinstance(made, _Query) else made


class Compound(_Query):
    def __init__(self, word, queries):
        self._word, self._queries = word, [coerce(one) for one in queries]

    def output(self):
        return self._queries[0].output()

    def columns_asked(self):
        first = self._queries[0]
        return first.columns_asked() if hasattr(first, "columns_asked") else []

    def body(self, context):
        form = "(%s)" if context.dialect.is_postgresql else "SELECT * FROM (%s)"  # SQLite has no parentheses there
        return (" %s " % self._word).join(
            (form % one.sql(context) if _is_grouped(one) else one.sql(context)) for one in self._queries) + self._tail(context)

    def group_by(self, *unused):
        raise InvalidRequestError("%s has no GROUP BY" % self._word)


def _is_grouped(query):
    """Whether one of the queries of UNION stands in parentheses."""
    return isinstance(query, Compound) or any(getattr(query, name, None) is not None for name in ("_order", "_limit", "_offset"))


class ScalarSubquery(ColumnElement):
    def __init__(self, query):
        self.query = query
        self.type = query.output()[0][1] if hasattr(query, "output") and query.output() else types.NULLTYPE

    def sql(self, context):
        return "(%s)" % self.query.sql(context)

    def correlate(self, *tables):
        return ScalarSubquery(self.query.correlate(*tables))

    def where(self, *conditions):
        return ScalarSubquery(self.query.where(*conditions))


class Exists(ColumnElement):
    type = types.Boolean()
    is_operation = True
    operator = "NOT"
    precedence = 5

    def __init__(self, query):
        self.query = query

    def sql(self, context):
        return "EXISTS (%s)" % self.query.sql(context)

    def groups_in(self, precedence, operator):
        return operator is None and precedence == 5

    def where(self, *conditions):
        return Exists(self.query.where(*conditions))

    def select_from(self, *froms):
        return Exists(self.query.select_from(*froms))

    def correlate(self, *tables):
        return Exists(self.query.correlate(*tables))

    def select(self, *unused):
        return Select([self])
