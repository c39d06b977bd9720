#!/usr/bin/env python3
"""Runs passes that crash, hang, take everything and lie, with and without isolation.

Of each the host must say pass, plugin and cause and end with exit code 3; isolated, the rest of the run is as it would be
without them; and the reproducer that is left fails in the same way. How long the message took is printed, not tested.
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import cases
import files
import same

HANG_S = 120
LIMITS = "[isolate]\noutput-kb = 64\n"


class Wrong(Exception):
    """What is not as it must be."""


# A file that is left open to ropt, as shells and `make` do; none of it is a worker's business.
LEFT_OPEN = os.dup2(os.open(os.devnull, os.O_WRONLY), 99)


class Run:
    """One command: what it printed, how it ended, and when it said `words`."""

    def __init__(self, command, folder, words, memory=0):
        def limit():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if memory:
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

        environment = dict(os.environ, TMPDIR=str(folder), ROPT_CACHE_DIR="")
        began = time.monotonic()
        with open(folder / "stdout", "w", encoding="utf-8") as stdout:
            process = subprocess.Popen(
                [str(word) for word in command], cwd=folder, env=environment, preexec_fn=limit,
                stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, text=True, errors="replace",
                pass_fds=(LEFT_OPEN,),
            )
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            reader = pool.submit(self.read, process.stderr, words, began)
            try:
                self.code = process.wait(HANG_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise Wrong(f"no end within {HANG_S} s") from None
            self.stderr, self.said_after = reader.result()
        self.stdout = (folder / "stdout").read_text(encoding="utf-8", errors="replace")

    @staticmethod
    def read(stream, words, began):
        text, after = "", None
        for line in stream:
            text += line
            if after is None and words and words in line:
                after = time.monotonic() - began
        return text, after

    def text(self):
        return f"exit code {self.code}\n{self.stdout[-2000:]}\n{self.stderr[-3000:]}"


def program(functions):
    body = "(%a: i32) -> i32 {\n  %0 = arith.addi %a, %a : i32\n  return %0 : i32\n}\n"
    modules = ["".join(f"func.func @{name}{body}" for name in functions), f"func.func @elsewhere{body}"]
    return "// -----\n".join(modules)


def nested(case, passes):
    """The passes on the ops that the case's pass is anchored on."""
    return f"builtin.module({passes})" if case.anchor == "builtin.module" else f"builtin.module({case.anchor}({passes}))"


def expect(run, code, case, words):
    """Holds the run against what must be said."""
    if run.code != code and not (words == cases.EITHER and run.code == 3):
        raise Wrong(f"exit code {run.code} instead of {code}\n{run.text()}")
    if words:
        blame = re.compile(rf"pass `hostile-{case.name}` of plugin `?hostile\S*`? \(.*{re.escape(case.library)}\) ")
        if not any(words in line and blame.search(line) for line in run.stderr.splitlines()):
            raise Wrong(f"no line names pass, plugin and `{words}`\n{run.text()}")
    both = run.stdout + run.stderr
    for wanted in case.said:
        if wanted not in both:
            raise Wrong(f"no `{wanted}`\n{run.text()}")
    for unwanted in case.unsaid:
        if unwanted in run.stdout:
            raise Wrong(f"`{unwanted}` in what was printed\n{run.text()}")


def check(tools, case, kind):
    """One pass with one kind of isolation; returns how long the message took."""
    words = case.ends[kind]
    with tempfile.TemporaryDirectory(prefix="ropt-hostile-") as name:
        folder = pathlib.Path(name)
        (folder / "in.mlir").write_text(program(case.functions), encoding="utf-8")
        (folder / "ropt.toml").write_text(LIMITS + case.limits + "\n", encoding="utf-8")
        command = [tools / "ropt", f"--load-plugin={tools / case.library}", f"--isolate={kind}", *case.flags]
        # One that is about another limit must not meet this one first.
        timed = "did not end" in (words or "")
        command += [f"--pass-timeout={cases.TIMEOUT_S if timed else 60}"]
        anchor = nested(case, f"canonicalize,hostile-{case.name}")
        run = Run(
            [*command, "in.mlir", "--split-input-file", "--crash-reproducer=r.mlir", f"--pass-pipeline={anchor}"],
            folder, words, case.memory if kind == "none" else 0,
        )
        expect(run, 3 if words else 0, case, words)
        # What has no part in the failure is as ever.
        elsewhere = words is None or (words and kind != "none" and case.library == "libhostile_passes.so")
        if elsewhere and "@elsewhere" not in run.stdout:
            raise Wrong(f"the other module is missing\n{run.text()}")
        if case.absent and (folder / case.absent).exists():
            raise Wrong(f"{case.absent} was written")
        if words:
            replay(tools, case, kind, folder, words)
        return run.said_after


