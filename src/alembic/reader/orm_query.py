"""session.query(): a SELECT whose rows are objects, or values."""
from .changes import Delete, Update
from .expressions import Element, coerce
from .functions import func
from .labels import BY_DEFAULT
from .modelled import Modelled
from .moved import moved
from .orm_objects import Entity, LoadOnly, _LaterKey, refuse
from .result import MultipleResultsFound, NoResultFound
from .select_functions import select
from .selects import Compound, Select
from .stops import refuse_other_schemas
from .tables import FromClause, Join


class Query(Modelled):
    def __init__(self, session, elements, statement=None, autoflush=True):
        self._session, self._elements, self._autoflush = session, elements, autoflush
        self._statement = statement if statement is not None else Select(elements)

    def _with(self, statement):
        return Query(self._session, self._elements, statement, self._autoflush)

    def filter(self, *conditions):
        return self._with(self._statement.where(*conditions))

    where = filter

    def filter_by(self, **equal):
        table = self._main()
        return self.filter(*[table.c[name] == value for name, value in equal.items()])

    def _main(self):
        """The table that a name without one belongs to: what was joined last, or the first."""
        last = self._statement._from[-1] if self._statement._from else None
        if isinstance(last, Join):
            return last.right
        return self._statement._froms(None)[0]

    def order_by(self, *elements):
        return self._with(self._statement.order_by(*elements))

    def group_by(self, *elements):
        return self._with(self._statement.group_by(*elements))

    def having(self, *conditions):
        return self._with(self._statement.having(*conditions))

    def limit(self, count):
        return self._with(self._statement.limit(count))

    def offset(self, count):
        return self._with(self._statement.offset(count))

    def distinct(self, *elements):
        return self._with(self._statement.distinct(*elements))

    def select_from(self, *froms):
        return self._with(self._statement.select_from(*froms))

    def with_for_update(self, **named):
        return self._with(self._statement.with_for_update(**named))

    def join(self, target, onclause=None, isouter=False, **unused):
        if isinstance(target, tuple):
            target, onclause = target
        return self._with(self._statement.join(target, onclause, isouter=isouter))

    def outerjoin(self, target, onclause=None, **unused):
        return self.join(target, onclause, True)

    def options(self, *options):
        """load_only() narrows what is loaded; how relationships are loaded does not matter, for there are none here."""
        narrowing = [one for one in options if isinstance(one, LoadOnly)]
        elements = [one.narrowed(narrowing) if isinstance(one, Entity) else one for one in self._statement._elements]
        return self._with(self._statement._with(_elements=elements))

    def with_entities(self, *elements):
        return Query(self._session, list(elements), self._statement.with_only_columns(*elements), self._autoflush)

    def add_columns(self, *elements):
        return self.with_entities(*self._statement._elements, *elements)

    def add_column(self, element):
        return self.add_columns(element)

    add_entity = add_column

    def slice(self, start, stop):
        made = self if not start else self.offset(start)
        return made if stop is None else made.limit(stop - (start or 0))

    def __getitem__(self, place):
        if not isinstance(place, slice):
            return list(self.slice(place, place + 1))[0] if place >= 0 else list(self)[place]
        if (place.start or 0) < 0 or (place.stop or 0) < 0 or place.step is not None:
            return list(self)[place]
        return list(self.slice(place.start, place.stop))

    def prefix_with(self, *texts, **unused):
        return self._with(self._statement.prefix_with(*texts))

    def suffix_with(self, *texts, **unused):
        return self._with(self._statement.suffix_with(*texts))

    def correlate(self, *tables):
        return self._with(self._statement.correlate(*tables))

    def params(self, *positional, **named):
        from .changes import bound
        return self._with(bound(self._statement, {**(positional[0] if positional else {}), **named}))

    def from_statement(self, statement):
        return self._with(self._statement.from_statement(statement))

    def with_session(self, session):
        return Query(session, self._elements, self._statement, self._autoflush)

    def enable_assertions(self, value):
        return self

    enable_eagerloads = enable_assertions

    def reset_joinpoint(self):
        return self

    def tuples(self):
        return self

    # Of several queries. What is asked of them further speaks of the columns of what they give together.
    def union(self, *others):
        return self._combined("UNION", others)

    def union_all(self, *others):
        return self._combined("UNION ALL", others)

    def intersect(self, *others):
        return self._combined("INTERSECT", others)

    def intersect_all(self, *others):
        return self._combined("INTERSECT ALL", others)

    def except_(self, *others):
        return self._combined("EXCEPT", others)

    def except_all(self, *others):
        return self._combined("EXCEPT ALL", others)

    def _combined(self, word, others):
        queries = [self._statement, *[one.statement if isinstance(one, Query) else one for one in others]]
        return CombinedQuery(self._session, Compound(word, queries), self._statement, self._autoflush)

    def yield_per(self, count):
        return self

    def autoflush(self, setting):
        return Query(self._session, self._elements, self._statement, setting)

    def execution_options(self, **options):
        refuse_other_schemas(options)
        return self

    def populate_existing(self):
        return self

    # Answers.
    def _execute(self, statement):
        if self._autoflush:
            self._session.flush_before_query()
        with self._session.no_autoflush:
            return self._session.execute(statement)

    def _elements_given(self):
        return getattr(self._statement, "_elements" if isinstance(self._statement, Select) else "elements")

    def _result(self):
        """How its columns are labelled is seen where the query is a part of another."""
        return self._execute(self._statement.set_label_style(BY_DEFAULT) if isinstance(self._statement, Select) else self._statement)

    def all(self):
        rows = self._result().all()
        return [row[0] for row in rows] if self._single() else rows

    def _single(self):
        elements = self._elements_given()
        return len(elements) == 1 and isinstance(elements[0], Entity)

    def __iter__(self):
        return iter(self.all())

    def first(self):
        found = (self if not isinstance(self._statement, Select) else self.limit(1)).all()
        return found[0] if found else None

    def one_or_none(self):
        found = self.all()
        if len(found) > 1:
            raise MultipleResultsFound("one row was expected, and there are %d" % len(found))
        return found[0] if found else None

    def one(self):
        found = self.one_or_none()
        if found is None:
            raise NoResultFound("one row was expected, and there is none")
        return found

    def scalar(self):
        found = self._result().first()
        return None if found is None else found[0]

    def value(self, column):
        found = self.with_entities(column).first()
        return None if found is None else found[0]

    def values(self, *columns):
        return iter(self.with_entities(*columns).all())

    def get(self, key):
        return self._session.get(self._elements[0], key)

    def count(self):
        inner = self._statement.subquery("counted")
        return self._execute(select(func.count()).select_from(inner)).scalar()

    def exists(self):
        return self._statement.exists()

    def subquery(self, name=None, with_labels=False, reduce_columns=False):
        return (self._statement.with_labels() if with_labels else self._statement).subquery(name)

    def set_label_style(self, style):
        return self._with(self._statement.set_label_style(style))

    def with_labels(self):
        return self._with(self._statement.with_labels())

    apply_labels = with_labels

    def cte(self, name=None, recursive=False, **unused):
        return self._statement.cte(name, recursive)

    def label(self, name):
        return self._statement.label(name)

    def lateral(self, name=None):
        return self._statement.lateral(name)

    def scalar_subquery(self):
        return self._statement.scalar_subquery()

    as_scalar = scalar_subquery

    def __clause_element__(self):
        return self._statement

    @property
    def statement(self):
        return self._statement

    selectable = statement

    @property
    def session(self):
        return self._session

    @property
    def whereclause(self):
        return self._statement.whereclause

    @property
    def column_descriptions(self):
        return self._statement.column_descriptions

    def is_single_entity(self):
        return self._single()

    # Changes of all that it finds.
    def _changed(self, change):
        if self._statement._limit is not None or any(isinstance(one, Join) for one in self._statement._from):
            refuse("a change of what a join or a limit finds")
        result = self._execute(change.where(*self._statement._where) if self._statement._where else change)
        return result.rowcount if result.is_known else _LaterKey("how many rows were changed")

    def delete(self, synchronize_session=None):
        return self._changed(Delete(self._table()))

    def update(self, values, synchronize_session=None, **unused):
        return self._changed(Update(self._table()).values(values))

    def __str__(self):
        return str(self._statement)

    def _table(self):
        element = self._statement._elements[0]
        return element.table if isinstance(element, (Entity, FromClause)) and hasattr(element, "table") else coerce(element)


