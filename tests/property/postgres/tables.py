"""Tables, their columns, and sequences."""
from names import fresh, literal, quote
from postgres.types import CONVERTS, NUMBERS, TEXTS, WHOLE, Named, Schema, Type, some_type
from world import Item

ROWS = (1, 2)


class Table(Named):
    word = "TABLE"
    unlogged = False
    options = ""
    row_security = ""
    identity = None  # of replication
    key = None  # (strategy, column) when it is partitioned
    parent = None  # the partitioned table, or the one it inherits from
    bound = None
    weak = ()

    def columns(self, world):
        """Its own ones, in their order."""
        return sorted(world.parts(Column, "table", self.uid), key=lambda column: column.position)

    def every_column(self, world):
        """And those of its parents."""
        return (world[self.parent].every_column(world) if self.parent else []) + self.columns(world)

    def order_refs(self, world):
        columns = self.columns(world)
        own = {self.uid, *(column.uid for column in columns)}
        needs = self.refs() - own
        for column in columns:
            needs |= column.refs() - own
        if self.parent and self.key:
            needs |= self.refs()
        return needs

    def sql(self, world):
        text = self.text(world)
        columns = ", ".join(column.line(world) for column in self.columns(world))
        create = f"CREATE {'UNLOGGED ' if self.unlogged else ''}TABLE {text}"
        if self.bound:
            create += f" PARTITION OF {world[self.parent].text(world)} {self.bound_text(world)}"
        else:
            create += f" ({columns})"
            if self.parent:
                create += f" INHERITS ({world[self.parent].text(world)})"
        if self.key:
            create += f" PARTITION BY {self.key[0]} ({quote(world[self.key[1]].name)})"
        elif self.options:
            create += f" WITH ({self.options})"
        out = [create, *self.comments(world)]
        for column in self.columns(world):
            out += column.extras(world)
        out += [f"ALTER TABLE {text} {word} ROW LEVEL SECURITY" for word in self.row_security.split()]
        if self.identity:
            out.append(f"ALTER TABLE {text} REPLICA IDENTITY {self.identity}")
        return out

    def bound_text(self, world):
        parent = world[self.parent]
        if self.bound == "default":
            return "DEFAULT"
        return f"FOR VALUES {self.bound}"

    def forget(self, world, uid):
        if uid != self.parent or self.bound:
            return False
        self.parent = None
        return bool(self.columns(world))

    def rows(self, world):
        """Straight into a partition or a table that inherits, too."""
        if self.key or (self.bound and not self.holds_rows):
            return []
        columns = [column for column in self.every_column(world) if not column.generated]
        if not columns:
            return [f"INSERT INTO {self.text(world)} DEFAULT VALUES" for _ in ROWS]
        names = ", ".join(quote(column.name) for column in columns)
        values = ", ".join(f"({', '.join(column.type.value(world, k) for column in columns)})" for k in ROWS)
        return [f"INSERT INTO {self.text(world)} ({names}) OVERRIDING SYSTEM VALUE VALUES {values}"]

    holds_rows = True

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.15 and not self.key and not self.bound:
            self.unlogged = not self.unlogged
            drop_keys_over_persistence(world, self)
        elif choice < 0.35 and not self.key:
            self.options = rng.choice(("", "fillfactor=70", "fillfactor=80, autovacuum_enabled=false", "toast.autovacuum_enabled=false"))
        elif choice < 0.55:
            self.row_security = rng.choice(("", "ENABLE", "ENABLE FORCE", "FORCE"))
        elif choice < 0.7 and not self.key:
            self.identity = rng.choice((None, "FULL", "NOTHING"))
        elif choice < 0.8 and self.bound:
            # Detached, and a table of its own.
            for column in world[self.parent].every_column(world):
                copy = world.add(Column(**{**column.__dict__, "table": self.uid, "identity": None, "generated": None, "default": None}))
                copy.comment = None
            self.bound, self.parent = None, None
        else:
            return self.move(world, rng)
        return True


def drop_keys_over_persistence(world, table):
    """A permanent table cannot refer to an unlogged one."""
    from postgres.constraints import Constraint
    for key in world.all(Constraint):
        if key.kind == "foreign" and table.uid in (key.table, key.target):
            world.remove(key.uid)


