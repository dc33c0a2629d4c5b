"""INSERT, UPDATE and DELETE."""
from . import column_types as types
from . import current
from .bound import Bound
from .common_tables import with_named
from .default_context import client_default
from .exceptions import CompileError
from .expressions import Binary, BindParameter, ColumnClause, Constant, Element, Junction, Literal, Not, Unary, and_, coerce
from .labels import labelled
from .selects import Exists, _Query, _conditions_or_text
from .tables import Columns, FromClause


class _Change(Bound, Element):
    is_statement = True

    def __init__(self, table):
        self.table = coerce(table)
        self._returning = []
        self._ctes = []

    def _with(self, **changed):
        made = self.__class__.__new__(self.__class__)
        made.__dict__.update(self.__dict__)
        made.__dict__.update(changed)
        return made

    def returning(self, *elements, **unused):
        return self._with(_returning=self._returning + [coerce(one) for one in elements])

    def return_defaults(self, *unused):
        return self

    def prefix_with(self, text, **unused):
        return self._with(_prefix=str(text))

    def columns_asked(self):
        return [column for one in self._returning for column in (one.c if isinstance(one, FromClause) else [one])]

    def output(self):
        return [(getattr(one, "name", None), one.type) for one in self.columns_asked()]

    def cte(self, name=None, **unused):
        from .common_tables import Cte
        return Cte(self, name)

    def add_cte(self, *ctes):
        return self._with(_ctes=self._ctes + list(ctes))

    def tables(self):
        return []

    def sql(self, context):
        return with_named(self, context, self._ctes)

    def _returns(self, context):
        if not self._returning:
            return ""
        return " RETURNING " + ", ".join(labelled(self.columns_asked(), context))

    def known_parameters(self, row):
        """Those of an execution that are columns; SQLAlchemy lets others pass."""
        if row and not len(self.table.c):
            raise CompileError("the table %s is given values, and does not say which columns it has" % self.table.name)
        return {key: value for key, value in row.items() if self._known(key) is not None}

    def _check_columns(self, keys):
        """What values() names has to be a column, unlike the parameters of an execution."""
        unknown = [key for key in (key if isinstance(key, str) else coerce(key).key for key in keys) if self._known(key) is None]
        if unknown:
            raise CompileError("Unconsumed column names: %s (the table %s does not say that it has them)" % (
                ", ".join(sorted(map(str, unknown))), self.table.name))

    def _known(self, key):
        """The table's column of this key. Those of a model have the names of its attributes; SQLAlchemy knows the columns' own too."""
        found = self.table.c.get(key)
        if found is None and getattr(self.table, "is_mapped", False):
            found = next((one for one in self.table.c if one.name == key), None)
        return found

    def _column(self, key):
        """The column that a key of values() names, and the name that it has."""
        if isinstance(key, str):
            known = self._known(key)
            return known, (known.name if known is not None else key)
        key = coerce(key)
        return key, key.name

    def _value(self, column, value, context):
        type_ = types.NULLTYPE if column is None else column.type
        if isinstance(value, _Query):
            value = value.scalar_subquery()
        if isinstance(value, BindParameter) and isinstance(value.type, types.NullType):
            value.type = type_
        made = coerce(value, type_)
        if made is not value and isinstance(made, Literal) and isinstance(type_, types.NullType):
            made.type = type_  # a value for a column without a type is as the driver writes it
        text = made.assigned(context)
        is_grouped = isinstance(made, (Binary, Exists, Junction, Unary)) or (isinstance(made, Not) and made.element.is_operation)
        return "(%s)" % text if is_grouped else text


