#!/usr/bin/env python3
"""How often `ropt-run compare` says of a program and its copy that they are the same.

    compare_self.py --ropt target/release --runs 100 [PROGRAM.so …]

Without programs, some of benchmarks/programs are compiled. Run it while the machine does other work: that is the test.
"""

import argparse
import collections
import json
import os
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from tools import Tools

SOURCES = ["softmax", "matmul_512", "elementwise"]


def run(tools, runs=20, programs=(), flags=()):
    if not programs:
        programs = [tools.folder / f"{name}.so" for name in SOURCES]
        for program in programs:
            tools.compile_ropt(HERE / "programs" / f"{program.stem}.mlir", program)
    print(f"{'program':<16} {'same':>5} {'faster':>7} {'slower':>7} {'unclear':>8}   seconds, ratios, load")
    for program in programs:
        copy = tools.folder / f"copy-{program.name}"
        shutil.copy(program, copy)
        verdicts, ratios, seconds, loads = collections.Counter(), [], [], []
        for _ in range(runs):
            printed = json.loads(tools.output(tools.ropt / "ropt-run", "compare", program, copy, "--format=json", *flags))
            for function in printed["functions"]:
                verdicts[function["verdict"]] += 1
                ratios.append(function["ratio"])
                seconds.append(function["seconds"])
            loads.append(os.getloadavg()[0])
        print(
            f"{program.stem:<16} {verdicts['same']:>5} {verdicts['faster']:>7} {verdicts['slower']:>7}"
            f" {verdicts['unclear']:>8}   {sum(seconds) / len(seconds):.2f} s on average,"
            f" {min(ratios):.4f} … {max(ratios):.4f}, load {min(loads):.1f} … {max(loads):.1f}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="*", type=pathlib.Path)
    parser.add_argument("--ropt", type=pathlib.Path, default=HERE.parent / "target/release", help="folder of ropt")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--device", default="cpu-task")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ropt-bench-") as folder:
        tools = Tools(options.ropt.absolute(), None, pathlib.Path("/usr/lib/llvm-22"), pathlib.Path(folder))
        programs = [program.absolute() for program in options.programs]
        run(tools, options.runs, programs, [f"--device={options.device}"])


if __name__ == "__main__":
    main()
