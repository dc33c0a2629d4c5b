"""The program's requests, answered one after another."""
import gc
import io
import os
import sys

from . import current
from .protocol import Channel
from .stops import HangUp, NeedsApplication, Stop


def serve(reader, writer, keep):
    sys.dont_write_bytecode = True
    channel = Channel(reader, writer)
    try:
        while True:
            message = channel.receive()
            if message is None:
                return
            if message["do"] == "configure":
                channel.send(configure(message))
            elif message["do"] == "header":
                channel.send(read_header(message, channel))
            elif message["do"] in ("record", "load", "live"):
                answer = run_script(message, channel)
                keep()
                channel.send(answer)
            else:
                channel.send({"event": "refused", "message": "there is no request %r" % message["do"]})
    except (HangUp, KeyboardInterrupt):
        return


def configure(message):
    from . import modules, provided
    from .settings import Settings
    settings = Settings(message)
    if current.settings() is None:
        modules.install(provided.builders())
        spare_the_collector()
    current.configure(settings)
    settings.apply_paths()
    return {"event": "ready", "python": "%d.%d.%d" % sys.version_info[:3]}


def spare_the_collector():
    """What is loaded stays: to look through it again and again was a tenth of the time that scripts take. What they leave behind
    is collected after some megabytes."""
    gc.freeze()
    gc.set_threshold(20000, 20, 20)


def read_header(message, channel):
    """The header of one script that computes it."""
    from . import header
    from .run import Run
    run = Run(current.settings(), channel, {"do": "record", "id": "", "path": message["path"], "direction": "upgrade"})
    output, sys.stdout = sys.stdout, io.StringIO()
    current.begin(run)
    try:
        return header.read(message["path"])
    except Stop as stop:
        return _needs(run, stop)
    except HangUp:
        raise
    except BaseException as error:
        return _raised(run, error, error.__traceback__)
    finally:
        current.end()
        sys.stdout = output


def run_script(message, channel):
    """One script in one direction, and what became of it, as the answer."""
    from .run import Run
    from .script import Script
    from .tables import Alias
    if current.settings() is None:
        return {"event": "refused", "message": "configure comes first"}
    run = Run(current.settings(), channel, message)
    run.script = Script(run.path, message.get("source"))
    # The same script makes the same names each time.
    Alias.counter = 0
    output, sys.stdout = sys.stdout, io.StringIO()
    current.begin(run)
    try:
        answer = _outcome(run)
        answer["output"] = "" if run.only_loaded else sys.stdout.getvalue()
        return answer
    finally:
        current.end()
        sys.stdout = output


def _outcome(run):
    from . import purity
    from .arguments import arguments_of
    try:
        module = run.script.load()
        function = getattr(module, run.direction, None)
        if function is None:
            return _raised(run, MissingFunction("the script has no function %s()" % run.direction), None)
        if run.direction == "downgrade" and not run.only_loaded:
            _learn_types(run, module)
        arguments = arguments_of(module, run.direction, run.settings)
        run.acting = True
        if not run.only_loaded:
            function(**arguments)
        if run.rolled_back_at:
            answer = _raised(run, RolledBack("rolls back the transaction, and goes on as if it had not"), None)
            answer["line"] = run.rolled_back_at
            return answer
        run.back_in_transaction()
    except Stop as stop:
        return _needs(run, stop)
    except HangUp:
        raise
    except BaseException as error:
        if run.stop is None and isinstance(error, (TypeError, ValueError)) and "StandIn" in str(error):
            # Code that is no Python, such as that of datetime, looks at a value without asking it.
            run.stop = NeedsApplication("a value of a module that is not there (%s)" % error)
            run.stop.line = _script_line(run, error.__traceback__)
        if run.stop is None and isinstance(error, Exception) and _is_of_the_application(run, error):
            run.stop = NeedsApplication(_what_it_raised(error))
            run.stop.line = _script_line(run, error.__traceback__)
        if run.stop is None and isinstance(error, (AttributeError, TypeError)):
            from .lacking import what_is_lacking
            lacking = what_is_lacking(error)
            if lacking:
                run.stop = NeedsApplication(lacking)
                run.stop.line = _script_line(run, error.__traceback__)
        if run.stop is not None:
            return _needs(run, run.stop)
        return _raised(run, error, error.__traceback__)
    if run.stop is not None:
        return _needs(run, run.stop)
    if run.live:
        return {"event": "finished", "id": run.id, **run.report()}
    pure = not run.looked_around and purity.is_pure(run.script.code)
    return {"event": "recorded", "id": run.id, "items": run.items, "pure": pure, **run.report()}


