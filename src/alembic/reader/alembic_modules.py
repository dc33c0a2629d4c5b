"""The modules of Alembic as scripts import them."""
import types

from . import current, exceptions
from .current_operations import operations
from .dialects import conv
from .plugin_operations import NOT_KNOWN, directive, implementation_for, register_operation
from .stand_in import StandIn
from .stops import need_application


class _ModuleFunction:
    """op.name: of the run that is going on when it is called."""

    def __init__(self, name):
        self.__name__ = name

    def __call__(self, *arguments, **named):
        return getattr(operations(), self.__name__)(*arguments, **named)


_DIRECTIVES = """add_column alter_column batch_alter_table bulk_insert create_check_constraint create_exclude_constraint
create_foreign_key create_index create_primary_key create_table create_table_comment create_unique_constraint drop_column
drop_constraint drop_index drop_table drop_table_comment execute get_bind get_context inline_literal invoke
rename_table run_async""".split()


def _op():
    from .added_operations import added_operations
    names = {name: _ModuleFunction(name) for name in _DIRECTIVES}
    names["f"] = conv
    names.update(register_operation=register_operation, implementation_for=implementation_for, __getattr__=_registered)
    names["_reason"] = NOT_KNOWN
    names.update(added_operations())
    return names


def _registered(name):
    made = directive(name)
    if made is None:
        raise AttributeError("alembic.op has no directive %r" % name)
    return made


def _context():
    def options():
        return current.settings()

    def x_argument(as_dictionary=False):
        pairs = list(options().x_arguments)
        return dict(one.partition("=")[::2] for one in pairs) if as_dictionary else pairs
    from .script_directory import ScriptDirectory
    return {
        "script": ScriptDirectory(),
        "is_offline_mode": lambda: current.run().offline, "get_x_argument": x_argument, "config": Config(),
        "get_context": lambda: operations().get_context(), "get_bind": lambda: operations().get_bind(),
        "execute": lambda sql, **unused: operations().execute(sql), "get_tag_argument": lambda: None,
        "is_transactional_ddl": lambda: True, "get_impl": lambda: operations().get_context().impl,
        "get_starting_revision_argument": lambda: None, "get_revision_argument": lambda: StandIn("context.get_revision_argument()"),
    }


def environment():
    """The EnvironmentContext, which the module alembic.context speaks for."""
    return types.SimpleNamespace(**_context())


class _Attributes(dict):
    def __missing__(self, name):
        need_application("what env.py, or a program that calls Alembic, puts into context.config.attributes: %s" % name)


class Config:
    """context.config: the main options of the project's alembic.ini."""
    attributes = _Attributes()
    cmd_opts = None
    config_ini_section = "alembic"

    @property
    def config_file_name(self):
        return current.settings().options.get("config_file_name")

    def get_main_option(self, name, default=None):
        return current.settings().options.get(name, default)

    def get_section_option(self, section, name, default=None):
        return self.get_main_option(name, default) if section == self.config_ini_section else default

    def get_section(self, name, default=None):
        return dict(current.settings().options) if name == self.config_ini_section else (default or {})

    def set_main_option(self, name, value):
        current.settings().options[name] = value

    def get_alembic_option(self, name, default=None):
        return self.get_main_option(name, default)


def _top():
    return {"__version__": "1.16.0"}


def _operation_objects():
    from .operation_objects import members
    return members()


def _operations():
    from .operations import Operations
    names = _operation_objects()
    names.update(Operations=Operations, BatchOperations=_batch(), ops=None)
    names.pop("ops")
    return names


def _batch():
    from .batch import Batch
    return Batch


def _utilities():
    names = {"CommandError": exceptions.CommandError, "sqla_compat": StandIn("alembic.util.sqla_compat")}
    return names


def _migration():
    from .migration_context import MigrationContext
    return {"MigrationContext": MigrationContext}


def builders():
    return {"alembic": _top, "alembic.op": _op, "alembic.context": _context, "alembic.operations": _operations,
            "alembic.operations.ops": _operation_objects, "alembic.operations.base": _operations, "alembic.util": _utilities,
            "alembic.util.exc": _utilities, "alembic.config": lambda: {"Config": Config}, "alembic.migration": _migration,
            "alembic.runtime": dict, "alembic.runtime.migration": _migration}
