"""Whether a recording may be kept: the script's text, and what the program has said, are all that it comes from."""
import dis
import functools

from . import events, modules, plugin_operations, provided

_MODULES = {"__future__", "collections", "decimal", "functools", "itertools", "json", "operator", "re", "string", "textwrap", "typing"}
# What leads to files, to other code, to chance, to the configuration and to secrets of the command line.
_NAMES = {"open", "input", "exec", "eval", "compile", "globals", "locals", "vars", "dir", "hash", "breakpoint", "setattr",
          "delattr", "config", "get_x_argument", "__import__", "__builtins__", "__file__", "__loader__", "__spec__", "__dict__"}


_STORE, _DELETE, _IMPORT = (dis.opmap[name] for name in ("STORE_ATTR", "DELETE_ATTR", "IMPORT_NAME"))


def is_pure(code):
    """code: of the script's module. False when that is not sure."""
    if modules.has_met_others() or plugin_operations.has_any() or events.has_any():
        return False
    return _is_pure(code, _allowed_modules())


@functools.lru_cache(maxsize=None)
def _allowed_modules():
    return _MODULES | {name.partition(".")[0] for name in provided.builders()}


def _chooses_engine(code):
    """The function of Alembic's template for several databases: globals()["upgrade_%s" % engine_name]() is one of the script's own."""
    texts = [one for one in code.co_consts if isinstance(one, str)]
    chosen = [one for one in texts if one.startswith(("upgrade_", "downgrade_"))]
    return {"globals", "get"}.issuperset(code.co_names) and code.co_argcount == 1 and len(chosen) == 1 and \
        all(one in chosen or not one.isidentifier() for one in texts)


def _is_pure(code, allowed):
    if (not _NAMES.isdisjoint(code.co_names) and not _chooses_engine(code)) or not _instructions_are_pure(code, allowed):
        return False
    return all(_is_pure(one, allowed) for one in code.co_consts if isinstance(one, type(code)))


def _instructions_are_pure(code, allowed):
    operations = code.co_code[::2]
    # An attribute of a module would change what other scripts find there.
    if _STORE in operations or _DELETE in operations:
        return False
    return _IMPORT not in operations or all(
        one.argval.partition(".")[0] in allowed for one in dis.get_instructions(code) if one.opcode == _IMPORT)
