"""session.query(): a SELECT whose rows are objects, or values."""
from .changes import Delete, Update
from .expressions import coerce
from .functions import func
from .modelled import Modelled
from .orm_objects import Entity, LoadOnly, _LaterKey, refuse
from .result import MultipleResultsFound, NoResultFound
from .selects import Select, select
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

    def _result(self):
        return self._execute(self._statement)

    def all(self):
        rows = self._result().all()
        return [row[0] for row in rows] if self._single() else rows

    def _single(self):
        elements = self._statement._elements
        return len(elements) == 1 and isinstance(elements[0], Entity)

    def __iter__(self):
        return iter(self.all())

    def first(self):
        found = self.limit(1).all()
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

    def get(self, key):
        return self._session.get(self._elements[0], key)

    def count(self):
        inner = self._statement.subquery("counted")
        return self._execute(select(func.count()).select_from(inner)).scalar()

    def exists(self):
        return self._statement.exists()

    def subquery(self, name=None):
        return self._statement.subquery(name)

    def scalar_subquery(self):
        return self._statement.scalar_subquery()

    as_scalar = scalar_subquery

    def __clause_element__(self):
        return self._statement

    @property
    def statement(self):
        return self._statement

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

    def _table(self):
        element = self._statement._elements[0]
        return element.table if isinstance(element, (Entity, FromClause)) and hasattr(element, "table") else coerce(element)
