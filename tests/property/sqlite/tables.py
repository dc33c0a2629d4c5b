"""Tables of SQLite with their columns and constraints, which all stand in one statement."""
from names import fresh, literal, quote
from world import Item

TYPES = ("INTEGER", "INT", "TEXT", "REAL", "NUMERIC", "VARCHAR(20)", "BLOB", "")
STRICT = {"INT": "INT", "VARCHAR(20)": "TEXT", "NUMERIC": "ANY", "": "ANY"}
ROWS = (1, 2)


class Table(Item):
    strict = False
    without_rowid = False
    autoincrement = False

    def text(self, world):
        return quote(self.name)

    def columns(self, world):
        return sorted(world.parts(Column, "table", self.uid), key=lambda column: (column.position, column.uid))

    def order_refs(self, world):
        return set()  # a foreign key may name what comes later

    def key(self, world):
        return next((c for c in world.parts(Constraint, "table", self.uid) if c.kind == "primary"), None)

    def sql(self, world):
        key = self.key(world)
        lines = [column.line(world) for column in self.columns(world)]
        if self.is_counted(world, key):
            at = self.columns(world).index(world[key.columns[0]])
            lines[at] = f"{quote(world[key.columns[0]].name)} INTEGER PRIMARY KEY AUTOINCREMENT"
        lines += [c.line(world) for c in world.parts(Constraint, "table", self.uid) if not (c is key and self.is_counted(world, key))]
        options = [word for word, wanted in (("STRICT", self.strict), ("WITHOUT ROWID", self.without_rowid and key)) if wanted]
        return [f"CREATE TABLE {quote(self.name)} ({', '.join(lines)}){' ' if options else ''}{', '.join(options)}"]

    def is_counted(self, world, key):
        return self.autoincrement and key and len(key.columns) == 1 and not self.without_rowid and not world[key.columns[0]].generated

    def rows(self, world):
        columns = [column for column in self.columns(world) if not column.generated]
        if not columns:
            return []
        names = ", ".join(quote(column.name) for column in columns)
        return [f"INSERT INTO {quote(self.name)} ({names}) VALUES ({', '.join(column.value(world, k) for column in columns)})" for k in ROWS]

    def valid(self, world):
        return any(not column.generated for column in self.columns(world))

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.3:
            self.strict = not self.strict
        elif choice < 0.6:
            self.without_rowid = not self.without_rowid
        elif choice < 0.8:
            self.autoincrement = not self.autoincrement
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


class Column(Item):
    default = None
    not_null = False
    collation = None
    generated = None  # (column, variant, stored)
    check = None

    def type_now(self, world):
        return STRICT.get(self.type, self.type) if world[self.table].strict else self.type

    def is_text(self):
        return self.type in ("TEXT", "VARCHAR(20)")

    def value(self, world, k):
        return f"'{k}'" if self.is_text() else f"x'0{k}'" if self.type == "BLOB" else str(k)

    def line(self, world):
        parts = [quote(self.name), self.type_now(world)]
        if self.collation:
            parts.append(f"COLLATE {self.collation}")
        if self.generated:
            source, variant, stored = self.generated
            parts.append(f"GENERATED ALWAYS AS ({expression(quote(world[source].name), variant)}) {'STORED' if stored else 'VIRTUAL'}")
        elif self.default:
            parts.append(f"DEFAULT {self.default_text(world)}")
        if self.not_null:
            parts.append("NOT NULL" + (" ON CONFLICT IGNORE" if self.not_null == 2 else ""))
        if self.check:
            parts.append(f"CHECK ({predicate(quote(self.name), self.check)})")
        return " ".join(part for part in parts if part)

    def default_text(self, world):
        return (self.value(world, self.default), f"({self.value(world, self.default)})")[self.default % 2]

    def forget(self, world, uid):
        return uid != self.table and not (self.generated and uid == self.generated[0])

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.25:
            self.type = rng.choice(("INTEGER", "INT", "NUMERIC", "", "TEXT", "VARCHAR(20)") if self.type != "BLOB" else ("BLOB", ""))
        elif choice < 0.4:
            self.default = None if self.default else rng.randint(1, 9)
        elif choice < 0.55:
            self.not_null = rng.choice((0, 1, 2))
        elif choice < 0.65:
            self.collation = rng.choice((None, "NOCASE", "RTRIM"))
        elif choice < 0.8:
            self.check = rng.choice((None, 1, 2, 3, 4))
        elif choice < 0.9:
            self.position = rng.randint(0, 1000)
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


