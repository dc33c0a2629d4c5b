"""Enum and postgresql.ENUM. On PostgreSQL the type is created when it is missing; what the script says is kept otherwise."""
from . import column_types as types
from .exceptions import ArgumentError, CompileError
from .expressions import Executable
from .keywords import refuse_unknown
from .stand_in import StandIn
from .values import quoted


class Enum(types.String, types.SchemaType):
    """Enum("a", "b", name="mood") or Enum(PythonEnum)"""

    def __init__(self, *members, name=None, native_enum=True, create_constraint=False, values_callable=None, length=None,
                 schema=None, metadata=None, inherit_schema=False, create_type=True, validate_strings=False,
                 sort_key_function=None, omit_aliases=True, **unused):
        super().__init__()
        for one in members:
            if isinstance(one, StandIn):
                one.need()
        if len(members) == 1 and isinstance(members[0], (list, tuple)):
            members = tuple(members[0])
        self.enum_class = None
        self.enums = [str.__str__(one) if isinstance(one, str) else one for one in members]
        if len(members) == 1 and hasattr(members[0], "__members__"):
            self._take_class(members[0], values_callable)
            name = name or members[0].__name__.lower()
        self.name, self.native_enum, self.create_constraint = name, native_enum, create_constraint
        self.schema = schema or getattr(metadata, "schema", None)
        self.create_type, self.given_length, self.inherit_schema = create_type, length, inherit_schema
        longest = max((len(one) for one in self.enums if isinstance(one, str)), default=0)
        self.length = max(length or 0, longest) or None

    def _take_class(self, members, values_callable):
        self.enum_class = members
        self.by_label = {}
        ordered = [(name, member) for name, member in members.__members__.items() if member.name == name]
        labels = [str(one) for one in values_callable(members)] if values_callable else [name for name, _ in ordered]
        self.by_label = dict(zip(labels, (member for _, member in ordered)))
        self.enums = labels

    def is_native(self, dialect):
        return dialect.is_postgresql and self.native_enum

    def sql(self, dialect):
        if not self.is_native(dialect):
            return super().sql(dialect)
        if not self.name:
            raise CompileError("an enumeration needs a name on PostgreSQL")
        return dialect.qualified(self.name, self.schema)

    def literal(self, value, dialect):
        if value is not None and self.enum_class is not None and not isinstance(value, str) or \
                hasattr(type(value), "__members__"):
            value = self.label_of(value)
        return super().literal(value, dialect)

    def label_of(self, member):
        if self.enum_class is None:
            return member.value if isinstance(member.value, str) and member.value in self.enums else member.name
        for label, known in self.by_label.items():
            if known is member or known == member:
                return label
        raise LookupError("%r is not among the values of the enumeration %s" % (member, self.name))

    def result(self, value, dialect):
        if self.enum_class is None or value is None:
            return value
        if value not in self.by_label:
            raise LookupError("%r is not among the values of the enumeration %s" % (value, self.name))
        return self.by_label[value]

    def constraint_for(self, column, dialect):
        if not self.create_constraint or self.is_native(dialect):
            return None
        return "%s IN (%s)" % (dialect.quote(column.name), ", ".join(quoted(one) for one in self.enums)), self.name

    def create(self, bind=None, checkfirst=True):
        from . import current
        run = current.run()
        if self.is_native(run.dialect):
            run.made_type(self)
            run.execute_sql(create_type(self, run.dialect, checkfirst))

    def drop(self, bind=None, checkfirst=True):
        from . import current
        run = current.run()
        if self.is_native(run.dialect):
            run.execute_sql("DROP TYPE %s%s" % ("IF EXISTS " if checkfirst else "", self.sql(run.dialect)))

    @property
    def python_type(self):
        return self.enum_class or str

    def __repr__(self):
        named = [("name", self.name, None), ("native_enum", self.native_enum, True), ("create_constraint", self.create_constraint, False)]
        shown = [repr(one) for one in self.enums] + ["%s=%r" % (name, value) for name, value, usual in named if value != usual]
        return "%s(%s)" % (type(self).__name__, ", ".join(shown))


class ENUM(Enum):
    """postgresql.ENUM"""

    def __init__(self, *members, name=None, create_type=True, **named):
        super().__init__(*members, name=name, create_type=create_type, **named)


class CreateEnumType(Executable):
    """The statement by itself, given to execute()."""
    is_statement = True

    def __init__(self, element, **unused):
        self.element = element

    def sql(self, context):
        return create_type(self._native(context.dialect), context.dialect, when_missing=False)

    def _native(self, dialect):
        if not self.element.is_native(dialect):
            raise CompileError("%s has no enumerations" % dialect.name)
        return self.element


