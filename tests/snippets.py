#!/usr/bin/env python3
"""Makes a test of the C++ in a page of the documentation, so that what it shows compiles and runs.

usage: snippets.py PAGE OUTPUT

The first ```cpp block stands outside of functions; the others are the body of one test case, one after the
other, with a limbeck::Database& database that is empty at first. "<!-- cpp CODE -->" is code that the reader
does not see.
"""
import pathlib
import re
import sys

page, output = map(pathlib.Path, sys.argv[1:])
parts = re.findall(r"^```cpp\n(.*?)^```$|^<!-- cpp (.*?) -->$", page.read_text(), re.MULTILINE | re.DOTALL)
blocks = [shown or hidden for shown, hidden in parts]
name = f"{page.parent.name}/{page.name}"
output.write_text(f"""// Made of {name} by tests/snippets.py.
#include "unit/model/declared_tables.h"

{blocks[0]}
// What a reader does with what he sees is left out.
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
TEST_CASE("{name}") {{
  limbeck::test::on_each_database([](limbeck::Database& database) {{
{chr(10).join(blocks[1:])}
  }});
}}
""")
