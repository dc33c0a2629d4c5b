"""What a column can be of: PostgreSQL's own types, and those that users make."""
from names import fresh, literal, quote
from world import Item, Ref

BASE = {  # each with a value for a small number
    "integer": str,
    "bigint": str,
    "smallint": str,
    "numeric": str,
    "numeric(12,2)": str,
    "text": lambda k: f"'{k}'",
    "character varying(40)": lambda k: f"'{k}'",
    "boolean": lambda k: "true" if k % 2 else "false",
    "date": lambda k: f"'2024-01-0{k}'",
    "timestamp without time zone": lambda k: f"'2024-01-0{k} 10:00:00'",
    "timestamp with time zone": lambda k: f"'2024-01-0{k} 10:00:00+00'",
    "uuid": lambda k: f"'00000000-0000-0000-0000-00000000000{k}'",
    "jsonb": lambda k: f"""'{{"k": {k}}}'""",
    "double precision": str,
    "interval": lambda k: f"'{k} days'",
    "inet": lambda k: f"'10.0.0.{k}'",
}
NUMBERS = ("integer", "bigint", "smallint", "numeric", "numeric(12,2)", "double precision")
WHOLE = ("integer", "bigint", "smallint")
TEXTS = ("text", "character varying(40)")
TIMES = ("date", "timestamp without time zone", "timestamp with time zone")
# A column of one becomes the other with the values that rows here have.
CONVERTS = {**{name: NUMBERS + TEXTS for name in NUMBERS}, **{name: WHOLE + TEXTS for name in TEXTS},
            **{name: TIMES + TEXTS for name in TIMES}}


class Schema(Item):
    comment = None

    def sql(self, world):
        out = [f"CREATE SCHEMA {quote(self.name)}"]
        if self.comment:
            out.append(f"COMMENT ON SCHEMA {quote(self.name)} IS {literal(self.comment)}")
        return out

    def alter(self, world, rng):
        self.comment = rng.choice((None, "of 'all' things", "x"))
        return True


class Named(Item):
    """What has a name in a schema."""
    comment = None
    word = ""  # as COMMENT ON names the kind

    def text(self, world):
        return f"{quote(world[self.schema].name)}.{quote(self.name)}"

    def address(self, world):
        return f"{self.word} {self.text(world)}"

    def comments(self, world):
        return [f"COMMENT ON {self.address(world)} IS {literal(self.comment)}"] if self.comment else []

    def move(self, world, rng):
        """To another schema, to another name, or another comment."""
        choice = rng.random()
        if choice < 0.5:
            self.comment = rng.choice((None, "it's new", "ein\nText"))
        elif choice < 0.75:
            self.schema = rng.choice(world.all(Schema)).uid
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


class Type:
    """A type as a column has it."""

    def __init__(self, base=None, user=None, array=False):
        self.base, self.user, self.array = base, user, array

    def inner_refs(self):
        return [self.user] if self.user else []

    def __eq__(self, other):
        return (self.base, self.user, self.array) == (other.base, other.user, other.array)

    def element(self):
        return Type(self.base, self.user)

    def text(self, world):
        name = self.base or world[self.user].text(world)
        return name + ("[]" if self.array else "")

    def plain(self, world):
        """The base type below a domain; nothing for an array and for other types of users."""
        if self.array:
            return None
        if self.base:
            return self.base
        item = world[self.user]
        return item.type.plain(world) if isinstance(item, Domain) else None

    def enum(self, world):
        if self.array or not self.user:
            return None
        item = world[self.user]
        return item if isinstance(item, Enum) else item.type.enum(world) if isinstance(item, Domain) else None

    def value(self, world, k):
        if self.array:
            return f"ARRAY[{self.element().value(world, k)}]::{self.text(world)}"
        inner = BASE[self.base](k) if self.base else world[self.user].value(world, k)
        return f"{inner}::{self.text(world)}"

    def predicate(self, world, column, variant):
        """A condition that holds for every row."""
        plain, enum = self.plain(world), self.enum(world)
        if variant % 5 == 4:
            return f"{column} IS NOT NULL"
        if enum:
            label = literal(enum.some_label(variant)) + "::" + enum.text(world)
            if variant % 5 == 0:
                return f"{column} IN ({label}, '1', '2')"
            return f"{column} IS DISTINCT FROM {label} OR {column} >= '1'::{enum.text(world)} OR true"
        if plain in NUMBERS:
            return (f"{column} > 0", f"{column} < 100", f"({column} + 1) <> 50", f"{column} BETWEEN 0 AND 70")[variant % 4]
        if plain in TEXTS:
            return (f"{column} <> 'x'", f"length({column}) < 30", f"{column} NOT LIKE 'q%'", f"lower({column}) <> 'it''s'")[variant % 4]
        if plain == "boolean":
            return f"{column} OR NOT {column}"
        return f"{column} = {column}"

    def expression(self, world, column, variant):
        """An immutable value made of it, and its type."""
        plain = self.plain(world)
        if plain in WHOLE or plain == "numeric":
            return f"({column} * {variant % 3 + 2})", Type("numeric" if plain == "numeric" else "bigint" if plain == "bigint" else "integer")
        if plain in TEXTS:
            return f"upper({column})", Type("text")
        if plain == "boolean":
            return f"(NOT {column})", Type("boolean")
        return f"({column} IS NULL)", Type("boolean")

    def forget(self, world, uid):
        """Another type that the same values have."""
        if self.user == uid:
            self.base, self.user = "text", None
        return True


