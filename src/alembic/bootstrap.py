"""What "python -c" runs: takes the reader's modules from descriptor 3, without a file on the disk, and starts it."""
import importlib.machinery
import json
import os
import sys


class Embedded:
    """Finds and loads the modules that came over the socket."""

    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        if name not in self.sources:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=name == "limbeck_reader")

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__spec__.name
        exec(compile(self.sources[name], "<limbeck_reader %s>" % name, "exec", dont_inherit=True), module.__dict__)


os.set_inheritable(3, False)
reader, writer = os.fdopen(3, "rb"), os.fdopen(os.dup(3), "wb")
sys.meta_path.insert(0, Embedded(json.loads(reader.read(int(reader.readline())))))
sys.path[:] = [path for path in sys.path if path]
import limbeck_reader  # noqa: E402
limbeck_reader.main(reader, writer)
