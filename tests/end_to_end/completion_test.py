"""Completion in the shells themselves, on a terminal: what a TAB makes of the line."""
import os
import pty
import shutil
import subprocess
import unittest

from harness import PROGRAM, Case, chain, read_until

EMPTY = "-- limbeck:upgrade\n-- limbeck:downgrade"
LINES = {  # typed, and what it becomes
    "limbeck upg": "limbeck upgrade",
    "limbeck upgrade r2": "limbeck upgrade r2222",
    "limbeck history -r r1111:r2": "limbeck history -r r1111:r2222",
    "limbeck history -r r1111:cur": "limbeck history -r r1111:current",
    "limbeck downgrade core@bas": "limbeck downgrade core@base",
    "limbeck --color=nev": "limbeck --color=never",
    "limbeck --config limb": "limbeck --config limbeck.toml",
    "limbeck --config below": "limbeck --config below/",
    "limbeck --config=below/oth": "limbeck --config=below/other.toml",
}
# The name of a file is one word, whatever is in it.
BLANKS = {
    "limbeck --config a": ["limbeck", "--config", "a b.toml"],
    "limbeck --config=a": ["limbeck", "--config=a b.toml"],
}


class Completion(Case):
    def setUp(self):
        super().setUp()
        files = chain("-- limbeck:labels core\n" + EMPTY, EMPTY)
        self.project_folder = self.project({name: text.replace("r1", "r1111").replace("r2", "r2222")
                                            for name, text in files.items()})
        os.mkdir(f"{self.project_folder}/below")
        for name in ("below/other.toml", "a b.toml"):
            with open(f"{self.project_folder}/{name}", "w", encoding="utf-8"):
                pass
        os.symlink(PROGRAM, os.path.join(self.folder, "limbeck"))
        self.environment = {"EDITOR": "emacs", "PATH": self.folder + os.pathsep + os.environ["PATH"], "HOME": self.folder, "TERM": "dumb",
                            "LC_ALL": "C.UTF-8", "PS1": "ready> ", "ZDOTDIR": self.folder}

    def shell(self, name):
        path = shutil.which(name)
        if path is None:
            self.skipTest(f"{name} is not installed")
        return path

    def complete_on_terminal(self, argv, start):
        """Types each line and a TAB; what the line is then is printed by the shell itself."""
        for typed, expected in ({line: words.split() for line, words in LINES.items()} | BLANKS).items():
            with self.subTest(line=typed):
                ours, theirs = pty.openpty()
                process = subprocess.Popen(argv, cwd=self.project_folder, env=self.environment, stdin=theirs, stdout=theirs,
                                           stderr=theirs, start_new_session=True)
                os.close(theirs)
                try:
                    os.write(ours, start.encode() + b"; echo be''gun\n")
                    read_until(ours, "begun")
                    # To the beginning of the line, whose words become those of another command.
                    os.write(ours, typed.encode() + b"\t\x01printf 'has<%s>' \n")
                    read_until(ours, "".join(f"has<{word}>" for word in expected))
                finally:
                    process.kill()
                    process.wait()
                    os.close(ours)

    def test_bash(self):
        self.complete_on_terminal([self.shell("bash"), "--norc", "--noprofile", "-i"], 'eval "$(limbeck completion bash)"')

    def test_zsh(self):
        self.complete_on_terminal([self.shell("zsh"), "-f", "-i"],
                                  'unsetopt zle_bracketed_paste auto_remove_slash; autoload -Uz compinit; compinit -u -d "$HOME/dump"; eval "$(limbeck completion zsh)"')

    def test_fish(self):
        fish = self.shell("fish")
        for typed, expected in LINES.items():
            with self.subTest(line=typed):
                result = subprocess.run([fish, "--no-config", "-c", f"limbeck completion fish | source; complete -C '{typed}'"],
                                        cwd=self.project_folder, env=self.environment, capture_output=True, text=True, timeout=60)
                offered = [line.split("\t")[0] for line in result.stdout.splitlines()]
                self.assertIn(expected.rsplit(" ", 1)[1], offered, result.stderr)


if __name__ == "__main__":
    unittest.main()