class Insert(_Change):
    _prefix = ""

    def __init__(self, table):
        super().__init__(table)
        self.rows = None
        self._query = None
        self._conflict = ""

    def values(self, *positional, **named):
        given = positional[0] if positional else None
        if given is None:
            rows = [named]
        elif isinstance(given, dict):
            rows = [{**given, **named}]
        elif given and isinstance(given[0], (dict, list, tuple)):
            rows = [one if isinstance(one, dict) else dict(zip(self.table.c.keys(), one)) for one in given]
        else:
            rows = [dict(zip(self.table.c.keys(), given))]
        if self.rows and len(self.rows) == len(rows) == 1:
            rows = [{**self.rows[0], **rows[0]}]
        return self._with(rows=rows)

    @property
    def is_of_query(self):
        return self._query is not None

    def with_values(self, rows):
        """For one execution: parameters are values for bindparam()s, or else columns."""
        if self._query:
            names, query = self._query
            return self._with(_query=(names, _bound(query, rows[0], {})))
        if not self.rows:
            # The first row says which columns there are; what is none is let pass, in the others too.
            first = self.known_parameters(rows[0])
            return self._with(rows=[{key: value for key, value in row.items() if key in first} for row in rows])
        if len(self.rows) > 1:
            return self._with(rows=[{key: _bound(value, rows[0], {}) for key, value in one.items()} for one in self.rows])
        return self._with(rows=[dict(_with_parameters(self, self.rows[0].items(), row, {})) for row in rows])

    def executions(self, rows):
        """One for all of the rows, or one for each when they are of defaults alone: DEFAULT VALUES takes no list."""
        made = self.with_values(rows)
        return [made] if made.rows is None or made.rows[0] else [made._with(rows=[row]) for row in made.rows]

    def inline(self, *unused):
        return self

    def from_select(self, names, query, include_defaults=True):
        """With what the table's columns have as defaults of their own, as SQLAlchemy does it."""
        names, query = list(names), coerce(query)
        self._check_columns(names)
        names = [self._column(one)[1] for one in names]
        if include_defaults:
            others = [one for one in self._own_defaults() if one.name not in names]
            if others and not hasattr(query, "add_columns"):
                raise CompileError("INSERT of a UNION into %s: its columns have defaults; give include_defaults=False" % self.table.name)
            names += [one.name for one in others]
            defaults = [coerce(client_default(one.default), one.type) for one in others]
            for one in defaults:
                if isinstance(one, Literal):
                    one.anonymous = "param"
            query = query.add_columns(*defaults) if others else query
        return self._with(_query=(names, query))

    def on_conflict_do_nothing(self, constraint=None, index_elements=None, index_where=None):
        return self._with(_conflict=lambda context: self._target(constraint, index_elements, index_where, context) +
                          " DO NOTHING")

    def on_conflict_do_update(self, constraint=None, index_elements=None, index_where=None, set_=None, where=None):
        def text(context):
            own = context.within([self.table])
            pairs = set_.items() if hasattr(set_, "items") else set_
            sets = ", ".join("%s = %s" % (context.dialect.quote(self._column(key)[1]),
                                          self._value(self._column(key)[0], value, own)) for key, value in pairs)
            condition = " WHERE " + coerce(where).condition(own) if where is not None else ""
            return self._target(constraint, index_elements, index_where, context) + " DO UPDATE SET " + sets + condition
        return self._with(_conflict=text)

    @property
    def excluded(self):
        return _Excluded(self.table).c

    def _target(self, constraint, index_elements, index_where, context):
        bare = type(context)(context.dialect, qualify=False, named=context.named)
        if constraint is not None:
            return " ON CONFLICT ON CONSTRAINT " + context.dialect.quote(getattr(constraint, "name", constraint))
        if not index_elements:
            return " ON CONFLICT"
        names = ", ".join(context.dialect.quote(one) if isinstance(one, str) else coerce(one).sql(bare) for one in index_elements)
        condition = " WHERE " + _conditions_or_text([index_where])[0].condition(bare) if index_where is not None else ""
        return " ON CONFLICT (%s)%s" % (names, condition)

    def _own_defaults(self):
        """A sequence is one on PostgreSQL; an optional one gives way to SERIAL."""
        postgresql = current.dialect().is_postgresql
        return [one for one in self.table.c if getattr(one, "default", None) is not None and
                (not hasattr(one.default, "next_value") or (postgresql and not one.default.optional))]

    def _full_rows(self):
        """The rows by the columns' names, with what the columns' own defaults give."""
        defaults = self._own_defaults()
        rows = []
        self._check_columns((self.rows or [{}])[0])
        for row in self.rows or [{}]:
            named = {}
            for key, value in row.items():
                column, name = self._column(key)
                named[name] = (column, value)
            for one in defaults:
                if one.name not in named:
                    named[one.name] = (one, client_default(one.default, lambda: {name: value for name, (_, value) in named.items()}))
            rows.append(named)
        return rows

    def body(self, context):
        dialect = context.dialect
        text = "INSERT %sINTO %s" % (self._prefix + " " if self._prefix else "", dialect.qualified(self.table.name,
                                                                                                   self.table.schema))
        if self._query:
            names, query = self._query
            text += " (%s) %s" % (", ".join(dialect.quote(one) for one in names), query.sql(context))
        else:
            rows = self._full_rows()
            text += self._values(rows, context) if rows[0] else " DEFAULT VALUES"
        conflict = self._conflict(context) if self._conflict else ""
        return text + conflict + self._returns(context)

    def _values(self, rows, context):
        order = [one.name for one in self.table.c if one.name in rows[0]]
        order += [name for name in rows[0] if name not in order]
        for row in rows:
            missing = sorted(set(rows[0]) - set(row))
            if missing:
                raise CompileError("the rows to insert into %s differ in their columns: %s" % (self.table.name, ", ".join(missing)))
        note_left_out("the INSERT into " + self.table.name, {name for row in rows for name in row} - set(rows[0]))
        return " (%s) VALUES %s" % (
            ", ".join(context.dialect.quote(name) for name in order),
            ", ".join("(%s)" % ", ".join(self._value(*row[name], context) for name in order) for row in rows))


