#!/usr/bin/env python3
"""Installs the library and follows a page of the documentation with it: guide_test.py BUILD PAGE [--update]"""
import os
import pathlib
import subprocess
import sys
import tempfile

TRANSCRIPTS = pathlib.Path(__file__).resolve().parents[1] / "transcripts.py"


def main():
    build, page, *options = sys.argv[1:]
    build = os.path.abspath(build)
    with tempfile.TemporaryDirectory(prefix="guide.", dir=build) as prefix:
        subprocess.run(["cmake", "--install", build, "--prefix", prefix, "--component", "dev"], check=True,
                       stdout=subprocess.DEVNULL)
        # A warning in the page is a fault of the page.
        environment = {**os.environ, "CMAKE_PREFIX_PATH": prefix, "CMAKE_GENERATOR": "Ninja",
                       "CXXFLAGS": "-Wall -Wextra -Wpedantic -Wshadow -Werror"}
        return subprocess.run([sys.executable, TRANSCRIPTS, *options, page], env=environment).returncode


sys.exit(main())
