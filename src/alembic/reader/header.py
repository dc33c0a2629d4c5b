"""A script's header, as its module says it once it was loaded."""
import types


class WrongHeader(Exception):
    pass


def read(path):
    """The answer to a request for it. Whoever calls has begun a run."""
    from .script import Script
    module = Script(path).load()
    revision = getattr(module, "revision", None)
    if type(revision) is not str:
        raise WrongHeader("revision must be a string, not %r" % (revision,))
    answer = {"event": "header", "revision": revision, "doc": module.__doc__ or ""}
    if not hasattr(module, "down_revision"):
        raise WrongHeader("the script has no name down_revision")
    for name in ("down_revision", "branch_labels", "depends_on"):
        answer[name] = _names(name, getattr(module, name, None))
    return answer


def _names(name, value):
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    items = list(value) if isinstance(value, (tuple, list, types.GeneratorType)) else [None]
    if not all(type(item) is str for item in items):
        raise WrongHeader("%s must be a string, several of them, or None, not %r" % (name, value))
    return list(dict.fromkeys(items))
