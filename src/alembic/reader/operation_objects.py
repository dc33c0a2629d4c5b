"""alembic.operations.ops: directives as objects, for op.invoke()."""
from .stand_in import StandIn


class MigrateOperation:
    """A plugin's own operation: how it is done is the plugin's business."""
    directive = None

    def __init__(self, *arguments, **named):
        self.arguments, self.named = arguments, named

    def apply(self, operations):
        if self.directive is None:
            StandIn("the operation %s" % type(self).__name__).need()
        return getattr(operations, self.directive)(*self.arguments, **self.named)


_NAMES = {"CreateTableOp": "create_table", "DropTableOp": "drop_table", "RenameTableOp": "rename_table", "AddColumnOp": "add_column",
          "DropColumnOp": "drop_column", "AlterColumnOp": "alter_column", "CreateIndexOp": "create_index",
          "DropIndexOp": "drop_index", "CreateForeignKeyOp": "create_foreign_key", "CreatePrimaryKeyOp": "create_primary_key",
          "CreateUniqueConstraintOp": "create_unique_constraint", "CreateCheckConstraintOp": "create_check_constraint",
          "DropConstraintOp": "drop_constraint", "ExecuteSQLOp": "execute", "BulkInsertOp": "bulk_insert",
          "CreateTableCommentOp": "create_table_comment", "DropTableCommentOp": "drop_table_comment"}


class CreateTableOp(MigrateOperation):
    def apply(self, operations):
        name, columns = self.arguments[0], self.arguments[1]
        return operations.create_table(name, *columns, **self.named)


def members():
    made = {name: type(name, (MigrateOperation,), {"directive": directive}) for name, directive in _NAMES.items()}
    made.update(MigrateOperation=MigrateOperation, CreateTableOp=CreateTableOp)
    return made
