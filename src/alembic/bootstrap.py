"""What "python -c" runs: takes the reader's modules from descriptor 4, without a file on the disk, and starts it. There they are compiled for
one version of Python, and as text for any other; an argument is where this Python may keep what it has compiled of that."""
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


class Attachment:
    """The file that is descriptor 4: a line that says where things stand behind it, and these."""

    def __init__(self):
        with open(4, "rb", closefd=False) as file:
            line = file.readline()
        self.index = json.loads(line)
        self.begin = len(line)

    def read(self, part, name):
        """None when it is not there."""
        place = self.index[part].get(name)
        return place and os.pread(4, place[1], self.begin + place[0])

    def code(self, name):
        """What this version of Python would make of the source."""
        compiled = self.index["magic"] == importlib.util.MAGIC_NUMBER.hex() and self.read("code", name)
        try:
            return marshal.loads(compiled) if compiled else None
        except (TypeError, ValueError, EOFError):
            return None


class Embedded:
    """Finds and loads the modules that the program carries."""

    def __init__(self, attachment, kept):
        self.attachment = attachment
        self.kept = kept
        self.compiled = None
        self.is_new = False

    def code(self, name):
        carried = self.attachment.code(name)
        if carried:
            return carried
        if self.compiled is None:
            self.compiled = self.kept.read()
        if name not in self.compiled:
            source = self.attachment.read("source", name)
            self.compiled[name] = compile(source, "<limbeck_reader %s>" % name, "exec", dont_inherit=True)
            self.is_new = True
        return self.compiled[name]

    def find_spec(self, name, path=None, target=None):
        if name not in self.attachment.index["source"]:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=name == "limbeck_reader")

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(self.code(module.__spec__.name), module.__dict__)

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
embedded = Embedded(Attachment(), Kept(sys.argv[1] if len(sys.argv) > 1 else None))
del sys.argv[1:]
sys.meta_path.insert(0, embedded)
import limbeck_reader  # noqa: E402
limbeck_reader.main(reader, writer, embedded.keep)
