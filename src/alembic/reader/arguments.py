"""What upgrade() and downgrade() are called with: what env.py gives to run_migrations(), which is mostly nothing, and where a project
has several databases the name of the one that is meant, its engine."""
from .stops import NeedsApplication, NeedsEngine

_TAKES_ANY_KEYWORD = 0x08
_USUAL_NAME = "engine_name"


class _Parameters:
    def __init__(self, function, code):
        bound = 1 if getattr(function, "__self__", None) is not None else 0  # a method has its first one
        positional = code.co_varnames[bound:code.co_argcount]
        keywords = code.co_varnames[code.co_argcount:code.co_argcount + code.co_kwonlyargcount]
        self.all = positional + keywords
        self.wanted = positional[:len(positional) - len(function.__defaults__ or ())] + \
            tuple(name for name in keywords if name not in (function.__kwdefaults__ or {}))
        self.any_keyword = bool(code.co_flags & _TAKES_ANY_KEYWORD)

    def takes_any(self, settings):
        return self.any_keyword and not settings.gives_no_arguments

    def engine(self, settings):
        """The one that is the engine's name; None: there is none. Where it is not known what env.py gives, the only one is."""
        name = settings.engine_argument or _USUAL_NAME
        known = self.wanted if settings.gives_no_arguments else self.all
        if name in known:
            return name
        return known[0] if not settings.engine_argument and len(known) == len(self.all) == 1 else None


def arguments_of(module, name, settings):
    """The keyword arguments for a script's function; a Stop when it wants some that are not known. What env.py gives to every script
    and this one does not take is as wrong as it is for Alembic: it would do the same to each database."""
    function = _innermost(getattr(module, name))
    code = getattr(function, "__code__", None)
    if code is None:
        return {}
    parameters = _Parameters(function, code)
    engine = parameters.engine(settings)
    others = [it for it in parameters.wanted if it != engine]
    if others:
        raise _at(code, NeedsApplication("%s() takes %s, which the project's env.py gives to run_migrations()"
                                         % (name, ", ".join(parameters.wanted))))
    if settings.engine is None:
        takes = engine or (parameters.takes_any(settings) and _USUAL_NAME)
        if engine in parameters.wanted or (takes and settings.has_engines):
            stop = NeedsEngine("%s() takes %s" % (name, takes))
            stop.engines = _engines_in(module, name)
            raise _at(code, stop)
        return {}
    if engine is None and parameters.takes_any(settings):
        engine = settings.engine_argument or _USUAL_NAME
    if engine is None and settings.engine_argument and settings.always_gives_engine:
        error = TypeError("%s() got an unexpected keyword argument '%s'" % (name, settings.engine_argument))
        error.limbeck_line = code.co_firstlineno
        raise error
    return {engine: settings.engine} if engine is not None else {}


def _innermost(function):
    """What a decorator hands its arguments on to says which these are."""
    seen = set()
    while id(function) not in seen and getattr(function, "__wrapped__", None) is not None:
        seen.add(id(function))
        function = function.__wrapped__
    return function


def _engines_in(module, name):
    """Those that it has functions for: upgrade_engine1()."""
    return [key[len(name) + 1:] for key, value in vars(module).items() if key.startswith(name + "_") and callable(value)]


def _at(code, stop):
    stop.line = code.co_firstlineno
    return stop
