"""op.alter_column on PostgreSQL: a statement for each change, the new name last."""
from . import column_types as types
from . import ddl
from .columns import Column, Computed, Identity
from .enum_types import create_types_of
from .exceptions import CommandError, CompileError
from .schema import MetaData, Table
from .stand_in import StandIn

UNSET = object()


def alter_column(run, table_name, column_name, schema, changes):
    dialect = run.dialect
    column_name = getattr(column_name, "name", column_name)
    head = "ALTER TABLE %s ALTER COLUMN %s " % (dialect.qualified(table_name, schema), dialect.quote(column_name))
    type_, using = changes.get("type_"), changes.get("postgresql_using")
    if using is not None and type_ is None:
        raise CommandError("postgresql_using needs type_: it says how values of the old type become values of the new one")
    existing = changes.get("existing_type")
    if existing is not None and type_ is not None:
        for constraint in _type_constraints(table_name, column_name, existing, schema):
            run.execute_sql("ALTER TABLE %s DROP CONSTRAINT %s" % (dialect.qualified(table_name, schema),
                                                                   dialect.object_name(constraint.name)))
    if type_ is not None:
        column = Column(column_name, type_)
        create_types_of([column], run, Table(table_name, MetaData(), column, schema=schema))
        text = head + "TYPE " + ddl.type_text(type_, dialect)
        run.execute_sql(text + (" USING %s" % _using(using, dialect) if using else ""))
    if changes.get("nullable") is not None:
        if isinstance(changes["nullable"], StandIn):
            changes["nullable"].need()
        run.execute_sql(head + ("DROP NOT NULL" if changes["nullable"] else "SET NOT NULL"))
    default = changes.get("server_default", False)
    if default is not False:
        _alter_default(run, head, default, changes.get("existing_server_default", Identity()),
                       "existing_server_default" in changes)
    comment = changes.get("comment", False)
    if comment is not False:
        run.execute_sql(ddl.comment_on_column(table_name, schema, column_name, comment, dialect))
    if changes.get("new_column_name") is not None:
        run.execute_sql("ALTER TABLE %s RENAME %s TO %s" % (dialect.qualified(table_name, schema), dialect.quote(column_name),
                                                            dialect.quote(changes["new_column_name"])))
    if type_ is not None:
        for constraint in _type_constraints(table_name, column_name, type_, schema):
            run.execute_sql(ddl.add_constraint(constraint, dialect))


def _using(using, dialect):
    return using if isinstance(using, str) else ddl.bare(using, dialect)


def _type_constraints(table_name, column_name, type_, schema):
    """The CHECK that the type puts on its column, when it is told to."""
    return list(Table(table_name, MetaData(), Column(column_name, types.to_instance(type_)), schema=schema).own_constraints)


def _alter_default(run, head, default, existing, given):
    """existing: an Identity when the script does not say what there was, as Alembic has it."""
    if isinstance(default, Computed) or (isinstance(existing, Computed) and default is None):
        raise CompileError("a column cannot become a generated one, or an ordinary one, by ALTER")
    if isinstance(default, Identity) or (isinstance(existing, Identity) and given):
        return _alter_identity(run, head, default, existing)
    if default is None:
        return run.execute_sql(head + "DROP DEFAULT")
    run.execute_sql(head + "SET DEFAULT " + ddl.default_text(default, run.dialect))


_IDENTITY_OPTIONS = ("cache", "cycle", "increment", "maxvalue", "minvalue", "nomaxvalue", "nominvalue", "start")


def _alter_identity(run, head, default, existing):
    if default is None:
        return run.execute_sql(head + "DROP IDENTITY")
    if not isinstance(existing, Identity):
        return run.execute_sql(head + "ADD " + ddl.identity_text(default))
    parts = []
    if bool(default.always) != bool(existing.always):
        parts.append("SET GENERATED " + ("ALWAYS" if default.always else "BY DEFAULT"))
    for name in _IDENTITY_OPTIONS:
        if getattr(default, name) != getattr(existing, name) and getattr(default, name) is not None:
            parts.append("SET " + ddl.identity_text(Identity(**{name: getattr(default, name)})).partition("(")[2].rstrip(")"))
    if parts:
        run.execute_sql(head + " ".join(parts))
