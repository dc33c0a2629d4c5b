"""Which SQLAlchemy the project has, where versions of it differ."""
from . import current


def sqlalchemy_is_2():
    """Whether it is 2.0 or later; where none is installed it is taken for one, and the log says so."""
    major = _major()
    if major is None and current.running():
        current.run().notes.append("divides truly, as SQLAlchemy 2.0 does; 1.4 divides whole numbers, and none is installed here")
    return major is None or major >= 2


def sqlalchemy_is_1():
    major = _major()
    return major is not None and major < 2


def _major():
    # Loaded when it is needed: few scripts divide.
    from importlib import metadata
    if current.running():
        current.run().looked_around = True
    try:
        return int(metadata.version("SQLAlchemy").partition(".")[0])
    except metadata.PackageNotFoundError:
        return None
