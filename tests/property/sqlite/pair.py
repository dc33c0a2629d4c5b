"""Two random schemas of SQLite, the second one made of the first by a few changes."""
import copy

from sqlite import queries, tables
from world import World

ADDERS = {tables.add_table: 5, tables.add_column: 4, tables.add_constraint: 6, queries.add_index: 5, queries.add_view: 3,
          queries.add_trigger: 3}


def add_something(world, rng):
    rng.choices(list(ADDERS), list(ADDERS.values()))[0](world, rng)


def repair(world):
    while True:
        wrong = [item for item in world.items.values() if hasattr(item, "valid") and not item.valid(world)]
        if not wrong:
            return
        world.remove(wrong[0].uid)


def mutate(world, rng):
    choice = rng.random()
    if choice < 0.25 or not world.items:
        add_something(world, rng)
    elif choice < 0.45:
        item = rng.choice(list(world.items.values()))
        if not (isinstance(item, tables.Column) and item.not_null and not item.default):
            world.remove(item.uid)
    elif choice < 0.52:
        items = world.all(rng.choice((tables.Table, queries.View, tables.Column, queries.Index)))
        if len(items) > 1:
            one, other = rng.sample(items, 2)
            if not isinstance(one, tables.Column) or one.table == other.table:
                one.name, other.name = other.name, one.name
    else:
        rng.choice(list(world.items.values())).alter(world, rng)
    repair(world)


def random_pair(number, rng):
    before = World(number)
    for _ in range(rng.randint(1, 14)):
        add_something(before, rng)
    repair(before)
    after = copy.deepcopy(before)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 9))):
        mutate(after, rng)
    nothing = rng.random()
    if nothing < 0.04:
        before = World(number)
    elif nothing < 0.08:
        after = World(number)
    return (before, after) if rng.random() < 0.8 else (after, before)
