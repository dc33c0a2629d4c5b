"""Which module a script gets when it imports one: a stand-in for those of Alembic and SQLAlchemy, the real one when it is there,
and a permissive one when it is not there or cannot be loaded."""
import importlib
import importlib.machinery
import os
import sys
import types

from . import current, loading
from .stand_in import StandIn
from .stops import HangUp, NeedsApplication

_STANDARD = os.path.dirname(os.path.realpath(os.__file__))
_STANDARD_PATHS = [path for path in sys.path if os.path.realpath(path).startswith(_STANDARD) and "-packages" not in path]
_others = []

# What Alembic and SQLAlchemy have imported before a script runs: a module of the project's that has one of these names is never
# found by it, and is not to be found here.
_LOADED_BEFORE = frozenset("""argparse array ast asyncio atexit base64 binascii bisect bz2 calendar collections concurrent configparser
    contextlib contextvars copy copyreg csv dataclasses datetime decimal dis email enum errno fcntl fnmatch functools gc gettext
    hashlib heapq html importlib inspect ipaddress itertools json keyword linecache locale logging lzma math numbers opcode operator
    pathlib pickle platform quopri random re reprlib select selectors shlex shutil signal socket ssl string struct subprocess tempfile
    termios textwrap threading timeit token tokenize traceback types typing urllib uuid warnings weakref zipfile zlib""".split())


def has_met_others():
    """Whether a module was asked for that is neither ours nor the standard library's."""
    return bool(_others)


class ProvidedModule(types.ModuleType):
    """One of ours. What it lacks is a value that fails when it is looked at."""

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError("module %s has no %s" % (self.__name__, name))
        if "%s.%s" % (self.__name__, name) in self.__dict__.get("_below", ()):
            return importlib.import_module("%s.%s" % (self.__name__, name))
        return StandIn("%s.%s" % (self.__name__, name), self.__dict__.get("_reason") or "no such name is known in " + self.__name__)


class StandInModule(ProvidedModule):
    """One that is not there."""


class StandInMember(StandIn):
    """What a package that is there lacks: a module of it, or any other name, for "from package import Name" looks for a module too."""
    __path__ = ()
    __spec__ = None


class _Loader:
    """kind: of the module; builder: gives its members; below: the modules that are known to be under it."""

    def __init__(self, kind, builder=None, reason="", below=()):
        self._kind, self._builder, self._reason, self._below = kind, builder, reason, below

    def create_module(self, spec):
        made = self._kind(spec.name)
        made.__dict__.update(_reason=self._reason, _below=self._below, __file__=None)
        return made

    def exec_module(self, module):
        if self._builder:
            module.__dict__.update(self._builder())
        parent, _, name = module.__name__.rpartition(".")
        if self._kind is StandInModule and not isinstance(sys.modules.get(parent), (ProvidedModule, StandIn, type(None))):
            sys.modules[module.__name__] = StandInMember(module.__name__, "there is no %s in %s" % (name, parent))


def _spec(name, loader):
    return importlib.machinery.ModuleSpec(name, loader, is_package=True)


class ProvidedFinder:
    """The modules that are ours whether or not they are installed. builders: a function for each, which gives the members."""

    def __init__(self, builders):
        self._builders = builders
        self._tops = {name.split(".")[0] for name in builders}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in self._tops:
            return None
        return _spec(name, _Loader(ProvidedModule, self._builders.get(name), below=self._builders))


class ProjectFinder:
    """Modules that are there, but not of the standard library: when one cannot be loaded, a permissive one takes its place."""

    def find_spec(self, name, path=None, target=None):
        if name in _LOADED_BEFORE:
            return importlib.machinery.PathFinder.find_spec(name, _STANDARD_PATHS, target)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or is_standard(spec.origin):
            return None
        _others.append(name)
        if spec.loader is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        spec.loader = _Careful(spec.loader.name, spec.loader.path)
        return spec


class ProjectPackage(types.ModuleType):
    """Alembic has loaded every script and env.py before it runs one, and with them what they import; here a module of the
    project's is loaded when it is named."""

    def __getattr__(self, name):
        path = self.__dict__.get("__path__")
        if path is None or name.startswith("__") or \
                importlib.machinery.PathFinder.find_spec("%s.%s" % (self.__name__, name), path) is None:
            raise AttributeError("module %r has no attribute %r" % (self.__name__, name))
        return importlib.import_module("%s.%s" % (self.__name__, name))


class _Careful(importlib.machinery.SourceFileLoader):
    def create_module(self, spec):
        return ProjectPackage(spec.name) if spec.submodule_search_locations is not None else None

    def exec_module(self, module):
        run = current.run() if current.running() else None
        acting = run is not None and run.acting
        try:
            if run is not None:
                run.acting = False
            self._load(module)
        except (HangUp, KeyboardInterrupt):
            raise
        except BaseException as error:
            if isinstance(error, ImportError) and _guarded():
                raise
            _forget_stop()
            module.__class__ = StandInModule
            module.__dict__["_reason"] = "%s could not be loaded: %s: %s" % (module.__name__, type(error).__name__, error)
        finally:
            if run is not None:
                run.acting = acting


    def _load(self, module):
        """What the project's own module lacks for one of its names is no reason to lose the others."""
        try:
            super().exec_module(module)
        except (HangUp, KeyboardInterrupt, ImportError, SyntaxError):
            raise
        except BaseException as error:
            if _is_installed(self.path):
                raise
            code, passed = self.get_code(module.__name__), (Exception, NeedsApplication)
            loading.go_on(error, self.get_data(self.path), code, module.__dict__, lambda it: isinstance(it, passed))
            _forget_stop()


class MissingFinder:
    """Modules that nobody else finds."""

    def find_spec(self, name, path=None, target=None):
        _others.append(name)
        frame = _importing_frame()
        if frame is None or _is_installed(frame.f_code.co_filename) or _under_standard(name):
            return None
        from .env_operations import look_for_modules
        found = ProjectFinder().find_spec(name, path, target) if look_for_modules() else None
        if found is not None or _is_guarded(frame):
            return found
        return _spec(name, _Loader(StandInModule, reason="the module %s is not there" % name))


def is_standard(path):
    return bool(path) and path.startswith(_STANDARD) and "-packages" not in path


def _is_installed(path):
    return is_standard(os.path.realpath(path)) or "-packages" + os.sep in path


def _under_standard(name):
    top = sys.modules.get(name.split(".")[0])
    return "." in name and top is not None and is_standard(getattr(top, "__file__", None))


def _forget_stop():
    """What a module that could not be loaded ran into is not the script's end."""
    if current.running():
        current.run().stop = None


def _importing_frame():
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(("<frozen importlib", "<limbeck_reader")) and "importlib" not in name:
            return frame
        frame = frame.f_back
    return None


def _guarded():
    frame = _importing_frame()
    return frame is not None and _is_guarded(frame)


_IMPORT = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")


def _is_guarded(frame):
    """Whether the import stands in a try that expects it to fail."""
    from .guards import expects
    return expects(frame, _IMPORT)


def install(builders):
    sys.meta_path[:0] = [ProvidedFinder(builders), ProjectFinder()]
    sys.meta_path.append(MissingFinder())
