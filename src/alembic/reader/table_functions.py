"""Functions in FROM: alias() and column_valued() of one column, table_valued() of several."""
from .expressions import ColumnClause
from .tables import Alias, Columns, FromClause


class FunctionColumn(ColumnClause):
    """What stands in a list of columns, and brings its function into FROM."""

    def __init__(self, source):
        self.source = source
        super().__init__(source.name, source.function.type)

    def tables(self):
        return [self.source]


class FunctionTable(FromClause):
    """function.alias("x"): a column of the same name."""

    def __init__(self, function, name=None, is_lateral=False):
        self.function, self.name, self.is_lateral = function, name or Alias.new_name(None), is_lateral
        self.column = FunctionColumn(self)
        self.c = Columns([self.column])

    def from_sql(self, context):
        return "%s%s AS %s" % ("LATERAL " if self.is_lateral else "", self.function.sql(context), context.dialect.quote(self.name))

    sql = from_sql


class TableValued(FromClause):
    """function.table_valued("a", column("b", Integer), with_ordinality="n")"""

    def __init__(self, function, columns, name=None, ordinality=None):
        self.function, self.given = function, columns
        self.name = name or Alias.new_name(None)
        self.ordinality, self.is_lateral, self.is_derived, self.with_types = ordinality, False, False, False
        named = [one if isinstance(one, ColumnClause) else ColumnClause(one) for one in (*columns, *([ordinality] if ordinality else []))]
        self.c = Columns(ColumnClause(one.name, one.type, _selectable=self) for one in named)
        self.column = FunctionColumn(self)

    def _like_this(self, name=None, **changed):
        made = TableValued(self.function, self.given, name or self.name, self.ordinality)
        made.is_lateral, made.is_derived, made.with_types = self.is_lateral, self.is_derived, self.with_types
        made.__dict__.update(changed)
        return made

    def alias(self, name=None, **unused):
        return self._like_this(name or Alias.new_name(None))

    def lateral(self, name=None):
        return self._like_this(name, is_lateral=True)

    def render_derived(self, name=None, with_types=False):
        """With the names of its columns, which functions that give rows have on PostgreSQL alone."""
        return self._like_this(name, is_derived=True, with_types=with_types)

    def from_sql(self, context):
        quote = context.dialect.quote
        columns = [quote(one.name) + (" " + one.type.sql_here(context.dialect) if self.with_types else "") for one in self.c]
        return "%s%s%s AS %s%s" % ("LATERAL " if self.is_lateral else "", self.function.sql(context),
                                   " WITH ORDINALITY" if self.ordinality else "", quote(self.name),
                                   "(%s)" % ", ".join(columns) if self.is_derived else "")

    sql = from_sql
