"""The modules of SQLAlchemy as scripts import them, each as a table of names."""
import copy

from . import (change_functions, changes, column_types, columns, connection, constraints, data_types, decorated_types, engine_url,
               enum_types, events, exceptions, exclusion, expressions, functions, labels, postgres_types, result, schema,
               select_functions, selects, tables, text_clause, time_types)
from .dialects import Preparer, conv, dialect_named, quoted_name
from .stops import need_application

VERSION = "2.0.40"


def _public(module):
    return {name: value for name, value in vars(module).items()
            if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__}


def _types():
    names = {**_public(column_types), **_public(data_types), **_public(time_types)}
    names.update(Enum=enum_types.Enum, TypeDecorator=decorated_types.TypeDecorator, INT=column_types.INTEGER,
                 Variant=column_types.TypeEngine, NULLTYPE=column_types.NULLTYPE, Concatenable=object, Indexable=object,
                 MatchType=column_types.Boolean, STRINGTYPE=column_types.String())
    names["Binary"] = column_types.LargeBinary
    return names


def _lateral(one, name=None):
    return one.lateral(name) if hasattr(one, "lateral") else one.subquery(name)


def _expressions():
    names = {}
    for module in (tables, selects, select_functions, changes, change_functions, text_clause):
        names.update(_public(module))
    names.update((style.name, style) for style in labels.SelectLabelStyle)
    names.update(
        LABEL_STYLE_DEFAULT=labels.BY_DEFAULT, and_=expressions.and_, or_=expressions.or_, not_=expressions.not_, case=expressions.case,
        cast=expressions.Cast, try_cast=expressions.Cast, type_coerce=expressions.TypeCoerce, label=expressions.Label,
        literal=expressions.Literal, bindparam=expressions.BindParameter, outparam=expressions.BindParameter,
        null=expressions.Null, true=lambda: expressions.Constant(True), false=lambda: expressions.Constant(False),
        func=functions.func, extract=expressions.Extract, tuple_=lambda *all_: expressions.TupleOf(map(expressions.coerce, all_)),
        column=expressions.ColumnClause, table=tables.TableClause, lateral=_lateral,
        alias=lambda one, name=None: one.alias(name), subquery=lambda one, name=None: one.subquery(name),
        join=lambda left, right, *rest, **named: left.join(right, *rest, **named),
        outerjoin=lambda left, right, *rest, **named: left.outerjoin(right, *rest, **named),
        asc=lambda one: expressions.column_or_text(one).asc(), desc=lambda one: expressions.column_or_text(one).desc(),
        nullsfirst=lambda one: one.nulls_first(), nullslast=lambda one: one.nulls_last(),
        nulls_first=lambda one: one.nulls_first(), nulls_last=lambda one: one.nulls_last(),
        distinct=lambda one: expressions.column_or_text(one).distinct(), collate=lambda one, how: one.collate(how),
        between=lambda one, low, high, **named: one.between(low, high), over=lambda one, **named: one.over(**named),
        any_=lambda one: functions.AnyOrAll("ANY", one), all_=lambda one: functions.AnyOrAll("ALL", one),
        within_group=lambda one, *order: one.within_group(*order), funcfilter=lambda one, *rest: one.filter(*rest),
        ClauseElement=expressions.Element, ColumnElement=expressions.ColumnElement,
        SQLColumnExpression=expressions.ColumnElement, ColumnClause=expressions.ColumnClause,
        BindParameter=expressions.BindParameter, BinaryExpression=expressions.Binary, Executable=expressions.Executable,
        FunctionElement=functions.FunctionElement, quoted_name=quoted_name, conv=conv, Insert=changes.Insert, Label=expressions.Label,
        BooleanClauseList=expressions.Junction, Selectable=tables.FromClause, GenericFunction=functions.FunctionElement)
    return names


_GENERIC_FUNCTIONS = (
    "aggregate_strings", "array_agg", "char_length", "coalesce", "concat", "count", "cube", "cume_dist", "current_date", "current_time",
    "current_timestamp", "current_user", "dense_rank", "grouping_sets", "localtime", "localtimestamp", "max", "min", "mode", "now",
    "percent_rank", "percentile_cont", "percentile_disc", "random", "rank", "rollup", "session_user", "sum", "sysdate", "user")


def _functions():
    return {**everything(), **{name: getattr(functions.func, name) for name in _GENERIC_FUNCTIONS}}


