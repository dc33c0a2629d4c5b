"""Names that nobody wrote: ix_table_column, and those of a naming convention."""
from .columns import Column
from .constraints import CheckConstraint, ForeignKeyConstraint, Index
from .dialects import conv, made_name
from .exceptions import InvalidRequestError
from .settings import UnknownConvention
from .stops import need_application

_STANDARD = {"ix": "ix_%(column_0_label)s"}


def convention_of(table):
    """The project's naming convention; that of the table's own MetaData comes first."""
    own = getattr(getattr(table, "metadata", None), "naming_convention", None)
    if own:
        return own
    return _of_project()


def _of_project():
    from . import current
    return current.settings().naming_convention


def name_of(item, table=None):
    """The name of a constraint or an index as it is created; None: it has none."""
    table = table if table is not None else item.table
    if isinstance(item.name, conv):
        return item.name
    conventions = convention_of(table) if table is not None else {}
    kind = "ix" if isinstance(item, Index) else item.convention
    if isinstance(conventions, UnknownConvention):
        if item.name is not None and kind != "ck":
            return item.name
        conventions.need()
    pattern = conventions.get(kind) or (conventions.get(type(item)) if conventions else None) or _STANDARD.get(kind)
    if not pattern or not isinstance(pattern, str):
        return item.name
    if item.name is not None and "%(constraint_name)" not in pattern:
        return item.name
    if item.name is None and "%(constraint_name)" in pattern:
        if kind == "ck" and not item.from_type:
            return None
        if kind == "ck":
            return None
    return made(pattern % _Tokens(item, table, conventions))


def made(text):
    return made_name(text)


class _Tokens:
    def __init__(self, item, table, conventions):
        self.item, self.table, self.conventions = item, table, conventions

    def __getitem__(self, key):
        if key == "table_name":
            return self.table.name
        if key == "constraint_name":
            return self.item.name
        if key.startswith("referred_table_name"):
            return self.item.target()[1]
        if key.startswith("referred_column_0"):
            return self._columns(self.item.target()[2], key[len("referred_column_0"):], None)
        if key.startswith("column_0"):
            return self._columns(_names(self.item), key[len("column_0"):], self.table)
        own = self.conventions.get(key)
        if callable(own):
            return own(self.item, self.table)
        if self.conventions is _of_project():
            need_application("%%(%s)s of the naming convention of env.py's metadata, a function of the application" % key)
        raise InvalidRequestError("the naming convention asks for %%(%s)s, which is not known" % key)

    def _columns(self, names, rest, table):
        """_name, _label, _key of the first column; N_name, _N_name of all of them."""
        several = rest.startswith(("N", "_N"))
        between = "_" if rest.startswith("_N") else ""
        if not names:
            return ""
        what = rest.rsplit("_", 1)[-1]
        if what == "label" and table is not None:
            stem = "_".join(part for part in ((table.schema or "").replace(".", "_"), table.name) if part)
            names = ["%s_%s" % (stem, name) for name in names]
        return between.join(names) if several else names[0]


def _names(item):
    if isinstance(item, Index):
        return [one if isinstance(one, str) else one.name for one in item.given
                if isinstance(one, (str, Column)) or getattr(one, "name", None)]
    if isinstance(item, CheckConstraint):
        found = [one for one in (item.table.c if item.table is not None else ()) if one.name in item.sqltext.text] \
            if hasattr(item.sqltext, "text") else []
        return [one.name for one in found]
    if isinstance(item, ForeignKeyConstraint):
        return item.column_names()
    return item.column_names()
