"""Each negative/*.cpp is wrong in one thing: the compiler refuses it, with the words of its first line, briefly; with RIGHT defined it compiles."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "include"
COMPILERS = list(filter(shutil.which, ("g++", "clang++")))


def compile_case(compiler, path, *options):
    return subprocess.run([compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}", "-fsyntax-only", *options, path],
                          text=True, capture_output=True, timeout=300, env={**os.environ, "LC_ALL": "C"})


class Negative(unittest.TestCase):
    def test_mistakes_are_named_and_what_is_right_compiles(self):
        paths = sorted(HERE.glob("negative/*.cpp"))
        self.assertGreater(len(paths), 20)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            jobs = {(compiler, path): (pool.submit(compile_case, compiler, path), pool.submit(compile_case, compiler, path, "-DRIGHT"))
                    for compiler in COMPILERS for path in paths}
        for (compiler, path), (wrong, right) in jobs.items():
            with self.subTest(case=path.stem, compiler=compiler):
                expected = path.read_text().splitlines()[0].removeprefix("// expect: ")
                errors = wrong.result().stderr
                self.assertNotEqual(wrong.result().returncode, 0, "it compiles")
                # Not somewhere far below: whoever reads the beginning finds it.
                self.assertIn(expected, errors[:3000])
                self.assertEqual(right.result().returncode, 0, right.result().stderr[:4000])

    def test_the_page_about_models_compiles(self):
        text = (HERE.parents[1] / "docs" / "models.md").read_text()
        blocks = re.findall(r"^```cpp\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        self.assertEqual(len(blocks), 3)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "page.cpp")
            path.write_text("#include <stdexcept>\n" + "\n".join(blocks))
            for compiler in COMPILERS:
                self.assertEqual(compile_case(compiler, path).stderr, "")


if __name__ == "__main__":
    unittest.main()
