"""How a module goes on to be loaded behind a statement that could not be run, for want of what is not there: its names become
stand-ins, which say so when they are looked at. Only statements that do nothing but give names may be passed over."""
import __future__
import __future__
import ast

from .stand_in import StandIn
from .stops import Stop

_FLAGS = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


def go_on(error, source, code, namespace, may_pass):
    """error: what code, compiled of source, has raised in namespace; may_pass: tells of an error whether it may be passed over.
    Throws the error that may not be passed over, or that a statement raised which does more than give names."""
    statements = ast.parse(source, code.co_filename).body
    prefix = namespace["__name__"] + "." if namespace.get("__spec__") else ""  # a script is not imported
    while True:
        behind = _behind(error, statements, namespace)
        names = _names(statements[behind - 1]) if behind and may_pass(error) else None
        if names is None:
            raise error
        reason = "%s:%d: %s" % (code.co_filename, statements[behind - 1].lineno, describe(error))
        namespace.update({name: StandIn(prefix + name, reason) for name in names})
        statements = statements[behind:]
        try:
            # One module of several statements, so that what they say of places stays what it is.
            exec(compile(ast.Module(statements, []), code.co_filename, "exec", code.co_flags & _FLAGS, True), namespace)
            return
        except BaseException as another:
            error = another


def describe(error):
    return error.text if isinstance(error, Stop) else "%s: %s" % (type(error).__name__, error)


def _behind(error, statements, namespace):
    """How many statements there are up to the one that raised it; 0: none of them did."""
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals is namespace and frame.f_code.co_name == "<module>":
            return sum(_first_line(statement) <= traceback.tb_lineno for statement in statements)
        traceback = traceback.tb_next
    return 0


def _first_line(statement):
    return min([statement.lineno] + [one.lineno for one in getattr(statement, "decorator_list", ())])


def _names(statement):
    """What a statement gives names to, when it does nothing else; conditions may raise, too."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return _targets(statement.targets)
    if isinstance(statement, ast.AnnAssign):
        return _targets([statement.target])
    if isinstance(statement, ast.If):
        return _inner_names(statement.body + statement.orelse)
    if isinstance(statement, ast.Try):
        handlers = [one for handler in statement.handlers for one in handler.body]
        return _inner_names(statement.body + handlers + statement.orelse + statement.finalbody)
    return None


def _inner_names(statements):
    names = [[] if isinstance(one, (ast.Raise, ast.Pass)) else _imported(one) or _names(one) for one in statements]
    return None if None in names else [name for some in names for name in some]


def _imported(statement):
    if isinstance(statement, (ast.Import, ast.ImportFrom)) and statement.names[0].name != "*":
        return [one.asname or one.name.partition(".")[0] for one in statement.names]
    return None


def _targets(targets):
    names = [name for target in targets for name in getattr(target, "elts", [target])]
    return [name.id for name in names] if all(isinstance(name, ast.Name) for name in names) else None
