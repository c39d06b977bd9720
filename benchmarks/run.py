#!/usr/bin/env python3
"""Runs the comparisons named on the command line, or all of them. `cargo xtask bench` calls this."""

import argparse
import importlib
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from tools import Tools

NAMES = ["startup", "pass_overhead", "kernels", "dispatch", "scale", "compare_self", "isolation"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--ropt", type=pathlib.Path, default=HERE.parent / "target/release", help="folder of ropt")
    parser.add_argument("--iree", type=pathlib.Path, help="folder of iree-compile")
    parser.add_argument("--llvm", type=pathlib.Path, default=pathlib.Path("/usr/lib/llvm-22"), help="prefix of LLVM")
    options = parser.parse_args()
    for name in options.names:
        if name not in NAMES:
            parser.error(f"no benchmark is named {name}; there are {', '.join(NAMES)}")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    if os.getloadavg()[0] > 0.5:
        print("note: the machine is not idle; ratios are fair (both sides alternate), absolute times are not")
    for name in options.names or NAMES:
        print(f"\n== {name}")
        with tempfile.TemporaryDirectory(prefix="ropt-bench-") as folder:
            iree = options.iree and options.iree.absolute()
            tools = Tools(options.ropt.absolute(), iree, options.llvm, pathlib.Path(folder))
            importlib.import_module(name).run(tools)


if __name__ == "__main__":
    main()