class CombinedQuery(Query):
    """Of what UNION and the like give: elements are looked for there, by the column that the first query took them from."""

    def __init__(self, session, compound, first, autoflush):
        source = compound.subquery()
        self._source, self._columns, elements = source, {}, []
        given = iter(source.c)
        for element in first._elements:
            if isinstance(element, Entity):
                elements.append(element.within(source, [next(given) for _ in element.c]))
                self._columns.update({id(one): other for one, other in zip(element.c, elements[-1].c)})
            elif isinstance(element, FromClause):
                refuse("query(%s).union()" % element.name)
            else:
                elements.append(next(given))
                self._columns[id(element)] = elements[-1]
        super().__init__(session, elements, None, autoflush)

    def _with(self, statement):
        made = CombinedQuery.__new__(CombinedQuery)
        made.__dict__.update(self.__dict__)
        made._statement = statement
        return made

    def _moved(self, element):
        """The element with the columns of what was combined; text stays."""
        if isinstance(element, FromClause) or not isinstance(element, Element):
            refuse("a part of a union of queries: %s" % type(element).__name__)
        return moved(element, self._columns, lambda one: refuse("a column that a union of queries does not give: %s" % one.name))

    def filter(self, *conditions):
        return super().filter(*[self._moved(coerce(one)) for one in conditions])

    def filter_by(self, **equal):
        return self._with(self._statement.where(*[self._source.c[name] == value for name, value in equal.items()]))

    def order_by(self, *elements):
        return super().order_by(*[one if one is None or isinstance(one, str) else self._moved(coerce(one)) for one in elements])

    def group_by(self, *elements):
        return super().group_by(*[self._moved(coerce(one)) for one in elements])

    def join(self, *unused, **also_unused):
        refuse("a join with a union of queries")

    with_entities = select_from = having = add_columns = update = delete = join
