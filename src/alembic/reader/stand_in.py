"""Values of modules that are not there. They go through a script until somebody looks at them."""
import sys

from .stops import need_application


def _refuse(self, *unused, **also_unused):
    self.need()


class StandIn:
    """name_: where it comes from, as the script would write it; reason_: why it is not there, when that is known."""

    def __init__(self, name, reason="", arguments=()):
        self.name_ = name
        self.reason_ = reason
        self.arguments_ = arguments

    def need(self):
        need_application(self.name_ + (" (%s)" % self.reason_ if self.reason_ else ""))

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__") and name not in _OF_MODELS:
            raise AttributeError(name)
        return StandIn("%s.%s" % (self.name_, name), self.reason_)

    def __call__(self, *arguments, **named):
        """While modules are loaded anything goes. Later a call may be there for what it does: only classes are called freely,
        and loggers."""
        last = self.name_.rpartition(".")[2]
        if _acting() and not last[:1].isupper():
            if last in _LOGGING and "log" in self.name_[:-len(last)].lower():
                return None
            self.need()
        if len(arguments) == 1 and not named and _is_decorated(arguments[0], last):
            return arguments[0]
        return StandIn(self.name_ + "()" if not self.name_.endswith(")") else self.name_, self.reason_, (arguments, named))

    def __getitem__(self, key):
        return StandIn("%s[%r]" % (self.name_, key), self.reason_)

    def __mro_entries__(self, bases):
        return (StandInBase,) if len(bases) == 1 else ()

    def __or__(self, other):
        return self

    __ror__ = __or__

    def __repr__(self):
        """A script that writes it somewhere needs the value; while modules are loaded it may be a message."""
        if _acting():
            self.need()
        return "<%s, which is not there>" % self.name_

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self.need() if _acting() and not _asked_by_typing() else self is other

    def __ne__(self, other):
        return self.need() if _acting() and not _asked_by_typing() else self is not other

    __str__ = __bool__ = __iter__ = __len__ = __int__ = __float__ = __index__ = __contains__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = _refuse
    __truediv__ = __neg__ = __invert__ = __and__ = __format__ = __enter__ = __exit__ = __bytes__ = __next__ = _refuse
    __fspath__ = __await__ = __setitem__ = __delitem__ = _refuse


# What SQLAlchemy gives a model of the application's.
_OF_MODELS = {"__table__", "__tablename__", "__mapper__"}
_LOGGING = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}


def _acting():
    """Whether upgrade() or downgrade() itself is at work, and not the loading of a module."""
    from . import current
    return current.running() and current.run().acting


def _asked_by_typing():
    """It compares what Union[A, B] is given, and looks no further."""
    return sys._getframe(2).f_globals.get("__name__") == "typing"


def _is_decorated(value, name):
    """A call with one function or class is taken for a decorator, but Pydantic(Model) is a column type."""
    return not name[:1].isupper() if isinstance(value, type) else type(value).__name__ == "function"


class _StandInType(type):
    def __new__(mcs, name, bases, namespace, **unused):
        return super().__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **unused):
        super().__init__(name, bases, namespace)

    def __getattr__(cls, name):
        if name.startswith("__") and name.endswith("__") and name not in ("__table__", "__mapper__", "__tablename__"):
            raise AttributeError(name)
        return StandIn("%s.%s" % (cls.__name__, name))

    def __call__(cls, *arguments, **named):
        return StandIn(cls.__name__ + "()", "its base class is not there", (arguments, named))


class StandInBase(metaclass=_StandInType):
    """What a class stands on whose base is not there."""