class Enum(Named):
    word = "TYPE"
    # What labels are taken from. Rows have '1' and '2' alone, which never go.
    POOL = ("open", "Closed", "it's", 'a"b', "größer", "select", "", "back\\slash", "ゆ", "$$", "x y", "new", "old", "9")

    def sql(self, world):
        return [f"CREATE TYPE {self.text(world)} AS ENUM ({', '.join(map(literal, self.labels))})", *self.comments(world)]

    def value(self, world, k):
        return f"'{1 + k % 2}'"

    def some_label(self, variant):
        return self.labels[variant % len(self.labels)]

    def alter(self, world, rng):
        free = [label for label in self.POOL if label not in self.labels]
        removable = [label for label in self.labels if label not in ("1", "2")]
        choice = rng.random()
        if choice < 0.4 and free:
            self.labels.insert(rng.randrange(len(self.labels) + 1), rng.choice(free))
        elif choice < 0.65 and removable:
            self.labels.remove(rng.choice(removable))
        elif choice < 0.8:
            rng.shuffle(self.labels)
        else:
            return self.move(world, rng)
        return True


class Composite(Named):
    word = "TYPE"

    def sql(self, world):
        attributes = ", ".join(f"{quote(name)} {type.text(world)}" for name, type in self.attributes)
        return [f"CREATE TYPE {self.text(world)} AS ({attributes})", *self.comments(world)]

    def value(self, world, k):
        return f"ROW({', '.join(type.value(world, k) for _, type in self.attributes)})"

    def forget(self, world, uid):
        return all(type.forget(world, uid) for _, type in self.attributes)

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.35:
            self.attributes.append([fresh(world, rng), Type(rng.choice(list(BASE)))])
            world.next += 1
        elif choice < 0.5 and len(self.attributes) > 1:
            self.attributes.pop(rng.randrange(len(self.attributes)))
        elif choice < 0.6:
            rng.shuffle(self.attributes)
        elif choice < 0.8:
            attribute = rng.choice(self.attributes)
            targets = CONVERTS.get(attribute[1].base)
            if not targets or attribute[1].array:
                return False
            attribute[1] = Type(rng.choice(targets))
        else:
            return self.move(world, rng)
        return True


class Domain(Named):
    word = "DOMAIN"

    def sql(self, world):
        parts = [f"CREATE DOMAIN {self.text(world)} AS {self.type.text(world)}"]
        if self.default:
            parts.append(f"DEFAULT {self.type.value(world, self.default)}")
        if self.not_null:
            parts.append("NOT NULL")
        for name, variant in self.checks:
            parts.append(f"CONSTRAINT {quote(name)} CHECK ({self.type.predicate(world, 'VALUE', variant)})")
        return [" ".join(parts), *self.comments(world)]

    def value(self, world, k):
        return self.type.value(world, k)

    def forget(self, world, uid):
        return self.type.forget(world, uid)

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.2:
            self.default = None if self.default else rng.randint(1, 9)
        elif choice < 0.3:
            self.not_null = not self.not_null
        elif choice < 0.5:
            self.checks.append((fresh(world, rng), rng.randrange(20)))
            world.next += 1
        elif choice < 0.6 and self.checks:
            self.checks.pop()
        elif choice < 0.7 and self.checks:
            self.checks[0] = (self.checks[0][0], self.checks[0][1] + 1)
        elif choice < 0.85 and CONVERTS.get(self.type.base) and not self.type.array:
            self.type = Type(rng.choice(CONVERTS[self.type.base]))
        else:
            return self.move(world, rng)
        return True


class Range(Named):
    word = "TYPE"

    def sql(self, world):
        more = f", MULTIRANGE_TYPE_NAME = {quote(world[self.schema].name)}.{quote(self.name + '_many')}" if self.multirange else ""
        return [f"CREATE TYPE {self.text(world)} AS RANGE (SUBTYPE = {self.subtype}{more})", *self.comments(world)]

    def value(self, world, k):
        return f"'[{k},)'"

    def alter(self, world, rng):
        if rng.random() < 0.4:
            self.subtype = rng.choice(NUMBERS)
        elif rng.random() < 0.3:
            self.multirange = not self.multirange
        else:
            return self.move(world, rng)
        return True


def add_enum(world, rng):
    labels = ["1", "2", *rng.sample(Enum.POOL, rng.randint(1, 4))]
    rng.shuffle(labels)
    return world.add(Enum(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), labels=labels))


def add_composite(world, rng):
    attributes = [[fresh(world, rng) + str(i), some_type(world, rng, composite=False)] for i in range(rng.randint(1, 3))]
    return world.add(Composite(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), attributes=attributes))


def add_domain(world, rng):
    type = Type(user=rng.choice(world.all(Enum)).uid) if world.all(Enum) and rng.random() < 0.3 else Type(rng.choice(list(BASE)))
    return world.add(Domain(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), type=type, not_null=False,
                            default=rng.randint(1, 9) if rng.random() < 0.3 else None,
                            checks=[(fresh(world, rng) + str(i), rng.randrange(20)) for i in range(rng.randint(0, 2))]))


def add_range(world, rng):
    return world.add(Range(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), subtype=rng.choice(NUMBERS),
                           multirange=rng.random() < 0.3))


def some_type(world, rng, composite=True):
    kinds = (Enum, Enum, Range) + ((Domain, Composite) if composite else ())
    users = [item for kind in kinds for item in world.all(kind)] + [item for item in world.items.values() if getattr(item, "word", "") == "EXTENSION" and item.facts()[1]]
    if users and rng.random() < 0.35:
        return Type(user=rng.choice(users).uid, array=rng.random() < 0.25)
    return Type(rng.choice(list(BASE)), array=rng.random() < 0.1)
