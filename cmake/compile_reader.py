"""Writes the reader's modules as this Python has compiled them, as one C++ source: compile_reader.py FOLDER OUTPUT

An interpreter of the same version then starts the reader without compiling it: 35 of 60 milliseconds.
"""
import importlib.util
import marshal
import os
import pathlib
import sys

HEAD = """// Made from src/alembic/reader/*.py by cmake/compile_reader.py.
#include "alembic/reader_source.h"

namespace limbeck {
namespace {
using namespace std::string_view_literals;

constexpr ReaderModule modules[] = {
"""
TAIL = """}};
}}  // namespace

CompiledReader compiled_reader() {{ return {{"{magic}", modules}}; }}

}}  // namespace limbeck
"""


def literal(content, width=32):
    """Hexadecimal escapes alone: nothing is left to how a compiler reads characters."""
    rows = (content[at:at + width] for at in range(0, len(content), width))
    return "\n".join('"%s"' % "".join("\\x%02x" % byte for byte in row) for row in rows) + "sv"


def main(folder, output):
    rows = []
    for path in sorted(pathlib.Path(folder, "reader").glob("*.py")):
        name = "limbeck_reader" if path.stem == "__init__" else "limbeck_reader." + path.stem
        # As the bootstrap names the code that it compiles itself.
        code = compile(path.read_bytes(), "<limbeck_reader %s>" % name, "exec", dont_inherit=True, optimize=0)
        rows.append('    {"%s",\n%s},\n' % (name, literal(marshal.dumps(code))))
    unfinished = output + ".new"
    with open(unfinished, "w", encoding="ascii") as file:
        file.write(HEAD + "".join(rows) + TAIL.format(magic=importlib.util.MAGIC_NUMBER.hex()))
    os.replace(unfinished, output)


main(*sys.argv[1:])
