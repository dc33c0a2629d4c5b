#!/usr/bin/env python3
"""Runs command-line transcripts: commands, and what they must print.

usage: transcripts.py [--update] FILE...

A case (.txt) runs in a fresh folder, its commands in a shell. LIMBECK_PROGRAM names the program.

    #: a comment
    === migrations/aaa111.sql        a file to write; up to the line "==="
    -- limbeck:revision aaa111
    ===
    $ limbeck heads                  a command
    aaa111 (head)                    what it prints on standard output
    ! error: ...                     what it prints on standard error
    ! exit 2                         its exit code; 0 when it is left out

"[...]" stands for any text within a line, and on a line of its own for any number of lines.
A Markdown file (.md) is a case too. Its ```console blocks hold commands and what a terminal shows: both outputs
mixed. A comment "<!-- transcript" holds what has to be there first, in the form above; a first line
"<!-- transcript skip" leaves the next block out, "<!-- transcript fresh" begins a new folder. A block that names a file
after its language (```cpp main.cpp) is written to it.

With --update the expected parts that differ are written anew, for review.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

WILDCARD = "[...]"
VARYING = [
    (re.compile(r"\(\d+(\.\d+)? (ms|s|min \d+ s)\)"), "(" + WILDCARD + ")"),
    (re.compile(r'"seconds":[0-9.e-]+'), '"seconds":' + WILDCARD),
    (re.compile(r"(SQLite|PostgreSQL) [0-9.]+"), r"\1 " + WILDCARD),
    (re.compile(r" by \S+@\S+ "), " by " + WILDCARD + " "),
    (re.compile(r'"user":"[^"]*","host":"[^"]*"'), f'"user":"{WILDCARD}","host":"{WILDCARD}"'),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"), WILDCARD),
]


class Workspace:
    """A folder of its own, and what a shell would remember between commands."""

    def __init__(self, program):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="limbeck-transcript-"))
        self.folder = os.path.join(self.root, "project")
        self.cwd = self.folder
        self.exit_code = 0
        os.makedirs(self.folder)
        tools = os.path.join(self.root, "bin")
        os.makedirs(tools)
        os.symlink(program, os.path.join(tools, "limbeck"))
        self.environment = {
            "PATH": tools + os.pathsep + os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": self.root, "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb", "USER": "tester"}
        # Of the sanitizers, and of a page that builds a program with an installed Limbeck.
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "CMAKE_PREFIX_PATH", "CMAKE_GENERATOR", "CXX",
                     "CXXFLAGS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def write(self, path, lines):
        path = os.path.join(self.cwd, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        text = "".join(line + "\n" for line in lines)
        with open(path, "wb") as file:
            # \xNN is a byte, so that a case may hold what no editor would keep.
            file.write(re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), text.encode()))

    def run(self, command, mixed):
        """Returns stdout lines, stderr lines (empty when mixed) and the exit code."""
        if re.fullmatch(r"cd \S+", command):
            self.cwd = os.path.normpath(os.path.join(self.cwd, command[3:]))
            return [], [], 0
        exported = re.fullmatch(r"export (\w+)=(.*)", command)
        if exported:
            self.environment[exported[1]] = exported[2].strip("'\"")
            return [], [], 0
        done = subprocess.run(
            ["/bin/sh", "-c", f"(exit {self.exit_code})\n{command}"], cwd=self.cwd,
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if mixed else subprocess.PIPE, timeout=600, check=False)
        self.exit_code = done.returncode
        return lines_of(done.stdout), lines_of(done.stderr or b""), done.returncode

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)


def lines_of(output):
    return output.decode("utf-8", "backslashreplace").rstrip("\n").split("\n") if output.strip() else []


def line_matches(pattern, line):
    parts = [re.escape(part) for part in pattern.split(WILDCARD)]
    return re.fullmatch(".*".join(parts), line) is not None


def matches(expected, actual):
    """Whether the lines match. A wildcard line takes as few lines as it can, tried from left to right."""
    row = {0}  # the numbers of actual lines that the expected lines so far can account for
    for pattern in expected:
        if pattern.strip() == WILDCARD:
            row = set(range(min(row), len(actual) + 1)) if row else set()
        else:
            row = {i + 1 for i in row if i < len(actual) and line_matches(pattern, actual[i])}
    return len(actual) in row


def observed(workspace, command, mixed):
    out, err, code = workspace.run(command, mixed)
    lines = list(out)
    if not mixed:
        lines += ["! " + line for line in err]
        if code != 0:
            lines.append(f"! exit {code}")
    return lines


def generalized(lines, workspace):
    result = []
    for line in lines:
        line = line.replace(workspace.folder, WILDCARD).replace(workspace.root, WILDCARD)
        for pattern, replacement in VARYING:
            line = pattern.sub(replacement, line)
        result.append(line)
    return result


class Case:
    def __init__(self, path, program, update):
        self.path, self.program, self.update = path, program, update
        self.failures = 0
        self.commands = 0
        self.workspace = None

    def fresh(self):
        if self.workspace:
            self.workspace.close()
        self.workspace = Workspace(self.program)

    def run(self):
        with open(self.path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        self.fresh()
        try:
            result = self.markdown(lines) if self.path.endswith(".md") else self.block(lines, 0, False)
        finally:
            self.workspace.close()
        if self.update and result != lines:
            with open(self.path, "w", encoding="utf-8") as file:
                file.write("\n".join(result))
        if self.commands == 0 and not self.path.endswith(".md"):
            print(f"{self.path}: there is no command in it")
            self.failures += 1
        return self.failures == 0

    def markdown(self, lines):
        result, i, skip = [], 0, False
        while i < len(lines):
            line = lines[i]
            result.append(line)
            i += 1
            file = re.fullmatch(r"```\w+ (\S+)", line)
            if file:
                end = lines.index("```", i)
                self.workspace.write(file[1], lines[i:end])
                result += lines[i:end + 1]
                i = end + 1
                continue
            setup = line.startswith("<!-- transcript")
            if setup:
                skip = skip or "skip" in line
                if "fresh" in line:
                    self.fresh()
            if line.endswith("-->") or not (setup or line.strip() == "```console"):
                continue
            end_mark = "-->" if setup else "```"
            end = i
            while end < len(lines) and lines[end].strip() != end_mark:
                end += 1
            body = lines[i:end]
            if setup or not skip:
                body = self.block(body, i, not setup)
            if not setup:
                skip = False
            result += body
            i = end
        return result

    def block(self, lines, first, mixed):
        """Runs the commands of some lines and returns the lines, with what they printed when updating."""
        result, i = [], 0
        while i < len(lines):
            line = lines[i]
            i += 1
            result.append(line)
            if line.startswith("=== "):
                end = lines.index("===", i)
                self.workspace.write(line[4:].strip(), lines[i:end])
                result += lines[i:end + 1]
                i = end + 1
            elif line.startswith("$ "):
                start = i
                while i < len(lines) and not lines[i].startswith(("$ ", "=== ", "#:")):
                    i += 1
                result += self.check(line[2:], lines[start:i], first + start, mixed)
            elif line.strip() and not line.startswith("#:"):
                raise SystemExit(f"{self.path}:{first + i}: neither a command nor a file: {line}")
        return result

    def check(self, command, expected, number, mixed):
        self.commands += 1
        actual = observed(self.workspace, command, mixed)
        stripped = list(expected)
        while stripped and not stripped[-1].strip():
            stripped.pop()
        if matches(stripped, actual):
            return expected
        actual = generalized(actual, self.workspace)
        if self.update:
            return actual + expected[len(stripped):]
        self.failures += 1
        print(f"{self.path}:{number}: $ {command}")
        for line in difflib.unified_diff(stripped, actual, "expected", "printed", lineterm="", n=100):
            print("    " + line)
        return expected


def main(arguments):
    update = "--update" in arguments
    files = [argument for argument in arguments if argument != "--update"]
    program = os.path.abspath(os.environ.get("LIMBECK_PROGRAM", "build/limbeck"))
    if not files:
        print(__doc__)
        return 2
    if not os.access(program, os.X_OK):
        print(f"there is no program {program}; LIMBECK_PROGRAM names it")
        return 2
    good = [Case(path, program, update).run() for path in files]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
