"""What the program said once, for all scripts: the request "configure" as a value."""
import os
import sys

from .dialects import dialect_named
from .stops import need_application


class UnknownConvention(dict):
    """That of env.py's metadata, which nobody could read. A script needs it where it leaves a name to it."""

    def __init__(self, why):
        super().__init__(why=why)

    def need(self):
        need_application("the naming convention of env.py's metadata (%s), which can be written into [alembic.naming_convention] "
                         "of limbeck.toml" % self["why"])


class Settings:
    def __init__(self, message):
        self.dialect = dialect_named(message["dialect"], message.get("server_version") or "")
        if message.get("default_schema"):
            self.dialect.default_schema_name = message["default_schema"]
        self.types = message.get("types") or {}
        self.naming_convention = message.get("naming_convention") or {}
        if message.get("unknown_naming"):
            self.naming_convention = UnknownConvention(message["unknown_naming"])
        self.x_arguments = message.get("x") or []
        self.options = message.get("config") or {}
        self.version_table = message.get("version_table") or "alembic_version"
        self.version_table_schema = message.get("version_table_schema")
        # Of the several databases of a project the one that is meant; None: none is named.
        self.engine = message.get("engine")
        self.engine_argument = message.get("engine_argument") or ""  # as env.py names it; "": that is not known
        self.always_gives_engine = bool(message.get("always_gives_engine"))  # to every script
        self.gives_no_arguments = bool(message.get("gives_no_arguments"))  # env.py calls scripts with nothing
        self.has_engines = bool(message.get("has_engines"))
        self.script_location = message.get("script_location") or ""
        self.version_locations = message.get("version_locations") or []
        self.paths = [os.path.abspath(path) for path in message.get("paths") or []]
        self.fallback_paths = [os.path.abspath(path) for path in message.get("fallback_paths") or []]

    def apply_paths(self):
        """The folders that the project's own modules come from, before what is installed and behind it."""
        own = self.paths + self.fallback_paths
        sys.path[:] = self.paths + [path for path in sys.path if path not in own] + \
            [path for path in self.fallback_paths if path not in self.paths]
