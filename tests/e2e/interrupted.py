#!/usr/bin/env python3
"""Interrupts and kills the tools at many moments: what they write is as it was before, or whole."""

import argparse
import concurrent.futures
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import session

OLD = b"what was there before\n"
HANG_S = 60
COMPILE = "ropt compile a.mlir --target=llvm-cpu --target-cpu=generic"
# What writes, and where to: a file that is there already, or files of a folder.
WRITERS = {
    "a program": (f"{COMPILE} -o out/program.so", "out/program.so"),
    "IR": (f"{COMPILE} --compile-to=executable-targets -o out/targets.mlir", "out/targets.mlir"),
    "dumps": (f"{COMPILE} -o out/program.so --hal-dump-executable-files-to=out --dump-compilation-phases-to=out", None),
    "results": ("ropt-run run a.so --function=scale --input=4000000xf32=1 --input=f32=2 --output=@out/x.npy", "out/x.npy"),
}


class Runner:
    """One command in a copy of the start, with a folder for temporary files of its own."""

    def __init__(self, tools, start, folder, command):
        self.folder, self.temporary = folder / "case", folder / "tmp"
        self.temporary.mkdir()
        self.folder.mkdir()
        for name in ("a.mlir", "a.so"):
            (self.folder / name).write_bytes((start / name).read_bytes())
        (self.folder / "out").mkdir()
        words = command.split()
        self.words = [str(tools / words[0]), *words[1:]]

    def start(self):
        environment = dict(os.environ, TMPDIR=str(self.temporary))
        return subprocess.Popen(
            self.words, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )

    def files(self):
        return {path.name: path.read_bytes() for path in (self.folder / "out").iterdir()}


def undisturbed(tools, start, command):
    """What the command writes, and how long it takes."""
    with tempfile.TemporaryDirectory(prefix="ropt-whole-") as folder:
        runner = Runner(tools, start, pathlib.Path(folder), command)
        began = time.monotonic()
        process = runner.start()
        _, words = process.communicate(timeout=HANG_S)
        if process.returncode != 0:
            sys.exit(f"error: `{command}` fails undisturbed:\n{words}")
        return runner.files(), time.monotonic() - began


def disturbed(tools, start, writer, number, moment, whole):
    """The problems of one run that gets `number` after `moment` seconds, and whether that ended it."""
    command, target = writer
    with tempfile.TemporaryDirectory(prefix="ropt-interrupted-") as folder:
        runner = Runner(tools, start, pathlib.Path(folder), command)
        if target:
            (runner.folder / target).write_bytes(OLD)
        process = runner.start()
        time.sleep(moment)
        process.send_signal(number)
        try:
            _, words = process.communicate(timeout=HANG_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return [f"still runs {HANG_S} s after the signal"], True
        files, code, problems = runner.files(), process.returncode, []
        for name, content in files.items():
            # SIGKILL can leave a hidden file in the instant between the two steps of a replacement.
            if number == signal.SIGKILL and name.startswith("."):
                continue
            if content != whole.get(name) and not (target and name == pathlib.Path(target).name and content == OLD):
                problems.append(f"{name} is neither old nor new: {len(content)} bytes")
        # Before main, and in ropt-run always, the system's own way of ending by SIGINT holds.
        if code not in (0, 130, -number):
            problems.append(f"ended with {code}: {words}")
        if code == 130 and "interrupted" not in words:
            problems.append(f"ended with 130 and these words: {words}")
        if code == 130 and (left := sorted(path.name for path in runner.temporary.iterdir())):
            problems.append(f"left {', '.join(left)} in the folder for temporary files")
        return problems, code != 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ropt", type=pathlib.Path, default=HERE.parents[1] / "target/release", help="folder of ropt")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--moments", type=int, default=16, help="moments for each command and signal")
    options = parser.parse_args()
    tools, choose = options.ropt.resolve(), random.Random(1)
    # A shell that started this in the background has SIGINT ignored; the tools should not inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    failed, runs, ended = 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="ropt-start-") as folder:
        start = session.start(tools, "two", pathlib.Path(folder) / "two")
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for name, writer in WRITERS.items():
                whole, duration = undisturbed(tools, start, writer[0])
                moments = [choose.uniform(0, 1.5 * duration) for _ in range(options.moments)]
                tasks = [(number, moment) for number in (signal.SIGINT, signal.SIGKILL) for moment in moments]
                results = pool.map(lambda task: disturbed(tools, start, writer, *task, whole), tasks)
                for (number, moment), (problems, by_signal) in zip(tasks, results):
                    runs += 1
                    ended += by_signal
                    for problem in problems:
                        print(f"FAIL {name}, {number.name} after {moment:.3f} s: {problem}", flush=True)
                    failed += bool(problems)
    if ended < runs // 4:
        sys.exit(f"error: only {ended} of {runs} runs were ended by their signal, which shows nothing")
    print(f"{ended} of {runs} runs were ended by their signal")
    print(f"{runs - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
