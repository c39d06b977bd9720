#!/usr/bin/env python3
"""Damages everything that the tools write and read, and gives it back: the answer is an exit code and a sentence.

The damage is drawn from a seed, so a failure can be had again: it prints its number, and `--only NUMBER --keep DIR`
leaves the damaged file with the command.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import session

HANG_S = 60
LIMITS = "--codegen-timeout-s=20 --codegen-memory-mb=2048"
COMPILE = f"ropt compile a.mlir --target=llvm-cpu --target-cpu=generic -o out.so {LIMITS}"
RUN = "ropt-run run {file} --function=main --input=4x8xf32=1 --input=8x4xf32=1"


@dataclasses.dataclass
class Kind:
    """Files of one kind: which of the start's, whether they are text, and what reads them."""

    files: str
    text: bool
    command: str


KINDS = [
    Kind("a.mlir", True, f"ropt compile {{file}} --target=llvm-cpu --target-cpu=generic -o out.so {LIMITS}"),
    Kind("d/module_*_0.mlir", True, COMPILE + " --hal-substitute-executable-source={name}={file}"),
    Kind("d/configured_*.mlir", True, COMPILE + " --hal-substitute-executable-configuration={name}={file}"),
    Kind("p/a.2.*", True, f"ropt compile {{file}} --compile-from=executable-sources -o out.so {LIMITS}"),
    Kind("p/a.3.*", True, f"ropt compile {{file}} --compile-from=executable-configurations -o out.so {LIMITS}"),
    Kind("p/a.4.*", True, f"ropt compile {{file}} --compile-from=executable-targets -o out.so {LIMITS}"),
    Kind("p/a.5.*", True, f"ropt compile {{file}} --compile-from=executable-binaries -o out.so {LIMITS}"),
    Kind("d/*.ll", True, COMPILE + " --hal-substitute-executable-object={name}={file}"),
    Kind("d/*.s", True, COMPILE + " --hal-substitute-executable-object={name}={file}"),
    Kind("d/*.o", False, COMPILE + " --hal-substitute-executable-object={name}={file}"),
    Kind("d/*.so", False, COMPILE + " --hal-substitute-executable-object={name}={file}"),
    Kind("d/*.bc", False, COMPILE + " --hal-substitute-executable-object={name}={file}"),
    Kind("*.mlirbc", False, f"ropt compile {{file}} --target=llvm-cpu --target-cpu=generic -o out.so {LIMITS}"),
    Kind("a.so", False, "ropt-run inspect {file}"),
    Kind("x.npy", False, "ropt-run run a.so --function=scale --input=@{file} --input=f32=2"),
]


def damage_bytes(data, choose):
    """A few bytes changed, a piece doubled or taken out, or the end cut off."""
    data = bytearray(data)
    way = choose.randrange(4)
    at = choose.randrange(len(data))
    length = choose.randrange(1, 64)
    if way == 0:
        return bytes(data[:at])
    if way == 1:
        del data[at : at + length]
    elif way == 2:
        data[at:at] = data[at : at + length]
    else:
        # The front is where headers and tables are.
        end = choose.choice([128, len(data)])
        for _ in range(choose.randrange(1, 9)):
            data[choose.randrange(min(end, len(data)))] = choose.choice([0, 1, 0x7F, 0x80, 0xFF, choose.randrange(256)])
    return bytes(data)


