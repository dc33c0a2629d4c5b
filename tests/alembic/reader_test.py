"""The conversation with the reader: what may be kept of it, and how it ends."""
import marshal
import os
import select
import subprocess
import sys
import unittest

import driver
from reader_case import HEAD, ReaderCase


class Purity(ReaderCase):
    def pure(self, body, head=HEAD):
        with driver.Reader() as reader:
            return reader.record(self.script(body, head))["pure"]

    def test_what_comes_of_the_script_alone(self):
        self.assertTrue(self.pure('op.create_table("t", sa.Column("a", sa.Enum("x", name="e")))'))
        self.assertTrue(self.pure("import json, textwrap\nfrom sqlalchemy.dialects import postgresql\nfor a in 'ab': op.drop_table(a)"))

    def test_what_does_not(self):
        for body in ("import os", "import json, time", "open", "lambda: exec('1')", "def f():\n    from random import random",
                     "class A:\n    import sys", "import no_such_module", "op.f.x = 1", "sa.event.listen(sa.Text, 'x', print)",
                     "context.config.get_main_option('a')", "\n".join("sa.b%d" % i for i in range(300)) + "\nimport os"):
            with self.subTest(body[-40:]):
                self.assertFalse(self.pure(body))

    def test_one_that_was_sent_is_not_read(self):
        reader = self.reader()
        path = self.script("op.drop_table('of_the_file')")
        answer = reader.ask({"do": "record", "id": "a", "path": path, "direction": "upgrade",
                             "source": HEAD + "\n\ndef upgrade():\n    # why\n    op.drop_table('sent')\n"})
        self.assertEqual(answer["items"], [{"sql": "DROP TABLE sent", "line": 7, "comment": "# why"}])


class Attached(ReaderCase):
    """The reader's modules come as text and as a version of Python has compiled them."""

    def compiled(self, sources):
        """By the Python that the reader runs in: its number, and the modules."""
        work = ("import importlib.util, marshal, sys; read = sys.stdin.buffer; made = {n: marshal.dumps(compile(t, n, 'exec')) "
                "for n, t in marshal.load(read).items()}; sys.stdout.buffer.write(marshal.dumps((importlib.util.MAGIC_NUMBER, made), 2))")
        python = os.environ.get("LIMBECK_TEST_PYTHON") or sys.executable
        made = subprocess.run([python, "-c", work], input=marshal.dumps(sources, 2), stdout=subprocess.PIPE, check=True)
        return marshal.loads(made.stdout)

    def records(self, attached):
        reader = self.reader(attached=attached)
        return reader.record(self.script('op.drop_table("t")'))["items"][0]["sql"]

    def test_what_this_python_compiled_is_taken(self):
        magic, code = self.compiled(driver.sources())
        useless = {name: b"raise SystemExit" for name in code}
        self.assertEqual(self.records(driver.attachment(useless, code, magic)), "DROP TABLE t")

    def test_what_another_one_compiled_is_not(self):
        magic, code = self.compiled(driver.sources())
        useless = {name: b"?" for name in code}
        self.assertEqual(self.records(driver.attachment(driver.sources(), useless, bytes(reversed(magic)))), "DROP TABLE t")


class HangUp(ReaderCase):
    def test_a_program_that_leaves_an_answer_unread(self):
        """The reader's next read is then refused, and not just at its end."""
        reader = self.reader()
        reader.send({"do": "nothing"})
        self.assertTrue(select.select([reader.socket], [], [], 20)[0])
        reader.close()
        self.assertEqual(reader.process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
