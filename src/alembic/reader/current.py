"""The run that is going on. alembic.op is a module, so what it acts on has to be found from a module."""


class _Current:
    settings = None
    run = None


_current = _Current()


def configure(settings):
    _current.settings = settings


def begin(run):
    _current.run = run


def end():
    _current.run = None


def settings():
    return _current.settings


def dialect():
    return _current.settings.dialect


def run():
    """The run of a script; a clear error outside of one."""
    if _current.run is None:
        raise NameError("alembic.op and the connection are there only while upgrade() or downgrade() runs")
    return _current.run


def running():
    return _current.run is not None
