#!/usr/bin/env python3
"""Benchmark files measure what they say: their kernels give what numpy makes of the documented inputs.

For each program below: its benchmarks are dumped (with the sizes of a recorded run), compiled and run by themselves,
with one dispatch and with three. The inputs are made here a second time, from the table in the generator's
documentation, and go through the corpus' reference function.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import corpus
import numpy as np
import reference
from compare import difference
from toolchain import Ropt, ToolError, run_tool

# Program: the reference's argument for each operand of its one dispatch, and the largest index + 1 of index operands.
PROGRAMS = {
    "matmul": ((0, 1), {}),
    "matmul_dynamic": ((0, 1), {}),
    "matmul_i8": ((0, 1), {}),
    "matmul_transposed_b": ((0, 1), {}),
    "softmax": ((0,), {}),
    "softmax_dynamic": ((0,), {}),
    "reduce_sum_rows": ((0,), {}),
    "reduce_dynamic": ((0,), {}),
    "gather_dynamic": ((1, 0), {1: 50}),
    "bias_relu": ((0, 1), {}),
    "transpose": ((0,), {}),
    "pool_max": ((0,), {}),
}
STEPS = (7919, 104729, 1299709, 15485863, 32452843, 49979687)


def numbers(kind, buffer, bound):
    """The documented contents of a buffer."""
    place = np.full(kind.shape, 37 * (buffer + 1), dtype=np.int64)
    for step, axis in zip(STEPS, reversed(range(len(kind.shape)))):
        index = np.arange(kind.shape[axis], dtype=np.int64) * step
        place += index.reshape([-1 if a == axis else 1 for a in range(len(kind.shape))])
    if kind.element.startswith("f"):
        return (0.5 + (place % 61) / 64).astype(kind.dtype)
    return (place % bound if bound else 1 + place % 7).astype(kind.dtype)


def test(tools, name, functions, folder):
    """The first problem as text, or None."""
    order, bounds = PROGRAMS[name]
    program = corpus.read(HERE / "programs" / f"{name}.mlir")
    compiled, dumped, recorded = folder / "program.so", folder / "benchmarks", folder / "run.json"
    tools.compile(program.path, compiled)
    call = program.calls[0]
    inputs = []
    for index, (kind, value) in enumerate(call.arguments):
        np.save(folder / f"in{index}.npy", value)
        inputs.append(f"--input=@{folder / f'in{index}.npy'}")
    run_tool([*tools.run_command(compiled, "cpu-sync"), f"--function={call.function}", "--output=", *inputs,
              f"--record-workloads={recorded}"])
    tools.compile(program.path, compiled, f"--hal-dump-executable-benchmarks-to={dumped}",
                  f"--hal-benchmark-workloads-from={recorded}")
    [file] = dumped.glob("*_benchmark.mlir")
    benchmark = folder / "benchmark.so"
    run_tool([tools.compiler, "compile", file, "-o", benchmark])
    manifest = json.loads(run_tool([tools.runner, "inspect", "--json", benchmark]))
    [function] = [f for f in manifest["functions"] if "benchmark" in f]
    shapes = [corpus.Type(kind.element, value.shape) for kind, value in call.arguments]
    arguments = [None] * len(shapes)
    for buffer, argument in enumerate(order):
        arguments[argument] = numbers(shapes[argument], buffer, bounds.get(argument))
    want = functions[program.reference_name(call)](*arguments)
    want = want if isinstance(want, tuple) else (want,)
    results = [corpus.Type.parse(text) for text in function["results"]]
    read = sum(a.nbytes for a in arguments)
    if function["benchmark"]["bytes_read"] != read:
        return f"{function['benchmark']['bytes_read']} bytes are said to be read, the inputs have {read}"
    for batch in (1, 3):
        timed = corpus.Call(function["name"], [(corpus.Type("i32", None), batch)], results)
        for index, (kind, got, expected) in enumerate(zip(results, tools.call(benchmark, timed, folder, "cpu-sync"), want)):
            if problem := difference(index, kind, got, expected, program.tolerance):
                return f"batch {batch}: {problem}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filter", default="", help="only programs whose name contains this")
    parser.add_argument("--ropt", default=HERE.parents[1] / "target/release", help="folder with ropt and ropt-run")
    options = parser.parse_args()
    tools, functions = Ropt(options.ropt), reference.load()
    names = [name for name in PROGRAMS if options.filter in name]
    if not names:
        sys.exit(f"error: no program's name contains {options.filter!r}")
    failed = 0
    for name in names:
        with tempfile.TemporaryDirectory(prefix="ropt-benchmarks-") as folder:
            try:
                problem = test(tools, name, functions, pathlib.Path(folder))
            except (ToolError, ValueError, subprocess.SubprocessError) as error:
                problem = str(error) or repr(error)
        if problem:
            failed += 1
            print(f"FAIL {name}\n    " + problem.strip().replace("\n", "\n    "), flush=True)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
