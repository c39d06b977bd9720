"""Reads and plays small command-line sessions.

    --- a file that does not exist
    $ ropt compile missing.mlir -o out.so
    exit 1
    says missing.mlir

A case begins with `---`. Its folder is empty, or holds what the session `starts/NAME.txt` leaves when the case says
`start NAME`. What a line makes:

    file NAME                  then `| ` lines: a text file
    copy PROGRAM NAME          a program of the corpus
    bytes NAME HEX             a file of these bytes
    cut NAME COUNT             a file's first COUNT bytes
    huge NAME SIZE             a file of SIZE zero bytes that takes no room
    edit NAMES s/FROM/TO/      replaces text that must be there; NAMES may hold wildcards
    folder NAME, pipe NAME, link NAME TARGET, mode NAME OCTAL

`$` runs a command in the case's folder, `plain $` as a user for whom permissions count, `full $` with a folder `full`
that has room for 16 KiB. `^NAME=WORDS` gives a word that
later lines use as `^NAME`. The lines under a command say what must hold: `exit N` (0 unless given), `says TEXT` (on
stdout or stderr), `silent about TEXT`, `has file NAME`, `no file NAME`, `leaves NAMES`.

Without being said, every command ends by itself, with exit code 0 to 3 (130 when interrupted), shows no panic and
leaves no temporary file. One that fails says `error` once in at most 60 lines and leaves the folder as it was, but for
`leaves`. One that refuses a substitution names the flag and says what to do.
"""

import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import subprocess

TIMEOUT_S = 120
HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS, STARTS = HERE / "programs", HERE / "bad_input/starts"
SUBSTITUTION = re.compile(r"hal-substitute-executable-[a-z-]+")
AS_PLAIN_USER = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]


@dataclasses.dataclass
class Case:
    file: str
    title: str
    lines: list


class Skipped(Exception):
    """What this machine lacks for a case."""


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


def start(tools, name, folder):
    """Plays the session that `start NAME` begins with."""
    lines = [line for line in (STARTS / f"{name}.txt").read_text().splitlines() if line and not line.startswith("#")]
    folder.mkdir(parents=True)
    problems = Player(tools, folder, {}).play(Case(f"starts/{name}.txt", name, lines))
    if problems:
        raise RuntimeError(f"starts/{name}.txt: " + "\n".join(problems))
    return folder


