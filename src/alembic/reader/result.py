"""What an execution gives. In a recorded run there is nothing yet: looking at it says that the script has to run live."""
from . import values
from .exceptions import MultipleResultsFound, NoResultFound, NoSuchColumnError, ResourceClosedError
from .installed import sqlalchemy_is_1
from .modelled import Modelled


class Row(tuple):
    """A row: by place, by name, by attribute, as SQLAlchemy's. columns: what the statement asked for, where that is known."""

    def __new__(cls, cells, names, columns=()):
        made = super().__new__(cls if _METHODS.isdisjoint(names) else _RowOfMethods, cells)
        made._fields = names
        made._columns = columns
        return made

    def _at(self, name):
        for place, known in enumerate(self._fields):
            if known == name:
                return tuple.__getitem__(self, place)
        raise NoSuchColumnError("the row has no column %r; it has %s" % (name, ", ".join(self._fields)))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._at(name)
        except KeyError:
            raise AttributeError("the row has no column %r; it has %s" % (name, ", ".join(self._fields)))

    def __getitem__(self, key):
        if isinstance(key, (int, slice)):
            return tuple.__getitem__(self, key)
        return self._at(key) if isinstance(key, str) else self._of_column(key)

    def _of_column(self, column):
        """Two tables may have columns of one name."""
        for place, known in enumerate(self._columns):
            if known is column or _is_same(known, column):
                return tuple.__getitem__(self, place)
        name, attribute = getattr(column, "name", column), getattr(column, "key", None)
        return self._at(attribute if name not in self._fields and attribute in self._fields else name)

    @property
    def _mapping(self):
        return RowMapping(self)

    def _asdict(self):
        return dict(zip(self._fields, self))

    def _tuple(self):
        return tuple(self)

    tuple = _tuple
    t = property(_tuple)

    def keys(self):
        return list(self._fields)

    def items(self):
        return list(zip(self._fields, self))

    def values(self):
        return list(self)

    def get(self, name, default=None):
        return self._at(name) if name in self._fields else default

    def __contains__(self, value):
        """A connection's rows have names before SQLAlchemy 2.0, and since then values."""
        return tuple.__contains__(self, value) or value in self._fields and sqlalchemy_is_1()


# A column of such a name goes before the method, as in SQLAlchemy 2: SELECT count(*) AS count
_METHODS = frozenset(("count", "index", "keys", "items", "values", "get", "t", "tuple"))


class _RowOfMethods(Row):
    def __getattribute__(self, name):
        if name in _METHODS and name in self._fields:
            return self._at(name)
        return super().__getattribute__(name)


def _is_same(known, column):
    """Whether both are the same column of the same table."""
    table = getattr(known, "table", None)
    return table is not None and table is getattr(column, "table", None) and known.name == column.name


class RowMapping(dict):
    """row._mapping: also by the column itself."""
    __slots__ = ("_row",)

    def __init__(self, row):
        super().__init__(zip(row._fields, row))
        self._row = row

    def __getitem__(self, key):
        return dict.__getitem__(self, key) if isinstance(key, str) else self._row._of_column(key)

    def __getattr__(self, name):
        if name.startswith("__") or name not in self:
            raise AttributeError(name)
        return self[name]


class _Reader(Modelled):
    """Everything that can be asked of rows, over those that are left, take_rows() and _shape()."""
    _unique = None  # unique(): (its strategy,)

    def _rows(self):
        raise NotImplementedError

    def take_rows(self, count=None):
        raise NotImplementedError

    def _take(self, count=None):
        if self._unique:
            self.drop_repeats(lambda row: row, *self._unique)
            self._unique = None  # what is left is taken as it is
        return self.take_rows(count)

    def drop_repeats(self, shape, strategy):
        """The first of each stays: of the rows as they are shaped, or of what the strategy says of them."""
        seen = set()

        def is_new(row):
            key = shape(row) if strategy is None else strategy(shape(row))
            key = tuple(row) if isinstance(key, dict) else key
            return not (key in seen or seen.add(key))
        rows = self._rows()
        rows[:] = [row for row in rows if is_new(row)]

    def _shape(self, row):
        return row

    def fetchall(self):
        return [self._shape(row) for row in self._take()]

    all = fetchall

    def fetchmany(self, size=None):
        return [self._shape(row) for row in self._take(size or 1)]

    def fetchone(self):
        rows = self._take(1)
        return self._shape(rows[0]) if rows else None

    def first(self):
        rows = self._take()
        return self._shape(rows[0]) if rows else None

    def one_or_none(self):
        rows = self._take()
        if len(rows) > 1:
            raise MultipleResultsFound("one row was expected, and there are %d" % len(rows))
        return self._shape(rows[0]) if rows else None

    def one(self):
        rows = self._take()
        if len(rows) != 1:
            raise (NoResultFound if not rows else MultipleResultsFound)("one row was expected, and there are %d" % len(rows))
        return self._shape(rows[0])

    def scalar(self):
        rows = self._take()
        return rows[0][0] if rows else None

    def scalar_one(self):
        rows = self._take()
        if len(rows) != 1:
            raise (NoResultFound if not rows else MultipleResultsFound)("one row was expected, and there are %d" % len(rows))
        return rows[0][0]

    def scalar_one_or_none(self):
        rows = self._take()
        if len(rows) > 1:
            raise MultipleResultsFound("one row was expected, and there are %d" % len(rows))
        return rows[0][0] if rows else None

    def partitions(self, size=None):
        while True:
            rows = self.fetchmany(size or 1000)
            if not rows:
                return
            yield rows

    def unique(self, strategy=None):
        self._unique = (strategy,)
        return self

    def yield_per(self, count):
        return self

    def __iter__(self):
        return iter([self._shape(row) for row in self._take()])

    def __next__(self):
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row


