"""What may stand in FROM: tables, aliases, joins, VALUES."""

from . import column_types as types
from .exceptions import ArgumentError
from .expressions import ColumnClause, Element, and_, coerce


class Columns:
    """table.c: by name, by attribute, in order."""

    def __init__(self, columns=()):
        self._by_name = {}
        for one in columns:
            self.add(one)

    def add(self, column):
        self._by_name[column.key if column.key is not None else column.name] = column

    def _sort(self, keys):
        """These first, in this order."""
        known = self._by_name
        self._by_name = {**{key: known[key] for key in keys if key in known}, **known}

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError("the table has no column %r" % name)

    def __getitem__(self, key):
        """Those of a model have the names of its attributes, and are found by their own too."""
        known = self.__dict__["_by_name"]
        if isinstance(key, int):
            return list(known.values())[key]
        found = known.get(key)
        if found is None:
            found = next((one for one in known.values() if one.name == key and getattr(one.table, "is_mapped", False)), None)
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key, default=None):
        return self._by_name.get(key, default)

    def __iter__(self):
        return iter(list(self._by_name.values()))

    def __contains__(self, key):
        return key in self._by_name if isinstance(key, str) else any(one is key for one in self._by_name.values())

    def __len__(self):
        return len(self._by_name)

    def keys(self):
        """A class calls its attributes what it likes; the table's columns keep their names."""
        return [one.name if getattr(one.table, "is_mapped", False) else key for key, one in self._by_name.items()]

    def values(self):
        return list(self._by_name.values())

    def items(self):
        return list(zip(self.keys(), self.values()))


class FromClause(Element):
    """What may stand in FROM."""
    schema = None
    name = None

    def qualifier(self, context):
        """What stands before the dot of its columns."""
        return context.dialect.qualified(self.name, self.schema)

    def from_sql(self, context):
        return context.dialect.qualified(self.name, self.schema)

    def tables(self):
        return [self]

    @property
    def columns(self):
        return self.c

    @property
    def exported_columns(self):
        return self.c

    def select(self, whereclause=None, **named):
        from .select_functions import select
        return select([self], whereclause, **named)

    def insert(self, values=None, inline=False, **named):
        from .change_functions import insert
        return insert(self, values, inline, **named)

    def update(self, whereclause=None, values=None, inline=False, **named):
        from .change_functions import update
        return update(self, whereclause, values, inline, **named)

    def delete(self, whereclause=None, **named):
        from .change_functions import delete
        return delete(self, whereclause, **named)

    def alias(self, name=None, **unused):
        return Alias(self, name)

    def join(self, right, onclause=None, isouter=False, full=False):
        return Join(self, right, onclause, "FULL OUTER" if full else "LEFT OUTER" if isouter else "")

    def outerjoin(self, right, onclause=None, full=False):
        return self.join(right, onclause, True, full)

    def tablesample(self, sampling, name=None, seed=None):
        return TableSample(self, sampling, name, seed)

    def count(self):
        from .functions import func
        from .selects import Select
        return Select([func.count()]).select_from(self)


class TableClause(FromClause):
    """table("name", column("a"), ...)"""

    def __init__(self, name, *columns, schema=None, **unused):
        self.name, self.schema = name, schema
        self.c = Columns()
        for one in columns:
            one.table = self
            self.c.add(one)

    @property
    def fullname(self):
        return "%s.%s" % (self.schema, self.name) if self.schema else self.name

    description = property(lambda self: self.name)

    def append_column(self, column, **unused):
        column.table = self
        self.c.add(column)

    def sql(self, context):
        return self.from_sql(context)

    def __repr__(self):
        return "<table %s>" % self.fullname


class Alias(FromClause):
    counter = 0
    sees_beside = False

    def __init__(self, element, name=None):
        self.element = element
        self.name = name or self.new_name(element)
        self.c = Columns(_exported(element, self))

    @staticmethod
    def new_name(element):
        Alias.counter += 1
        return "%s_%d" % (getattr(element, "name", None) or "anon", Alias.counter)

    def from_sql(self, context):
        if self.element.is_statement:
            inner = "(%s)" % self.element.sql(context if self.sees_beside else context.beside())
        else:
            inner = self.element.from_sql(context)
        return "%s AS %s" % (inner, context.dialect.quote(self.name))

    sql = from_sql


