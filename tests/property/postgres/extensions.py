"""Extensions with the types that they bring, and operator classes."""
from names import fresh, literal, quote
from postgres.types import Named, Schema
from world import Item

# A database has an extension once: each pair that is tried beside others takes another one, by its number.
# Of each its type, if it has one for columns, and a value of that.
EXTENSIONS = (("citext", "citext", "'k{}'"), ("hstore", "hstore", "'k=>{}'"), ("cube", "cube", "'({})'"), ("ltree", "ltree", "'k{}'"),
              ("seg", "seg", "'{}'"), ("isn", None, None), ("intarray", None, None), ("pg_trgm", None, None), ("btree_gin", None, None),
              ("btree_gist", None, None), ("fuzzystrmatch", None, None), ("unaccent", None, None), ("tablefunc", None, None),
              ("pgcrypto", None, None), ("lo", "lo", "'{}'"), ("dict_int", None, None), ("uuid-ossp", None, None))


class Extension(Named):
    word = "EXTENSION"

    def facts(self):
        return next(row for row in EXTENSIONS if row[0] == self.name)

    def text(self, world):
        """Of its type."""
        return f"{quote(world[self.schema].name)}.{quote(self.facts()[1] or self.name)}"

    def sql(self, world):
        out = [f"CREATE EXTENSION {quote(self.name)} SCHEMA {quote(world[self.schema].name)}"]
        if self.comment:
            out.append(f"COMMENT ON EXTENSION {quote(self.name)} IS {literal(self.comment)}")
        return out

    def value(self, world, k):
        return self.facts()[2].format(k)

    def alter(self, world, rng):
        if rng.random() < 0.4:
            self.comment = rng.choice(("it's new", "x"))
        else:
            self.schema = rng.choice(world.all(Schema)).uid
        return True


def add_extension(world, rng):
    if world.all(Extension):
        return None
    return world.add(Extension(schema=rng.choice(world.all(Schema)).uid, name=EXTENSIONS[world.number % len(EXTENSIONS)][0]))


class OperatorClass(Item):
    """Of integers, in their order or backwards."""

    def sql(self, world):
        signs = (">", ">=", "=", "<=", "<") if self.backwards else ("<", "<=", "=", ">=", ">")
        operators = ", ".join(f"OPERATOR {at} {sign}" for at, sign in enumerate(signs, 1))
        return [f"CREATE OPERATOR CLASS {quote(world[self.schema].name)}.{quote(self.name)} FOR TYPE integer USING btree AS {operators}, "
                "FUNCTION 1 btint4cmp(integer, integer)"]

    def alter(self, world, rng):
        if rng.random() < 0.5:
            self.backwards = not self.backwards
        else:
            self.schema = rng.choice(world.all(Schema)).uid
        return True


def add_operator_class(world, rng):
    return world.add(OperatorClass(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), backwards=rng.random() < 0.5))
