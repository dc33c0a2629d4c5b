"""Which SQLAlchemy the project has, where versions of it send different statements."""
from . import current


def sqlalchemy_is_2():
    """Whether it is 2.0 or later; where none is installed it is taken for one, and the log says so."""
    run = current.run() if current.running() else None
    if run is not None:
        run.looked_around = True
    version = _version()
    if version is None and run is not None:
        run.notes.append("divides truly, as SQLAlchemy 2.0 does; 1.4 divides whole numbers, and none is installed here")
    return version is None or int(version.partition(".")[0]) >= 2


def _version():
    # Loaded when it is needed: few scripts divide.
    from importlib import metadata
    try:
        return metadata.version("SQLAlchemy")
    except metadata.PackageNotFoundError:
        return None