def damage_text(data, choose):
    """As bytes, or by lines, words and numbers, which gets further into a reader."""
    way = choose.randrange(6)
    if way == 0:
        return damage_bytes(data, choose)
    text = data.decode()
    if way in (1, 2):
        lines = text.splitlines(keepends=True)
        at, other = choose.randrange(len(lines)), choose.randrange(len(lines))
        if way == 1:
            del lines[at : at + choose.randrange(1, 4)]
        else:
            lines[at], lines[other] = lines[other], lines[at]
        return "".join(lines).encode()
    if way == 3:
        words = sorted(set(re.findall(r"[%@#!]?[A-Za-z_][\w.]+", text)))
        places = list(re.finditer(r"[%@#!]?[A-Za-z_][\w.]+", text))
        place, word = choose.choice(places), choose.choice(words)
        return (text[: place.start()] + word + text[place.end() :]).encode()
    places = list(re.finditer(r"\d+", text))
    if not places:
        return data[: len(data) // 2]
    place = choose.choice(places)
    value = choose.choice(["0", "1", "-1", "7", "63", "1000", "2147483648", "18446744073709551615", "9" * 40])
    return (text[: place.start()] + value + text[place.end() :]).encode()


def play(tools, start, number, seed, keep):
    """The problem of one damaged file as text, or None."""
    choose = random.Random(f"{seed}/{number}")
    kind = KINDS[number % len(KINDS)]
    path = choose.choice(sorted(start.glob(kind.files)))
    data = (damage_text if kind.text else damage_bytes)(path.read_bytes(), choose)
    with tempfile.TemporaryDirectory(prefix="ropt-damaged-") as folder:
        folder = pathlib.Path(keep) if keep else pathlib.Path(folder)
        folder.mkdir(exist_ok=True)
        for name in ("a.mlir", "a.so"):
            shutil.copy(start / name, folder)
        (folder / path.name).write_bytes(data)
        executable = "scale_dispatch_0" if "scale" in path.name else "main_dispatch_0"
        words = kind.command.format(file=path.name, name=executable).split()
        shown = " ".join(words)
        if keep:
            print(shown)
        words[0] = str(tools / words[0])
        try:
            done = subprocess.run(
                words, cwd=folder, capture_output=True, text=True, errors="replace", timeout=HANG_S,
                stdin=subprocess.DEVNULL, env=dict(os.environ, TMPDIR=str(folder)),
            )
        except subprocess.TimeoutExpired:
            return f"$ {shown}\nstill runs after {HANG_S} s"
        if done.returncode not in (0, 1, 2, 3):
            return f"$ {shown}\nended with {done.returncode}:\n{done.stderr[-1500:]}"
        if done.returncode != 0 and "error" not in done.stderr:
            return f"$ {shown}\nended with {done.returncode} and these words:\n{done.stderr[-1500:]}"
        if "panicked at" in done.stderr:
            return f"$ {shown}\npanicked:\n{done.stderr[-1500:]}"
        if " crashed (" in done.stderr or "a crash in" in done.stderr:
            # Caught, with a name and an exit code; nothing to be proud of all the same.
            print(f"note: {number}: $ {shown}\n    {done.stderr.strip().splitlines()[-2]}", flush=True)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ropt", type=pathlib.Path, default=HERE.parents[1] / "target/release", help="folder of ropt")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--count", type=int, default=10 * len(KINDS), help="damaged files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the file of this number")
    parser.add_argument("--keep", help="with --only: the folder to leave it in")
    options = parser.parse_args()
    tools = options.ropt.resolve()
    numbers = range(options.count) if options.only is None else [options.only]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="ropt-start-") as folder:
        start = session.start(tools, "two", pathlib.Path(folder) / "two")
        for words in ("ropt a.mlir --emit-bytecode -o a.mlirbc", "ropt p/a.2.executable-sources.mlir --emit-bytecode -o b.mlirbc",
                      "ropt-run run a.so --function=scale --input=4xf32=1 --input=f32=2 --output=@x.npy"):
            words = words.split()
            subprocess.run([str(tools / words[0]), *words[1:]], cwd=start, check=True, stdout=subprocess.DEVNULL)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            results = pool.map(lambda number: play(tools, start, number, options.seed, options.keep), numbers)
            for number, problem in zip(numbers, results):
                if problem:
                    failed += 1
                    print(f"FAIL {number}: " + problem.replace("\n", "\n    "), flush=True)
    print(f"{len(numbers) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
