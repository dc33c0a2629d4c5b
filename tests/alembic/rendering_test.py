"""What the reader makes of scripts: every case of rendering/*.txt, on both dialects, and the same by the real Alembic.

A case is a title after "###", the body of upgrade(), and what is expected under "--- postgresql" and "--- sqlite", with empty
lines between: statements that end with a semicolon, or one of
    error: text that the message contains          needs query: text          needs application: text
    batch: JSON                                    autocommit: true|false     note: text
"--- differs: reason" (or "--- differs postgresql: reason") says that Alembic has it otherwise, and why. "--- since 2.0" says that
an older SQLAlchemy does not have it, or writes it otherwise, and "--- before 2.0" that a newer one does not. "--- types", "--- naming" give JSON options.

The interpreter with Alembic is LIMBECK_TEST_ALEMBIC_PYTHON, else /usr/bin/python3 when it has one; without one only the reader is
tested. "rendering_test.py --update" rewrites what is expected, for review.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import driver

FOLDER = pathlib.Path(__file__).resolve().parent
DIALECTS = ("postgresql", "sqlite")
HEAD = """import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

"""


class Case:
    def __init__(self, path, title, text):
        self.path, self.title = path, title
        parts = re.split(r"^--- (.*)\n", text + "\n", flags=re.M)
        self.body = parts[0].rstrip("\n")
        self.sections = [(parts[place], parts[place + 1].strip("\n")) for place in range(1, len(parts), 2)]

    def section(self, name):
        return next((text for head, text in self.sections if head == name), None)

    def option(self, name):
        return next((head[len(name):].strip() for head, _ in self.sections if head.split(" ")[0] == name), None)

    def differs(self, dialect):
        return any(head.startswith("differs:") or head.startswith("differs %s:" % dialect) for head, _ in self.sections)

    def configured(self):
        options = {}
        for name, key in (("types", "types"), ("naming", "naming_convention")):
            if self.option(name):
                options[key] = json.loads(self.option(name))
        return options

    def script(self):
        body = self.body
        if not re.search(r"^def upgrade\(", body, re.M):
            body = "def upgrade():\n" + "\n".join("    " + line if line else "" for line in body.split("\n"))
        return HEAD + "\n" + body + "\n"

    def expected(self, dialect):
        text = self.section(dialect)
        return None if text is None else [one.strip() for one in text.split("\n\n") if one.strip()]


def read_cases():
    for path in sorted((FOLDER / "rendering").glob("*.txt")):
        pieces = re.split(r"^### (.*)\n", path.read_text(encoding="utf-8"), flags=re.M)
        for place in range(1, len(pieces), 2):
            yield Case(path, pieces[place], pieces[place + 1])


def shown(answer):
    """An answer of the reader in the words of a case."""
    lines = []
    if answer["event"] == "raised":
        return ["error: %s: %s" % (answer["type"], answer["message"].split("\n")[0])]
    if answer["event"] == "needs":
        return ["needs %s: %s" % (answer["what"], answer["text"].split("\n")[0])]
    for item in answer["items"]:
        if "sql" in item:
            lines.append(item["sql"])
        elif "batch" in item:
            lines.append("batch: " + json.dumps(item["batch"], ensure_ascii=False))
        elif "commit" in item:
            lines.append("commit")
        else:
            lines.append("autocommit: " + json.dumps(item["autocommit"]))
    return lines + ["note: " + note for note in answer["notes"]]


def normal(statement):
    """Without what white space there is between words and at parentheses."""
    text = " ".join(statement.rstrip(";").split())
    return re.sub(r" ?([(),]) ?", r"\1", text)


def python_with_alembic():
    for python in (os.environ.get("LIMBECK_TEST_ALEMBIC_PYTHON"), "/usr/bin/python3"):
        if python and subprocess.run([python, "-c", "import alembic, sqlalchemy"], capture_output=True).returncode == 0:
            return python
    return None


def write_scripts(cases, folder):
    for number, case in enumerate(cases):
        case.file = os.path.join(folder, "case_%d.py" % number)
        with open(case.file, "w", encoding="utf-8") as file:
            file.write(case.script())


def read_all(cases):
    """{(case, dialect): the reader's words}"""
    found = {}
    for dialect in DIALECTS:
        configured = {}
        for case in cases:
            configured.setdefault(json.dumps(case.configured(), sort_keys=True), []).append(case)
        for options, some in configured.items():
            with driver.Reader(dialect, **json.loads(options)) as reader:
                for case in some:
                    found[case, dialect] = shown(reader.record(case.file))
    return found


def real_answers(cases, python):
    jobs = [(case, dialect) for case in cases for dialect in DIALECTS if not case.differs(dialect)]
    asked = json.dumps([[case.file, "upgrade", dialect, case.configured()] for case, dialect in jobs])
    done = subprocess.run([python, str(FOLDER / "real_alembic.py")], input=asked, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise AssertionError(done.stderr)
    said = json.loads(done.stdout)
    version = tuple(int(part) for part in re.findall(r"\d+", said["sqlalchemy"])[:2])
    return version, dict(zip(jobs, said["answers"]))


class RenderingTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.cases = list(read_cases())
        write_scripts(cls.cases, cls.folder.name)
        cls.read = read_all(cls.cases)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_reader(self):
        self.assertGreater(len(self.cases), 50)
        for case in self.cases:
            for dialect in DIALECTS:
                with self.subTest(case=case.title, file=case.path.name, dialect=dialect):
                    expected, found = case.expected(dialect), self.read[case, dialect]
                    self.assertIsNotNone(expected, "the case expects nothing on " + dialect)
                    if len(expected) == 1 and expected[0].startswith(("error:", "needs")):
                        self.assertEqual(len(found), 1)
                        self.assertIn(expected[0], found[0])
                    else:
                        self.assertEqual([normal(one) for one in expected], [normal(one) for one in found])

    def test_the_real_alembic(self):
        python = python_with_alembic()
        if python is None:
            self.skipTest("no Alembic here")
        version, answers = real_answers(self.cases, python)
        for (case, dialect), answer in answers.items():
            since, before = (tuple(int(part) for part in (case.option(name) or otherwise).split("."))
                             for name, otherwise in (("since", "0.0"), ("before", "99.0")))
            if not since <= version < before:
                continue
            with self.subTest(case=case.title, file=case.path.name, dialect=dialect):
                expected = case.expected(dialect)
                if expected and expected[0].startswith("error:"):
                    self.assertIn("error", answer)
                else:
                    self.assertEqual([normal(one) for one in expected],
                                     [normal(one) for one in answer.get("statements", [answer.get("error")])])


def update():
    """Writes what the reader says into the cases, and what Alembic says otherwise to the output."""
    cases = list(read_cases())
    with tempfile.TemporaryDirectory() as folder:
        write_scripts(cases, folder)
        read = read_all(cases)
        python = python_with_alembic()
        _, answers = real_answers(cases, python) if python else (None, {})
    texts = {}
    for case in cases:
        text = "### %s\n%s\n" % (case.title, case.body.strip("\n"))
        for head, section in case.sections:
            if head not in DIALECTS:
                text += "--- %s\n" % head + (section + "\n" if section else "")
        for dialect in DIALECTS:
            words = read[case, dialect]
            text += "--- %s\n" % dialect + "\n\n".join(
                one + ("" if re.match(r"(error:|needs \w+:|batch:|autocommit:|note:|commit\Z)", one) else ";") for one in words) + "\n"
            real = answers.get((case, dialect))
            if real and [normal(one) for one in words] != [normal(one) for one in real.get("statements", [])] and not (
                    "error" in real and words and words[0].startswith("error")):
                print("%s: %s (%s)\n  reader:  %s\n  alembic: %s" % (case.path.name, case.title, dialect, words,
                                                                  real.get("statements", real.get("error"))))
        texts.setdefault(case.path, []).append(text)
    for path, parts in texts.items():
        path.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
