"""Constraints and indexes as scripts build them."""

from .columns import Column, ForeignKey, SchemaItem, shown, target_text
from .exceptions import ArgumentError
from .expressions import Element, Ordered
from .stand_in import StandIn
from .tables import Columns


class Constraint(SchemaItem):
    kind = None
    convention = None

    def __init__(self, name=None, deferrable=None, initially=None, comment=None, **named):
        super().__init__(**named)
        self.name, self.deferrable, self.initially, self.comment = name, deferrable, initially, comment
        self.table = None
        self.from_type = False

    def copy(self, **unused):
        made = self.__class__.__new__(self.__class__)
        made.__dict__.update(self.__dict__)
        made.table = None
        return made

    def column_names(self):
        return []

    def __repr__(self):
        return shown(type(self).__name__, self._shown(), name=self.name)

    def _shown(self):
        return []


class _ColumnsConstraint(Constraint):
    def __init__(self, *columns, **named):
        super().__init__(**{key: value for key, value in named.items()})
        self.given = list(columns)
        if columns and all(isinstance(one, Column) and one.table is not None for one in columns):
            _attach(self, [columns[0].table])

    def column_names(self):
        return [column_name(one, self.table) for one in self.given]

    @property
    def columns(self):
        if self.table is None:
            return Columns(one for one in self.given if isinstance(one, Column))
        return Columns(self.table.c[name] for name in self.column_names())

    c = columns

    def __repr__(self):
        return shown(type(self).__name__, self.columns)

    def contains_column(self, column):
        return column in self.columns

    def __iter__(self):
        return iter(self.columns)

    def __len__(self):
        return len(self.given)

    def __bool__(self):
        return True

    def __contains__(self, one):
        return one in self.columns


def column_name(one, table=None):
    """The name of a column that is given by its key or itself."""
    if isinstance(one, str):
        known = table.c.get(one) if table is not None else None
        return known.name if known is not None else one
    return one.name


class PrimaryKeyConstraint(_ColumnsConstraint):
    kind = "primary"
    convention = "pk"


class UniqueConstraint(_ColumnsConstraint):
    kind = "unique"
    convention = "uq"


class CheckConstraint(Constraint):
    kind = "check"
    convention = "ck"

    def __init__(self, sqltext, name=None, **named):
        named.pop("table", None)
        super().__init__(name=name, **named)
        from .text_clause import as_text
        self.sqltext = as_text(sqltext)
        _attach(self, self.sqltext.tables())

    def _shown(self):
        return [self.sqltext]


def _attach(constraint, tables):
    """A constraint on columns that are in a table belongs to it without being told so."""
    if tables and hasattr(tables[0], "append_constraint"):
        tables[0].append_constraint(constraint)


class ForeignKeyConstraint(Constraint):
    kind = "foreignkey"
    convention = "fk"

    def __init__(self, columns, refcolumns, name=None, onupdate=None, ondelete=None, use_alter=False, link_to_name=False,
                 match=None, table=None, **named):
        super().__init__(name=name, **named)
        self.given = list(columns)
        self.refcolumns = [one.__clause_element__() if hasattr(one, "__clause_element__") else one for one in refcolumns]
        self.onupdate, self.ondelete, self.use_alter, self.match = onupdate, ondelete, use_alter, match
        self.of_column = None  # the ForeignKey of a column that it was made of
        if len(self.given) != len(self.refcolumns):
            raise ArgumentError("a foreign key needs as many columns as it refers to")

    def _shown(self):
        return [self.columns, None]

    def column_names(self):
        return [column_name(one, self.table) for one in self.given]

    column_keys = property(column_names)

    @property
    def columns(self):
        return Columns(self.table.c[name] for name in self.column_names()) if self.table is not None else Columns()

    @property
    def elements(self):
        """A ForeignKey for each column."""
        if self.of_column is not None:
            return [self.of_column]
        made = []
        for own, other in self.pairs():
            one = ForeignKey("%s.%s" % (self.target_table_key(), other), name=self.name, ondelete=self.ondelete, onupdate=self.onupdate)
            one.parent, one.constraint = self.columns.get(own), self
            made.append(one)
        return made

    @property
    def referred_table(self):
        return self.elements[0].column.table

    def target(self):
        """(schema, table, columns) of what it refers to."""
        schema = table = None
        names = []
        for own, one in zip(self.column_names(), self.refcolumns):
            if not isinstance(one, str):
                one = target_text(one) if isinstance(one, StandIn) else one
                schema, table = one.table.schema, one.table.name
                names.append(one.name)
                continue
            parts = one.split(".")
            if len(parts) == 1:
                parts.append(own)
            names.append(parts[-1])
            table, schema = parts[-2], ".".join(parts[:-2]) or None
        if schema is None and self.table is not None and getattr(self.table.metadata, "schema", None):
            schema = self.table.metadata.schema
        return schema, table, names

    def target_table_key(self):
        schema, table, _ = self.target()
        return "%s.%s" % (schema, table) if schema else table

    def pairs(self):
        return list(zip(self.column_names(), self.target()[2]))


class Index(SchemaItem):
    def __init__(self, name, *expressions, unique=False, _table=None, **named):
        super().__init__(**named)
        self.name, self.unique, self.table = name, bool(unique), _table
        self.given = [one.__clause_element__() if hasattr(one, "__clause_element__") else one for one in expressions]
        if self.table is None:
            for one in self.given:
                tables = one.tables() if isinstance(one, Element) else []
                if tables and hasattr(tables[0], "append_constraint"):
                    tables[0].append_constraint(self)
                    break

    @property
    def columns(self):
        known = getattr(self.table, "c", {})
        found = [known.get(one) if isinstance(one, str) else one for one in self.given]
        while any(isinstance(one, Ordered) for one in found):
            found = [one.element if isinstance(one, Ordered) else one for one in found]
        return Columns(one for one in found if isinstance(one, Column))

    expressions = property(lambda self: self.given)
    c = columns

    def __repr__(self):
        known = getattr(self.table, "c", {})
        parts = [known.get(one, one) if isinstance(one, str) else one for one in self.given]
        return shown("Index", [self.name, *parts], unique=self.unique or None)

    def copy(self, **unused):
        made = Index.__new__(Index)
        made.__dict__.update(self.__dict__)
        made.table = None
        return made

    def create(self, bind=None, checkfirst=False):
        from . import ddl, current
        if self.is_for(current.dialect()):
            current.run().execute_sql(ddl.create_index(self, current.dialect(), if_not_exists=bool(checkfirst)))

    def drop(self, bind=None, checkfirst=False):
        from . import ddl, current
        if self.is_for(current.dialect()):
            current.run().execute_sql(ddl.drop_index(self, current.dialect(), if_exists=bool(checkfirst)))
