"""What classes that stand for SQLAlchemy's have in common."""
import sys

# The names of the reader's own files.
OURS = "<limbeck_reader"


def missing(one, name, frame):
    """The error for an attribute that is not there; where the script itself reads one that SQLAlchemy has, that is its end."""
    if name[:2] != "__" and not frame.f_code.co_filename.startswith(OURS):
        from .lacking import need_what_is_read
        need_what_is_read(one, name, frame)
    return AttributeError("%r object has no attribute %r" % (type(one).__name__, name))


class Modelled:
    """What stands for a class of SQLAlchemy's, and lacks some of what that has."""

    def __getattr__(self, name):
        raise missing(self, name, sys._getframe(1))
