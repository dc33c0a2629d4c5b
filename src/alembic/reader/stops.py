"""Why a script cannot go on here. Not exceptions that a script may catch: "except Exception" lets them pass."""


class Stop(BaseException):
    """what: "query", "application" or "engine"; text: what it asked for."""
    what = ""
    line = 0
    engines = ()

    def __init__(self, text):
        super().__init__(text)
        self.text = text


class NeedsQuery(Stop):
    """The script looks at the result of a query: it has to run live."""
    what = "query"


class NeedsApplication(Stop):
    """The script needs the application's own code, or an ORM session."""
    what = "application"


class NeedsEngine(Stop):
    """The script is for several databases, and nobody has said which one is meant. engines: those that it has functions for."""
    what = "engine"


def need_application(what):
    """Ends the run of the script: no stand-in can give this."""
    from . import current
    stop = NeedsApplication(what)
    raise current.run().stopped_by(stop) if current.running() else stop


def refuse_other_schemas(options):
    """Execution options by which statements would go to other schemas than they name."""
    moved = (options or {}).get("schema_translate_map") or {}
    if any(name != other for name, other in moved.items()):
        need_application("the execution option schema_translate_map")


class HangUp(BaseException):
    """The program went away."""
