"""What the stand-ins lack of what SQLAlchemy has: it needs the application, and is no fault of the script's."""
import opcode
import re
import sys
import types

from .modelled import OURS, Modelled
from .stand_in import StandIn
from .stops import need_application


def need_what_is_read(one, name, frame):
    """hasattr() and getattr() ask whether it is there, and so does a try that expects an AttributeError."""
    from .guards import expects
    from .lacking_names import NAMES
    if name in NAMES and _operation(frame.f_code, frame.f_lasti).startswith("LOAD_") and not expects(frame, _ATTRIBUTE):
        need_application(_lacks(type(one), name))


_ATTRIBUTE = ("AttributeError",)


def _operation(code, place):
    return opcode.opname[code.co_code[place]]


def _lacks(kind, name):
    return "SQLAlchemy's %s.%s, which has no stand-in here" % (kind.__name__.lstrip("_"), name)


_NO_ATTRIBUTE = re.compile(r"'(\w+)' object has no attribute '(\w+)'|type object '(\w+)' has no attribute '(\w+)'")
_NO_ARGUMENT = re.compile(r"(?:([\w.]+)\(\) (?:got an unexpected keyword argument|takes (?:from )?\d.* positional arguments? but)"
                          r"|unsupported operand type\(s\) for (?!//)|bad operand type|.* not supported between instances"
                          r"|'\w+' object (?:is not (?:callable|subscriptable|iterable)|does not support))")

_TOO_FEW = re.compile(r"\(\) missing \d+ required ")  # nobody takes a call with too few


_LOOK_FOR_ATTRIBUTES = (Modelled.__getattr__.__code__, StandIn.__getattr__.__code__)


def what_is_lacking(error):
    """Why an exception is the stand-ins' and not the script's; None when it is not."""
    place = error.__traceback__
    while place.tb_next is not None and place.tb_next.tb_frame.f_code not in _LOOK_FOR_ATTRIBUTES:
        place = place.tb_next
    code = place.tb_frame.f_code
    if code.co_filename.startswith(OURS):
        # What is raised there with intent is what SQLAlchemy would say.
        if not isinstance(error, (AttributeError, TypeError)) or _operation(code, place.tb_lasti) in ("RAISE_VARARGS", "RERAISE"):
            return None
        match = _NO_ARGUMENT.match(str(error))
        if _TOO_FEW.search(str(error)) or (match and match.group(1) and not _has_function(match.group(1))):
            return None
        return _more("%s: %s" % (type(error).__name__, error))
    if isinstance(error, AttributeError):
        return _lacking_attribute(error)
    if isinstance(error, TypeError):
        return _lacking_argument(error, place)
    return None


def _lacking_attribute(error):
    """Which object it was asked of, an error says since Python 3.10."""
    from .lacking_names import NAMES
    match = _NO_ATTRIBUTE.match(str(error))
    one = getattr(error, "obj", None)
    if isinstance(one, StandIn):
        return "%s.%s" % (one.name_, error.name)
    if isinstance(one, (types.FunctionType, types.MethodType)):
        return "SQLAlchemy's %s.%s, which has no stand-in here" % (one.__qualname__, error.name) if _is_ours(one) else None
    if one is not None:
        kind, name = one if isinstance(one, type) else type(one), error.name
    elif match:
        kind, name = _class_named(match.group(1) or match.group(3)), match.group(2) or match.group(4)
    else:
        return None
    return _lacks(kind, name) if _is_ours(kind) and name in NAMES else None


def _lacking_argument(error, place):
    """The call of something of ours, or an operator on it, which no code of ours was reached by."""
    match = _NO_ARGUMENT.match(str(error))
    if not match:
        return None
    named = match.group(1)
    if named is not None:
        is_ours = _has_function(named)
    else:
        is_ours = any(_class_named(name) for name in re.findall(r"'(\w+)'", str(error)))
    return _more(error) if is_ours and not _defines(place, named) else None


def _more(error):
    return "more of SQLAlchemy than its stand-ins do (%s)" % error


def _is_ours(one):
    """A class or a function."""
    return one is not None and (one.__module__ or "").partition(".")[0] == "limbeck_reader"


def _modules():
    return [module for name, module in list(sys.modules.items()) if name.startswith("limbeck_reader.")]


def _class_named(name):
    found = (getattr(module, name, None) for module in _modules())
    return next((one for one in found if isinstance(one, type) and _is_ours(one)), None)


# Those of directives and of constructors are SQLAlchemy's and Alembic's (keywords.py): what is not among them they refuse too.
_KNOWN_ARGUMENTS = ("operations", "batch", "exclusion")


def _has_function(name):
    """name: "function" or, since Python 3.10, "Class.method"."""
    first, _, last = name.rpartition(".")
    if last == "__init__":
        return False
    holders = [module.__name__.rpartition(".")[2] for module in _modules() if _holds(module, first.rpartition(".")[2], last)]
    return bool(holders) and not set(holders) & set(_KNOWN_ARGUMENTS)


def _holds(module, kind, function):
    for name, one in list(vars(module).items()):
        if not kind and getattr(one, "__name__", None) == function and getattr(one, "__module__", None) == module.__name__:
            return True
        if isinstance(one, type) and one.__module__ == module.__name__ and kind in ("", name) and function in one.__dict__:
            return True
    return False


def _defines(place, name):
    """Whether the script has a function of this name itself."""
    known = {**place.tb_frame.f_globals, **place.tb_frame.f_locals}
    last = (name or "").rpartition(".")[2]
    return last in known and not (getattr(known[last], "__module__", None) or "").startswith("limbeck_reader")
