"""Expressions with other columns in the places of theirs."""
from .expressions import ColumnClause, Element
from .tables import FromClause


def moved(element, columns, unknown):
    """columns: by the id of a column, what takes its place; unknown(column) ends it for one that has none."""
    element = getattr(element, "mapped", element)
    if id(element) in columns:
        return columns[id(element)]
    if element.is_statement and not hasattr(element, "text"):
        unknown(element)
    if isinstance(element, ColumnClause) or hasattr(element, "foreign_keys"):
        return element if getattr(element, "is_literal", False) or element.table is None else unknown(element)
    if isinstance(element, FromClause):
        return unknown(element)
    made = element.__class__.__new__(element.__class__)
    made.__dict__.update({name: _moved_part(part, columns, unknown) for name, part in element.__dict__.items()})
    return made


def _moved_part(part, columns, unknown):
    if isinstance(part, Element):
        return moved(part, columns, unknown)
    if isinstance(part, (list, tuple)):
        return type(part)(_moved_part(one, columns, unknown) for one in part)
    return part
