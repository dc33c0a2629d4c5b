"""What a statement has to do with declared classes, and its rows with their objects."""
from .changes import _Change
from .orm_objects import Entity
from .selects import Select, _Query
from .tables import Alias, FromClause, Join, TableClause


def concerns_objects(element):
    """Whether a statement speaks of a mapped class: before any other a session writes nothing that is pending."""
    if isinstance(element, (Entity, TableClause)):
        return isinstance(element, Entity) or getattr(element, "is_mapped", False)
    if isinstance(element, _Change):
        return concerns_objects(element.table)
    if isinstance(element, Alias):
        return concerns_objects(element.element)
    if isinstance(element, Join):
        return any(concerns_objects(one) for one in element.parts())
    if isinstance(element, Select):
        return any(concerns_objects(one) for one in element._froms(None))
    return isinstance(element, _Query)


def entities_of(statement):
    return [one for one in statement._elements if isinstance(one, Entity)] if isinstance(statement, Select) else []


def with_objects(objects, statement, rows):
    """The rows of a query, with objects in the places of their columns."""
    made = []
    for row in rows:
        cells, place = [], 0
        for element in statement._elements:
            if isinstance(element, Entity):
                count = len(element.c)
                cells.append(objects.load(element.model, list(element.c), row[place:place + count]))
            elif isinstance(element, FromClause):
                count = len(element.c)
                cells.extend(row[place:place + count])
            else:
                count = 1
                cells.append(row[place])
            place += count
        made.append(tuple(cells))
    return made


def described(element):
    """As query.column_descriptions says it."""
    if isinstance(element, Entity):
        return {"name": element.model.__name__, "type": element.model, "aliased": False, "expr": element.model, "entity": element.model}
    return {"name": getattr(element, "name", None), "type": getattr(element, "type", None), "expr": element}


def names_of(statement):
    """The names of a row with objects: the class's for an object."""
    names = []
    for element, (name, _) in zip(statement._elements, _first_names(statement)):
        names.append(element.model.__name__ if isinstance(element, Entity) else getattr(element, "attribute", None) or name)
    return tuple(names)


def names_in_rows(statement):
    """By its place in the rows of a session, what a column is called that has another name in the database."""
    elements = statement._elements if isinstance(statement, Select) else getattr(statement, "_returning", ())
    names, place = {}, 0
    for one in elements:
        if isinstance(one, FromClause):
            place += len(one.c)
            continue
        attribute = getattr(one, "attribute", None)
        if attribute is not None and attribute != one.name:
            names[place] = attribute
        place += 1
    return names


def _first_names(statement):
    place, output = 0, statement.output()
    for element in statement._elements:
        yield output[place]
        place += len(element.c) if isinstance(element, FromClause) else 1
