"""What well-known packages add to alembic.op."""
from .current_operations import operations
from .entities import create_entity, drop_entity, replace_entity


def _of(function):
    return lambda *arguments, **named: function(operations(), *arguments, **named)


def _sync_enum_values(*arguments, **named):
    from .enum_sync import sync_enum_values
    return sync_enum_values(operations(), *arguments, **named)


def _geo(directive):
    """geoalchemy2's: create_geospatial_table and the like are the plain directives here."""
    return lambda *arguments, **named: getattr(operations(), directive)(*arguments, **named)


def added_operations():
    return {"create_entity": _of(create_entity), "drop_entity": _of(drop_entity), "replace_entity": _of(replace_entity),
            "revert_entity": _of(replace_entity), "sync_enum_values": _sync_enum_values,
            "create_geospatial_table": _geo("create_table"), "drop_geospatial_table": _geo("drop_table"),
            "create_geospatial_index": _geo("create_index"), "drop_geospatial_index": _geo("drop_index"),
            "add_geospatial_column": _geo("add_column"), "drop_geospatial_column": _geo("drop_column")}
