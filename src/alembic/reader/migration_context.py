"""op.get_context(), and what alembic.context says within a script."""
from .stand_in import StandIn
from .stops import need_application


class _TargetMetadata(StandIn):
    """Of the models that env.py loads only the naming convention may be known, from the configuration."""

    @property
    def naming_convention(self):
        from . import current
        return current.settings().naming_convention or self.__getattr__("naming_convention")


class MigrationContext:
    def __init__(self, run, connection):
        self._run = run
        self.connection = self.bind = connection
        self.dialect = run.dialect
        self.as_sql = run.offline
        self.version_table = run.settings.version_table
        self.version_table_schema = run.settings.version_table_schema
        self.impl = Implementation(run, connection)
        self.opts = _Options({"target_metadata": _TargetMetadata("target_metadata of env.py"), "dialect_opts": {}, "as_sql": run.offline,
                              "fn": None, "script": None})
        for name, usual in (("version_table", "alembic_version"), ("version_table_schema", None)):
            if getattr(run.settings, name) != usual:
                self.opts[name] = getattr(run.settings, name)
        from .alembic_modules import Config
        self.config = Config()

    @classmethod
    def configure(cls, connection=None, url=None, dialect_name=None, dialect=None, environment_context=None, dialect_opts=None,
                  opts=None):
        """The context of this run: whatever connection a script has, it is the one that it was given."""
        from .current_operations import operations
        options = opts or {}
        made = operations().get_context()
        made.version_table = options.get("version_table", made.version_table)
        made.version_table_schema = options.get("version_table_schema", made.version_table_schema)
        made.opts.update(options)
        return made

    @property
    def script(self):
        from .script_directory import ScriptDirectory
        return ScriptDirectory()

    @property
    def environment_context(self):
        from .alembic_modules import environment
        return environment()

    def autocommit_block(self):
        return AutocommitBlock(self._run)

    def begin_transaction(self, _per_migration=False):
        return _Nothing()

    def execute(self, sql, execution_options=None):
        from .current_operations import operations
        operations().execute(sql)

    def get_current_revision(self):
        return self._heads()[0] if self._heads() else None

    def get_current_heads(self):
        return tuple(self._heads())

    def _heads(self):
        from .text_clause import text
        name = self.dialect.qualified(self.version_table, self.version_table_schema)
        return [row[0] for row in self.connection.execute(text("SELECT version_num FROM %s" % name))]

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        from .stand_in import StandIn
        return StandIn("op.get_context()." + name)


# What context.configure() knows itself; other options are the project's own.
_KNOWN_OPTIONS = frozenset("""version_table version_table_schema version_table_pk transactional_ddl transaction_per_migration
    output_buffer output_encoding starting_rev tag template_args render_as_batch include_name include_object include_schemas
    process_revision_directives compare_type compare_server_default render_item literal_binds upgrade_token downgrade_token
    alembic_module_prefix sqlalchemy_module_prefix user_module_prefix on_version_apply autogenerate_plugins purge
    destination_rev revision_context""".split())


class _Options(dict):
    """context.opts. What env.py gives to context.configure() of its own is not known."""

    def __missing__(self, name):
        if name in _KNOWN_OPTIONS:
            raise KeyError(name)
        need_application("what env.py gives to context.configure(): the option %s" % name)

    def get(self, name, default=None):
        return self[name] if name in self or name not in _KNOWN_OPTIONS else default


class Implementation:
    """context.impl, as far as scripts use it."""
    transactional_ddl = True

    def __init__(self, run, connection):
        self._run = run
        self.dialect, self.connection, self.bind, self.as_sql = run.dialect, connection, connection, run.offline

    def execute(self, sql, **unused):
        from .current_operations import operations
        return operations().execute(sql)

    def static_output(self, text):
        """The script of --sql gets this text; a run with a database prints it."""
        if not self.as_sql:
            print(text)
        elif not _is_comment(text):
            self._run.execute_sql(text, many=True)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        from .stand_in import StandIn
        return StandIn("op.get_context().impl." + name)


def _is_comment(text):
    return all(not line.strip() or line.strip().startswith("--") for line in text.splitlines())


class AutocommitBlock:
    def __init__(self, run):
        self._run = run

    def __enter__(self):
        self._run.autocommit(True)

    def __exit__(self, kind, *unused):
        if kind is None or issubclass(kind, Exception):
            self._run.autocommit(False)


class _Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *unused):
        pass