class Column(Item):
    default = None  # ("value", k), ("next", sequence), ("call", function), ("now",)
    not_null = False
    identity = None
    generated = None  # (column, variant)
    collation = None
    storage = None
    compression = None
    statistics = None
    comment = None

    def line(self, world):
        parts = [quote(self.name), self.type.text(world)]
        if self.collation and self.type.plain(world) in TEXTS and self.type.base:
            parts.append(f'COLLATE "{self.collation}"')
        if self.generated:
            source = world[self.generated[0]]
            parts.append(f"GENERATED ALWAYS AS ({source.type.expression(world, quote(source.name), self.generated[1])[0]}) STORED")
        elif self.identity and self.type.base in WHOLE and not self.type.array:
            parts.append(f"GENERATED {self.identity[0]} AS IDENTITY ({self.identity[1]})")
        elif self.default:
            expression = self.default_text(world)
            if expression:
                parts.append(f"DEFAULT {expression}")
        if self.not_null:
            parts.append("NOT NULL")
        return " ".join(parts)

    def default_text(self, world):
        kind = self.default[0]
        if kind == "next" and self.type.base in NUMBERS and not self.type.array:
            return f"nextval({literal(world[self.default[1]].text(world))}::regclass)"
        if kind == "call" and world[self.default[1]].result == self.type:
            return f"{world[self.default[1]].text(world)}({world[self.default[1]].arguments_values(world)})"
        if kind == "now" and self.type.base in ("timestamp with time zone", "date") and not self.type.array:
            return "now()"
        return self.type.value(world, self.default[1] if kind == "value" else 3)

    def extras(self, world):
        alter = f"ALTER TABLE {world[self.table].text(world)} ALTER COLUMN {quote(self.name)} "
        out = []
        varlena = self.type.array or self.type.plain(world) in TEXTS + ("jsonb",)
        if self.storage and varlena:
            out.append(f"{alter}SET STORAGE {self.storage}")
        if self.compression and varlena:
            out.append(f"{alter}SET COMPRESSION {self.compression}")
        if self.statistics:
            out.append(f"{alter}SET STATISTICS {self.statistics}")
        if self.comment:
            out.append(f"COMMENT ON COLUMN {world[self.table].text(world)}.{quote(self.name)} IS {literal(self.comment)}")
        return out

    def forget(self, world, uid):
        if self.default and uid in self.default[1:]:
            self.default = None
        if self.type.user == uid and uid not in (self.table,):
            self.type.forget(world, uid)
            self.type.base = "text"
        return uid != self.table and not (self.generated and uid == self.generated[0])

    def valid(self, world):
        """What is generated has the type of its expression."""
        if not self.generated:
            return True
        return self.type == world[self.generated[0]].type.expression(world, "x", self.generated[1])[1]

    def is_key_of_partitions(self, world):
        table = world[self.table]
        return bool(table.key and table.key[1] == self.uid)

    def alter(self, world, rng):
        if self.is_key_of_partitions(world):
            return False
        choice = rng.random()
        if choice < 0.3:
            return self.alter_type(world, rng)
        if choice < 0.4:
            if self.generated or self.identity:
                return False
            self.not_null = not self.not_null
        elif choice < 0.6:
            return self.alter_default(world, rng)
        elif choice < 0.65:
            if self.type.base not in WHOLE or self.type.array or self.default or self.generated or inherited_by(world, self.table):
                return False
            self.identity = None if self.identity else some_identity(rng)
            self.not_null = bool(self.identity)
        elif choice < 0.7:
            self.collation = rng.choice((None, "C", "POSIX"))
        elif choice < 0.75:
            self.storage = rng.choice((None, "EXTERNAL", "MAIN", "PLAIN"))
            self.compression = rng.choice((None, "pglz", "lz4"))
        elif choice < 0.8:
            self.statistics = rng.choice((None, 10, 500))
        elif choice < 0.9:
            self.comment = rng.choice((None, "it's a column", "ä\n\\b"))
        elif choice < 0.95:
            self.position = rng.randint(0, 1000)
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True

    def alter_type(self, world, rng):
        targets = [Type(name) for name in CONVERTS.get(self.type.base, ())] if not self.type.array else []
        if self.type.base in TEXTS + WHOLE or self.type.enum(world):
            from postgres.types import Enum
            targets += [Type(user=enum.uid) for enum in world.all(Enum)]
        if self.type.enum(world):
            targets += [Type(name) for name in TEXTS]
        if not self.type.array and self.type.base:
            targets.append(Type(self.type.base, array=True))
        if not targets or self.generated or self.identity:
            return False
        self.type = rng.choice(targets)
        return True

    def alter_default(self, world, rng):
        from postgres.routines import Function
        if self.generated or self.identity:
            return False
        choices = [None, ("value", rng.randint(1, 9)), ("value", rng.randint(1, 9))]
        if self.type.base in NUMBERS and not self.type.array:
            choices += [("next", sequence.uid) for sequence in world.all(Sequence)]
        choices += [("call", function.uid) for function in world.all(Function)
                    if function.result == self.type and function.is_scalar() and not depends_on(world, function, self.table)]
        if self.type.base in ("timestamp with time zone", "date"):
            choices.append(("now",))
        self.default = rng.choice(choices)
        return True


def inherited_by(world, table):
    return any(child.parent == table for child in world.all(Table))


def depends_on(world, item, uid, seen=None):
    """Whether it needs that one, through whatever lies between."""
    seen = set() if seen is None else seen
    if item.uid == uid:
        return True
    if item.uid in seen:
        return False
    seen.add(item.uid)
    return any(depends_on(world, world[other], uid, seen) for other in item.order_refs(world) if other in world)