class MissingFunction(Exception):
    pass


class RolledBack(Exception):
    pass


def _learn_types(run, module):
    """Which enumerations the tables use that go away: the upgrade says it. It is recorded for that and forgotten."""
    upgrade, downgrade = getattr(module, "upgrade", None), run.direction and getattr(module, "downgrade")
    names = getattr(getattr(downgrade, "__code__", None), "co_names", ())
    if upgrade is None or not run.dialect.is_postgresql or not {"drop_table", "drop_column"} & set(names):
        return
    if not any("Enum" in line or "ENUM" in line for line in run.script.lines()):
        return
    from .arguments import arguments_of
    from .run import Run
    silent = Run(run.settings, run.channel, {"do": "record", "id": run.id, "path": run.path, "direction": "upgrade"})
    current.begin(silent)
    try:
        arguments = arguments_of(module, "upgrade", run.settings)
        silent.acting = True
        upgrade(**arguments)
    except (Stop, Exception):
        pass
    finally:
        current.begin(run)
    run.types.extend(it for it in silent.types if it[0] == "used")


def _is_of_the_application(run, error):
    """Whether code raised it that is neither the script's nor ours nor Python's: what Alembic's env.py sets up for it is missing."""
    from .modules import is_standard
    path = _innermost(error.__traceback__).tb_frame.f_code.co_filename
    return path != run.path and not path.startswith("<") and not is_standard(os.path.realpath(path))


def _innermost(traceback):
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback


def _what_it_raised(error):
    place = _innermost(error.__traceback__)
    return "%s raised %s: %s (%s:%d)" % (place.tb_frame.f_code.co_name, type(error).__name__, _message(error),
                                         place.tb_frame.f_code.co_filename, place.tb_lineno)


def _script_line(run, traceback):
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == run.path:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _needs(run, stop):
    line = getattr(stop, "line", 0) or _script_line(run, stop.__traceback__)
    return {"event": "needs", "id": run.id, "what": stop.what, "text": stop.text, "file": run.path, "line": line,
            "engines": stop.engines, **run.report()}


def _raised(run, error, traceback):
    answer = {"event": "raised", "id": run.id, "type": type(error).__name__, "message": _message(error), "file": run.path,
              "line": getattr(error, "limbeck_line", 0) or _script_line(run, traceback), "traceback": _frames(traceback)}
    if isinstance(error, SyntaxError):
        answer.update(file=error.filename or run.path, line=error.lineno or 0, column=error.offset or 0, message=error.msg)
    return answer


def _message(error):
    if isinstance(error, SystemExit):
        return "" if error.code is None else str(error.code)
    try:
        return str(error)
    except BaseException:
        return repr(type(error))


_FRAMES = 5  # of each end of a traceback that is longer


def _frames(traceback):
    import linecache
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        path = code.co_filename
        if not path.startswith(("<limbeck_reader", "<frozen")):
            frames.append({"file": path, "line": traceback.tb_lineno, "function": code.co_name,
                           "text": linecache.getline(path, traceback.tb_lineno).strip()})
        traceback = traceback.tb_next
    left_out = len(frames) - 2 * _FRAMES
    if left_out > 0:  # a function that calls itself for ever
        frames[_FRAMES - 1]["text"] += "  (and %d calls more)" % left_out
        del frames[_FRAMES:-_FRAMES]
    return frames