class Player:
    """Plays one case in one folder; `problems` is what did not hold. `starts` are the folders to begin with."""

    def __init__(self, tools, folder, starts):
        self.tools, self.folder, self.starts, self.problems = tools, folder, starts, []
        self.command, self.done, self.exit_given, self.writing = None, None, True, None
        self.before, self.leaves, self.words = {}, [], {}
        self.temporary = folder.with_name(folder.name + ".tmp")
        self.temporary.mkdir(exist_ok=True)

    def play(self, case):
        for line in case.lines:
            if line.startswith("|"):
                with open(self.folder / self.writing, "a") as file:
                    file.write(line[2:] + "\n")
                continue
            if line.startswith("^"):
                name, _, words = line[1:].partition("=")
                self.words[name] = words
                continue
            for name in sorted(self.words, key=len, reverse=True):
                line = line.replace(f"^{name}", self.words[name])
            word, _, rest = line.partition(" ")
            handler = getattr(self, "do_" + {"$": "run"}.get(word, word), None)
            if handler is None:
                raise ValueError(f"{case.file}: cannot read `{line}`")
            handler(rest.strip())
        self.finish_command()
        return self.problems

    def do_start(self, name):
        shutil.copytree(self.starts[name], self.folder, dirs_exist_ok=True, symlinks=True)

    def do_file(self, name):
        self.writing = name
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text("")

    def do_copy(self, names):
        program, name = names.split()
        (self.folder / name).write_text((PROGRAMS / f"{program}.mlir").read_text())

    def do_bytes(self, text):
        name, _, digits = text.partition(" ")
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(bytes.fromhex(digits))

    def do_cut(self, text):
        name, count = text.split()
        path = self.folder / name
        path.write_bytes(path.read_bytes()[: int(count)])

    def do_huge(self, text):
        name, size = text.split()
        with open(self.folder / name, "wb") as file:
            file.truncate(int(size))

    def do_folder(self, name):
        (self.folder / name).mkdir(parents=True)

    def do_pipe(self, name):
        os.mkfifo(self.folder / name)

    def do_link(self, text):
        name, target = text.split()
        (self.folder / name).symlink_to(target)

    def do_mode(self, text):
        name, mode = text.split()
        (self.folder / name).chmod(int(mode, 8))

    def do_edit(self, text):
        name, _, change = text.partition(" ")
        _, old, new, _ = (part.replace("\\/", "/") for part in re.split(r"(?<!\\)/", change))
        paths = sorted(self.folder.glob(name))
        if not paths:
            self.problems.append(f"no file matches {name}")
        for path in paths:
            if old not in path.read_text():
                self.problems.append(f"{path.name} does not hold {old!r}")
            path.write_text(path.read_text().replace(old, new))

    def do_plain(self, text):
        if os.geteuid() != 0:
            return self.do_run(text.removeprefix("$").strip())
        if shutil.which(AS_PLAIN_USER[0]) is None:
            raise Skipped("without setpriv everything is allowed to root")
        self.do_run(text.removeprefix("$").strip(), AS_PLAIN_USER)

    def do_full(self, text):
        private = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
        mount = [*private, "sh", "-c", 'mount -t tmpfs -o size=16k none full && exec "$@"', "sh"]
        (self.folder / "full").mkdir()
        if shutil.which("unshare") is None or subprocess.run([*mount, "true"], cwd=self.folder, capture_output=True).returncode != 0:
            raise Skipped("a private file system is not permitted")
        self.do_run(text.removeprefix("$").strip(), mount)

    def do_run(self, text, before=()):
        self.finish_command()
        words = []
        for word in shlex.split(text):
            if "*" in word and "=" not in word:
                words += sorted(str(p.relative_to(self.folder)) for p in self.folder.glob(word)) or [word]
            else:
                words.append(word)
        self.command, self.exit_given, self.leaves = text, False, []
        self.before = self.contents()
        environment = dict(os.environ, TMPDIR=str(self.temporary), PATH=f"{self.tools}:{os.environ.get('PATH', '')}")
        self.done = subprocess.run(
            [*before, *words], cwd=self.folder, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S,
            env=environment, stdin=subprocess.DEVNULL,
        )

    def contents(self):
        """Every file of the folder with what shows a change of it."""
        found = {}
        for path in self.folder.rglob("*"):
            about = path.lstat()
            found[str(path.relative_to(self.folder))] = (about.st_mode, about.st_size, about.st_mtime_ns * (not path.is_dir()))
        return found

    def finish_command(self):
        """What holds for every command: see the top of this file."""
        if self.command is None:
            return
        if not self.exit_given:
            self.do_exit("0")
        code, text = self.done.returncode, self.done.stderr
        if code < 0:
            self.complain(f"ended by signal {-code}")
        elif code not in (0, 1, 2, 3, 130):
            self.complain(f"exit code {code} has no meaning")
        elif code != 0:
            self.failed(code, text)
        if "panicked at" in text or "Stack dump" in text or "RUST_BACKTRACE" in text:
            self.complain("shows a panic or a stack dump")
        if left := sorted(self.temporary.iterdir()):
            self.complain(f"left {left[0].name} in the folder for temporary files")
        if hidden := [name for name in self.contents() if pathlib.Path(name).name.startswith(".")]:
            self.complain(f"left {hidden[0]} behind")

    def failed(self, code, text):
        if "error" not in text:
            self.complain("failed without the word `error` on stderr")
        if len(text.splitlines()) > 60:
            self.complain(f"{len(text.splitlines())} lines of error text")
        if len(re.findall(r"(?m)^(?:\S+: )?error: ", text)) > 1:
            self.complain("says `error` more than once")
        given = SUBSTITUTION.search(self.command)
        if given and code == 1 and not ("help: " in text and SUBSTITUTION.search(text)):
            self.complain("does not name the flag and say what to do")
        after = self.contents()
        changed = [name for name in sorted(self.before.keys() | after.keys()) if self.before.get(name) != after.get(name)]
        if left := [name for name in changed if not any(pathlib.PurePath(name).match(glob) for glob in self.leaves)]:
            self.complain(f"failed and changed {', '.join(left)}")

    def do_exit(self, code):
        self.exit_given = True
        if self.done.returncode != int(code):
            self.complain(f"exit code {self.done.returncode}, expected {code}")

    def do_leaves(self, text):
        self.leaves += text.split()

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
