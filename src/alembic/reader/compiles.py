"""sqlalchemy.ext.compiler: the SQL that a project writes itself for its types, functions and statements.

Only classes of the project's and types are taken; a rule for a construct of SQLAlchemy's own (how CREATE TABLE is written) is let be."""
from . import column_types as types
from .expressions import Element
from .run import element_of
from .stops import need_application


def compiles(kind, *dialects):
    def register(function):
        if _takes(kind):
            if "_compiled" not in kind.__dict__:
                _prepare(kind)
            kind._compiled.update((name, function) for name in dialects or ("default",))
        return function
    return register


def deregister(kind):
    if isinstance(kind, type) and "_compiled" in kind.__dict__:
        kind._compiled.clear()


def _takes(kind):
    if not isinstance(kind, type):
        return False
    return issubclass(kind, types.TypeEngine) or (issubclass(kind, Element) and not kind.__module__.startswith("limbeck_reader"))


def _prepare(kind):
    """Puts the rules before the class's own sql(), which takes the dialect of a type and the context of anything else."""
    own = kind.sql
    rules = kind._compiled = {}

    def sql(self, context):
        dialect = getattr(context, "dialect", context)
        rule = rules.get(dialect.name, rules.get("default"))
        return own(self, context) if rule is None else str(rule(self, Compiler(context, own)))
    kind.sql = sql


class Compiler:
    """What such a rule gets: as much of SQLAlchemy's compiler as rules use."""

    def __init__(self, context, own):
        self.dialect = self.preparer = self.identifier_preparer = getattr(context, "dialect", context)
        self.sql_compiler = self.type_compiler = self.type_compiler_instance = self.statement = self
        self._context, self._own = context, own

    def process(self, element, **unused):
        if isinstance(element, types.TypeEngine):
            return element.sql_here(self.dialect)
        return element if isinstance(element, str) else element_of(element).sql(self._context)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("visit_"):
            return lambda element, *unused, **also_unused: self._own(element, self._context)
        need_application("the compiler's " + name)