class DropEnumType(CreateEnumType):
    def sql(self, context):
        return "DROP TYPE " + self._native(context.dialect).sql(context.dialect)


class DOMAIN(types.TypeEngine):
    """postgresql.DOMAIN"""

    def __init__(self, name, data_type, collation=None, default=None, constraint_name=None, not_null=None, check=None,
                 create_type=True, schema=None, **named):
        refuse_unknown(self, named)
        self.name, self.data_type, self.schema, self.create_type = name, types.to_instance(data_type), schema, create_type
        self.collation, self.default, self.constraint_name = collation, default, constraint_name
        self.not_null, self.check = not_null, check

    def sql(self, dialect):
        if not dialect.is_postgresql:
            raise CompileError("%s has no domains" % dialect.name)
        return dialect.qualified(self.name, self.schema)

    def literal(self, value, dialect):
        return self.data_type.literal(value, dialect)

    def create(self, bind=None, checkfirst=True):
        from . import current, ddl
        from .text_clause import as_text
        run = current.run()
        text = "CREATE DOMAIN %s AS %s" % (self.sql(run.dialect), self.data_type.sql(run.dialect))
        if self.collation is not None:
            text += " COLLATE " + run.dialect.quote(self.collation)
        if self.default is not None:
            text += " DEFAULT " + ddl.default_text(self.default, run.dialect)
        if self.constraint_name is not None:
            text += " CONSTRAINT " + run.dialect.object_name(self.constraint_name)
        if self.not_null:
            text += " NOT NULL"
        if self.check is not None:
            text += " CHECK (%s)" % ddl.bare(as_text(self.check), run.dialect)
        run.execute_sql(_when_missing(self, text, run.dialect) if checkfirst else text)

    def drop(self, bind=None, checkfirst=True):
        from . import current
        run = current.run()
        run.execute_sql("DROP DOMAIN %s%s" % ("IF EXISTS " if checkfirst else "", self.sql(run.dialect)))


def create_type(enum, dialect, when_missing=True):
    """CREATE TYPE, or a block that does so when there is none of this name in the schema; it says when the labels differ."""
    for one in enum.enums:
        if not isinstance(one, str):
            raise ArgumentError("the labels of the enumeration %s are strings, not %r" % (enum.name, one))
    text = "CREATE TYPE %s AS ENUM (%s)" % (enum.sql(dialect), ", ".join(quoted(one) for one in enum.enums))
    return _when_missing(enum, text, dialect, _labels_differ(enum)) if when_missing else text


def _labels_differ(enum):
    labels = ", ".join(quoted(one) for one in enum.enums)
    return """
    ELSIF array(SELECT enumlabel::pg_catalog.text FROM pg_catalog.pg_enum WHERE enumtypid OPERATOR(pg_catalog.=) existing
        ORDER BY enumsortorder) OPERATOR(pg_catalog.<>) ARRAY[%s]::pg_catalog.text[] THEN
        RAISE WARNING 'the type %% is there already, with other labels than this revision gives it', %s;""" % (
        labels, quoted(enum.name)) if enum.enums else ""


def _when_missing(type_, text, dialect, otherwise=""):
    schema = quoted(type_.schema) if type_.schema else "pg_catalog.current_schema()"
    block = """DECLARE
    existing pg_catalog.oid := (SELECT t.oid FROM pg_catalog.pg_type t
        JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
        WHERE t.typname OPERATOR(pg_catalog.=) %s AND n.nspname OPERATOR(pg_catalog.=) %s);
BEGIN
    IF existing IS NULL THEN
        %s;%s
    END IF;
END""" % (quoted(type_.name), schema, text, otherwise)
    fence = "$$"
    while fence in block:
        fence = "$limbeck" + fence[1:]
    return "DO %s\n%s\n%s" % (fence, block, fence)


def native_enum_of(type_, dialect):
    """The enumeration or domain that a column's type stands on; None: none."""
    resolved = types.to_instance(type_).resolved(dialect)
    while isinstance(resolved, types.ARRAY):
        resolved = resolved.item_type.resolved(dialect)
    if isinstance(resolved, Enum) and resolved.is_native(dialect):
        return resolved
    return resolved if isinstance(resolved, DOMAIN) else None


def create_types_of(columns, run, table=None):
    """Before a table or a column is made: its types. Once in a run, as long as nobody drops them."""
    if not run.dialect.is_postgresql:
        return
    for column in columns:
        found = native_enum_of(column.type, run.dialect)
        if found is None:
            continue
        if table is not None:
            run.uses_type(table.schema, table.name, column.name, found)
        if found.create_type and not run.made_type(found):
            if isinstance(found, DOMAIN):
                found.create()
            else:
                run.execute_sql(create_type(found, run.dialect))
