"""One script's run, in one direction: what it has done so far, or a live conversation with the program."""
import re
import sys

from . import exceptions
from .expressions import Context, Element
from .stand_in import StandIn
from .stops import NeedsQuery

_LONGEST_QUERY = 160  # as messages show it


class Run:
    """live: statements are executed at once, and queries answered. Otherwise they are recorded as items, or the script is only loaded."""

    def __init__(self, settings, channel, message):
        self.settings, self.dialect = settings, settings.dialect
        self.channel = channel
        self.id, self.path, self.direction = message["id"], message["path"], message["direction"]
        self.live = message["do"] == "live"
        self.only_loaded = message["do"] == "load"
        self.offline = bool(message.get("offline")) and not self.live
        self.items, self.notes = [], []
        self.stop = None
        self.script = None
        self.context = Context(self.dialect)
        self._made_types = set()
        self.types = []
        self.outside = False
        self.acting = False
        self.rolled_back_at = 0
        self.commented_lines = None  # whose comments the next items have, where it is not their own line
        self._commented = set()
        self.looked_around = False  # at what is installed
        self.no_parameters = False  # execution_options(no_parameters=True)

    # Statements.
    def execute_sql(self, sql, many=False):
        """A finished statement; its answer in a live run, None in a recorded one."""
        if sql is None:
            return None
        sql = sql.strip().rstrip(";").rstrip() if not many else sql.strip()
        self._forget_types(sql)
        if self.live:
            answer = self.channel.ask({"event": "execute", "sql": sql, "line": self.line(), "many": many})
            if "error" in answer:
                raise exceptions.database_error(answer["error"], sql)
            return answer
        self.add({"sql": sql, "many": True} if many else {"sql": sql})
        return None

    def execute(self, element):
        """Any element: a statement, text."""
        return self.execute_sql(element.sql(self.context), many=is_many(element))

    def add(self, item):
        """Records an item, with its place."""
        frame_line = self.line()
        item["line"] = frame_line
        comment = self._comment()
        if comment:
            item["comment"] = comment
        self.items.append(item)

    def batch(self, batch):
        _need_all_of(batch)
        if self.live:
            answer = self.channel.ask({"event": "batch", "batch": batch, "line": self.line()})
            if "error" in answer:
                raise exceptions.database_error(answer["error"], "batch of " + batch["table"])
        else:
            self.add({"batch": batch})

    def commit(self):
        if self.live:
            self._check(self.channel.ask({"event": "commit", "line": self.line()}), "COMMIT")
        else:
            self.add({"commit": True})

    def autocommit(self, enter):
        if self.live:
            self._check(self.channel.ask({"event": "autocommit", "enter": enter, "line": self.line()}), "autocommit_block")
        else:
            self.add({"autocommit": enter})

    def transaction_word(self, text):
        """op.execute("COMMIT"): what follows runs in no transaction, as the drivers have it. True when it was such a word."""
        word = text.strip().rstrip(";").strip().upper()
        if word == "COMMIT":
            if not self.dialect.is_postgresql:
                self.commit()
            elif not self.outside:
                self.outside = True
                self.autocommit(True)
            return True
        if word in ("BEGIN", "BEGIN TRANSACTION", "START TRANSACTION") and (self.outside or not self.dialect.is_postgresql):
            self.back_in_transaction()
            return True
        return False

    def back_in_transaction(self):
        if self.outside:
            self.outside = False
            self.autocommit(False)

    @staticmethod
    def _check(answer, what):
        if "error" in answer:
            raise exceptions.database_error(answer["error"], what)

    def query_needed(self, sql):
        """The script looks at a result: in a recorded run that is the end."""
        text = " ".join(sql.split())
        raise self.stopped_by(NeedsQuery(text if len(text) <= _LONGEST_QUERY else text[:_LONGEST_QUERY] + "..."))

    def stopped_by(self, stop):
        """It ends the run also when the script catches everything."""
        stop.line = self.line()
        self.stop = stop
        return stop

    # Places.
    def _comment(self):
        """What the script says above the line, and above those that have called it. Each comment is said once."""
        lines = list(self._lines_of_calls())
        if self.commented_lines is not None:
            lines[-1:] = self.commented_lines
        comments = [self.script.comment_above(line, self._commented) for line in lines] if self.script else []
        return "\n".join(comment for comment in comments if comment)

    def _lines_of_calls(self):
        frame, lines = sys._getframe(1), []
        while frame is not None:
            if frame.f_code.co_filename == self.path and frame.f_code.co_name != "<module>":
                lines.append(frame.f_lineno)
            frame = frame.f_back
        return reversed(lines)

    def line(self):
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                return frame.f_lineno
            frame = frame.f_back
        return 0

    # Enumerations: created once, and named when they stay.
    def made_type(self, enum):
        """Whether this run has made the type already; from now on it has."""
        key = (enum.schema, enum.name)
        if key in self._made_types:
            return True
        self._made_types.add(key)
        return False

    def _forget_types(self, sql):
        match = re.match(r"\s*DROP\s+(?:TYPE|DOMAIN)\s+(?:IF\s+EXISTS\s+)?([^;]+)", sql, re.I) if "DROP" in sql.upper()[:40] else None
        if match:
            for name in match.group(1).replace('"', "").split(","):
                words = name.split()
                if words:
                    gone = words[0].split(".")[-1]
                    self.types.append(("type_gone", gone))
                    self._made_types = {key for key in self._made_types if key[1] != gone}

    def uses_type(self, schema, table, column, enum):
        self.types.append(("used", schema, table, column, enum.name))

    def drops(self, schema, table, column=None):
        """A table or a column goes: the enumerations that it used stay."""
        self.types.append(("gone", schema, table) if column is None else ("gone", schema, table, column))

    def report(self):
        """What is said of every run, however it ended. The program knows which types the scripts before this one use."""
        notes = [note for place, note in enumerate(self.notes) if note not in self.notes[:place]]
        types = [[word if isinstance(word, str) else "" for word in it] for it in self.types]
        return {"notes": notes, "types": types} if types else {"notes": notes}


def _need_all_of(value):
    """Names that are values of a module which is not there end the script here: nobody else looks at them."""
    if isinstance(value, StandIn):
        value.need()
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _need_all_of(one)


def is_many(element):
    """Whether a text may hold several statements: the program splits it."""
    text = getattr(element, "text", None)
    return isinstance(text, str) and ";" in text.rstrip().rstrip(";")


def statement(value):
    """What execute() takes, as an element. A function's value is asked for by SELECT."""
    return value.select() if getattr(value, "is_selected_alone", False) else element_of(value)


def element_of(value):
    if isinstance(value, Element) or hasattr(value, "sql"):
        return value
    if hasattr(value, "__clause_element__"):
        return value.__clause_element__()
    raise exceptions.ObjectNotExecutableError("%r is no statement" % (value,))
