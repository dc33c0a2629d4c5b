"""Functions, procedures and aggregates."""
from names import fresh, literal, quote
from postgres.types import BASE, Named, Schema, Type, some_type


class Function(Named):
    """A function of values, one that reads a table, a trigger's function, or a procedure."""
    source = None  # a column, whose table the body reads
    variant = 0
    shape = "scalar"  # "scalar", "table", "trigger", "procedure", "event", "row"
    row = None
    security = ""

    @property
    def word(self):
        return "PROCEDURE" if self.shape == "procedure" else "FUNCTION"

    def is_scalar(self):
        return self.shape == "scalar" and len(self.arguments) == 1

    def takes(self, type):
        return self.is_scalar() and self.arguments[0][1] == type

    def signature(self, world):
        types = [type.text(world) for _, type in self.arguments]
        if self.row:
            types.insert(0, world[self.row].text(world))
        return ", ".join(types)

    def address(self, world):
        return f"{self.word} {self.text(world)}({self.signature(world)})"

    def call(self, world, columns, otherwise):
        column = columns[0]
        return f"{self.text(world)}({quote(column.name)})" if self.takes(column.type) else otherwise

    def arguments_values(self, world):
        return ", ".join(type.value(world, 1) for _, type in self.arguments)

    def sql(self, world):
        named = [f"{quote(name) if name else ''} {type.text(world)}".strip() for name, type in self.arguments]
        if self.row:
            named.insert(0, world[self.row].text(world))
        if named and self.variant % 7 == 3 and self.shape in ("scalar", "table") and self.arguments:
            named[-1] += f" DEFAULT {self.arguments[-1][1].value(world, 2)}"
        head = f"CREATE {self.word} {self.text(world)}({', '.join(named)})"
        tag = "$body$"
        result = self.result.text(world)
        if self.shape == "trigger":
            body = f" RETURNS trigger LANGUAGE plpgsql AS {tag}BEGIN RETURN {'NEW' if self.variant % 2 else 'COALESCE(NEW, OLD)'}; END{tag}"
        elif self.shape == "event":
            body = f" RETURNS event_trigger LANGUAGE plpgsql AS {tag}BEGIN NULL; /* {self.variant} */ END{tag}"
        elif self.shape == "procedure":
            body = f" LANGUAGE {'sql' if self.variant % 2 else 'plpgsql'} AS " + (
                f"{tag}SELECT {self.variant}{tag}" if self.variant % 2 else f"{tag}BEGIN NULL; END{tag}")
        elif self.shape == "row":
            body = f" RETURNS integer LANGUAGE sql STABLE AS {tag}SELECT {self.variant}{tag}"
        elif self.shape == "table" and self.source in world:
            column = world[self.source]
            table = world[column.table].text(world)
            query = f"SELECT count(*) FROM {table} WHERE {table}.{quote(column.name)} IS NOT NULL"
            body = f" RETURNS bigint LANGUAGE sql STABLE " + (f"BEGIN ATOMIC {query}; END" if self.variant % 2 else f"AS {tag}{query}{tag}")
        else:
            value = "true" if self.result.base == "boolean" and not self.result.array else self.result.value(world, 1 + self.variant % 4)
            if self.variant % 3 == 1:
                body = f" RETURNS {result} LANGUAGE plpgsql IMMUTABLE{self.security} AS {tag}BEGIN RETURN {value}; END{tag}"
            elif self.variant % 3 == 2:
                body = f" RETURNS {result} LANGUAGE sql IMMUTABLE{self.security} RETURN {value}"
            else:
                body = f" RETURNS {result} LANGUAGE sql IMMUTABLE{self.security} AS {tag}SELECT {value}{tag}"
        return [head + body, *self.comments(world)]

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.4:
            self.variant += rng.randint(1, 5)
        elif choice < 0.5 and self.shape == "scalar":
            self.security = rng.choice((" STRICT", " SECURITY DEFINER", " PARALLEL SAFE COST 50", " SET search_path TO 'pg_catalog'"))
        elif choice < 0.6 and self.shape in ("scalar", "table", "procedure"):
            self.arguments.append([fresh(world, rng), some_type(world, rng)])
            world.next += 1
        elif choice < 0.7 and self.shape == "scalar" and self.arguments:
            self.arguments[0][0] = fresh(world, rng)
            world.next += 1
        elif choice < 0.8 and self.shape == "scalar":
            self.result = some_type(world, rng)
        else:
            return self.move(world, rng)
        return True

    def forget(self, world, uid):
        return False


def add_function(world, rng):
    from postgres.tables import Column, Table
    shape = rng.choice(("scalar", "scalar", "scalar", "scalar", "table", "trigger", "procedure", "row"))
    item = Function(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), shape=shape, variant=rng.randrange(20),
                    arguments=[], result=Type("integer"))
    if shape == "scalar":
        columns = world.all(Column)
        type = rng.choice(columns).type if columns and rng.random() < 0.7 else some_type(world, rng)
        item.arguments = [[fresh(world, rng) if rng.random() < 0.6 else "", Type(type.base, type.user, type.array)]]
        results = [Type("boolean"), Type("boolean"), some_type(world, rng)]
        if columns:
            other = rng.choice(columns).type
            results.append(Type(other.base, other.user, other.array))
        item.result = rng.choice(results)
    elif shape == "table":
        columns = [column for column in world.all(Column)]
        if not columns:
            return None
        item.source = rng.choice(columns).uid
    elif shape == "row":
        tables = world.all(Table)
        if not tables:
            return None
        item.row = rng.choice(tables).uid
    elif shape == "procedure" and rng.random() < 0.5:
        item.arguments = [["", some_type(world, rng)]]
    return world.add(item)


def trigger_function(world, rng):
    fitting = [function for function in world.all(Function) if function.shape == "trigger"]
    if fitting and rng.random() < 0.6:
        return rng.choice(fitting)
    return world.add(Function(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), shape="trigger", variant=rng.randrange(20),
                              arguments=[], result=Type("integer")))


def attach(world, rng, item):
    """A function of the user in the condition."""
    column = world[item.columns[0]]
    fitting = [function.uid for function in world.all(Function)
               if function.result.base == "boolean" and function.is_scalar() and function.takes(column.type)]
    item.function = rng.choice([None, *fitting])
    return bool(fitting)


class Aggregate(Named):
    word = "AGGREGATE"

    def address(self, world):
        return f"AGGREGATE {self.text(world)}({self.type})"

    def sql(self, world):
        function = {"integer": "int4pl", "bigint": "int8pl", "numeric": "numeric_add", "text": "textcat"}[self.type]
        start = f", INITCOND = '{self.start}'" if self.start is not None else ""
        return [f"CREATE AGGREGATE {self.text(world)}({self.type}) (SFUNC = {function}, STYPE = {self.type}{start})", *self.comments(world)]

    def alter(self, world, rng):
        if rng.random() < 0.4:
            self.start = rng.choice((None, 0, 7))
        elif rng.random() < 0.4:
            self.type = rng.choice(("integer", "bigint", "numeric", "text"))
        else:
            return self.move(world, rng)
        return True


def add_aggregate(world, rng):
    return world.add(Aggregate(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), start=rng.choice((None, 0)),
                               type=rng.choice(("integer", "bigint", "numeric", "text"))))
