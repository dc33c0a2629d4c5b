"""op.batch_alter_table. On PostgreSQL its operations are the plain ones, run at the block's end as Alembic does. On SQLite what
can be done in place is a statement; everything else goes to the program as one description of the new table."""
import re

from . import column_types as types
from . import ddl
from .columns import Column, DefaultClause
from .constraints import CheckConstraint, Constraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from .dialects import conv
from .exceptions import ArgumentError, CompileError
from .expressions import Element
from .keywords import refuse_unknown_of
from .naming import name_of
from .plugin_operations import NOT_KNOWN, batch_directive, implementation_of, register_batch_operation
from .schema import MetaData, Table
from .stand_in import StandIn
from .stops import need_application

_NUMBER = re.compile(r"\([-+]?[0-9]+(\.[0-9]*)?\)$")  # SQLite takes it for a constant, in parentheses too


def fits_in_place(column, dialect):
    """Whether ALTER TABLE ADD COLUMN of SQLite takes this column."""
    if column.unique or column.foreign_keys or column.computed is not None and column.computed.persisted:
        return False
    if column.type.constraint_for(column, dialect) or hasattr(column.type, "_set_table"):
        return False
    default = column.server_default
    if default is None:
        return column.nullable or column.computed is not None
    text = ddl.default_text(default, dialect)
    constant = _NUMBER.match(text) or not text.startswith("(") and not text.upper().startswith("CURRENT_")
    return constant and (column.nullable or text.upper() != "NULL")


def _is_added_by_rebuild(column):
    """Whether this column alone makes Alembic build the table anew."""
    default = column.server_default
    return isinstance(default, DefaultClause) and isinstance(default.arg, Element) or \
        column.computed is not None and bool(column.computed.persisted)


def _behind_each_other(changes):
    """Of several columns that are added behind the same one, each stands behind those that were added before it."""
    anchors, last = {}, {}
    for name, arguments, named in changes:
        if name == "add_column" and named.get("after"):
            anchor = anchors.get(named["after"], named["after"])
            named = {**named, "after": last.get(anchor, anchor)}
            anchors[arguments[0].name], last[anchor] = anchor, arguments[0].name
        yield name, arguments, named


_OTHER_DATABASES = ("sqlite", "mysql", "mariadb", "mssql", "oracle")


class BatchTable:
    """What a block says of the table beside its changes. reflect_args and reflect_kwargs are no part of it: the table is looked at
    as it is, its checks and types too."""

    def __init__(self, copy_from=None, table_args=(), table_kwargs=None, partial_reordering=None):
        self.copy_from, self.arguments, self.order = copy_from, list(table_args or ()), partial_reordering
        for one in (copy_from, *self.arguments):
            if isinstance(one, StandIn):
                one.need()
        self.autoincrement = (table_kwargs or {}).get("sqlite_autoincrement")
        self.has_options = any(name.partition("_")[0] not in _OTHER_DATABASES for name in table_kwargs or {})
        self.options = [name for name in table_kwargs or {} if name != "sqlite_autoincrement" and
                        (name.startswith("sqlite_") or "_" not in name)]

    def changes_before(self, batch):
        if self.options:
            raise ArgumentError("batch_alter_table: table_kwargs %s is not known; write the table's new form with op.execute()"
                                % ", ".join(sorted(self.options)))
        if self.copy_from is not None:
            yield {"change": "define", "sql": ddl.create_table(self.copy_from, batch.run.dialect)}
        for one in self.arguments:
            if not isinstance(one, Constraint):
                raise ArgumentError("batch_alter_table: table_args takes constraints here, not %r" % (one,))
            for change in batch.describe_add_constraint(one) if one.is_for(batch.run.dialect) else ():
                yield {**change, "unless_there": True}

    def refuse_what_only_a_new_table_has(self, changes):
        """Where ALTER TABLE does all else, no table is made for the place of a column or for what a table is made with."""
        places = [key for _, _, named in changes for key in ("before", "after") if named.get(key)]
        asked = ["insert_%s" % key for key in places] + ["partial_reordering"] * bool(self.order) + ["table_kwargs"] * self.has_options
        asked += ["copy_from"] * (self.copy_from is not None)
        asked += ["table_args that are no constraints"] * (not all(isinstance(one, Constraint) for one in self.arguments))
        if asked:
            need_application("batch_alter_table(recreate=\"always\") on PostgreSQL with " + ", ".join(dict.fromkeys(asked)))

    def changes_behind(self):
        if self.autoincrement is not None:
            yield {"change": "autoincrement", "on": bool(self.autoincrement)}
        if self.order:
            yield {"change": "order", "lists": [[getattr(name, "name", name) for name in names] for names in self.order]}


