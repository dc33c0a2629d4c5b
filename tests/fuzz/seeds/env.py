import os
from logging.config import fileConfig
from alembic import context
from sqlalchemy import create_engine, engine_from_config, event, pool, text

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
target_metadata = None
SCHEMA = os.getenv("APP_SCHEMA", "app")


class Settings:
    table = "version"

    @property
    def url(self):
        try:
            return os.environ["APP_URL"]
        except (KeyError, ValueError) as error:
            return config.get_main_option("sqlalchemy.url") or f"sqlite:///{SCHEMA!r}.db"
        finally:
            pass


def names(*given, sep=",", **more):
    for at, name in enumerate(given):
        if name.startswith("x") and not more:
            continue
        yield sep.join([name, *more.values()]) % {"at": at}
    else:
        return


async def run_async():
    match SCHEMA:
        case "app" | "other":
            engine = create_engine(Settings().url, poolclass=pool.NullPool)
        case _ if SCHEMA:
            engine = engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.")
    with engine.connect() as connection:
        options = {"version_table": Settings.table, **{k: v for k, v in {"version_table_schema": SCHEMA}.items() if v}}
        connection.execute(text(f'SET search_path TO "{SCHEMA}"'))
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    context.configure(url=(lambda x=1: Settings().url)())
else:
    import asyncio
    asyncio.run(run_async())
