"""Triggers, rules and policies."""
from names import fresh, literal, quote
from postgres.routines import Function, attach, trigger_function
from postgres.tables import Table
from postgres.views import View
from world import Item


class Trigger(Item):
    comment = None
    enabled = ""
    column = None  # of UPDATE OF, and of the condition
    variant = 0
    constraint = False

    def sql(self, world):
        relation = world[self.relation]
        column = world[self.column] if self.column else None
        if isinstance(relation, View):
            text = f"CREATE TRIGGER {quote(self.name)} INSTEAD OF {self.events} ON {relation.text(world)} FOR EACH ROW"
        else:
            events = self.events
            if column and "UPDATE" in events and self.variant % 2:
                events = events.replace("UPDATE", f"UPDATE OF {quote(column.name)}")
            if self.constraint:
                text = f"CREATE CONSTRAINT TRIGGER {quote(self.name)} AFTER {events} ON {relation.text(world)} DEFERRABLE FOR EACH ROW"
            else:
                text = f"CREATE TRIGGER {quote(self.name)} {self.when} {events} ON {relation.text(world)} FOR EACH {self.level}"
            if column and "DELETE" not in events and (self.level == "ROW" or self.constraint) and self.variant % 3:
                generated = column.generated and self.when == "BEFORE" and not self.constraint
                if not generated:
                    text += f" WHEN ({column.type.predicate(world, 'NEW.' + quote(column.name), self.variant)})"
        text += f" EXECUTE FUNCTION {world[self.function].text(world)}({', '.join(map(literal, self.arguments))})"
        out = [text]
        if self.enabled and not isinstance(relation, View):
            out.append(f"ALTER TABLE {relation.text(world)} {self.enabled} TRIGGER {quote(self.name)}")
        if self.comment:
            out.append(f"COMMENT ON TRIGGER {quote(self.name)} ON {relation.text(world)} IS {literal(self.comment)}")
        return out

    def forget(self, world, uid):
        if uid == self.column:
            self.column = None
            return True
        return False

    def valid(self, world):
        relation = world[self.relation]
        return not isinstance(relation, View) or not relation.materialized

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.2:
            self.variant += 1
        elif choice < 0.4:
            self.enabled = rng.choice(("", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"))
        elif choice < 0.5:
            self.events = rng.choice(("INSERT", "UPDATE", "INSERT OR UPDATE", "DELETE"))
        elif choice < 0.6:
            self.arguments = rng.choice(([], ["it's"], ["a", "b\\"]))
        elif choice < 0.75:
            self.function = trigger_function(world, rng).uid
        elif choice < 0.85:
            self.comment = rng.choice((None, "fires"))
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


def add_trigger(world, rng):
    relations = world.all(Table) + [view for view in world.all(View) if not view.materialized]
    relations = [relation for relation in relations if not (isinstance(relation, Table) and relation.bound)]
    if not relations:
        return None
    relation = rng.choice(relations)
    item = Trigger(relation=relation.uid, name=fresh(world, rng), function=trigger_function(world, rng).uid, variant=rng.randrange(20),
                   events=rng.choice(("INSERT", "UPDATE", "INSERT OR UPDATE", "DELETE")), when=rng.choice(("BEFORE", "AFTER")),
                   level=rng.choice(("ROW", "STATEMENT")), arguments=[])
    if isinstance(relation, Table):
        columns = relation.columns(world)
        item.column = rng.choice(columns).uid if columns and rng.random() < 0.6 else None
        item.constraint = rng.random() < 0.15 and not relation.key
        item.enabled = rng.choice(("", "", "", "DISABLE", "ENABLE ALWAYS"))
    return world.add(item)


class Policy(Item):
    comment = None
    command = "ALL"
    restrictive = False

    def sql(self, world):
        table, column = world[self.table], world[self.columns[0]]
        condition = column.type.predicate(world, quote(column.name), self.variant)
        if self.function:
            condition = world[self.function].call(world, [column], condition)
        text = f"CREATE POLICY {quote(self.name)} ON {table.text(world)} AS {'RESTRICTIVE' if self.restrictive else 'PERMISSIVE'} FOR {self.command}"
        text += f" TO {self.role}"
        if self.command != "INSERT":
            text += f" USING ({condition})"
        if self.command in ("INSERT", "UPDATE") or self.variant % 2 and self.command == "ALL":
            text += f" WITH CHECK ({column.type.predicate(world, quote(column.name), self.variant + 1)})"
        out = [text]
        if self.comment:
            out.append(f"COMMENT ON POLICY {quote(self.name)} ON {table.text(world)} IS {literal(self.comment)}")
        return out

    function = None

    def forget(self, world, uid):
        if uid == self.function:
            self.function = None
            return True
        return False

    def alter(self, world, rng):
        choice = rng.random()
        if choice < 0.3:
            self.variant += 1
        elif choice < 0.5:
            self.command = rng.choice(("ALL", "SELECT", "INSERT", "UPDATE", "DELETE"))
        elif choice < 0.6:
            self.restrictive = not self.restrictive
        elif choice < 0.7:
            self.role = rng.choice(("PUBLIC", '"limbeck Reader"', "CURRENT_USER"))
        elif choice < 0.85:
            return attach(world, rng, self)
        else:
            world.next += 1
            self.name = fresh(world, rng)
        return True


def add_policy(world, rng):
    tables = [table for table in world.all(Table) if table.columns(world)]
    if not tables:
        return None
    table = rng.choice(tables)
    item = Policy(table=table.uid, name=fresh(world, rng), columns=[rng.choice(table.columns(world)).uid], variant=rng.randrange(20),
                  command=rng.choice(("ALL", "SELECT", "INSERT", "UPDATE", "DELETE")), restrictive=rng.random() < 0.2,
                  role=rng.choice(("PUBLIC", '"limbeck Reader"')))
    if rng.random() < 0.4:
        attach(world, rng, item)
    return world.add(item)


class Rule(Item):
    comment = None

    def sql(self, world):
        relation = world[self.relation]
        text = f"CREATE RULE {quote(self.name)} AS ON {self.event} TO {relation.text(world)}"
        if self.column:
            column = world[self.column]
            text += f" WHERE {column.type.predicate(world, 'new.' + quote(column.name), self.variant)}"
        text += " DO " + ("INSTEAD NOTHING" if self.variant % 2 or self.column else "ALSO NOTIFY changed")
        out = [text]
        if self.comment:
            out.append(f"COMMENT ON RULE {quote(self.name)} ON {relation.text(world)} IS {literal(self.comment)}")
        return out

    def forget(self, world, uid):
        if uid == self.column:
            self.column = None
            return True
        return False

    def alter(self, world, rng):
        if rng.random() < 0.7:
            self.variant += 1
        else:
            self.comment = rng.choice((None, "a rule's rule"))
        return True


def add_rule(world, rng):
    relations = [table for table in world.all(Table) if not table.bound and not table.key]
    if not relations:
        return None
    relation = rng.choice(relations)
    columns = relation.columns(world)
    return world.add(Rule(relation=relation.uid, name=fresh(world, rng), event=rng.choice(("INSERT", "UPDATE")), variant=rng.randrange(20),
                          column=rng.choice(columns).uid if columns and rng.random() < 0.6 else None))