def _schema():
    names = {**_public(columns), **_public(constraints), **_public(schema)}
    names.update(ExcludeConstraint=exclusion.ExcludeConstraint, DDL=Ddl, CreateTable=CreateTable, DropTable=DropTable,
                 CreateIndex=CreateIndex, DropIndex=DropIndex, AddConstraint=AddConstraint, DropConstraint=DropConstraint,
                 CreateSchema=CreateSchema, DropSchema=DropSchema, ThreadLocalMetaData=schema.MetaData,
                 DDLElement=expressions.Executable, ExecutableDDLElement=expressions.Executable, BLANK_SCHEMA=None, conv=conv)
    return names


class _Conditional(expressions.Element):
    """A statement that may be for some databases alone, where something listens with it."""
    is_statement = True
    only_on = ()

    def execute_if(self, dialect=None, callable_=None, state=None):
        if callable_ is not None:
            need_application("execute_if(callable_=...)")
        made = copy.copy(self)
        made.only_on = (dialect,) if isinstance(dialect, str) else tuple(dialect or ())
        return made


class _DdlElement(_Conditional):
    """CreateTable(table) and the like, given to execute()."""

    def __init__(self, element, if_not_exists=False, if_exists=False, **unused):
        self.element, self.if_not_exists, self.if_exists = element, if_not_exists, if_exists


class Ddl(_Conditional):
    def __init__(self, statement, context=None, **unused):
        self.text, self._context = statement, context

    def of(self, target, dialect):
        """With the names of the table that is made or dropped."""
        if not isinstance(target, schema.Table):
            return self
        names = {"table": dialect.quote(target.name), "schema": dialect.dotted(target.schema) if target.schema else "",
                 "fullname": dialect.qualified(target.name, target.schema)}
        return Ddl(self.text, {**names, **(self._context or {})})

    def sql(self, context):
        return self.text % self._context if self._context else self.text.replace("%%", "%")


class CreateTable(_DdlElement):
    def sql(self, context):
        from . import ddl
        return ddl.create_table(self.element, context.dialect, self.if_not_exists)


class DropTable(_DdlElement):
    def sql(self, context):
        from . import ddl
        return ddl.drop_table(self.element, context.dialect, self.if_exists)


class CreateIndex(_DdlElement):
    def sql(self, context):
        from . import ddl
        return ddl.create_index(self.element, context.dialect, self.if_not_exists)


class DropIndex(_DdlElement):
    def sql(self, context):
        from . import ddl
        return ddl.drop_index(self.element, context.dialect, self.if_exists)


class AddConstraint(_DdlElement):
    def sql(self, context):
        from . import ddl
        return ddl.add_constraint(self.element, context.dialect)


class DropConstraint(_DdlElement):
    def sql(self, context):
        from . import ddl
        return ddl.drop_constraint(self.element, context.dialect)


class CreateSchema(_DdlElement):
    def sql(self, context):
        return "CREATE SCHEMA %s%s" % ("IF NOT EXISTS " if self.if_not_exists else "", context.dialect.dotted(self.element))


class DropSchema(_DdlElement):
    def __init__(self, element, cascade=False, if_exists=False, **unused):
        super().__init__(element, if_exists=if_exists)
        self.cascade = cascade

    def sql(self, context):
        return "DROP SCHEMA %s%s%s" % ("IF EXISTS " if self.if_exists else "", context.dialect.dotted(self.element),
                                       " CASCADE" if self.cascade else "")


_everything_made = {}


def everything():
    """The names of sqlalchemy itself, which the modules below it have too."""
    if not _everything_made:
        from .inspection import Inspector, inspector
        _everything_made.update(_types())
        _everything_made.update(_expressions())
        _everything_made.update(_schema())
        _everything_made.update(
            __version__=VERSION, inspect=inspector, Inspector=Inspector, create_engine=engine_url.create_engine,
            engine_from_config=engine_url.engine_from_config, make_url=engine_url.make_url, URL=engine_url.Url,
            Connection=connection.Connection, Engine=connection.Connection, Row=result.Row, RowProxy=result.Row,
            RowMapping=result.RowMapping, Result=result.Result, CursorResult=result.Result, ResultProxy=result.Result)
    return _everything_made


def _of(*builders, **more):
    def build():
        names = {}
        for one in builders:
            names.update(one())
        names.update(more)
        return names
    return build


def _postgresql():
    from .ranges import Range
    names = dict(everything())
    names.update(_public(postgres_types))
    names.update({name: value for name, value in vars(postgres_types).items() if isinstance(value, type) and name.isupper()})
    names["dialect"] = lambda *unused, **also_unused: dialect_named("postgresql")
    names.update(Range=Range, ENUM=enum_types.ENUM, DOMAIN=enum_types.DOMAIN, CreateEnumType=enum_types.CreateEnumType,
                 DropEnumType=enum_types.DropEnumType, insert=change_functions.insert, array=functions.array,
                 aggregate_order_by=functions.aggregate_order_by, ExcludeConstraint=exclusion.ExcludeConstraint,
                 hstore=lambda *all_: functions.Function("hstore", *all_))
    return names


