"""All modules that the reader provides itself."""


def builders():
    from . import alembic_modules, sqlalchemy_modules, third_party
    return {**alembic_modules.builders(), **sqlalchemy_modules.builders(), **third_party.builders()}
