"""op.get_context().script: the project's revisions, as far as scripts ask for them: get_revision("ae1027a6acf").module"""
import os
import re

from . import current
from .exceptions import CommandError
from .stand_in import StandIn

_ID = re.compile(r"""^revision\s*(?::[^=\n]*)?=\s*["']([^"'\n]+)["']""", re.M)
_files = {}
_modules = {}


class ScriptDirectory:
    @property
    def dir(self):
        return current.settings().script_location

    @property
    def versions(self):
        return current.settings().version_locations[0]

    def get_revision(self, id_):
        """By its id, or the beginning of it."""
        run = current.run()
        run.looked_around = True
        files = _revisions(run)
        found = [id_] if id_ in files else [one for one in files if isinstance(id_, str) and id_ and one.startswith(id_)]
        if len(found) != 1:
            raise CommandError("Can't locate revision identified by %r" % (id_,) if not found else
                               "Multiple revisions start with %r: %s" % (id_, ", ".join(map(repr, sorted(found)))))
        return Revision(found[0], files[found[0]])

    def get_revisions(self, ids):
        return tuple(self.get_revision(one) for one in ([ids] if isinstance(ids, str) else ids))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn("op.get_context().script." + name)


class Revision:
    def __init__(self, id_, path):
        self.revision, self.path = id_, path

    @property
    def module(self):
        """Loaded once, as Alembic has it."""
        if self.path not in _modules:
            from .script import Script
            run = current.run()
            acting, run.acting = run.acting, False
            try:
                _modules[self.path] = Script(self.path).load()
            finally:
                run.acting = acting
        return _modules[self.path]

    @property
    def doc(self):
        return (self.module.__doc__ or "").strip().split("\n")[0].strip()

    longdoc = property(lambda self: self.module.__doc__ or "")
    down_revision = property(lambda self: self.module.down_revision)
    branch_labels = property(lambda self: set(getattr(self.module, "branch_labels", None) or ()))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn("op.get_context().script.get_revision(%r).%s" % (self.revision, name))


def _revisions(run):
    """Of each id the file, from the folders of revisions and that of the script itself."""
    for folder in dict.fromkeys([*current.settings().version_locations, os.path.dirname(os.path.abspath(run.path))]):
        for path in sorted(os.path.join(inner, name) for inner, _, names in os.walk(folder) for name in names):
            if path.endswith(".py") and path not in _files:
                with open(path, encoding="utf-8", errors="replace") as file:
                    match = _ID.search(file.read())
                _files[path] = match.group(1) if match else None
    return {id_: path for path, id_ in _files.items() if id_ is not None}