def note_left_out(where, names):
    """What later rows have and the first does not."""
    if names:
        current.run().notes.append("%s leaves out %s of later rows, as Alembic does: the first row does not have it" % (
            where, ", ".join(sorted(map(str, names)))))


class _Excluded(FromClause):
    name = "excluded"

    def __init__(self, table):
        self.c = Columns(ColumnClause(one.name, one.type, _selectable=self) for one in table.c)

    def tables(self):
        return []


class _Filtered(_Change):
    def __init__(self, table):
        super().__init__(table)
        self._where = []

    def where(self, *conditions):
        return self._with(_where=self._where + _conditions_or_text(conditions))

    filter = where

    def filter_by(self, **equal):
        return self.where(*[self.table.c[name] == value for name, value in equal.items()])

    def _condition(self, context):
        if not self._where:
            return ""
        made = and_(*self._where)
        return "" if isinstance(made, Constant) and made.value else " WHERE " + made.condition(context)

    def _others(self, elements):
        found = []
        for table in (table for one in elements for table in one.tables()):
            if table is not self.table and not any(table is one for one in found):
                found.append(table)
        return found


class Update(_Filtered):
    def __init__(self, table):
        super().__init__(table)
        self._sets = []

    def values(self, *positional, **named):
        given = positional[0] if positional else {}
        pairs = list(given.items()) if hasattr(given, "items") else list(given)
        return self._with(_sets=self._sets + pairs + list(named.items()))

    ordered_values = values

    def with_values(self, rows):
        """For one execution: parameters are values for bindparam()s, or else columns."""
        row = rows[0]
        binds = {}
        made = self._with(_where=[_bound(one, row, binds) for one in self._where])
        return made._with(_sets=_with_parameters(self, self._sets, row, binds))

    def inline(self):
        return self

    def body(self, context):
        if not self._sets:
            raise CompileError("the UPDATE of %s sets nothing" % self.table.name)
        self._check_columns(key for key, _ in self._sets)
        others = self._others([one for one in self._where] + [value for _, value in self._sets if isinstance(value, Element)
                                                              and not value.is_statement])
        inside = context.within([self.table] + others)
        named, given = {}, {}
        for key, value in self._sets:
            column, name = self._column(key)
            given[name] = value
            named[name] = self._value(column, value, inside)
        for one in self.table.c:
            if getattr(one, "onupdate", None) is not None and one.name not in named:
                named[one.name] = self._value(one, client_default(one.onupdate, given.copy, is_update=True), inside)
        order = [one.name for one in self.table.c if one.name in named]
        order += [name for name in named if name not in order]
        text = "UPDATE %s SET %s" % (self.table.from_sql(context), ", ".join("%s=%s" % (context.dialect.quote(name), named[name])
                                                                             for name in order))
        if others:
            text += " FROM " + ", ".join(one.from_sql(inside) for one in others)
        return text + self._condition(inside) + self._returns(inside)


class Delete(_Filtered):
    def with_values(self, rows):
        return self._with(_where=[_bound(one, rows[0], {}) for one in self._where])

    def using(self, *tables):
        return self

    def body(self, context):
        others = self._others(self._where)
        inside = context.within([self.table] + others)
        text = "DELETE FROM " + self.table.from_sql(context)
        if others:
            if not context.dialect.is_postgresql:
                raise CompileError("sqlite has no DELETE from several tables")
            text += " USING " + ", ".join(one.from_sql(inside) for one in others)
        return text + self._condition(inside) + self._returns(inside)


def _with_parameters(change, pairs, row, used):
    """Columns and their values with those of one execution: an expression is not put away by one, a plain value is."""
    pairs = [(key, _bound(value, row, used)) for key, value in pairs]
    rest = change.known_parameters({key: value for key, value in row.items() if key not in used})
    made = []
    for key, value in pairs:
        name = key if isinstance(key, str) else getattr(key, "key", key)
        given = rest.pop(name, value)
        made.append((key, value if isinstance(value, Element) else given))
    return made + list(rest.items())


def _bound(value, row, used):
    """The element with the values of its bindparam()s filled in."""
    if isinstance(value, BindParameter):
        if value.key in row:
            used[value.key] = True
            return value.executed_with(row[value.key])
        return value
    if not isinstance(value, Element) or isinstance(value, (FromClause, ColumnClause)):
        return value
    if hasattr(value, "with_values") and not isinstance(value, _Change):
        used.update((name, True) for name in row)
        return value.with_values(row)
    made = value.__class__.__new__(value.__class__)
    made.__dict__.update(value.__dict__)
    for name, part in value.__dict__.items():
        if isinstance(part, Element):
            made.__dict__[name] = _bound(part, row, used)
        elif isinstance(part, list):
            made.__dict__[name] = [_bound(one, row, used) for one in part]
        elif isinstance(part, tuple) and any(isinstance(one, Element) for one in part):
            made.__dict__[name] = tuple(_bound(one, row, used) for one in part)
    return made


def bound(element, row):
    return _bound(element, row, {})
