"""What "python -c" runs: takes the reader's modules from descriptor 4, without a file on the disk, and starts it. An argument is where
they may be kept as this Python has compiled them."""
import sys

# A module of the project's may have the name of one of these: in the working directory there is nothing of ours.
sys.path[:] = [path for path in sys.path if path]

import _thread  # noqa: E402
import importlib.machinery  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import marshal  # noqa: E402
import os  # noqa: E402
import select  # noqa: E402
import zlib  # noqa: E402


class Embedded:
    """Finds and loads the modules that the program carries."""

    def __init__(self, kept):
        self.kept = kept
        self.compiled = kept.read()
        self.sources = None
        self.is_new = False

    def source(self, name):
        """Nothing is read while all that is wanted has been kept."""
        if self.sources is None:
            with open(4, "rb", closefd=False) as file:
                self.sources = json.loads(file.read())
        return self.sources.get(name)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != "limbeck_reader" or (name not in self.compiled and self.source(name) is None):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=name == "limbeck_reader")

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__spec__.name
        if name not in self.compiled:
            self.compiled[name] = compile(self.source(name), "<limbeck_reader %s>" % name, "exec", dont_inherit=True)
            self.is_new = True
        exec(self.compiled[name], module.__dict__)

    def keep(self):
        """Called when there is time. Nothing is lost when it cannot be kept."""
        if self.is_new:
            self.kept.write(self.compiled)
            self.is_new = False


class Kept:
    """Compiled modules in a file, with a checksum: damaged code would end Python."""

    def __init__(self, path):
        self.path = path and "%s-%s.code" % (path, sys.implementation.cache_tag)
        self.head = importlib.util.MAGIC_NUMBER

    def read(self):
        try:
            with open(self.path, "rb") as file:
                content = file.read()
                owned = os.fstat(file.fileno()).st_uid == os.geteuid()
            head, body = content[:len(self.head) + 4], content[len(self.head) + 4:]
            if owned and head == self.head + zlib.crc32(body).to_bytes(4, "little"):
                return marshal.loads(body)
        except (OSError, TypeError, ValueError, EOFError):
            pass
        return {}

    def write(self, compiled):
        if not self.path:
            return
        body = marshal.dumps(compiled)
        unfinished = "%s.%d" % (self.path, os.getpid())
        try:
            os.makedirs(os.path.dirname(self.path), 0o700, exist_ok=True)
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self.head + zlib.crc32(body).to_bytes(4, "little") + body)
            os.replace(unfinished, self.path)
        except (OSError, TypeError):
            pass


def end_with_the_program():
    """A script that goes on for ever must not outlive the program that asked for it."""
    poll = select.poll()
    poll.register(3, 0)  # only for the other end's being closed
    poll.poll()
    os._exit(0)


os.set_inheritable(3, False)
os.set_inheritable(4, False)
_thread.start_new_thread(end_with_the_program, ())
reader, writer = os.fdopen(3, "rb"), os.fdopen(os.dup(3), "wb")
embedded = Embedded(Kept(sys.argv[1] if len(sys.argv) > 1 else None))
del sys.argv[1:]
sys.meta_path.insert(0, embedded)
import limbeck_reader  # noqa: E402
limbeck_reader.main(reader, writer, embedded.keep)