def replay(tools, case, kind, folder, words):
    """The reproducer holds the IR before the pass, the pass and the plugin, and fails in the same way."""
    made = folder / "r.mlir"
    if not made.exists():
        raise Wrong("no reproducer was written")
    text = made.read_text(encoding="utf-8")
    whole = kind in case.whole
    pipeline = '"' + nested(case, "canonicalize{" if whole else f"hostile-{case.name}").rstrip(")" if whole else "")
    for wanted in ("// ropt reproducer", f"// pass: hostile-{case.name}", "// plugin: hostile", "@fine", pipeline):
        if wanted not in text:
            raise Wrong(f"no `{wanted}` in the reproducer\n{text}")
    run = Run([tools / "ropt", "--run-reproducer", "r.mlir"], folder, words, case.memory if kind == "none" else 0)
    expect(run, 3, case, words)


def check_file(tools, kind, isolation, objcopy):
    """A file that is refused, or whose pass is, and named."""
    with tempfile.TemporaryDirectory(prefix="ropt-hostile-") as name:
        folder = pathlib.Path(name)
        plugin = files.damaged(kind, tools / "libhostile_passes.so", folder, objcopy)
        (folder / "in.mlir").write_text(program(("fine",)), encoding="utf-8")
        pipeline = "--pass-pipeline=builtin.module(func.func(hostile-lie))"
        words = files.SAID[kind]
        run = Run([tools / "ropt", f"--load-plugin={plugin}", f"--isolate={isolation}", "in.mlir", pipeline], folder, words)
        if run.code != 3 or words not in run.stderr or "libdamaged.so" not in run.stderr:
            raise Wrong(f"wanted exit code 3, the file's name and `{words}`\n{run.text()}")
        return run.said_after


def check_questions(tools):
    """What only asks runs no code of a plugin."""
    with tempfile.TemporaryDirectory(prefix="ropt-hostile-") as name:
        folder = pathlib.Path(name)
        loads = [f"--load-plugin={tools}/libhostile_constructor_{what}.so" for what in ("writes", "exits")]
        for question in (["plugins", "list"], ["passes", "list"], ["plugins", "doctor"], ["passes", "show", "hostile-constructor-exits"]):
            run = Run([tools / "ropt", *question, *loads], folder, "")
            if "hostile" not in run.stdout or (folder / "hostile-was-here").exists():
                raise Wrong(f"{' '.join(question)} ran a plugin's code\n{run.text()}")
    return None


def check_same(tools, text, pipeline):
    """What comes of a pipeline does not depend on where its passes run."""
    with tempfile.TemporaryDirectory(prefix="ropt-hostile-") as name:
        folder = pathlib.Path(name)
        (folder / "in.mlir").write_text(text, encoding="utf-8")
        said = {}
        for kind in ("none", *cases.ISOLATED):
            command = [tools / "ropt", f"--load-plugin={tools}/libhostile_passes.so", f"--isolate={kind}", "in.mlir"]
            flags = ["--allow-unregistered-dialect", "--mlir-print-debuginfo", f"--pass-pipeline={pipeline}"]
            run = Run([*command, *flags], folder, "")
            said[kind] = run.stdout + "".join(sorted(run.stderr.splitlines(True)))
            if run.code != 0:
                raise Wrong(f"{pipeline}\n{kind}: {run.text()}")
        for kind in cases.ISOLATED:
            if said[kind] != said["none"]:
                lines = difflib.unified_diff(said["none"].splitlines(), said[kind].splitlines(), "none", kind, lineterm="", n=1)
                raise Wrong("\n".join([pipeline, *list(lines)[:40]]))


def jobs(tools, llvm):
    """Names and functions of all tests."""
    doctor = subprocess.run([str(tools / "ropt"), "plugins", "doctor"], capture_output=True, text=True, check=False)
    held = "landlock version" in doctor.stdout
    for case in cases.CASES:
        if case.landlock and not held:
            print(f"passed over: {case.name}, for this kernel has no landlock", flush=True)
            continue
        for kind in case.ends:
            special = case.limits.splitlines()[:1] + list(case.flags)
            title = f"{case.name} ({special[0]})" if special else case.name
            yield f"{kind}: {title}", lambda case=case, kind=kind: check(tools, case, kind)
    objcopy = files.objcopy(llvm)
    for kind in files.SAID:
        for isolation in ("none", *cases.ISOLATED):
            yield f"{isolation}: {kind}", lambda kind=kind, isolation=isolation: check_file(tools, kind, isolation, objcopy)
    yield "questions", lambda: check_questions(tools)
    for seed, text, pipeline in same.pairs():
        yield f"same: {seed}", lambda text=text, pipeline=pipeline: check_same(tools, text, pipeline)


def main():
    here = HERE.parents[1]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ropt", type=pathlib.Path, default=here / "target/release", help="folder of ropt")
    parser.add_argument("--llvm", type=pathlib.Path, default=pathlib.Path(os.environ.get("ROPT_LLVM_PREFIX", "/usr/lib/llvm-22")))
    parser.add_argument("--filter", default="", help="only tests whose name holds this")
    options = parser.parse_args()
    wanted = [(name, job) for name, job in jobs(options.ropt.absolute(), options.llvm) if options.filter in name]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, running in [(name, pool.submit(job)) for name, job in wanted]:
            try:
                after = running.result()
                print(f"ok    {name}" + (f" (said after {after:.2f} s)" if after is not None else ""), flush=True)
                passed += 1
            except (Wrong, OSError, subprocess.SubprocessError) as wrong:
                print(f"FAIL  {name}: {wrong}", flush=True)
                failed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
