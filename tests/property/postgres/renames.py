"""Renames that are declared: what keeps its rows or values under another name."""
from names import quote
from postgres.tables import Column, Table
from postgres.types import Enum, Named


class Rename:
    """Of an item, in words for --rename, both ways."""

    def __init__(self, before, after, uid):
        old, new = before[uid], after[uid]
        self.uid = uid
        place = [before[old.schema].name] if isinstance(old, Named) else [before[before[old.table].schema].name, before[old.table].name]
        path = ".".join(map(quote, place))
        self.there = f"{path}.{quote(old.name)}={quote(new.name)}"
        self.back = f"{path}.{quote(new.name)}={quote(old.name)}"


def names_in(world):
    return [item.name for item in world.items.values() if hasattr(item, "name")]


def is_rename(before, after, uid):
    """Whether nothing but its name tells one from the other's, and no other item has either name."""
    old, new = before.items.get(uid), after.items.get(uid)
    if old is None or type(old) is not type(new) or old.name == new.name:
        return False
    if names_in(before).count(old.name) != 1 or names_in(after).count(new.name) != 1:
        return False
    if old.name in names_in(after) or new.name in names_in(before):
        return False
    if isinstance(old, Column):
        return old.table == new.table and is_same_place(before, after, old.table)
    return old.schema == new.schema


def is_same_place(before, after, table):
    """Whether the table is the same, and has neither parents nor heirs, which would be renamed with it."""
    old, new = before.items.get(table), after.items.get(table)
    return (isinstance(old, Table) and isinstance(new, Table) and old.name == new.name and old.schema == new.schema
            and not any(world[table].parent or world.parts(Table, "parent", table) for world in (before, after)))


def choose(before, after, rng):
    """Which of them are declared."""
    return [uid for uid, item in before.items.items()
            if isinstance(item, (Table, Enum, Column)) and is_rename(before, after, uid) and rng.random() < 0.7]


def declared(before, after):
    """Those that are chosen, and still are renames when a pair has been made smaller."""
    return [Rename(before, after, uid) for uid in after.renames if is_rename(before, after, uid)]
