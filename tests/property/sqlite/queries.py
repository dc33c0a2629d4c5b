"""Indexes, views and triggers of SQLite."""
from names import fresh, quote
from sqlite.tables import Column, Table, expression, predicate
from world import Item


class Index(Item):
    unique = False
    where = None

    def sql(self, world):
        keys = []
        for uid, variant in self.keys:
            name = quote(world[uid].name)
            keys.append((name, f"{name} DESC", f"{name} COLLATE NOCASE", expression(name, variant // 4))[variant % 4])
        text = f"CREATE {'UNIQUE ' if self.unique else ''}INDEX {quote(self.name)} ON {quote(world[self.table].name)} ({', '.join(keys)})"
        if self.where:
            text += f" WHERE {predicate(quote(world[self.where[0]].name), self.where[1])}"
        return [text]

    def forget(self, world, uid):
        if self.where and uid == self.where[0]:
            self.where = None
        self.keys = [key for key in self.keys if key[0] != uid]
        return uid != self.table and bool(self.keys)

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.5:
            self.keys = [(uid, variant + rng.randrange(4)) for uid, variant in self.keys]
        elif choice < 0.8:
            self.where = None if self.where else (self.keys[0][0], rng.randrange(5))
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


class ViewColumn(Item):
    def alter(self, world, rng):
        if rng.random() < 0.5:
            self.variant += 1
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


class View(Item):
    where = None

    def columns(self, world):
        return sorted(world.parts(ViewColumn, "view", self.uid), key=lambda column: column.uid)

    def order_refs(self, world):
        columns = self.columns(world)
        needs = self.refs()
        for column in columns:
            needs |= column.refs()
        return needs - {self.uid, *(column.uid for column in columns)}

    def sql(self, world):
        columns = self.columns(world)
        sources = []
        for column in columns:
            if relation_of(world[column.source]) not in sources:
                sources.append(relation_of(world[column.source]))
        alias = {source: f"s{at}" for at, source in enumerate(sources)}
        outs = []
        for column in columns:
            source = world[column.source]
            name = f"{alias[relation_of(source)]}.{quote(source.name)}"
            outs.append(f"{expression(name, column.variant) if column.variant % 3 == 0 else name} AS {quote(column.name)}")
        text = f"SELECT {', '.join(outs)} FROM {', '.join(f'{quote(world[source].name)} {alias[source]}' for source in sources)}"
        if self.where and relation_of(world[self.where[0]]) in sources:
            column = world[self.where[0]]
            text += f" WHERE {predicate(alias[relation_of(column)] + '.' + quote(column.name), self.where[1])}"
        return [f"CREATE VIEW {quote(self.name)} AS {text}"]

    def forget(self, world, uid):
        self.where = None
        return True

    def valid(self, world):
        return bool(self.columns(world))

    def alter(self, world, rng):
        if rng.random() < 0.6:
            self.where = None if self.where else (rng.choice(self.columns(world)).source, rng.randrange(5))
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


class Trigger(Item):
    def sql(self, world):
        relation = world[self.relation]
        columns = relation.columns(world)
        first = quote(columns[0].name)
        if isinstance(relation, View):
            when, event = "INSTEAD OF", self.event
        else:
            when = ("BEFORE", "AFTER")[self.variant % 2]
            event = f"UPDATE OF {first}" if self.event == "UPDATE" and self.variant % 3 else self.event
        row = "old" if self.event == "DELETE" else "new"
        condition = f" WHEN {row}.{first} IS NOT NULL" if self.variant % 5 == 0 else ""
        if self.log and self.log in world:
            column = world[self.log]
            body = f"UPDATE {quote(world[column.table].name)} SET {quote(column.name)} = {quote(column.name)} WHERE {row}.{first} = {quote(column.name)};"
        else:
            body = f"SELECT {row}.{first};"
        return [f"CREATE TRIGGER {quote(self.name)} {when} {event} ON {quote(relation.name)}{condition} BEGIN {body} END"]

    log = None

    def forget(self, world, uid):
        if uid == self.log:
            self.log = None
            return True
        return False

    def alter(self, world, rng):
        if rng.random() < 0.7:
            self.variant += 1
        else:
            self.event = rng.choice(("INSERT", "UPDATE", "DELETE"))
        return True


def relation_of(column):
    return column.view if isinstance(column, ViewColumn) else column.table


def add_index(world, rng):
    tables = world.all(Table)
    if not tables:
        return None
    table = rng.choice(tables)
    columns = table.columns(world)
    keys = [(c.uid, rng.randrange(16)) for c in rng.sample(columns, min(len(columns), rng.choice((1, 1, 2))))]
    item = Index(table=table.uid, name=fresh(world, rng), keys=keys, unique=rng.random() < 0.2)
    if rng.random() < 0.3:
        item.where = (rng.choice(columns).uid, rng.randrange(5))
    return world.add(item)


def add_view(world, rng):
    relations = world.all(Table) + world.all(View)
    if not relations:
        return None
    view = world.add(View(name=fresh(world, rng)))
    for relation in rng.sample(relations, min(len(relations), rng.choice((1, 1, 2)))):
        for _ in range(rng.randint(1, 3)):
            world.add(ViewColumn(view=view.uid, name=fresh(world, rng), source=rng.choice(relation.columns(world)).uid,
                                 variant=rng.randrange(12)))
    return view


def add_trigger(world, rng):
    relations = world.all(Table) + world.all(View)
    if not relations:
        return None
    columns = [column for column in world.all(Column) if not column.generated]
    return world.add(Trigger(relation=rng.choice(relations).uid, name=fresh(world, rng), variant=rng.randrange(20),
                             event=rng.choice(("INSERT", "UPDATE", "DELETE")),
                             log=rng.choice(columns).uid if columns and rng.random() < 0.6 else None))
