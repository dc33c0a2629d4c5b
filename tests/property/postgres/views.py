"""Views and materialized views, over tables and over each other."""
from names import fresh, literal, quote
from postgres.tables import Column, Table
from postgres.types import Named, Schema, Type
from world import Item


class ViewColumn(Item):
    """One column: another relation's, or an expression over it."""
    comment = None

    def type_in(self, world):
        source = world[self.source]
        type = source.type_in(world) if isinstance(source, ViewColumn) else source.type
        if self.variant % 3 == 0 and not type.array and not type.enum(world):
            return type.expression(world, "x", self.variant)[1]
        return type

    def text(self, world, alias):
        source = world[self.source]
        type = source.type_in(world) if isinstance(source, ViewColumn) else source.type
        name = f"{alias}.{quote(source.name)}"
        if self.variant % 3 == 0 and not type.array and not type.enum(world):
            name = type.expression(world, name, self.variant)[0]
        return f"{name} AS {quote(self.name)}"

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.4:
            self.variant += 1
        elif choice < 0.6:
            self.position = rng.randint(0, 1000)
        elif choice < 0.8:
            self.comment = rng.choice((None, "of a view"))
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


class View(Named):
    materialized = False
    where = None
    shape = 0
    options = ""
    data = True

    @property
    def word(self):
        return "MATERIALIZED VIEW" if self.materialized else "VIEW"

    def columns(self, world):
        return sorted(world.parts(ViewColumn, "view", self.uid), key=lambda column: (column.position, column.uid))

    def order_refs(self, world):
        columns = self.columns(world)
        needs = self.refs()
        for column in columns:
            needs |= column.refs()
        return needs - {self.uid, *(column.uid for column in columns)}

    def sources(self, world):
        found = []
        for column in self.columns(world):
            relation = relation_of(world[column.source])
            if relation not in found:
                found.append(relation)
        return found

    def sql(self, world):
        sources = self.sources(world)
        alias = {relation: f"s{at}" for at, relation in enumerate(sources)}
        columns = [column.text(world, alias[relation_of(world[column.source])]) for column in self.columns(world)]
        tables = " CROSS JOIN ".join(f"{world[relation].text(world)} {alias[relation]}" for relation in sources)
        where = ""
        if self.where and relation_of(world[self.where[0]]) in sources:
            column = world[self.where[0]]
            type = column.type_in(world) if isinstance(column, ViewColumn) else column.type
            name = f"{alias[relation_of(column)]}.{quote(column.name)}"
            condition = type.predicate(world, name, self.where[1])
            if self.function and self.function in world and world[self.function].takes(type) and world[self.function].result.base == "boolean":
                condition = f"{world[self.function].text(world)}({name})"
            where = f" WHERE {condition}"
        shape = self.shape % 6
        query = f"SELECT {', '.join(columns)} FROM {tables}{where}"
        if shape == 1:
            query = f"{query} LIMIT 100"
        elif shape == 2:
            query = f"WITH w AS MATERIALIZED ({query}) SELECT {', '.join('w.' + quote(c.name) for c in self.columns(world))} FROM w"
        elif shape == 3:
            query = f"{query} UNION ALL {query}"
        elif shape == 4:
            query = f"SELECT {', '.join('q.' + quote(c.name) for c in self.columns(world))} FROM ({query}) q"
        options = f" WITH ({self.options})" if self.options and not self.materialized else ""
        data = "" if not self.materialized or self.filled(world) else " WITH NO DATA"
        out = [f"CREATE {self.word} {self.text(world)}{options} AS {query}{data}", *self.comments(world)]
        for column in self.columns(world):
            if column.comment:
                out.append(f"COMMENT ON COLUMN {self.text(world)}.{quote(column.name)} IS {literal(column.comment)}")
        return out

    def filled(self, world):
        """One that is not can be read by nobody."""
        sources = [world[relation] for relation in self.sources(world)]
        return (self.data or not self.materialized) and all(source.filled(world) for source in sources if isinstance(source, View))

    function = None

    def forget(self, world, uid):
        if uid == self.function:
            self.function = None
        if self.where and uid == self.where[0]:
            self.where = None
        return True

    def valid(self, world):
        return bool(self.columns(world))

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.2:
            self.shape += 1
        elif choice < 0.4:
            self.where = None if self.where else (rng.choice(self.columns(world)).source, rng.randrange(20))
        elif choice < 0.5:
            self.options = rng.choice(("", "security_barrier=true", "security_invoker=true"))
        elif choice < 0.6:
            self.materialized = not self.materialized
        elif choice < 0.8:
            add_view_column(world, rng, self, world[rng.choice(self.sources(world))])
        else:
            return self.move(world, rng)
        return True


def relation_of(column):
    return column.view if isinstance(column, ViewColumn) else column.table


def add_view_column(world, rng, view, relation):
    columns = relation.columns(world)
    if not columns:
        return None
    return world.add(ViewColumn(view=view.uid, name=fresh(world, rng), source=rng.choice(columns).uid, variant=rng.randrange(20),
                                position=world.next * 2))


def add_view(world, rng):
    from postgres.routines import Function
    relations = [item for item in world.all(Table) if item.columns(world)] + world.all(View)
    if not relations:
        return None
    sources = rng.sample(relations, min(len(relations), rng.choice((1, 1, 2))))
    view = world.add(View(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), materialized=rng.random() < 0.25,
                          shape=rng.randrange(12), data=rng.random() < 0.8))
    for relation in sources:
        for _ in range(rng.randint(1, 3)):
            add_view_column(world, rng, view, relation)
    if not view.columns(world):
        world.remove(view.uid)
        return None
    if rng.random() < 0.5:
        source = world[rng.choice(view.columns(world)).source]
        view.where = (source.uid, rng.randrange(20))
        fitting = [function.uid for function in world.all(Function) if isinstance(source, Column) and function.takes(source.type)]
        view.function = rng.choice(fitting) if fitting and rng.random() < 0.6 else None
    if rng.random() < 0.2:
        view.options = "security_barrier=true"
    return view