class Lateral(Alias):
    """A query in FROM that sees what stands beside it."""
    sees_beside = True

    def from_sql(self, context):
        return "LATERAL " + super().from_sql(context)

    sql = from_sql


class TableSample(Alias):
    """table.tablesample(5), or (func.bernoulli(5), seed=...)"""

    def __init__(self, element, sampling, name=None, seed=None):
        super().__init__(element, name)
        from .functions import func
        self.sampling = sampling if isinstance(sampling, Element) else func.system(sampling)
        self.seed = None if seed is None else coerce(seed)

    def from_sql(self, context):
        seed = "" if self.seed is None else " REPEATABLE (%s)" % self.seed.sql(context)
        return "%s TABLESAMPLE %s%s" % (super().from_sql(context), self.sampling.sql(context), seed)

    sql = from_sql


def _exported(element, owner):
    """The columns of something, as those of another that stands for it."""
    if isinstance(element, FromClause):
        return [ColumnClause(one.name, one.type, _selectable=owner) for one in element.c]
    made = [ColumnClause(name, type_, _selectable=owner) for name, type_ in element.output()]
    for one, asked in zip(made, element.columns_asked() if hasattr(element, "columns_asked") else ()):
        attribute = getattr(asked, "attribute", None)
        if attribute is not None:
            one.key = one.attribute = attribute
        elif hasattr(asked, "arguments"):
            one.key = asked.name  # func.max() is .c.max there, whatever its AS says
    return made


class Join(FromClause):
    def __init__(self, left, right, onclause=None, kind=""):
        self.left, self.right, self.kind = coerce(left), coerce(right), kind
        self.onclause = coerce(onclause) if onclause is not None else _foreign_key_between(self.left, self.right)

    @property
    def c(self):
        made = Columns()
        for side in (self.left, self.right):
            for one in side.c:
                made._by_name["%s_%s" % (side.name, one.name)] = one
        return made

    def from_sql(self, context):
        return "%s %sJOIN %s ON %s" % (self.left.from_sql(context), self.kind + " " if self.kind else "",
                                       self.right.from_sql(context), self.onclause.condition(context))

    sql = from_sql

    def tables(self):
        return [self]

    def parts(self):
        return [part for side in (self.left, self.right) for part in (side.parts() if isinstance(side, Join) else [side])]


def _foreign_key_between(left, right):
    lefts = left.parts() if isinstance(left, Join) else [left]
    for one in lefts:
        for holder, target in ((right, one), (one, right)):
            for constraint in getattr(holder, "foreign_key_constraints", ()):
                if constraint.target_table_key() == getattr(target, "fullname", None):
                    return and_(*[holder.c[own] == target.c[other] for own, other in constraint.pairs()])
    raise ArgumentError("there is no foreign key between %r and %r: give the condition of the join" % (left, right))


class Values(FromClause):
    """values(column(...), name="t").data([...])"""

    def __init__(self, columns, name, rows=()):
        self.name, self.rows, self.is_lateral = name, list(rows), False
        self.c = Columns(one.of_table(self) for one in columns)

    def data(self, rows):
        made = Values(self.c, self.name, self.rows + list(rows))
        made.is_lateral = self.is_lateral
        return made

    def alias(self, name=None, **unused):
        return Values(self.c, name or Alias.new_name(None), self.rows)

    def lateral(self, name=None):
        made = Values(self.c, name or self.name, self.rows)
        made.is_lateral = True
        return made

    def cte(self, name=None, recursive=False, **unused):
        from .common_tables import Cte
        return Cte(self, name or self.name, recursive)

    def output(self):
        return [(one.name, one.type) for one in self.c]

    def qualifier(self, context):
        return None if self.name is None else super().qualifier(context)

    def body(self, context):
        kinds = [one.type for one in self.c]
        rows = ", ".join("(%s)" % ", ".join(coerce(value, None if isinstance(kind, types.NullType) else kind).sql(context)
                                            for value, kind in zip(row, kinds)) for row in self.rows)
        return "VALUES " + rows

    def from_sql(self, context):
        text = "%s(%s)" % ("LATERAL " if self.is_lateral else "", self.body(context))
        if self.name is None:
            return text
        return "%s AS %s (%s)" % (text, context.dialect.quote(self.name),
                                  ", ".join(context.dialect.quote(one.name) for one in self.c))

    sql = from_sql
