"""The Operations of the run that is going on."""
from . import current


def operations():
    run = current.run()
    if getattr(run, "operations", None) is None:
        from .operations import Operations
        run.operations = Operations(run)
    return run.operations
