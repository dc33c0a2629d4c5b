#!/usr/bin/env python3
"""Installs the library and builds one program against it in each way: install_test.py SOURCE BUILD package|pkg-config|folder

package: find_package(limbeck). pkg-config: its flags alone. folder: add_subdirectory, which compiles the library again.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CONSUMER = pathlib.Path(__file__).resolve().parent / "consumer"


def run(*command, **options):
    print("$", *command, flush=True)
    return subprocess.run([str(part) for part in command], check=True, text=True, **options)


def install(build, prefix):
    run("cmake", "--install", build, "--prefix", prefix, "--component", "dev", stdout=subprocess.DEVNULL)


def build_with_cmake(folder, *definitions, source=CONSUMER):
    run("cmake", "-S", source, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", *definitions)
    run("cmake", "--build", folder)
    return folder / "consumer"


def package(source, build, scratch):
    install(build, scratch / "prefix")
    shutil.copytree(CONSUMER, scratch / "source")
    program = build_with_cmake(scratch / "build", "-DLIMBECK_BY=package", f"-DCMAKE_PREFIX_PATH={scratch / 'prefix'}",
                               source=scratch / "source")
    check_embedding(scratch, program)
    return program


def check_embedding(scratch, program):
    """A revision file that is added, changed or removed is in the program after the next build."""
    second = scratch / "source" / "migrations" / "0002_more.sql"
    header = "-- limbeck:revision {}\n-- limbeck:revises aaa111\n-- limbeck:upgrade\n"
    for text, expected in ((header.format("bbb222"), ": aaa111 bbb222\n"), (header.format("ccc333"), ": aaa111 ccc333\n"),
                           (None, ": aaa111\n")):
        if text is None:
            second.unlink()
        else:
            second.write_text(text)
        run("cmake", "--build", scratch / "build")
        said = run(program, capture_output=True).stdout
        if not said.endswith(expected):
            sys.exit(f"the program said {said!r}, not {expected!r}")


def pkg_config(source, build, scratch):
    install(build, scratch / "prefix")
    found = next((scratch / "prefix").rglob("limbeck.pc")).parent
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "limbeck"], check=True, text=True, capture_output=True,
                           env={**os.environ, "PKG_CONFIG_PATH": str(found)}).stdout.split()
    run(os.environ.get("CXX", "c++"), "-std=c++20", CONSUMER / "main.cpp", "-o", scratch / "consumer", *flags)
    return scratch / "consumer"


def folder(source, build, scratch):
    # With the options of the library here and from a folder beside its own, so that a compiler cache knows every file.
    cache = (build / "CMakeCache.txt").read_text().splitlines()
    same = [line for line in cache if line.startswith(("CMAKE_BUILD_TYPE:", "LIMBECK_WERROR:", "CMAKE_CXX_COMPILER:"))]
    program = build_with_cmake(scratch, f"-DLIMBECK_SOURCE={source}", *[f"-D{line}" for line in same])
    if any((scratch / "limbeck").rglob("*unit_tests*")) or any((scratch / "limbeck").rglob("limbeck-program*")):
        sys.exit("the tests or the program of Limbeck were built with it")
    return program


def main():
    source, build, way = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory(prefix="build-consumer.", dir=build.parent) as scratch:
        ways = {"package": package, "pkg-config": pkg_config, "folder": folder}
        program = ways[way](source, build, pathlib.Path(scratch))
        said = run(program, capture_output=True).stdout
    if not said.startswith("limbeck 0.") or not said.endswith(": aaa111\n"):
        sys.exit(f"the program said {said!r}")


main()
