"""Names, plain and exotic, and how SQL writes them."""

PLAIN = ("item", "account", "note", "place", "step", "thing", "owner", "total", "state", "label")
EXOTIC = ("User", "select", "table", "Größe", "a b", 'quo"te', "it's", "表", "x.y", "UPPER", "v$1", "100%s", "back\\slash",
          "🙂", "order", "semi;colon", "Ünï", "--dash", "/*star", "end$$")


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def fresh(world, rng):
    """One that nothing else in the world has."""
    word = rng.choice(EXOTIC) if rng.random() < 0.35 else rng.choice(PLAIN)
    return f"{word}_{world.next}"
