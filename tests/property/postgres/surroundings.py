"""What stands beside the tables: privileges, publications, foreign servers, event triggers, and what is kept as statements."""
from names import fresh, literal, quote
from postgres.routines import Function
from postgres.tables import Column, Sequence, Table
from postgres.types import Enum, Named, Schema, Type
from postgres.views import View
from world import Item

READER = '"limbeck Reader"'


class Grant(Item):
    def sql(self, world):
        item = world[self.on]
        if isinstance(item, Schema):
            what = f"SCHEMA {quote(item.name)}"
        elif isinstance(item, Column):
            table = world[item.table]
            return [f"GRANT {self.privilege} ({quote(item.name)}) ON TABLE {table.text(world)} TO {READER}{self.option}"]
        elif isinstance(item, Function):
            what = item.address(world)
        elif isinstance(item, Enum):
            what = f"TYPE {item.text(world)}"
        elif isinstance(item, Sequence):
            what = f"SEQUENCE {item.text(world)}"
        else:
            what = f"TABLE {item.text(world)}"
        if self.revoke:
            return [f"REVOKE ALL ON {what} FROM PUBLIC"]
        return [f"GRANT {self.privilege} ON {what} TO {READER}{self.option}"]

    def alter(self, world, rng):
        self.option = "" if self.option else " WITH GRANT OPTION"
        return not self.revoke


def add_grant(world, rng):
    kinds = {Schema: ("USAGE", "CREATE"), Column: ("SELECT", "UPDATE"), Function: ("EXECUTE",), Enum: ("USAGE",),
             Sequence: ("USAGE", "SELECT"), Table: ("SELECT", "INSERT", "ALL"), View: ("SELECT", "ALL")}
    kind = rng.choice(list(kinds))
    items = world.all(kind)
    if not items:
        return None
    return world.add(Grant(on=rng.choice(items).uid, privilege=rng.choice(kinds[kind]), option=rng.choice(("", "", " WITH GRANT OPTION")),
                           revoke=kind in (Function, Enum) and rng.random() < 0.4))


class DefaultPrivileges(Item):
    def sql(self, world):
        return [f"ALTER DEFAULT PRIVILEGES IN SCHEMA {quote(world[self.schema].name)} GRANT {self.privilege} TO {READER}"]

    def alter(self, world, rng):
        self.privilege = rng.choice(("SELECT ON TABLES", "EXECUTE ON FUNCTIONS", "USAGE ON TYPES"))
        return True


def add_default_privileges(world, rng):
    item = DefaultPrivileges(schema=rng.choice(world.all(Schema)).uid)
    item.alter(world, rng)
    return world.add(item)


class Publication(Item):
    comment = None

    def sql(self, world):
        tables = ", ".join(world[uid].text(world) for uid in self.tables)
        options = f" WITH (publish = '{self.publish}')" if self.publish else ""
        out = [f"CREATE PUBLICATION {quote(self.name)}{' FOR TABLE ' + tables if tables else ''}{options}"]
        if self.comment:
            out.append(f"COMMENT ON PUBLICATION {quote(self.name)} IS {literal(self.comment)}")
        return out

    def forget(self, world, uid):
        self.tables = [table for table in self.tables if table != uid]
        return True

    def alter(self, world, rng):
        if rng.random() < 0.5:
            self.tables = some_tables(world, rng)
        elif rng.random() < 0.5:
            self.publish = rng.choice(("", "insert", "insert, update"))
        else:
            self.comment = rng.choice((None, "for 'all'"))
        return True


def some_tables(world, rng):
    tables = [table.uid for table in world.all(Table) if not table.unlogged]
    return rng.sample(tables, min(len(tables), rng.randint(0, 2)))


def add_publication(world, rng):
    return world.add(Publication(name=fresh(world, rng) + f"_{world.number}", tables=some_tables(world, rng), publish=""))


class Server(Item):
    comment = None

    def sql(self, world):
        wrapper = quote(self.name + "_wrapper")
        out = [f"CREATE FOREIGN DATA WRAPPER {wrapper}", f"CREATE SERVER {quote(self.name)} {self.kind} FOREIGN DATA WRAPPER {wrapper} OPTIONS (host {literal(self.host)})"]
        if self.mapping:
            out.append(f"CREATE USER MAPPING FOR {self.mapping} SERVER {quote(self.name)} OPTIONS (\"user\" 'it''s')")
        return out

    def alter(self, world, rng):
        if rng.random() < 0.4:
            self.host = rng.choice(("a", "b'c"))
        elif rng.random() < 0.5:
            self.mapping = rng.choice((None, "PUBLIC", "CURRENT_USER"))
        else:
            self.kind = rng.choice(("", "TYPE 'x'", "VERSION '2'"))
        return True


def add_server(world, rng):
    return world.add(Server(name=fresh(world, rng) + f"_{world.number}", host="a", mapping=rng.choice((None, "PUBLIC")), kind=""))


