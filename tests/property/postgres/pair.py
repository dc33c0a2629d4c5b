"""Two random schemas of PostgreSQL, the second one made of the first by a few changes."""
import copy

from postgres import constraints, extensions, guards, renames, routines, surroundings, tables, types, views
from names import EXOTIC, fresh
from world import World

# What is added, and how often.
ADDERS = {types.add_enum: 6, types.add_composite: 3, types.add_domain: 4, types.add_range: 1, tables.add_sequence: 3,
          tables.add_table: 12, tables.add_partitioned: 3, tables.add_partition: 2, tables.add_column: 8,
          constraints.add_constraint: 12, constraints.add_index: 10, constraints.add_statistics: 2, routines.add_function: 9,
          routines.add_aggregate: 1, views.add_view: 8, guards.add_trigger: 5, guards.add_policy: 4, guards.add_rule: 2,
          surroundings.add_grant: 3, surroundings.add_default_privileges: 1, surroundings.add_publication: 1,
          surroundings.add_foreign_table: 1, surroundings.add_event_trigger: 0.5, surroundings.add_collation: 0.5,
          surroundings.add_text_search: 0.5, surroundings.add_operator: 0.5, surroundings.add_cast: 0.7,
          extensions.add_extension: 0.8, extensions.add_operator_class: 0.7}
SWAPPED = (types.Enum, tables.Table, views.View, tables.Column, constraints.Index, constraints.Constraint, tables.Sequence)


def add_something(world, rng):
    adder = rng.choices(list(ADDERS), list(ADDERS.values()))[0]
    return adder(world, rng)


def repair(world):
    """Removes what the changes of others made wrong."""
    while True:
        wrong = [item for item in world.items.values() if hasattr(item, "valid") and not item.valid(world)]
        if not wrong:
            return
        world.remove(wrong[0].uid)


def swap_names(world, rng):
    """Two items of one kind, each with the other's name: the hardest case for an order."""
    items = world.all(rng.choice(SWAPPED))
    if len(items) < 2:
        return
    one, other = rng.sample(items, 2)
    holder = next((field for field in ("schema", "table") if hasattr(one, field)), None)
    if holder and getattr(one, holder) == getattr(other, holder):
        one.name, other.name = other.name, one.name


def give_name(world, rng):
    """Another name for what can be renamed by word."""
    items = world.all((types.Enum, tables.Table, tables.Column))
    if items:
        world.next += 1
        rng.choice(items).name = fresh(world, rng)


def take_name(world, rng, before):
    """Something new under the name of something that went."""
    gone = [item for uid, item in before.items.items() if uid not in world and isinstance(item, types.Named)]
    new = [item for uid, item in world.items.items() if uid not in before and isinstance(item, types.Named)]
    if gone and new:
        old, item = rng.choice(gone), rng.choice(new)
        if old.schema in world:
            item.name, item.schema = old.name, old.schema


def mutate(world, rng):
    choice = rng.random()
    if choice < 0.25:
        add_something(world, rng)
    elif choice < 0.45 and world.items:
        item = rng.choice(list(world.items.values()))
        if not (isinstance(item, types.Schema) and len(world.all(types.Schema)) == 1):
            if not (isinstance(item, tables.Column) and item.not_null and not item.default and not item.identity):
                world.remove(item.uid)
    elif choice < 0.5:
        swap_names(world, rng)
    elif choice < 0.58:
        give_name(world, rng)
    elif world.items:
        for _ in range(5):
            if rng.choice(list(world.items.values())).alter(world, rng):
                break
    repair(world)


def random_world(number, rng):
    world = World(number)
    for at in range(rng.choice((1, 2, 2))):
        word = rng.choice(EXOTIC) if rng.random() < 0.3 else "shop"
        world.add(types.Schema(name=f"{word} p{number} {at}" if rng.random() < 0.3 else f"{word}{at}_p{number}"))
    for _ in range(rng.randint(3, 28)):
        add_something(world, rng)
    repair(world)
    return world


def random_pair(number, rng):
    """Both sides; now and then one is empty."""
    before = random_world(number, rng)
    after = copy.deepcopy(before)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 9))):
        mutate(after, rng)
    if rng.random() < 0.3:
        take_name(after, rng, before)
    repair(after)
    nothing = rng.random()
    if nothing < 0.04:
        before = World(number)
    elif nothing < 0.08:
        after = World(number)
    if rng.random() >= 0.8:
        before, after = after, before
    after.renames = renames.choose(before, after, rng) if rng.random() < 0.5 else []
    return before, after