def _sqlite():
    names = dict(everything())
    names.update(insert=change_functions.insert, dialect=lambda *unused, **also_unused: dialect_named("sqlite"))
    return names


_MYSQL_TYPES = ("TINYINT MEDIUMINT YEAR SET TINYTEXT MEDIUMTEXT LONGTEXT TINYBLOB MEDIUMBLOB LONGBLOB BIT").split()


def _mysql():
    """Names alone: those types are neither PostgreSQL's nor SQLite's."""
    names = dict(everything())

    def kind(name):
        return type(name, (column_types.TypeEngine,), {"__module__": __name__})
    names.update({name: kind(name) for name in _MYSQL_TYPES})

    def accepting(base):
        return type(base.__name__, (base,), {"__init__": lambda self, *rest, **named: base.__init__(
            self, *rest, **{key: value for key, value in named.items() if key not in _MYSQL_KEYWORDS})})
    for name in ("INTEGER", "BIGINT", "SMALLINT", "VARCHAR", "CHAR", "TEXT", "FLOAT", "DOUBLE", "DECIMAL", "NUMERIC", "JSON"):
        names[name] = accepting(names[name])
    names["TIMESTAMP"] = names["DATETIME"] = column_types.DateTime
    names["ENUM"] = enum_types.Enum
    names["insert"] = change_functions.insert
    return names


_MYSQL_KEYWORDS = {"unsigned", "zerofill", "display_width", "charset", "national", "ascii", "unicode", "binary", "fsp"}


def _exceptions():
    return _public(exceptions)


def _orm(name):
    def build():
        from . import orm
        return orm.module(name)
    return build


def _extension(name):
    def build():
        from . import orm
        return orm.extension(name)
    return build


def _event():
    return _public(events)


def builders():
    same = {name: everything for name in (
        "sqlalchemy", "sqlalchemy.sql", "sqlalchemy.sql.expression", "sqlalchemy.sql.elements", "sqlalchemy.sql.schema",
        "sqlalchemy.sql.selectable", "sqlalchemy.sql.sqltypes", "sqlalchemy.sql.type_api",
        "sqlalchemy.sql.ddl", "sqlalchemy.sql.dml", "sqlalchemy.sql.base", "sqlalchemy.sql.naming", "sqlalchemy.sql.operators",
        "sqlalchemy.types", "sqlalchemy.schema", "sqlalchemy.engine", "sqlalchemy.engine.base", "sqlalchemy.engine.reflection",
        "sqlalchemy.engine.result", "sqlalchemy.engine.row", "sqlalchemy.engine.url", "sqlalchemy.engine.cursor",
        "sqlalchemy.inspection", "sqlalchemy.future", "sqlalchemy.engine.interfaces")}
    same.update({
        "sqlalchemy.exc": _exceptions, "sqlalchemy.event": _event, "sqlalchemy.sql.functions": _functions,
        "sqlalchemy.sql.compiler": lambda: {"IdentifierPreparer": Preparer},
        "sqlalchemy.dialects": dict, "sqlalchemy.dialects.postgresql": _postgresql, "sqlalchemy.dialects.sqlite": _sqlite,
        "sqlalchemy.dialects.mysql": _mysql, "sqlalchemy.dialects.mariadb": _mysql})
    for name in ("base", "json", "array", "hstore", "ranges", "dml", "ext", "types", "named_types"):
        same["sqlalchemy.dialects.postgresql." + name] = _postgresql
    for name in ("base", "json", "dml"):
        same["sqlalchemy.dialects.sqlite." + name] = _sqlite
    for name in ("base", "types", "enumerated", "json", "dml"):
        same["sqlalchemy.dialects.mysql." + name] = _mysql
    for name in ("", ".session", ".exc", ".attributes", ".decl_api", ".relationships", ".query"):
        same["sqlalchemy.orm" + name] = _orm("sqlalchemy.orm" + name)
    for name in ("declarative", "mutable", "hybrid", "asyncio", "compiler", "associationproxy", "orderinglist", "automap"):
        same["sqlalchemy.ext." + name] = _extension(name)
    same["sqlalchemy.ext"] = dict
    same["sqlalchemy.ext.declarative.api"] = _extension("declarative")
    return same
