#!/usr/bin/env python3
"""Every link of the pages leads to a file that is there, and to a heading in it.

usage: links.py [FOLDER]        prints each link that leads nowhere
"""
import glob
import os
import re
import sys


def prose(path):
    """The lines of a page without what stands in its code blocks."""
    code = False
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("```"):
                code = not code
            elif not code:
                yield number, line


def anchors(path):
    """The headings, as GitHub makes anchors of them."""
    found = set()
    for _, line in prose(path):
        heading = re.match(r"#+ (.*)", line)
        if heading:
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
            found.add(re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-"))
    return found


def faults(root):
    pages = [page for pattern in ("*.md", "*/*.md", "examples/*/*.md") for page in glob.glob(pattern, root_dir=root)]
    for page in sorted(pages):
        path = os.path.join(root, page)
        for number, line in prose(path):
            for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)):
                if re.match(r"\w+:", target):
                    continue
                file, _, anchor = target.partition("#")
                there = os.path.join(os.path.dirname(path), file) if file else path
                if not os.path.exists(there):
                    yield f"{page}:{number}: there is no {file}"
                elif anchor and anchor not in anchors(there):
                    yield f"{page}:{number}: {file or page} has no heading #{anchor}"


if __name__ == "__main__":
    found = list(faults(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..")))
    print("\n".join(found))
    sys.exit(1 if found else 0)
