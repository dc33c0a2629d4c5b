"""What the columns of a SELECT are called, in its text and in its rows."""
import enum

from .expressions import Cast, ColumnClause, ColumnElement, Label, Ordered


class SelectLabelStyle(enum.Enum):
    LABEL_STYLE_NONE = 0
    LABEL_STYLE_TABLENAME_PLUS_COL = 1
    LABEL_STYLE_DISAMBIGUATE_ONLY = 2
    LABEL_STYLE_DEFAULT = 2
    LABEL_STYLE_LEGACY_ORM = 3


BY_DEFAULT = SelectLabelStyle.LABEL_STYLE_DEFAULT


def with_table(column):
    """table_column, where it is a table's."""
    table = getattr(column, "table", None)
    if table is None or getattr(table, "name", None) is None or getattr(column, "is_literal", False):
        return column.name
    schema = getattr(table, "schema", None)
    return "%s%s_%s" % (schema.replace(".", "_") + "_" if schema else "", table.name, column.name)


def _own_name(element):
    """A column's, which goes through a cast."""
    while isinstance(element, Cast):
        element = element.element
    return getattr(element, "name", None) if isinstance(element, (ColumnClause, Label)) or hasattr(element, "foreign_keys") else None


def names(elements, style=BY_DEFAULT):
    """Of each column its name, None where the database makes one up, and whether AS says it: names that would come twice, and
    expressions, get names as SQLAlchemy gives them."""
    seen, counters = {}, {}
    return [_name(one, style, seen, counters) for one in elements]


def _name(one, style, seen, counters):
    name = _own_name(one)
    if isinstance(one, Label):
        return one.name, True
    if isinstance(one, Cast) and name is not None:
        called = name if name not in seen else "%s__%d" % (name, seen[name] + 1)
        seen[name] = seen.get(name, -1) + 1
        return called, True
    if name is None:
        stem = getattr(one, "anonymous", None)
        if stem is None or isinstance(one, Ordered) or not isinstance(one, ColumnElement):
            return None, False
        counters[stem] = counters.get(stem, 0) + 1
        return "%s_%d" % (stem, counters[stem]), True
    if style is SelectLabelStyle.LABEL_STYLE_TABLENAME_PLUS_COL:
        name = with_table(one)
        seen[name] = seen.get(name, -1) + 1
        return "%s__%d" % (name, seen[name]) if seen[name] else name, name != one.name
    if name in seen and not getattr(one, "is_literal", False) and style is not SelectLabelStyle.LABEL_STYLE_NONE:
        seen[name] += 1
        return "%s_%d" % (name, seen[name]), True
    seen[name] = 0
    return name, False


def labelled(elements, context, style=BY_DEFAULT):
    """Each column's text."""
    for one, (name, is_said) in zip(elements, names(elements, style)):
        text = one.sql(context)
        yield "%s AS %s" % (text, context.dialect.quote(name)) if is_said else text