class BatchBlock:
    """with op.batch_alter_table("t") as batch: ..."""

    def __init__(self, operations, table_name, schema, recreate, naming_convention, table=None):
        if isinstance(table_name, StandIn):
            table_name.need()
        self._batch = Batch(operations, table_name, schema, recreate, naming_convention or {}, table or BatchTable())

    def __enter__(self):
        return self._batch

    def __exit__(self, kind, *unused):
        if kind is None:
            self._batch.flush()


class Batch:
    """Collects what the block asks for."""

    def __init__(self, operations, table_name, schema, recreate, naming_convention, table):
        self.operations, self.run = operations, operations.run
        self.table_name, self.schema, self.recreate = table_name, schema, recreate
        self.naming_convention, self.table = naming_convention, table
        self._changes = []
        self._line, self._lines = operations.run.line(), []  # of the block, and of what it asks for

    @property
    def impl(self):
        return self

    def _take(self, name, *arguments, **named):
        self._changes.append((name, arguments, named))
        self._lines.append(self.run.line())

    # What a block may call: alembic.op without the table's name.
    def add_column(self, column, *, insert_before=None, insert_after=None, if_not_exists=None,
                   inline_references=None, inline_primary_key=None):
        self._take("add_column", column, before=insert_before, after=insert_after, if_not_exists=if_not_exists)

    def drop_column(self, column_name, **named):
        self._take("drop_column", getattr(column_name, "name", column_name), **named)

    def alter_column(self, column_name, **changes):
        self._take("alter_column", column_name, **changes)

    def create_index(self, index_name, columns, **named):
        refuse_unknown_of(Index, named, ("schema", "if_not_exists"))
        self._take("create_index", index_name, columns, **named)

    def drop_index(self, index_name, **named):
        refuse_unknown_of(Index, named, ("schema", "if_exists"))
        self._take("drop_index", index_name, **named)

    def create_foreign_key(self, constraint_name, referent_table, local_cols, remote_cols, *, referent_schema=None, **named):
        target = "%s.%s" % (referent_schema, referent_table) if referent_schema else referent_table
        named.pop("source_schema", None)
        local_cols = [local_cols] if isinstance(local_cols, str) else local_cols
        remote_cols = [remote_cols] if isinstance(remote_cols, str) else remote_cols
        self.add_constraint(ForeignKeyConstraint(local_cols, ["%s.%s" % (target, name) for name in remote_cols],
                                                 name=constraint_name, **named))

    def create_unique_constraint(self, constraint_name, columns, **named):
        columns = [columns] if isinstance(columns, str) else columns
        self.add_constraint(UniqueConstraint(*columns, name=constraint_name, **named))

    def create_primary_key(self, constraint_name, columns, **named):
        columns = [columns] if isinstance(columns, str) else columns
        self.add_constraint(PrimaryKeyConstraint(*columns, name=constraint_name, **named))

    def create_check_constraint(self, constraint_name, condition, **named):
        self.add_constraint(CheckConstraint(condition, name=constraint_name, **named))

    def create_exclude_constraint(self, constraint_name, *elements, **named):
        from .exclusion import ExcludeConstraint
        self.add_constraint(ExcludeConstraint(*elements, name=constraint_name, **named))

    def add_constraint(self, constraint):
        self._take("add_constraint", constraint)

    def drop_constraint(self, constraint_name, type_=None, *, if_exists=None):
        self._take("drop_constraint", constraint_name, type_, if_exists=if_exists)

    def create_table_comment(self, comment, *, existing_comment=None):
        self._take("create_table_comment", comment)

    def drop_table_comment(self, *, existing_comment=None):
        self._take("drop_table_comment")

    def rename_table(self, new_table_name):
        self._take("rename_table", new_table_name)

    def execute(self, *arguments, **named):
        return self.operations.execute(*arguments, **named)

    # geoalchemy2's are the plain ones, as in added_operations.py.
    add_geospatial_column, drop_geospatial_column = add_column, drop_column
    create_geospatial_index, drop_geospatial_index = create_index, drop_index

    register_operation = staticmethod(register_batch_operation)

    def __getattr__(self, name):
        """One that the project registers."""
        if name.startswith("_"):
            raise AttributeError(name)
        made = batch_directive(name)
        if made is None:
            return StandIn("batch_alter_table: " + name, NOT_KNOWN)
        return lambda *arguments, **named: made(self, *arguments, **named)

    def invoke(self, operation):
        """What the project's code executes itself comes before all that the block collects, as under Alembic."""
        implementation = implementation_of(operation)
        if implementation is not None:
            return implementation(self, operation)
        self.flush()
        self._changes, self._lines = [], []
        return operation.apply(self.operations)

    @property
    def migration_context(self):
        return self.operations.get_context()

    def f(self, name):
        return conv(name)

    def get_bind(self):
        return self.operations.get_bind()

    def get_context(self):
        return self.operations.get_context()

    def batch_alter_table(self, *unused, **also_unused):
        raise ArgumentError("a batch_alter_table block cannot stand in another")

    # The end of the block.
    def flush(self):
        try:
            if self.run.dialect.is_postgresql:
                self._flush_plainly()
            elif self.recreate == "always" or not all(self._in_place(*one) for one in self._changes):
                self.run.commented_lines = [self._line, *self._lines]
                self._flush_as_rebuild()
            else:
                self._flush_in_place()
        finally:
            self.run.commented_lines = None

    def _commented_changes(self):
        """One after the other, each with the comments above it, and the first with those above the block."""
        above = [self._line]
        for line, change in zip(self._lines, self._changes):
            self.run.commented_lines = [*above, line]
            above = []
            yield change

    def _is_rebuilt_by_alembic(self):
        """Whether Alembic would make the table anew. In place it makes no column the primary key."""
        return self.recreate == "always" or self.recreate != "never" and any(
            name not in ("add_column", "create_index", "drop_index") or
            name == "add_column" and _is_added_by_rebuild(arguments[0]) for name, arguments, named in self._changes)

    def _flush_plainly(self):
        operations = self.operations
        if self.recreate == "always":
            self.table.refuse_what_only_a_new_table_has(self._changes)
        for name, arguments, named in self._commented_changes():
            if name == "add_column":
                operations.add_column(self.table_name, *arguments, schema=self.schema, if_not_exists=named.get("if_not_exists"))
            elif name in ("create_index", "drop_index", "drop_constraint"):
                first, rest = arguments[0], arguments[1:]
                getattr(operations, name)(first, self.table_name, *rest, schema=self.schema, **named)
            elif name == "add_constraint":
                self._named_by_convention(arguments[0])
                operations._add_constraint(arguments[0], self.table_name, self.schema)
            else:
                getattr(operations, name)(self.table_name, *arguments, schema=self.schema, **named)
        for one in self.table.arguments if self.recreate == "always" else ():
            operations._add_constraint(one, self.table_name, self.schema)

    def _named_by_convention(self, constraint):
        """The naming convention of the block names what has no name."""
        if self.naming_convention:
            table = Table(self.table_name, MetaData(naming_convention=self.naming_convention), schema=self.schema)
            made = name_of(constraint, table)
            constraint.name = conv(made) if made is not None else None

    def _in_place(self, name, arguments, named):
        if name == "add_column":
            return fits_in_place(arguments[0], self.run.dialect) and not named.get("before") and not named.get("after") and \
                not (arguments[0].primary_key and self._is_rebuilt_by_alembic())
        if name == "alter_column":
            return set(key for key in named if not key.startswith("existing_")) <= {"new_column_name"}
        return name in ("create_index", "drop_index", "rename_table", "create_table_comment", "drop_table_comment")

    def _flush_in_place(self):
        dialect = self.run.dialect
        table = dialect.qualified(self.table_name, self.schema)
        for name, arguments, named in self._commented_changes():
            if name == "add_column":
                self.operations.add_column_in_place(self.table_name, arguments[0], self.schema)
            elif name == "alter_column" and named.get("new_column_name"):
                self.run.execute_sql("ALTER TABLE %s RENAME COLUMN %s TO %s" % (
                    table, dialect.quote(arguments[0]), dialect.quote(named["new_column_name"])))
            elif name in ("create_index", "drop_index"):
                getattr(self.operations, name)(arguments[0], self.table_name, *arguments[1:], schema=self.schema, **named)
            elif name == "rename_table":
                self.operations.rename_table(self.table_name, arguments[0], schema=self.schema)

    def _flush_as_rebuild(self):
        changes = list(self.table.changes_before(self))
        for name, arguments, named in _behind_each_other(self._changes):
            changes.extend(getattr(self, "_describe_" + name)(*arguments, **named))
        changes.extend(self.table.changes_behind())
        # A comment alone is nothing to SQLite.
        if changes:
            self.run.batch({"table": self.table_name, "schema": self.schema, "recreate": self.recreate, "changes": changes})

    # Each change as protocol.md's description of it.
    def _describe_add_column(self, column, before=None, after=None, if_not_exists=None):
        dialect = self.run.dialect
        column = column.copy() if column.table is not None else column
        table = Table(self.table_name, self._metadata(), column, schema=self.schema)
        in_key = column.primary_key and self._is_rebuilt_by_alembic()
        yield {"change": "add_column", "name": str(column.name), "definition": ddl.column_definition(column, dialect),
               "after": after, "before": before, **({"in_key": True} if in_key else {})}
        for constraint in sorted(table.own_constraints, key=lambda one: one.order):
            yield from self.describe_add_constraint(constraint)
        for index in table.indexes:
            yield {"change": "create_index", "sql": ddl.create_index(index, dialect)}

    def _describe_drop_column(self, name, in_place=False, **named):
        self.run.drops(self.schema, self.table_name, name)
        yield {"change": "drop_column", "name": name, **({"in_place": True} if in_place else {})}

    def _describe_alter_column(self, name, **named):
        change = {"change": "alter_column", "name": getattr(name, "name", name)}
        if named.get("new_column_name") is not None:
            change["new_name"] = named["new_column_name"]
        constraints = []
        if named.get("type_") is not None:
            type_ = types.to_instance(named["type_"])
            change["type"] = type_.sql_here(self.run.dialect)
            existing = named.get("existing_type")
            if existing is not None:
                for constraint in self._type_constraints(name, existing):
                    constraints.extend(self._describe_drop_constraint(constraint.name, "check"))
            for constraint in self._type_constraints(change.get("new_name", name), type_):
                constraints.extend(self.describe_add_constraint(constraint))
        if named.get("nullable") is not None:
            change["nullable"] = bool(named["nullable"])
        if named.get("server_default", False) is not False:
            default = named["server_default"]
            change["default"] = None if default is None else ddl.default_text(default, self.run.dialect)
        if named.get("autoincrement") is not None:
            change["autoincrement"] = bool(named["autoincrement"])
        if len(change) > 2:
            yield change
        yield from constraints

    def _type_constraints(self, name, type_):
        table = Table(self.table_name, self._metadata(), Column(name, types.to_instance(type_)))
        return [one for one in table.own_constraints if one.name]

    def _metadata(self):
        return MetaData(naming_convention=self.naming_convention or self.run.settings.naming_convention)

    def describe_add_constraint(self, constraint):
        dialect = self.run.dialect
        if constraint.table is None:
            constraint.table = Table(self.table_name, self._metadata(), schema=self.schema)
        definition = ddl.constraint_body(constraint, dialect)
        if definition is None:
            raise CompileError("a foreign key to another schema: SQLite has none")
        name = name_of(constraint)
        yield {"change": "add_constraint", "name": None if name is None else str(name), "type": constraint.kind,
               "definition": definition}

    _describe_add_constraint = describe_add_constraint

    def _unnamed_columns(self, name, type_):
        """The columns of the constraint that has no name and would have this one by the block's naming convention. The
        database is asked for it."""
        from .inspection import inspector
        kinds = {"foreignkey": ("fk", "get_foreign_keys"), "unique": ("uq", "get_unique_constraints")}
        if type_ not in kinds or kinds[type_][0] not in self.naming_convention:
            return None
        table = Table(self.table_name, self._metadata(), schema=self.schema)
        found = getattr(inspector(None), kinds[type_][1])(self.table_name, self.schema)
        if any(one["name"] == name for one in found):
            return None
        for one in found:
            columns = one.get("constrained_columns") or one.get("column_names")
            if type_ == "unique":
                made = UniqueConstraint(*columns)
            else:
                made = ForeignKeyConstraint(columns, ["%s.%s" % (one["referred_table"], other) for other in one["referred_columns"]])
            if one["name"] is None and name_of(made, table) == name:
                return columns
        return None

    def _describe_drop_constraint(self, name, type_=None, **named):
        from .operations import dropped_name
        columns = self._unnamed_columns(name, type_) if self.naming_convention and name is not None else None
        if columns:
            yield {"change": "drop_constraint", "name": None, "columns": columns, "type": type_}
            return
        if name is not None and not isinstance(name, conv) and type_ == "check":
            name = name_of(CheckConstraint("true", name=name), Table(self.table_name, self._metadata(), schema=self.schema))
        name = dropped_name(self.run, None if name is None else conv(name), self.table_name, type_)
        yield {"change": "drop_constraint", "name": str(name), "type": type_}

    def _describe_create_index(self, name, columns, **named):
        schema, unique = named.pop("schema", self.schema), named.pop("unique", False)
        if_not_exists = named.pop("if_not_exists", None)
        index = self.operations._index(name, self.table_name, columns, schema, unique, named)
        yield {"change": "create_index", "sql": ddl.create_index(index, self.run.dialect, bool(if_not_exists))}

    def _describe_drop_index(self, name, **named):
        index = self.operations._index(name, self.table_name, [], self.schema, False, {})
        yield {"change": "drop_index", "name": re.sub(r'\A"|"\Z', "", self.run.dialect.object_name(name_of(index)))}

    def _describe_rename_table(self, name):
        yield {"change": "rename_table", "new_name": name}

    def _describe_create_table_comment(self, *unused, **also_unused):
        return ()

    _describe_drop_table_comment = _describe_create_table_comment
