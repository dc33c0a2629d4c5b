"""A schema as a structure that can be changed at random: items, which refer to each other by number.

An item prints itself by the names and types that its references have at that moment, so that whatever a mutation does
to one item, all that use it follow, and the SQL stays right.
"""


class Ref(int):
    """The number of an item. One that stands in a field (or in a list there) is a dependency."""


class Item:
    weak = ()  # fields whose references are no need: they become None when what they name goes

    def __init__(self, **fields):
        self.__dict__.update(fields)

    def refs(self):
        return set(found(value for key, value in self.__dict__.items() if key != "uid" and key not in self.weak))

    def order_refs(self, world):
        """What has to be made first."""
        return self.refs()

    def sql(self, world):
        """The statements that make it."""
        return []

    def late(self, world):
        """Statements for when everything is made."""
        return []

    def rows(self, world):
        """Statements that put rows into it."""
        return []

    def forget(self, world, uid):
        """Lives on without that item, if it can."""
        return False

    def alter(self, world, rng):
        """Changes something at random, if it can."""
        return False


def found(values):
    for value in values:
        if isinstance(value, Ref):
            yield value
        elif isinstance(value, (list, tuple, set)):
            yield from found(value)
        elif hasattr(value, "inner_refs"):
            yield from found(value.inner_refs())


class World:
    def __init__(self, number):
        self.number = number  # apart from every other world: it stands in all names that a database has once
        self.items = {}
        self.next = 1
        self.renames = []

    def __getitem__(self, uid):
        return self.items[uid]

    def __contains__(self, uid):
        return uid in self.items

    def add(self, item):
        item.uid = Ref(self.next)
        self.next += 1
        self.items[item.uid] = item
        return item

    def all(self, kind):
        return [item for item in self.items.values() if isinstance(item, kind)]

    def parts(self, kind, field, uid):
        return [item for item in self.items.values() if isinstance(item, kind) and getattr(item, field) == uid]

    def users(self, uid):
        return [item for item in self.items.values() if uid in item.refs()]

    def remove(self, uid):
        """And all that cannot be without it."""
        if self.items.pop(uid, None) is None:
            return
        for item in list(self.items.values()):
            for field in item.weak:
                if getattr(item, field) == uid:
                    setattr(item, field, None)
            if item.uid in self.items and uid in item.refs():
                if not item.forget(self, uid) or uid in item.refs():
                    self.remove(item.uid)

    def ordered(self):
        done, out = set(), []

        def visit(uid, path):
            if uid in done or uid not in self.items:
                return
            if uid in path:
                raise RecursionError(f"a circle of needs at {self.items[uid].__dict__}")
            for other in sorted(self.items[uid].order_refs(self)):
                visit(other, path | {uid})
            done.add(uid)
            out.append(self.items[uid])

        for uid in sorted(self.items):
            visit(uid, frozenset())
        return out

    def sql(self):
        ordered = self.ordered()
        return [s for item in ordered for s in item.sql(self)] + [s for item in ordered for s in item.late(self)]

    def rows(self):
        return [statement for item in self.ordered() for statement in item.rows(self)]
