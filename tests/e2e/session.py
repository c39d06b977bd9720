"""Reads and plays small command-line sessions.

    --- a file that does not exist
    $ ropt compile missing.mlir -o out.so
    exit 1
    says missing.mlir
    no file out.so

A case begins with `---`. `file NAME` with `| ` lines below it writes an input, `copy PROGRAM NAME` takes one from the
corpus. `$` runs a command in the case's own empty folder; the lines under it say what must hold: `exit N` (0 unless
given), `says TEXT` (on stdout or stderr), `silent about TEXT`, `no file NAME`, `has file NAME`. `bytes NAME HEX` and
`cut NAME COUNT` make broken files.
"""

import dataclasses
import pathlib
import re
import shlex
import subprocess

TIMEOUT_S = 120
PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"


@dataclasses.dataclass
class Case:
    file: str
    title: str
    lines: list


def cases(path):
    """The cases of one file."""
    found = []
    for line in path.read_text().splitlines():
        if line.startswith("---"):
            found.append(Case(path.name, line[3:].strip(), []))
        elif line.strip() and not line.startswith("#"):
            if not found:
                raise ValueError(f"{path}: `{line}` stands before the first `---`")
            found[-1].lines.append(line)
    return found


class Player:
    """Plays one case in one folder; `problems` is what did not hold."""

    def __init__(self, tools, folder):
        self.tools, self.folder, self.problems = tools, folder, []
        self.command, self.done, self.exit_given, self.writing = None, None, True, None

    def play(self, case):
        for line in case.lines:
            if line.startswith("|"):
                with open(self.folder / self.writing, "a") as file:
                    file.write(line[2:] + "\n")
                continue
            word, _, rest = line.partition(" ")
            handler = getattr(self, "do_" + {"$": "run"}.get(word, word), None)
            if handler is None:
                raise ValueError(f"{case.file}: cannot read `{line}`")
            handler(rest.strip())
        self.finish_command()
        return self.problems

    def do_file(self, name):
        self.writing = name
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text("")

    def do_copy(self, names):
        program, name = names.split()
        (self.folder / name).write_text((PROGRAMS / f"{program}.mlir").read_text())

    def do_bytes(self, text):
        name, _, digits = text.partition(" ")
        (self.folder / name).write_bytes(bytes.fromhex(digits))

    def do_cut(self, text):
        name, count = text.split()
        path = self.folder / name
        path.write_bytes(path.read_bytes()[: int(count)])

    def do_edit(self, text):
        """`edit NAME s/FROM/TO/`: replaces text that must be there, in every file that the name's wildcards match."""
        name, _, change = text.partition(" ")
        _, old, new, _ = re.split(r"(?<!\\)/", change)
        paths = sorted(self.folder.glob(name))
        if not paths:
            self.problems.append(f"no file matches {name}")
        for path in paths:
            if old not in path.read_text():
                self.problems.append(f"{path.name} does not hold {old!r}")
            path.write_text(path.read_text().replace(old, new))

    def do_run(self, text):
        self.finish_command()
        words = []
        for word in shlex.split(text):
            if "*" in word and "=" not in word:
                words += sorted(str(p.relative_to(self.folder)) for p in self.folder.glob(word)) or [word]
            else:
                words.append(word)
        if words[0] in ("ropt", "ropt-run"):
            words[0] = str(self.tools / words[0])
        self.command, self.exit_given = text, False
        self.done = subprocess.run(
            words, cwd=self.folder, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S
        )

    def finish_command(self):
        """What holds for every command: the exit code, and how a failure looks."""
        if self.command is None:
            return
        if not self.exit_given:
            self.do_exit("0")
        code, text = self.done.returncode, self.done.stderr
        if code < 0:
            self.complain(f"ended by signal {-code}")
        elif code not in (0, 1, 2, 3):
            self.complain(f"exit code {code} has no meaning")
        elif code != 0 and "error" not in text:
            self.complain("failed without the word `error` on stderr")
        if "panicked at" in text or "Stack dump" in text or "RUST_BACKTRACE" in text:
            self.complain("shows a panic or a stack dump")
        if code != 0 and len(text.splitlines()) > 60:
            self.complain(f"{len(text.splitlines())} lines of error text")

    def do_exit(self, code):
        self.exit_given = True
        if self.done.returncode != int(code):
            self.complain(f"exit code {self.done.returncode}, expected {code}")

    def do_says(self, text):
        if text not in self.done.stdout + self.done.stderr:
            self.complain(f"does not say {text!r}")

    def do_silent(self, text):
        text = text.removeprefix("about ")
        if text in self.done.stdout + self.done.stderr:
            self.complain(f"says {text!r}")

    def do_no(self, text):
        name = text.removeprefix("file ")
        found = sorted(p.name for p in self.folder.glob(name))
        if found:
            self.complain(f"left {', '.join(found)} behind")

    def do_has(self, text):
        name = text.removeprefix("file ")
        if not list(self.folder.glob(name)):
            self.complain(f"did not write {name}")

    def complain(self, what):
        output = (self.done.stderr.strip() or self.done.stdout.strip())[:1500]
        self.problems.append(f"$ {self.command}\n{what}; it printed:\n{output}")
