#!/usr/bin/env python3
"""Packs what a machine without a compiler needs to run the corpus: ropt-run, its drivers, programs, inputs, expected outputs.

    pack.py --target=vulkan-spirv -o corpus.tar.gz
    tar xzf corpus.tar.gz && corpus/run.sh --device=vulkan        # there; needs a shell and the device's driver

`run.sh` runs every call of every program, checks each result against numpy's, and ends with `N passed, N failed`.
"""

import argparse
import concurrent.futures
import io
import os
import pathlib
import shlex
import sys
import tarfile
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import corpus
import reference
from toolchain import Ropt, ToolError

RUN = """#!/bin/sh
# run.sh [ropt-run's flags, for example --device=vulkan]: every program of the corpus, checked.
cd "$(dirname "$0")" || exit 2
passed=0 failed=0
check() {
  name=$1; shift
  if said=$(./ropt-run run "$@" 2>&1); then passed=$((passed + 1)); else
    failed=$((failed + 1)); echo "FAIL $name"; echo "$said" | head -5
  fi
}
./ropt-run devices
%s
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
"""


def prepare(tools, path, functions, folder, flags=()):
    """Compiles a program and saves its calls' arrays; gives the lines of run.sh."""
    program = corpus.read(path)
    place = folder / program.name
    place.mkdir()
    tools.compile(path, place / "program.so", *flags)
    lines = []
    for number, call in enumerate(program.calls):
        words = [f"{program.name}.{number}", f"{program.name}/program.so", f"--function={call.function}"]
        for index, (kind, value) in enumerate(call.arguments):
            words.append(f"--input={argument(place, f'{number}.in{index}', kind, value)}")
        want = functions[program.reference_name(call)](*(value for _, value in call.arguments))
        want = want if isinstance(want, tuple) else (want,)
        for index, (kind, value) in enumerate(zip(call.results, want, strict=True)):
            value = np.asarray(value, kind.dtype)
            words.append(f"--expected-output={argument(place, f'{number}.out{index}', kind, value)}")
            limit = program.tolerance or corpus.TOLERANCES.get(kind.element)
            if limit:
                words.append(f"--tolerance={kind.element}={limit}")
        lines.append("check " + " ".join(shlex.quote(word) for word in words) + ' "$@"')
    return lines


def argument(place, name, kind, value):
    if kind.shape is None:
        return f"{kind.element}={int(value) if kind.element == 'i1' else value}"
    np.save(place / f"{name}.npy", np.asarray(value, kind.dtype))
    return f"@{place.name}/{name}.npy"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", required=True, help="the archive (.tar.gz)")
    parser.add_argument("--ropt", default=HERE.parents[1] / "target/release", help="folder with ropt and ropt-run")
    parser.add_argument("--target", default="llvm-cpu", help="what the programs are compiled for")
    parser.add_argument("--filter", default="", help="only programs whose name contains this")
    parser.add_argument("--without", action="append", default=[], help="a program to leave out (repeatable)")
    parser.add_argument("--flag", action="append", default=[], help="a flag of ropt compile, as --flag=--cuda-chip=sm_90 (repeatable)")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()

    tools, functions = Ropt(options.ropt, options.target), reference.load()
    paths = sorted(p for p in (HERE / "programs").glob("*.mlir") if options.filter in p.stem and p.stem not in options.without)
    with tempfile.TemporaryDirectory(prefix="ropt-pack-") as scratch:
        folder = pathlib.Path(scratch)
        try:
            with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
                lines = [line for part in pool.map(lambda p: prepare(tools, p, functions, folder, options.flag), paths) for line in part]
        except ToolError as error:
            sys.exit(f"error: {error}")
        temporary = pathlib.Path(f"{options.output}.{os.getpid()}")
        with tarfile.open(temporary, "w:gz") as archive:
            for file in [tools.runner, *sorted(pathlib.Path(options.ropt).glob("libropt_driver_*.so"))]:
                archive.add(file, f"corpus/{file.name}")
            archive.add(folder, "corpus")
            script = tarfile.TarInfo("corpus/run.sh")
            script.mode, text = 0o755, (RUN % "\n".join(lines)).encode()
            script.size = len(text)
            archive.addfile(script, io.BytesIO(text))
        temporary.rename(options.output)
    print(f"{options.output}: {len(paths)} programs, {len(lines)} calls, {os.path.getsize(options.output) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