def some_identity(rng):
    return rng.choice(("ALWAYS", "BY DEFAULT")), rng.choice(("START 10", "INCREMENT 2 CACHE 3", "MINVALUE 0 START 5 CYCLE"))


class Sequence(Named):
    word = "SEQUENCE"
    owner = None  # a column
    weak = ("owner",)

    def sql(self, world):
        return [f"CREATE SEQUENCE {self.text(world)} {self.options}", *self.comments(world)]

    def late(self, world):
        if not self.owner or world[world[self.owner].table].schema != self.schema:
            return []
        column = world[self.owner]
        return [f"ALTER SEQUENCE {self.text(world)} OWNED BY {world[column.table].text(world)}.{quote(column.name)}"]

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.4:
            self.options = some_options(rng)
        elif choice < 0.7:
            columns = [column for column in world.all(Column) if world[column.table].schema == self.schema]
            self.owner = rng.choice([None, *(column.uid for column in columns)])
        else:
            return self.move(world, rng)
        return True


def some_options(rng):
    return rng.choice(("", "AS integer", "AS smallint START 100", "INCREMENT 5 MINVALUE 5 MAXVALUE 5000 START 10 CYCLE", "CACHE 20",
                       "INCREMENT -1 START -1"))


def add_sequence(world, rng):
    return world.add(Sequence(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), options=some_options(rng)))


def add_column(world, rng, table=None, nullable=True):
    """New columns can be filled, whatever rows are there: they are nullable or have a default."""
    tables = [item for item in world.all(Table) if not item.bound]
    if table is None and not tables:
        return None
    table = table or rng.choice(tables)
    column = world.add(Column(table=table.uid, name=fresh(world, rng), type=some_type(world, rng), position=world.next * 2))
    choice = rng.random()
    plain = [c for c in table.columns(world) if not c.generated and c.uid != column.uid and not c.type.array]
    if choice < 0.1 and plain and not table.key:
        source = rng.choice(plain)
        variant = rng.randrange(10)
        column.generated = (source.uid, variant)
        column.type = source.type.expression(world, "x", variant)[1]
    elif choice < 0.15 and not table.key and not table.parent:
        column.type, column.identity, column.not_null = Type(rng.choice(WHOLE)), some_identity(rng), True
    elif choice < 0.5:
        column.alter_default(world, rng)
        column.not_null = bool(column.default) and rng.random() < 0.5
    else:
        column.not_null = not nullable and rng.random() < 0.5
    if rng.random() < 0.1:
        column.storage, column.statistics = rng.choice(("EXTERNAL", "MAIN")), rng.choice((None, 50))
    if rng.random() < 0.1:
        column.collation = "C"
    if rng.random() < 0.1:
        column.comment = "what it's for"
    return column


def add_table(world, rng):
    table = world.add(Table(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng)))
    table.unlogged = rng.random() < 0.1
    if rng.random() < 0.15:
        parents = [item for item in world.all(Table) if not item.key and not item.bound and item.uid != table.uid]
        if parents:
            table.parent, table.unlogged = rng.choice(parents).uid, False
    for _ in range(rng.randint(1, 5)):
        add_column(world, rng, table, nullable=False)
    if rng.random() < 0.3:
        table.row_security = rng.choice(("ENABLE", "ENABLE FORCE"))
    if rng.random() < 0.15:
        table.options = "fillfactor=75"
    if rng.random() < 0.1:
        table.comment = "a 'table'"
    return table


def add_partitioned(world, rng):
    table = world.add(Table(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng)))
    key = world.add(Column(table=table.uid, name=fresh(world, rng), type=Type(rng.choice(("integer", "bigint"))), position=0,
                           not_null=rng.random() < 0.5))
    for _ in range(rng.randint(0, 3)):
        add_column(world, rng, table, nullable=False)
    table.key = (rng.choice(("RANGE", "LIST", "HASH")), key.uid)
    for _ in range(rng.randint(0, 3)):
        add_partition(world, rng, table)
    return table


BOUNDS = {"RANGE": ("FROM (1) TO (10)", "FROM (10) TO (20)", "FROM (MINVALUE) TO (1)", "default"),
          "LIST": ("IN (1, 2)", "IN (3, 4)", "IN (NULL, 7)", "default"),
          "HASH": tuple(f"WITH (modulus 3, remainder {r})" for r in range(3))}


def add_partition(world, rng, table=None):
    tables = [item for item in world.all(Table) if item.key]
    if table is None and not tables:
        return None
    table = table or rng.choice(tables)
    taken = {child.bound for child in world.parts(Table, "parent", table.uid)}
    free = [bound for bound in BOUNDS[table.key[0]] if bound not in taken]
    if not free:
        return None
    bound = rng.choice(free)
    return world.add(Table(schema=table.schema, name=fresh(world, rng), parent=table.uid, bound=bound,
                           holds_rows=bound in ("FROM (1) TO (10)", "IN (1, 2)")))