class ForeignTable(Named):
    word = "FOREIGN TABLE"

    def sql(self, world):
        columns = ", ".join(f"{quote(name)} {type.text(world)}" for name, type in self.fields)
        options = f" OPTIONS (place {literal(self.place)})" if self.place else ""
        return [f"CREATE FOREIGN TABLE {self.text(world)} ({columns}) SERVER {quote(world[self.server].name)}{options}", *self.comments(world)]

    def forget(self, world, uid):
        return uid not in (self.server, self.schema) and all(type.forget(world, uid) for _, type in self.fields)

    def alter(self, world, rng):
        if rng.random() < 0.4:
            self.place = rng.choice(("", "x", "it's"))
        elif rng.random() < 0.5:
            self.fields.append((fresh(world, rng), Type("integer")))
            world.next += 1
        else:
            return self.move(world, rng)
        return True


def add_foreign_table(world, rng):
    from postgres.types import some_type
    server = rng.choice(world.all(Server)) if world.all(Server) else add_server(world, rng)
    return world.add(ForeignTable(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), server=server.uid, place="x",
                                  fields=[(fresh(world, rng), some_type(world, rng))]))


class EventTrigger(Item):
    comment = None
    enabled = ""

    def sql(self, world):
        out = [f"CREATE EVENT TRIGGER {quote(self.name)} ON {self.event} EXECUTE FUNCTION {world[self.function].text(world)}()"]
        if self.enabled:
            out.append(f"ALTER EVENT TRIGGER {quote(self.name)} {self.enabled}")
        if self.comment:
            out.append(f"COMMENT ON EVENT TRIGGER {quote(self.name)} IS {literal(self.comment)}")
        return out

    def alter(self, world, rng):
        if rng.random() < 0.4:
            self.enabled = rng.choice(("", "DISABLE", "ENABLE ALWAYS"))
        elif rng.random() < 0.5:
            self.event = rng.choice(("ddl_command_end", "ddl_command_start", "sql_drop"))
        else:
            self.comment = rng.choice((None, "listens"))
        return True


def add_event_trigger(world, rng):
    function = world.add(Function(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), shape="event", variant=1, arguments=[],
                                  result=Type("integer")))
    return world.add(EventTrigger(name=fresh(world, rng) + f"_{world.number}", function=function.uid, event="ddl_command_end"))


class Collation(Named):
    word = "COLLATION"

    def sql(self, world):
        return [f"CREATE COLLATION {self.text(world)} (provider = {self.provider}, locale = '{self.locale}')", *self.comments(world)]

    def alter(self, world, rng):
        if rng.random() < 0.4:
            self.provider, self.locale = rng.choice((("libc", "C"), ("icu", "de"), ("icu", "sv")))
            return True
        return self.move(world, rng)


def add_collation(world, rng):
    return world.add(Collation(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), provider="icu", locale="und"))


class TextSearch(Named):
    word = "TEXT SEARCH CONFIGURATION"

    def sql(self, world):
        text = self.text(world)
        return [f"CREATE TEXT SEARCH CONFIGURATION {text} (COPY = pg_catalog.{self.copy})", *self.comments(world)]

    def alter(self, world, rng):
        if rng.random() < 0.5:
            self.copy = rng.choice(("simple", "english", "german"))
            return True
        return self.move(world, rng)


def add_text_search(world, rng):
    return world.add(TextSearch(schema=rng.choice(world.all(Schema)).uid, name=fresh(world, rng), copy="simple"))


class Operator(Item):
    """An operator over two values of an enum, with its function."""

    def sql(self, world):
        function = world[self.function]
        type = function.arguments[0][1].text(world)
        return [f"CREATE OPERATOR {quote(world[function.schema].name)}.{self.sign} (FUNCTION = {function.text(world)}, RIGHTARG = {type})"]

    def alter(self, world, rng):
        self.sign = rng.choice(("!!@", "@#@", "~~~!"))
        return True

    def valid(self, world):
        return world[self.function].is_scalar()


def add_operator(world, rng):
    functions = [function for function in world.all(Function) if function.is_scalar()]
    return world.add(Operator(function=rng.choice(functions).uid, sign="@#@")) if functions and not world.all(Operator) else None


class Cast(Item):
    """From an enum to a type, by a function."""

    def sql(self, world):
        function = world[self.function]
        return [f"CREATE CAST ({function.arguments[0][1].text(world)} AS {function.result.text(world)}) WITH FUNCTION {function.text(world)}({function.signature(world)}){self.context}"]

    def alter(self, world, rng):
        self.context = "" if self.context else " AS ASSIGNMENT"
        return True

    def valid(self, world):
        function = world[self.function]
        return (function.is_scalar() and bool(function.arguments[0][1].user) and isinstance(world[function.arguments[0][1].user], Enum)
                and not function.arguments[0][1].array and bool(function.result.base) and not function.result.array)


def add_cast(world, rng):
    enums = world.all(Enum)
    if not enums:
        return None
    enum = rng.choice(enums)
    if any(world[cast.function].arguments[0][1].user == enum.uid for cast in world.all(Cast)):
        return None
    function = world.add(Function(schema=enum.schema, name=fresh(world, rng), shape="scalar", variant=0, arguments=[["", Type(user=enum.uid)]],
                                  result=Type(rng.choice(("integer", "date", "uuid")))))
    return world.add(Cast(function=function.uid, context=""))
