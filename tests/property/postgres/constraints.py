"""Constraints and indexes."""
from names import fresh, literal, quote
from postgres.routines import attach
from postgres.tables import Column, Table, inherited_by
from postgres.types import NUMBERS, TEXTS, WHOLE, Schema
from world import Item

ACTIONS = ("NO ACTION", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT")


class Constraint(Item):
    target = None  # of a foreign key: table, then the constraint that it relies on
    target_key = None
    variant = 0
    options = ""
    comment = None

    def sql(self, world):
        table = world[self.table]
        columns = ", ".join(quote(world[uid].name) for uid in self.columns)
        if self.kind == "check":
            column = world[self.columns[0]]
            condition = column.type.predicate(world, quote(column.name), self.variant)
            if self.function and world[self.function].result.base == "boolean":
                condition = world[self.function].call(world, [column], condition)
            body = f"CHECK ({condition})"
        elif self.kind == "exclude":
            column = world[self.columns[0]]
            body = f"EXCLUDE USING btree ({quote(column.name)} WITH =) WHERE ({column.type.predicate(world, quote(column.name), self.variant)})"
        elif self.kind == "foreign":
            key = world[self.target_key]
            targets = ", ".join(quote(world[uid].name) for uid in key.columns)
            body = f"FOREIGN KEY ({columns}) REFERENCES {world[self.target].text(world)} ({targets})"
        else:
            body = f"{'PRIMARY KEY' if self.kind == 'primary' else 'UNIQUE'}"
            if self.kind == "unique" and self.variant % 4 == 1:
                body += " NULLS NOT DISTINCT"
            body += f" ({columns})"
            rest = [c for c in table.columns(world) if c.uid not in self.columns]
            if self.variant % 5 == 2 and rest and not table.key:
                body += f" INCLUDE ({quote(rest[0].name)})"
        out = [f"ALTER TABLE {table.text(world)} ADD CONSTRAINT {quote(self.name)} {body} {self.options}"]
        if self.comment:
            out.append(f"COMMENT ON CONSTRAINT {quote(self.name)} ON {table.text(world)} IS {literal(self.comment)}")
        return out

    function = None

    def forget(self, world, uid):
        if uid == self.function:
            self.function = None
            return True
        return False

    def valid(self, world):
        """Still, after what was done to others."""
        table = world[self.table]
        if table.bound:
            return False
        if self.kind == "foreign":
            key, target = world[self.target_key], world[self.target]
            types = [world[uid].type.text(world) for uid in self.columns]
            return (types == [world[uid].type.text(world) for uid in key.columns] and table.unlogged == target.unlogged
                    and "DEFERRABLE" not in key.options and key.variant % 5 != 2
                    and not any(world[uid].generated and ("SET" in self.options or "CASCADE" in self.options) for uid in self.columns))
        if self.kind in ("unique", "primary"):
            if table.key and table.key[1] not in self.columns:
                return False
            if self.kind == "primary" and any(world[uid].type.plain(world) is None and not world[uid].type.user for uid in self.columns):
                return False
            others = [c for c in world.parts(Constraint, "table", self.table) if c.kind == "primary"]
            return self.kind != "primary" or others[0] is self
        if self.kind == "exclude":
            return not table.key
        if self.kind == "check":
            return not (table.key and "NO INHERIT" in self.options)
        return True

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.25:
            self.variant += 1
        elif choice < 0.5:
            self.options = some_options(self.kind, world[self.table], rng)
        elif choice < 0.6:
            self.comment = rng.choice((None, "it's a rule"))
        elif choice < 0.8 and self.kind == "check":
            return attach(world, rng, self)
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


def some_options(kind, table, rng):
    if kind == "check":
        return rng.choice(("", "", "NOT VALID", "" if table.key else "NO INHERIT"))
    if kind == "foreign":
        text = rng.choice(("", "MATCH FULL"))
        if rng.random() < 0.5:
            text += f" ON DELETE {rng.choice(ACTIONS)}"
        if rng.random() < 0.3:
            text += f" ON UPDATE {rng.choice(ACTIONS)}"
        text += rng.choice(("", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"))
        return text + (" NOT VALID" if rng.random() < 0.15 and not table.key else "")
    if kind == "unique":
        return rng.choice(("", "", "", "DEFERRABLE INITIALLY DEFERRED"))
    return ""


def add_constraint(world, rng):
    tables = [table for table in world.all(Table) if not table.bound and table.columns(world)]
    if not tables:
        return None
    table = rng.choice(tables)
    columns = table.columns(world)
    kind = rng.choice(("check", "check", "unique", "primary", "foreign", "foreign", "exclude"))
    chosen = [c.uid for c in rng.sample(columns, min(len(columns), rng.choice((1, 1, 2))))]
    item = Constraint(table=table.uid, kind=kind, name=fresh(world, rng), columns=chosen, variant=rng.randrange(20))
    if kind in ("unique", "primary") and table.key and table.key[1] not in chosen:
        item.columns = [*chosen, table.key[1]]
    if kind == "primary":
        if any(c.kind == "primary" for c in world.parts(Constraint, "table", table.uid)):
            return None
    if kind == "foreign":
        keys = [key for key in world.all(Constraint) if key.kind in ("unique", "primary")]
        found = []
        for key in keys:
            wanted = [world[uid].type for uid in key.columns]
            pools = [[c.uid for c in columns if c.type == type] for type in wanted]
            if all(pools):
                picked = [rng.choice(pool) for pool in pools]
                if len(set(picked)) == len(picked):
                    found.append((key, picked))
        if not found:
            return None
        key, item.columns = rng.choice(found)
        item.target, item.target_key = world[key.table].uid, key.uid
    item.options = some_options(kind, table, rng)
    if kind == "check" and rng.random() < 0.4:
        attach(world, rng, item)
    world.add(item)
    if not item.valid(world):
        world.remove(item.uid)
        return None
    return item


class Index(Item):
    """On a table, or on a materialized view."""
    comment = None
    where = None  # (column, variant)
    unique = False
    method = "btree"
    options = ""
    function = None

    def sql(self, world):
        relation = world[self.relation]
        method = self.method_now(world)
        keys = []
        for at, (uid, variant) in enumerate(self.keys):
            column = world[uid]
            name = quote(column.name)
            type = column.type_in(world) if hasattr(column, "type_in") else column.type
            plain = type.plain(world)
            if method == "gin":
                keys.append(name)
            elif method != "btree":
                keys.append(name)
            elif variant % 4 == 0 and at == 0 and not type.array and not type.enum(world) and plain in NUMBERS + TEXTS + ("boolean",):
                expression = type.expression(world, name, variant)[0]
                if self.function and world[self.function].takes(type):
                    expression = f"{world[self.function].text(world)}({name})"
                keys.append(f"({expression})")
            else:
                key = name
                if plain in TEXTS and variant % 4 == 1:
                    key += ' COLLATE "C"'
                if plain in TEXTS and type.base and variant % 3 == 1:
                    key += " text_pattern_ops"
                keys.append(key + ("", " DESC", " NULLS FIRST", " DESC NULLS LAST")[variant % 4])
        if method in ("hash", "gin"):
            keys = keys[:1]
        text = f"CREATE {'UNIQUE ' if self.unique and method == 'btree' else ''}INDEX {quote(self.name)} ON {relation.text(world)} USING {method} ({', '.join(keys)})"
        if self.include and method == "btree":
            text += f" INCLUDE ({quote(world[self.include].name)})"
        if self.unique and method == "btree" and self.keys[0][1] % 5 == 3:
            text += " NULLS NOT DISTINCT"
        if self.options and method == "btree":
            text += f" WITH ({self.options})"
        if self.where:
            column = world[self.where[0]]
            type = column.type_in(world) if hasattr(column, "type_in") else column.type
            text += f" WHERE {type.predicate(world, quote(column.name), self.where[1])}"
        out = [text]
        if self.comment:
            out.append(f"COMMENT ON INDEX {quote(world[relation.schema].name)}.{quote(self.name)} IS {literal(self.comment)}")
        return out

    include = None
    weak = ("include",)

    def method_now(self, world):
        column = world[self.keys[0][0]]
        type = column.type_in(world) if hasattr(column, "type_in") else column.type
        if self.method == "gin":
            return "gin" if (type.array and type.base) or type.base == "jsonb" else "btree"
        if self.method == "brin":
            return "brin" if all(world[uid].__dict__.get("type") and world[uid].type.base in WHOLE and not world[uid].type.array for uid, _ in self.keys) else "btree"
        if self.method == "hash":
            return "hash" if not self.unique else "btree"
        return self.method

    def forget(self, world, uid):
        if uid == self.function:
            self.function = None
        if self.where and uid == self.where[0]:
            self.where = None
        self.keys = [key for key in self.keys if key[0] != uid]
        return uid != self.relation and bool(self.keys)

    def valid(self, world):
        relation = world[self.relation]
        return not (relation.key and self.unique) if isinstance(relation, Table) else relation.materialized

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.3:
            uid, variant = self.keys[0]
            self.keys[0] = (uid, variant + 1)
        elif choice < 0.4:
            rng.shuffle(self.keys)
        elif choice < 0.55:
            self.method = rng.choice(("btree", "hash", "brin", "gin"))
        elif choice < 0.7:
            self.where = None if self.where else (self.keys[0][0], rng.randrange(20))
        elif choice < 0.8:
            self.options = rng.choice(("", "fillfactor=60", "deduplicate_items=off"))
        elif choice < 0.9:
            self.comment = rng.choice((None, "an index's use"))
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


def add_index(world, rng):
    from postgres.routines import Function
    from postgres.views import View
    relations = [table for table in world.all(Table) if table.columns(world)]
    relations += [view for view in world.all(View) if view.materialized]
    if not relations:
        return None
    relation = rng.choice(relations)
    columns = relation.columns(world)
    if not columns:
        return None
    keys = [(c.uid, rng.randrange(20)) for c in rng.sample(columns, min(len(columns), rng.choice((1, 1, 2, 3))))]
    item = Index(relation=relation.uid, name=fresh(world, rng), keys=keys, unique=rng.random() < 0.2,
                 method=rng.choice(("btree", "btree", "btree", "hash", "brin", "gin")))
    if rng.random() < 0.35:
        item.where = (rng.choice(columns).uid, rng.randrange(20))
    if rng.random() < 0.15:
        item.include = rng.choice(columns).uid
    if rng.random() < 0.1:
        item.options = "fillfactor=65"
    if rng.random() < 0.5:
        fitting = [function.uid for function in world.all(Function) if function.is_scalar()]
        item.function = rng.choice(fitting) if fitting else None
    return world.add(item) if item.valid(world) else None


class Statistics(Item):
    """Extended statistics of several columns."""

    def sql(self, world):
        table = world[self.table]
        name = f"{quote(world[table.schema].name)}.{quote(self.name)}"
        out = [f"CREATE STATISTICS {name} ({self.kinds}) ON {', '.join(quote(world[uid].name) for uid in self.columns)} FROM {table.text(world)}"]
        if self.target:
            out.append(f"ALTER STATISTICS {name} SET STATISTICS {self.target}")
        return out

    target = None

    def alter(self, world, rng):
        if rng.random() < 0.5:
            self.target = rng.choice((None, 10, 300))
        else:
            self.kinds = rng.choice(("ndistinct", "dependencies", "mcv", "ndistinct, mcv"))
        return True


def add_statistics(world, rng):
    tables = [table for table in world.all(Table) if len(table.columns(world)) > 1 and not table.bound]
    if not tables:
        return None
    table = rng.choice(tables)
    return world.add(Statistics(table=table.uid, name=fresh(world, rng), kinds=rng.choice(("ndistinct", "dependencies", "mcv")),
                                columns=[c.uid for c in rng.sample(table.columns(world), 2)]))