class Result(_Reader):
    """answer: what the program said, None in a recorded run. types: those of the columns, where the statement knows them; columns:
    what it asked for."""

    def __init__(self, run, sql, answer, types=None, types_by_name=None, made_key=None, columns=()):
        self._run, self._sql, self._answer = run, sql, answer
        self._types, self._types_by_name = types or [], types_by_name or {}
        self._converted = None
        self._made_key, self._columns = made_key, columns
        self._closed = False
        self.names_by_place = {}  # what a session calls columns that have another name in the database
        self.rows_before = 0  # what the same statement changed with the parameters before these

    def _needed(self):
        if self._answer is None:
            self._run.query_needed(self._sql)
        if self._answer.get("done_before"):
            raise ResourceClosedError("an earlier run of this revision has done this statement, and what it answered is not known any more: "
                                      + self._sql)
        return self._answer

    def _rows(self):
        if self._converted is None:
            answer = self._needed()
            names = answer.get("columns") or []
            kinds = answer.get("types") or [""] * len(names)
            readers = [self._reader(place, name, kind) for place, (name, kind) in enumerate(zip(names, kinds))]
            names = tuple(self.keys())
            columns = self._columns if len(self._columns) == len(names) else ()
            self._converted = [Row([read(cell) for read, cell in zip(readers, row)], names, columns)
                               for row in answer.get("rows") or []]
        return self._converted

    def _reader(self, place, name, kind):
        dialect = self._run.dialect
        type_ = self._types_by_name.get(name) or (self._types[place][1] if place < len(self._types) else None)
        plain = (lambda cell: values.from_text(cell, kind)) if dialect.is_postgresql else values.from_sqlite
        if type_ is None:
            return plain
        resolved = type_.resolved(dialect)
        return lambda cell: resolved.result(plain(cell), dialect)

    def take_rows(self, count=None):
        if self._closed:
            raise ResourceClosedError("the result is closed")
        if not self.returns_rows:
            raise ResourceClosedError("the statement gives no rows: %s" % self._sql)
        rows = self._rows()
        taken = rows[:] if count is None else rows[:count]
        del rows[:len(taken)]
        return taken

    @property
    def is_known(self):
        """Whether there is an answer: not in a recorded run."""
        return self._answer is not None

    @property
    def rowcount(self):
        answer = self._needed()
        affected = answer.get("affected")
        if answer.get("columns") and not affected:
            return len(answer.get("rows") or []) if self._run.dialect.is_postgresql else -1  # of a query, as the drivers have it
        return self.rows_before + (affected if affected is not None else len(answer.get("rows") or []))

    @property
    def returns_rows(self):
        return bool(self._needed().get("columns"))

    @property
    def lastrowid(self):
        if self._made_key is None and not self._run.dialect.is_postgresql:
            self._needed()
            return self._run.execute_sql("SELECT last_insert_rowid()")["rows"][0][0]
        return self.inserted_primary_key[0]

    @property
    def inserted_primary_key(self):
        self._needed()
        if self._made_key is None:
            raise ResourceClosedError("the key of what was inserted is not known")
        return self._made_key()

    @property
    def inserted_primary_key_rows(self):
        return [self.inserted_primary_key]

    def keys(self):
        return [self.names_by_place.get(place, name) for place, name in enumerate(self._needed().get("columns") or [])]

    def scalars(self, index=0):
        return _Shaped(self, lambda row: row[index], self._unique)

    def mappings(self):
        return _Shaped(self, lambda row: row._mapping, self._unique)

    def columns(self, *places):
        return _Shaped(self, lambda row: tuple(row[place] for place in places), self._unique)

    def tuples(self):
        return self

    def close(self):
        self._closed = True

    @property
    def closed(self):
        return self._closed

    def freeze(self):
        return lambda: self

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()


class _Shaped(_Reader):
    """scalars() and mappings()"""

    def __init__(self, result, shape, unique):
        self._result, self._shaper, self._unique = result, shape, unique

    def _take(self, count=None):
        if self._unique:
            self._result.drop_repeats(self._shaper, *self._unique)
            self._unique = None  # what is left is taken as it is
        return self._result.take_rows(count)

    def _shape(self, row):
        return self._shaper(row)

    def keys(self):
        return self._result.keys()

    def columns(self, *places):
        return self._result.columns(*places)

    def close(self):
        self._result.close()

    @property
    def closed(self):
        return self._result.closed
