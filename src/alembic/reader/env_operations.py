"""What env.py does beside running migrations: Alembic has run it before any script. Here it is looked at when a script needs something
that nobody else knows, and no more of it is run than that: where modules are found, and the operations that it registers, or a module
that it imports."""
import ast
import os

from . import current
from .stops import HangUp, Stop


class _Env:
    statements = None
    namespace = None
    done = ()


def look_for_modules():
    """Runs, once, what it says of sys.path; False: it had been done."""
    return _run("paths", _is_of_paths)


def look_for_operations():
    """Runs, once, its imports, classes and functions; what cannot be loaded is let be."""
    return _run("operations", _gives_names)


def _run(what, is_wanted):
    folder = current.settings().script_location if current.settings() is not None else ""
    if what in _Env.done or not folder or not current.running():
        return False
    _Env.done += (what,)
    run = current.run()
    run.looked_around = True
    acting, run.acting = run.acting, False
    path = os.path.join(folder, "env.py")
    try:
        for one in _statements(path):
            if is_wanted(one):
                _run_one(one, path)
    finally:
        run.acting, run.stop = acting, None
    return True


def _statements(path):
    if _Env.statements is None:
        _Env.namespace = {"__name__": "env_py", "__file__": path, "__builtins__": __builtins__}
        try:
            with open(path, "rb") as file:
                _Env.statements = ast.parse(file.read(), path).body
        except (OSError, SyntaxError, ValueError):
            _Env.statements = []
    return _Env.statements


def _run_one(statement, path):
    try:
        exec(compile(ast.Module([statement], []), path, "exec", 0, True), _Env.namespace)
    except (HangUp, KeyboardInterrupt):
        raise
    except (Exception, Stop):
        pass


_OF_PATHS = {"os", "sys", "pathlib", "inspect", "site"}


def _is_of_paths(statement):
    if isinstance(statement, ast.Import):
        return all(one.name.partition(".")[0] in _OF_PATHS for one in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and (statement.module or "").partition(".")[0] in _OF_PATHS
    if isinstance(statement, (ast.Assign, ast.Expr)):
        # Names of what is said there, and nothing called but what makes paths.
        names = {one.id for one in ast.walk(statement.value) if isinstance(one, ast.Name)}
        known = {"__file__", "str", *_Env.namespace} - {"__builtins__"}
        return bool(names) and names <= known
    return False


def _gives_names(statement):
    if isinstance(statement, ast.Try):
        return all(_gives_names(one) for one in statement.body)
    if isinstance(statement, ast.Assign):
        return not any(isinstance(one, ast.Call) for one in ast.walk(statement))
    return isinstance(statement, (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
