"""Operations that a project adds to alembic.op in env.py or in what that imports, and what they ask of the project's revisions."""
import os
import textwrap
import unittest

from reader_case import HEAD, ReaderCase

# As Alembic's cookbook has it ("Replaceable Objects").
OPERATIONS = '''
from alembic.operations import MigrateOperation, Operations


class ReplaceableObject:
    def __init__(self, name, sqltext):
        self.name = name
        self.sqltext = sqltext


class ReversibleOp(MigrateOperation):
    def __init__(self, target):
        self.target = target

    @classmethod
    def invoke_for_target(cls, operations, target):
        op = cls(target)
        return operations.invoke(op)

    def reverse(self):
        raise NotImplementedError()

    @classmethod
    def _get_object_from_version(cls, operations, ident):
        version, objname = ident.split(".")
        module = operations.get_context().script.get_revision(version).module
        obj = getattr(module, objname)
        return obj

    @classmethod
    def replace(cls, operations, target, replaces=None, replace_with=None):
        if replaces:
            old_obj = cls._get_object_from_version(operations, replaces)
            drop_old = cls(old_obj).reverse()
            create_new = cls(target)
        elif replace_with:
            old_obj = cls._get_object_from_version(operations, replace_with)
            drop_old = cls(target).reverse()
            create_new = cls(old_obj)
        else:
            raise TypeError("replaces or replace_with is required")
        operations.invoke(drop_old)
        operations.invoke(create_new)


@Operations.register_operation("create_view", "invoke_for_target")
@Operations.register_operation("replace_view", "replace")
class CreateViewOp(ReversibleOp):
    def reverse(self):
        return DropViewOp(self.target)


@Operations.register_operation("drop_view", "invoke_for_target")
class DropViewOp(ReversibleOp):
    def reverse(self):
        return CreateViewOp(self.target)


@Operations.implementation_for(CreateViewOp)
def create_view(operations, operation):
    operations.execute("CREATE VIEW %s AS %s" % (operation.target.name, operation.target.sqltext))


@Operations.implementation_for(DropViewOp)
def drop_view(operations, operation):
    operations.execute("DROP VIEW %s" % operation.target.name)
'''

ENV = '''
import asyncio
import os
import sys
from logging.config import fileConfig

from alembic import context
from no_such_package.models import Base

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
%s
config = context.config
fileConfig(config.config_file_name)
target_metadata = Base.metadata


def run_migrations_online():
    raise SystemExit("env.py is not to be run")


run_migrations_online()
'''


class Plugins(ReaderCase):
    def setUp(self):
        super().setUp()
        self.location = os.path.join(self.folder.name, "alembic")
        self.first = self.write(HEAD + textwrap.dedent("""
            from replaceable import ReplaceableObject
            revision = "28af9800143f"
            customer_view = ReplaceableObject("customer_view", "SELECT name FROM customer")


            def upgrade():
                op.create_view(customer_view)


            def downgrade():
                op.drop_view(customer_view)
        """), "alembic/versions/a.py")
        self.second = self.write(HEAD + textwrap.dedent("""
            from replaceable import ReplaceableObject
            revision: str = "191a2d20b025"
            customer_view = ReplaceableObject("customer_view", "SELECT name, order_count FROM customer")


            def upgrade():
                op.replace_view(customer_view, replaces="28af9800143f.customer_view")


            def downgrade():
                op.replace_view(customer_view, replace_with="28a.customer_view")
        """), "alembic/versions/deeper/b.py")

    def project(self, env):
        self.write(env, "alembic/env.py")
        return self.reader(script_location=self.location, version_locations=[os.path.join(self.location, "versions")])

    def said(self, answer):
        self.assertEqual(answer["event"], "recorded", answer)
        self.assertFalse(answer["pure"])
        return [item["sql"] for item in answer["items"]]

    def test_objects_that_are_replaced(self):
        self.write(OPERATIONS, "alembic/replaceable.py")
        for env in (ENV % "import replaceable", ENV % "from replaceable import *"):
            reader = self.project(env)
            self.assertEqual(self.said(reader.record(self.second)),
                             ["DROP VIEW customer_view", "CREATE VIEW customer_view AS SELECT name, order_count FROM customer"])
            self.assertEqual(self.said(reader.record(self.second, "downgrade")),
                             ["DROP VIEW customer_view", "CREATE VIEW customer_view AS SELECT name FROM customer"])
            self.assertEqual(self.said(reader.record(self.first)), ["CREATE VIEW customer_view AS SELECT name FROM customer"])

    def test_operations_in_env_itself(self):
        self.write("class ReplaceableObject:\n    def __init__(self, name, sqltext):\n        self.name, self.sqltext = name, sqltext\n",
                   "alembic/replaceable.py")
        reader = self.project(ENV % OPERATIONS)
        self.assertEqual(self.said(reader.record(self.first, "downgrade")), ["DROP VIEW customer_view"])

    def test_a_revision_that_is_not_there(self):
        self.write(OPERATIONS, "alembic/replaceable.py")
        path = self.write(HEAD + "from replaceable import ReplaceableObject\n\n\ndef upgrade():\n"
                          "    op.replace_view(ReplaceableObject('a', 'b'), replaces='nope.a')\n", "alembic/versions/c.py")
        answer = self.project(ENV % "import replaceable").record(path)
        self.assertEqual((answer["event"], answer.get("type"), answer["message"], answer["line"]),
                         ("raised", "CommandError", "Can't locate revision identified by 'nope'", 7))

    def test_an_operation_that_nobody_registers(self):
        answer = self.project(ENV % "").record(self.script("op.create_view('a')"))
        self.assertEqual((answer["event"], answer.get("what"), answer["line"]), ("needs", "application", 6), answer)
        self.assertIn("neither env.py nor what it imports registers one", answer["text"])


if __name__ == "__main__":
    unittest.main()
