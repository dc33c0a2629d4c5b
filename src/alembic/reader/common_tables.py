"""WITH: queries that are named before the statement."""
from .expressions import Context
from .tables import Alias, Columns, FromClause, Values, _exported


def with_named(statement, context, also=()):
    """Its body, and before that of the outermost statement WITH: what has been asked for on the way, and before each what it asks for."""
    if context.named is not None:
        for one in also:
            one.text_in(context)
        return statement.body(context)
    inside = Context(context.dialect, context.qualify, context.enclosing, {}, context.outer)
    for one in also:
        one.text_in(inside)
    body = statement.body(inside)
    if not inside.named:
        return body
    recursive = any(one.recursive for one in inside.named)
    return "WITH %s%s %s" % ("RECURSIVE " if recursive else "", ", ".join(inside.named.values()), body)


class Cte(FromClause):
    def __init__(self, query, name=None, recursive=False):
        Alias.counter += 1
        self.query, self.recursive = query, recursive
        self.name = name or "anon_%d" % Alias.counter
        self.c = Columns(_exported(query, self))

    def sql(self, context):
        return self.from_sql(context)

    def from_sql(self, context):
        self.text_in(context)
        return super().from_sql(context)

    def text_in(self, context):
        if context.named is None or self in context.named:
            return
        context.named[self] = None
        quote = context.dialect.quote
        is_values = isinstance(self.query, Values)
        columns = "(%s)" % ", ".join(quote(one.name) for one in self.c) if self.recursive or is_values else ""
        inside = Context(context.dialect, named=context.named)
        text = "%s%s AS (%s)" % (quote(self.name), columns, self.query.body(inside) if is_values else self.query.sql(inside))
        del context.named[self]
        context.named[self] = text

    def union(self, *others):
        from .selects import Compound
        self.query = Compound("UNION", (self.query,) + others)
        return self

    def union_all(self, *others):
        from .selects import Compound
        self.query = Compound("UNION ALL", (self.query,) + others)
        return self
