"""Session: executes statements, and handles objects that are no more than rows (orm_objects.py, orm_query.py)."""
import contextlib

from .changes import Update
from .connection import Connection
from .orm_objects import Objects, mapped_table, refuse
from .orm_query import Query
from .orm_rows import concerns_objects, entities_of, names_in_rows, names_of, with_objects
from .orm_statement import FromStatement
from .result import Row, _Reader, _Shaped
from .stand_in import StandIn
from .stops import refuse_other_schemas


class Session:
    """Its transaction is the run's, so commit() writes what is pending and has nothing to end."""

    def __init__(self, bind=None, *unused, autoflush=True, expire_on_commit=True, **also_unused):
        if isinstance(bind, StandIn):
            bind.need()
        self.bind = bind if bind is not None else Connection()
        self.autoflush, self.expire_on_commit = autoflush, expire_on_commit
        self.objects = Objects(self._send)
        self._in_transaction = False

    def __class_getitem__(cls, item):
        return cls

    def get_bind(self, *unused, **also_unused):
        return self.bind

    def connection(self, bind_arguments=None, execution_options=None, **unused):
        refuse_other_schemas(execution_options)
        self._in_transaction = True
        return self.bind

    def _send(self, *arguments):
        self._in_transaction = True
        return self.bind.execute(*arguments)

    # Statements.
    def execute(self, statement, params=None, execution_options=None, **unused):
        refuse_other_schemas(execution_options)
        if hasattr(statement, "__clause_element__"):
            statement = statement.__clause_element__()
        if concerns_objects(statement):
            self.flush_before_query()
            if isinstance(statement, Update) and isinstance(params, list):
                return self.objects.update_rows(statement.table, params)
        result = self._send(statement, *([params] if params else []))
        if isinstance(statement, Update):
            self.objects.changed_by(statement)
        if isinstance(statement, FromStatement):
            return ObjectResult(statement.with_objects(self.objects, result.fetchall()), statement.names())
        if entities_of(statement):
            rows = with_objects(self.objects, statement, result.fetchall())
            return ObjectResult(rows, names_of(statement))
        result.names_by_place = names_in_rows(statement)
        return result

    def scalar(self, statement, params=None, **unused):
        return self.execute(statement, params).scalar()

    def scalars(self, statement, params=None, **unused):
        return self.execute(statement, params).scalars()

    def query(self, *elements):
        return Query(self, list(elements))

    def get(self, model, key, **unused):
        table = mapped_table(model)
        columns = list(table.primary_key.columns)
        values = [key[one.key] for one in columns] if isinstance(key, dict) else key if isinstance(key, (tuple, list)) else (key,)
        found = self.objects.find(model, values)
        if found is not None:
            return found
        return self.query(model).filter(*[column == value for column, value in zip(columns, values)]).one_or_none()

    # Objects.
    def add(self, one):
        self.objects.add(one)

    def add_all(self, several):
        for one in several:
            self.add(one)

    def merge(self, one, load=True, **unused):
        """The object of the same key, from here, from the database, or a new one, with the values that this one has."""
        if isinstance(one, StandIn):
            one.need()
        if not load:
            refuse("session.merge(load=False)")
        self.flush_before_query()
        with self.no_autoflush:
            return self.objects.merge(one, lambda key: self.get(type(one), key))

    def delete(self, one):
        self.objects.delete(one)

    def flush(self, *unused):
        self.objects.flush()

    def flush_before_query(self):
        if self.autoflush:
            self.flush()

    def commit(self):
        self.flush()
        if self.expire_on_commit:
            self.objects.expire_written()
        self._in_transaction = False

    def refresh(self, one, attribute_names=None, **unused):
        self.flush_before_query()
        self.objects.refresh(one, attribute_names)

    def expire(self, one, attribute_names=None):
        self.objects.expire_one(one, attribute_names)

    def bulk_save_objects(self, several, **unused):
        self.objects.save_rows(several)

    def bulk_insert_mappings(self, model, rows, return_defaults=False, render_nulls=False):
        self.objects.insert_rows(model, rows, render_nulls)

    def bulk_update_mappings(self, model, rows):
        self.objects.update_rows(mapped_table(model), rows)

    def rollback(self):
        """It ends the run's transaction when the session has a part in it: not before its first statement, nor behind a commit."""
        self.objects.forget()
        if self._in_transaction:
            self.bind.rollback()

    def close(self):
        """What was done stays: its transaction is the run's."""
        self.objects.forget()
        self._in_transaction = False

    def expunge_all(self):
        self.objects.forget()

    def expire_all(self):
        self.objects.expire()

    @property
    @contextlib.contextmanager
    def no_autoflush(self):
        before, self.autoflush = self.autoflush, False
        try:
            yield self
        finally:
            self.autoflush = before

    def begin(self, *unused, **also_unused):
        return _Block(self)

    def begin_nested(self):
        self.flush()
        self._in_transaction = True
        return self.bind.begin_nested()

    is_active = True

    def in_transaction(self):
        return self._in_transaction

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def __contains__(self, one):
        return self.objects.holds(one)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def refused(*arguments, **unused):
            refuse("session.%s(%s)" % (name, ", ".join(getattr(one, "__name__", type(one).__name__) for one in arguments)))
        return refused


class _Block:
    """with session.begin():"""

    def __init__(self, session):
        self._session = session

    def __enter__(self):
        return self._session

    def __exit__(self, kind, *unused):
        if kind is None:
            self.commit()
        elif issubclass(kind, Exception):
            self.rollback()

    def commit(self):
        self._session.commit()

    def rollback(self):
        self._session.rollback()


class ObjectResult(_Reader):
    """Rows with objects in them."""

    def __init__(self, rows, names):
        self._found = [Row(row, names) for row in rows]

    def _rows(self):
        return self._found

    def take_rows(self, count=None):
        taken = self._found[:] if count is None else self._found[:count]
        del self._found[:len(taken)]
        return taken

    def scalars(self, index=0):
        return _Shaped(self, lambda row: row[index], self._unique)

    def mappings(self):
        return _Shaped(self, lambda row: row._mapping, self._unique)

    def tuples(self):
        return self


class sessionmaker:
    """What makes sessions, each time that it is called."""

    def __init__(self, bind=None, class_=Session, **options):
        self._class, self._options = class_, {"bind": bind, **options}

    def __class_getitem__(cls, item):
        return cls

    def configure(self, **options):
        self._options.update(options)

    def __call__(self, **options):
        return self._class(**{**self._options, **options})

    @contextlib.contextmanager
    def begin(self):
        with self() as session:
            with session.begin():
                yield session


class _QueryProperty:
    """Model.query"""

    def __init__(self, session):
        self._session = session

    def __get__(self, one, model):
        return self._session.query(model) if "__table__" in model.__dict__ else None


class scoped_session:
    """One session until it is removed, which is also spoken to without a call."""

    def __init__(self, session_factory, scopefunc=None):
        self.session_factory = session_factory
        self._session = None

    def __class_getitem__(cls, item):
        return cls

    def __call__(self, **named):
        if self._session is None:
            self._session = self.session_factory(**named)
        return self._session

    def configure(self, **named):
        self.session_factory.configure(**named)

    def remove(self):
        if self._session is not None:
            self._session.close()
        self._session = None

    def query_property(self, query_cls=None):
        if query_cls is not None and query_cls is not Query:
            refuse("session.query_property(%s)" % getattr(query_cls, "__name__", query_cls))
        return _QueryProperty(self)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self(), name)