def predicate(name, variant):
    """Holds for the values that rows have."""
    return (f"{name} <> 77", f"length({name}) < 30", f"{name} IS NOT 'it''s'", f"{name} IN (1, 2, '1', '2', x'01', x'02') OR 1",
            f"typeof({name}) <> 'x'")[variant % 5]


def expression(name, variant):
    return (f"{name} || 'x'", f"lower({name})", f"length({name})", f"coalesce({name}, 0)")[variant % 4]


class Constraint(Item):
    target = None
    options = ""

    def line(self, world):
        name = f"CONSTRAINT {quote(self.name)} " if self.name else ""
        columns = ", ".join(quote(world[uid].name) for uid in self.columns)
        if self.kind == "check":
            return f"{name}CHECK ({predicate(columns.split(', ')[0] if len(self.columns) == 1 else quote(world[self.columns[0]].name), self.variant)})"
        if self.kind == "foreign":
            return f"{name}FOREIGN KEY ({columns}) REFERENCES {quote(world[self.target].name)} ({', '.join(quote(world[uid].name) for uid in self.targets)}){self.options}"
        return f"{name}{'PRIMARY KEY' if self.kind == 'primary' else 'UNIQUE'} ({columns}){self.options}"

    variant = 0

    def valid(self, world):
        if self.kind != "primary":
            return True
        keys = [c for c in world.parts(Constraint, "table", self.table) if c.kind == "primary"]
        return keys[0] is self and not any(world[uid].generated for uid in self.columns)

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.4:
            self.variant += 1
            self.options = some_options(self.kind, rng)
        elif choice < 0.7:
            self.columns = rng.sample(self.columns, len(self.columns))
        else:
            world.next += 1
            self.name = rng.choice((None, fresh(world, rng)))
        return self.kind != "foreign"


def some_options(kind, rng):
    if kind == "foreign":
        return rng.choice(("", " ON DELETE CASCADE", " ON UPDATE SET NULL ON DELETE RESTRICT", " DEFERRABLE INITIALLY DEFERRED"))
    return rng.choice(("", "", " ON CONFLICT REPLACE")) if kind == "unique" else ""


def add_table(world, rng):
    table = world.add(Table(name=fresh(world, rng), strict=rng.random() < 0.2, without_rowid=rng.random() < 0.2,
                            autoincrement=rng.random() < 0.2))
    for _ in range(rng.randint(1, 5)):
        add_column(world, rng, table, new=True)
    if rng.random() < 0.7:
        add_constraint(world, rng, table, "primary")
    return table


def add_column(world, rng, table=None, new=False):
    tables = world.all(Table)
    if not tables:
        return None
    table = table or rng.choice(tables)
    others = [c for c in table.columns(world) if not c.generated]
    column = world.add(Column(table=table.uid, name=fresh(world, rng), type=rng.choice(TYPES), position=world.next * 2))
    if rng.random() < 0.15 and others:
        column.generated = (rng.choice(others).uid, rng.randrange(8), rng.random() < 0.4)
        column.type = ""
    else:
        column.default = rng.randint(1, 9) if rng.random() < 0.4 else None
        column.not_null = int((new or bool(column.default)) and rng.random() < 0.4)
        column.check = rng.randrange(1, 5) if rng.random() < 0.15 else None
    column.collation = rng.choice((None, None, None, "NOCASE"))
    return column


def add_constraint(world, rng, table=None, kind=None):
    tables = world.all(Table)
    if not tables:
        return None
    table = table or rng.choice(tables)
    kind = kind or rng.choice(("check", "unique", "unique", "foreign", "foreign"))
    columns = [c for c in table.columns(world) if not (c.generated and kind in ("primary", "foreign"))]
    if not columns:
        return None
    chosen = [c.uid for c in rng.sample(columns, min(len(columns), rng.choice((1, 1, 2))))]
    item = Constraint(table=table.uid, kind=kind, name=rng.choice((None, fresh(world, rng))), columns=chosen, variant=rng.randrange(20))
    if kind == "foreign":
        keys = [c for c in world.all(Constraint) if c.kind in ("primary", "unique") and len(c.columns) <= len(columns)]
        if not keys:
            return None
        key = rng.choice(keys)
        item.target, item.targets = world[key.table].uid, list(key.columns)
        item.columns = [c.uid for c in rng.sample(columns, len(key.columns))]
        item.key = key.uid
    item.options = some_options(kind, rng)
    world.add(item)
    if not item.valid(world):
        world.remove(item.uid)
        return None
    return item
